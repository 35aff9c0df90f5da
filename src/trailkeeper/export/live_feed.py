"""The live feed's follower: reads what is committed, once for all connections of this process.

Its place is kept in memory alone: it begins when somebody connects, and who was connected to
another process before brings a place along. A commit of this process wakes it at once; other
nodes' are found by polling. While nobody is connected it reads nothing.

It never costs capture more than a part of the process: it rests three times as long as it
worked, and what it is too far behind with is passed over, with word to every reader.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol

import structlog

from trailkeeper import telemetry
from trailkeeper.errors import Unavailable
from trailkeeper.event import NodeId, NodeSeq, StoredEvent
from trailkeeper.export.live_connection import Connection
from trailkeeper.export.live_hub import LiveHub
from trailkeeper.export.live_place import Place
from trailkeeper.export.live_replay import Replay
from trailkeeper.search.question import ALL_COLUMNS
from trailkeeper.store.engine import EventsEngine, Statement, engine_time
from trailkeeper.store.heads import OVERLAP, CommittedHeads

NAME: Final = "live"
STRETCH_EVENTS: Final = 500
MAX_BEHIND_EVENTS: Final = 10_000
POLL_SECONDS: Final = 1.0
RETRY_SECONDS: Final = 2.0
GATHER_SECONDS: Final = 0.05
"""How long commits gather between two looks: fewer and larger frames."""
SECONDS_PER_CONNECTION: Final = 0.0005
"""Every look makes something to send for each connection: with many, looks are rarer."""
LONGEST_REST_SECONDS: Final = 0.5
WORK_SHARE: Final = 3.0

_STRETCH: Final = f"""
SELECT {ALL_COLUMNS} FROM events
WHERE node = {{node:UInt32}} AND node_seq > {{after:UInt64}} AND node_seq <= {{upto:UInt64}}
  AND received_at >= {{since:DateTime64(6, 'UTC')}}
  AND organization IN {{organizations:Array(String)}}
ORDER BY node_seq
"""  # tenant-scope: each event goes to its own organization's connections only

log = structlog.get_logger(__name__)


class Nodes(Protocol):
    """Which nodes are over; see `NodeLease`."""

    ended_upto: int


class LiveFeed:
    """Follows the log for the hub's connections. `place` is how far they were offered it."""

    def __init__(
        self,
        engine: EventsEngine,
        heads: CommittedHeads,
        nodes: Nodes,
        clock: Callable[[], datetime],
        *,
        is_exclusive: bool,
    ) -> None:
        self.hub = LiveHub()
        self.replay = Replay(engine)
        self.place = Place(0, {})
        self._engine = engine
        self._heads = heads
        self._nodes = nodes
        self._clock = clock
        self._is_exclusive = is_exclusive
        self._is_following = False
        self._looked_at = 0.0
        self._worked = 0.0
        self._since = clock()
        self._received: dict[int, datetime] = {}
        self._wake = asyncio.Event()
        # Held while a stretch is read and offered: who joins does so between two of them.
        self._turn = asyncio.Condition()

    def wake(self) -> None:
        """Says that something was committed."""
        self._wake.set()

    def close(self) -> None:
        """Ends all connections. To be called before the server waits for its requests."""
        self.hub.close()
        self._wake.set()

    async def run(self) -> None:
        """Follows until closed or cancelled. What fails is tried again; nothing is skipped."""
        self.hub.open()
        try:
            while self.hub.is_open:
                self._wake.clear()
                self._worked = 0.0
                try:
                    await self._catch_up()
                except Unavailable as error:
                    telemetry.FOLLOWER_FAILURES.labels(follower=NAME).inc()
                    log.warning("follower will retry", follower=NAME, error=error.detail)
                    await asyncio.sleep(RETRY_SECONDS)
                await asyncio.sleep(self._rest_after(self._worked))
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
            async with self._turn:
                self._turn.notify_all()
        finally:
            self.hub.close()

    async def join(self, connection: Connection) -> Place:
        """Has the connection offered all that is committed from now on. Raises Unavailable."""
        async with self._turn:
            await self._begin()
            self.hub.join(connection, self.place)
            return self.place

    async def here(self) -> Place:
        """Where the feed is. Raises Unavailable."""
        async with self._turn:
            await self._begin()
            return self.place

    async def reach(self, place: Place) -> None:
        """Returns once the feed is past `place`, which another process may have made.

        Raises Unavailable.
        """
        if not self._is_exclusive:
            await self._heads.refresh()
        async with self._turn:
            await self._begin()
            self._wake.set()
            await self._turn.wait_for(lambda: self._is_past(place) or not self.hub.is_open)

    async def beat(self) -> None:
        async with self._turn:
            self.hub.beat(self.place)

    def _is_past(self, place: Place) -> bool:
        heads = self._heads.snapshot()
        return all(
            node <= self.place.floor or self.place.at(node) >= min(seq, heads.get(NodeId(node), 0))
            for node, seq in place.places.items()
        )

    async def _begin(self) -> None:
        if self._is_following:
            return
        ended_upto = self._nodes.ended_upto
        await self._look()
        self._since = self._clock() - OVERLAP
        self._received.clear()
        self.place = Place.at_heads(self._heads.snapshot(), ended_upto)
        self._is_following = True

    async def _look(self) -> None:
        """Learns how far other nodes have committed."""
        if not self._is_exclusive:
            await self._heads.refresh()
        self._looked_at = time.monotonic()

    async def _catch_up(self) -> None:
        if not self.hub.connections():
            async with self._turn:
                self._is_following &= bool(self.hub.connections())
        if not self._is_following:
            return
        ended_upto, now = self._nodes.ended_upto, self._clock()
        is_all_seen = self._is_exclusive or time.monotonic() - self._looked_at >= POLL_SECONDS
        if is_all_seen:
            await self._look()
        heads = self._heads.snapshot()
        behind = self._behind(heads)
        telemetry.FOLLOWER_LAG.labels(follower=NAME).set(behind)
        if behind > MAX_BEHIND_EVENTS:
            await self._pass_over(heads)
        else:
            for node, head in sorted(heads.items()):
                while node > self.place.floor and self.place.at(node) < head:
                    await self._step(node, head)
        telemetry.FOLLOWER_LAG.labels(follower=NAME).set(0)
        if is_all_seen:
            self.place = self.place.raised(ended_upto)
            self._since = max(self._since, now - OVERLAP)

    async def _step(self, node: NodeId, head: NodeSeq) -> None:
        async with self._turn:
            after = self.place.at(node)
            upto = min(head, after + STRETCH_EVENTS)
            organizations = self.hub.organizations()
            if organizations:
                events = await self._engine.rows(
                    Statement(
                        _STRETCH,
                        {
                            "node": node,
                            "after": after,
                            "upto": upto,
                            "since": engine_time(self._received_since(node)),
                            "organizations": organizations,
                        },
                    ),
                    StoredEvent,
                )
                began = time.perf_counter()
                await self.hub.offer(events, self.place)
                self._worked += time.perf_counter() - began
                if events:
                    self._received[node] = events[-1].received_at
            self._move(self.place.after(node, upto))

    async def _pass_over(self, heads: dict[NodeId, NodeSeq]) -> None:
        async with self._turn:
            committed = {int(node): int(seq) for node, seq in heads.items()}
            upto = self.place.furthest(Place(self.place.floor, committed))
            log.warning("live feed passes over events", events=self._behind(heads))
            for channel in self.hub.channels():
                count = await self.replay.count(channel.question, self.place, upto)
                if count:
                    channel.miss(self.place, upto, count)
            self._move(upto)

    def _received_since(self, node: NodeId) -> datetime:
        """No event past this node's place was received before: most of the store is left out."""
        return max(self._since, self._received.get(node, self._since))

    def _move(self, place: Place) -> None:
        self.place = place
        self._turn.notify_all()

    def _behind(self, heads: dict[NodeId, NodeSeq]) -> int:
        return sum(
            max(seq - self.place.at(node), 0)
            for node, seq in heads.items()
            if node > self.place.floor
        )

    def _rest_after(self, worked: float) -> float:
        connections = len(self.hub.connections()) * SECONDS_PER_CONNECTION
        rest = max(GATHER_SECONDS, worked * WORK_SHARE, connections)
        return min(rest, LONGEST_REST_SECONDS)
