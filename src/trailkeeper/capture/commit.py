"""Group commit: concurrent requests share one durable insert.

Promises:

- A waiter is answered with receipts only when its events are durable.
- Every waiter is answered, also when the insert fails.
- An event id is stored once: repeats get the first receipt.
- The node's stream `(node, node_seq)` has no holes: a number is used again until the
  insert that carries it is known to have happened.
- The queue is bounded: what does not fit is refused at the door, never queued.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import msgspec
import numpy as np
import structlog

from trailkeeper import telemetry
from trailkeeper.capture.known import KnownIds, identity
from trailkeeper.capture.receipts import Receipt, find_receipts, read_head
from trailkeeper.errors import Unavailable
from trailkeeper.event import EventId, NodeId, NodeSeq, StoredEvent
from trailkeeper.store.engine import EventsEngine

MAX_COMMIT_EVENTS: Final = 20_000
LINGER_SECONDS: Final = 0.002
"""How long an idle committer waits for company: shorter than the insert it saves."""
PROBE_SECONDS: Final = 1.0
TICK: Final = timedelta(microseconds=1)
LONGEST_INSERT: Final = timedelta(seconds=20)
"""What the lease must still cover when an insert begins."""

log = structlog.get_logger(__name__)


class Lease(Protocol):
    """The right to commit as a node. A new node starts a new stream."""

    @property
    def node(self) -> NodeId: ...

    def is_valid(self, needed: timedelta) -> bool: ...


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """What became of one event: its receipt, and whether it had been committed before."""

    receipt: Receipt
    is_duplicate: bool


@dataclass(slots=True)
class _Waiter:
    events: list[StoredEvent]
    answer: asyncio.Future[list[Outcome]]
    arrived: float


class Committer:
    """Commits events of all organizations as one node's stream.

    `clock` gives the time in UTC. `is_exclusive` says that no other process commits to the
    store, so that `known` is all there is to know; otherwise the store is always asked.
    `last_received_at` is that of the last commit before: a clock may be set back at a restart.
    """

    def __init__(
        self,
        engine: EventsEngine,
        lease: Lease,
        known: KnownIds,
        *,
        clock: Callable[[], datetime],
        queue_events: int,
        is_exclusive: bool,
        on_commit: Callable[[NodeId, NodeSeq, datetime], None],
        last_received_at: datetime | None = None,
    ) -> None:
        self.node = lease.node
        self.committed_seq = NodeSeq(0)
        self._lease = lease
        self._engine = engine
        self._known = known
        self._clock = clock
        self._queue_events = queue_events
        self._is_exclusive = is_exclusive
        self._on_commit = on_commit
        self._encoder = msgspec.json.Encoder()
        self._queue: list[_Waiter] = []
        self._waiting_events = 0
        self._last_commit_events = 1
        self._arrival = asyncio.Event()
        self._last_received_at = max(clock(), last_received_at or clock())
        self._is_closing = False

    @property
    def waiting_events(self) -> int:
        return self._waiting_events

    def check_room(self, events: int = 1) -> None:
        """Raises Unavailable(OVERLOADED) where that many events do not fit into the queue."""
        if self._is_closing:
            raise Unavailable("SHUTTING_DOWN", "The server is stopping; nothing was committed.")
        if self._waiting_events and self._waiting_events + events > self._queue_events:
            telemetry.REQUESTS_REFUSED.inc()
            raise Unavailable(
                "OVERLOADED",
                "Too many events wait for their commit; nothing of this request was kept.",
                hint="Send it again after the time in Retry-After.",
            )

    async def commit(self, events: list[StoredEvent]) -> list[Outcome]:
        """Makes the events durable and answers one outcome each, in order.

        Raises Unavailable where they were not committed.
        """
        if not events:
            return []
        self.check_room(len(events))
        waiter = _Waiter(events, asyncio.get_running_loop().create_future(), time.perf_counter())
        self._queue.append(waiter)
        self._waiting_events += len(events)
        telemetry.QUEUE_EVENTS.set(self._waiting_events)
        self._arrival.set()
        return await waiter.answer

    async def run(self) -> None:
        """Commits until `close` was called and the queue is empty."""
        try:
            while not (self._is_closing and not self._queue):
                if not self._queue:
                    self._arrival.clear()
                    await self._arrival.wait()
                    await self._linger()
                waiters = self._take()
                if waiters:
                    await self._commit_together(waiters)
        finally:
            self._give_up()

    def close(self) -> None:
        """Refuses new events; those that wait are still committed by `run`."""
        self._is_closing = True
        self._arrival.set()

    async def _linger(self) -> None:
        if self._waiting_events < self._last_commit_events and not self._is_closing:
            await asyncio.sleep(LINGER_SECONDS)

    def _take(self) -> list[_Waiter]:
        taken: list[_Waiter] = []
        events = 0
        while self._queue and (
            not taken or events + len(self._queue[0].events) <= MAX_COMMIT_EVENTS
        ):
            waiter = self._queue.pop(0)
            events += len(waiter.events)
            taken.append(waiter)
        self._last_commit_events = events
        return taken

    def _give_up(self) -> None:
        """Answers who still waits, where `run` was stopped short, and refuses all that follow."""
        self._is_closing = True
        for waiter in self._queue:
            if not waiter.answer.done():
                waiter.answer.set_exception(_given_up())
        self._waiting_events -= sum(len(waiter.events) for waiter in self._queue)
        self._queue.clear()

    async def _commit_together(self, waiters: list[_Waiter]) -> None:
        try:
            outcomes = await self._commit_events([e for w in waiters for e in w.events])
        except Unavailable as error:
            telemetry.COMMIT_FAILURES.inc()
            log.error("commit failed", code=error.code, detail=error.detail)
            for waiter in waiters:
                if not waiter.answer.done():
                    waiter.answer.set_exception(_same(error))
        else:
            now = time.perf_counter()
            start = 0
            for waiter in waiters:
                end = start + len(waiter.events)
                if not waiter.answer.done():
                    waiter.answer.set_result(outcomes[start:end])
                telemetry.COMMIT_SECONDS.observe(now - waiter.arrived)
                start = end
        finally:
            for waiter in waiters:
                if not waiter.answer.done():
                    waiter.answer.set_exception(_given_up())
            self._waiting_events -= sum(len(waiter.events) for waiter in waiters)
            telemetry.QUEUE_EVENTS.set(self._waiting_events)

    def _check_lease(self) -> None:
        if self._lease.node != self.node:
            self.node, self.committed_seq = self._lease.node, NodeSeq(0)
        if not self._lease.is_valid(LONGEST_INSERT) and not self._is_exclusive:
            raise Unavailable(
                "NODE_LEASE_LOST", "This node may not commit at the moment; try again shortly."
            )

    async def _commit_events(self, events: list[StoredEvent]) -> list[Outcome]:
        self._check_lease()
        received_at = self._received_at()
        hashes = [identity(event.organization, event.id) for event in events]
        receipts = await self._earlier_receipts(events, hashes, received_at)
        fresh: list[StoredEvent] = []
        fresh_hashes: list[int] = []
        outcomes: list[Outcome] = []
        for event, event_hash in zip(events, hashes, strict=True):
            pair = (event.organization, event.id)
            first = receipts.get(pair)
            if first is None:
                event.received_at = received_at
                event.node = self.node
                event.node_seq = self.committed_seq + len(fresh) + 1
                fresh.append(event)
                fresh_hashes.append(event_hash)
                receipts[pair] = _receipt(event)
            outcomes.append(Outcome(receipts[pair], first is not None))
        if fresh:
            await self._insert(fresh)
            self._known.add(received_at.date(), np.array(fresh_hashes, dtype=np.uint64))
            telemetry.EVENTS_COMMITTED.inc(len(fresh))
            telemetry.COMMIT_EVENTS.observe(len(fresh))
            self._on_commit(self.node, self.committed_seq, received_at)
        telemetry.EVENTS_DUPLICATE.inc(len(events) - len(fresh))
        return outcomes

    async def _earlier_receipts(
        self, events: Sequence[StoredEvent], hashes: Sequence[int], now: datetime
    ) -> dict[tuple[str, str], Receipt]:
        if self._is_exclusive:
            suspects = [
                (event.organization, event.id)
                for event, is_suspect in zip(events, self._known.maybe_known(hashes), strict=True)
                if is_suspect
            ]
        else:
            suspects = [(event.organization, event.id) for event in events]
        return await find_receipts(self._engine, suspects, now) if suspects else {}

    async def _insert(self, events: list[StoredEvent]) -> None:
        last = NodeSeq(self.committed_seq + len(events))
        mark = f"trailkeeper commit {self.node}:{last} {secrets.token_hex(4)}"
        try:
            await self._engine.insert(self._encoder.encode_lines(events), mark)
        except Unavailable:
            # The engine may have failed before or after the part was in place: ask it, for
            # as long as it takes. Nothing else is numbered until this is known.
            if await self._reached(last, mark):
                self.committed_seq = last
                return
            raise
        self.committed_seq = last

    async def _reached(self, last: NodeSeq, mark: str) -> bool:
        while True:
            try:
                # A server may go on with an insert whose connection broke: not before it has
                # ended is what the table says the last word.
                if not await self._engine.is_running(mark):
                    head = await read_head(self._engine, self.node, self.committed_seq)
                    return head.node_seq == last
            except Unavailable as error:
                if self._is_closing:
                    raise
                log.warning("cannot tell whether a commit happened", detail=error.detail)
            await asyncio.sleep(PROBE_SECONDS)

    def _received_at(self) -> datetime:
        """Now, but always after the commit before: the log's own time does not run backwards."""
        self._last_received_at = max(self._last_received_at + TICK, self._clock())
        return self._last_received_at


def _given_up() -> Unavailable:
    return Unavailable("COMMIT_FAILED", "The commit was given up; send it again.")


def _same(error: Unavailable) -> Unavailable:
    """The same error once more: each waiter raises one of its own."""
    return type(error)(
        error.code, error.detail, hint=error.hint, retry_after_seconds=error.retry_after_seconds
    )


def _receipt(event: StoredEvent) -> Receipt:
    return Receipt(
        event.organization,
        EventId(event.id),
        event.received_at,
        NodeId(event.node),
        NodeSeq(event.node_seq),
    )
