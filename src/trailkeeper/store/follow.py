"""Followers: how committed events reach everything that is done with them.

A follower reads every node's stream past its saved place, in order, does its work, and
saves the place in the same metadata transaction as the work's result. So:

- It MUST see every committed event at least once, and the effect of each in metadata
  exactly once, whenever it crashes.
- It MUST NOT be waited for by capture. A commit in this process wakes it at once; other
  nodes' commits are found by polling.
- Only one process MAY run a given follower at a time on the same place: the place is
  advanced with a compare-and-set, so a second one loses the race and starts over.
"""

from __future__ import annotations

import asyncio
import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, Generic, TypeVar

import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper import telemetry
from trailkeeper.errors import Unavailable
from trailkeeper.event import NodeId, NodeSeq
from trailkeeper.store.heads import CommittedHeads
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.tables import FollowerPlaceRow

MAX_SPAN_EVENTS: Final = 50_000
POLL_SECONDS: Final = 1.0
RETRY_SECONDS: Final = 2.0

Work = TypeVar("Work")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Span:
    """The events of one node with `after < node_seq <= upto`: all committed, none missing."""

    node: NodeId
    after: NodeSeq
    upto: NodeSeq


class PlaceMoved(Exception):
    """Another process advanced this follower's place first."""


class Follower(ABC, Generic[Work]):
    """Base of all followers. `name` is the identity under which places are saved."""

    name: ClassVar[str]
    pause_seconds: ClassVar[float] = 0.0
    """How long to let commits gather between two catch-ups: for work that is cheaper in bulk."""

    def __init__(
        self, heads: CommittedHeads, metadata: Metadata, clock: Callable[[], datetime]
    ) -> None:
        self._heads = heads
        self._metadata = metadata
        self._clock = clock
        self._wake = asyncio.Event()
        self._is_stopping = False
        self.lag_events = 0

    @abstractmethod
    async def read(self, span: Span) -> Work:
        """Reads a span's events and works out what follows from them. No side effects."""

    @abstractmethod
    async def apply(self, work: Work, session: AsyncSession) -> None:
        """Writes what `read` worked out, in the transaction that saves the place."""

    def wake(self) -> None:
        """Says that something was committed."""
        self._wake.set()

    def stop(self) -> None:
        self._is_stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Follows until stopped. A span that fails is tried again; nothing is skipped."""
        while not self._is_stopping:
            self._wake.clear()
            try:
                await self.catch_up()
            except (Unavailable, PlaceMoved) as error:
                telemetry.FOLLOWER_FAILURES.labels(follower=self.name).inc()
                log.warning("follower will retry", follower=self.name, error=str(error))
                await self._rest(RETRY_SECONDS)
            else:
                await asyncio.sleep(self.pause_seconds)
                await self._rest(POLL_SECONDS)

    async def catch_up(self) -> int:
        """Works through everything committed so far. Returns how many events that was."""
        followed = 0
        places = await self._read_places()
        await self._heads.refresh()
        heads = self._heads.snapshot()
        # Retention may have purged a stream's last events: its head is then below its place.
        self._tell_lag(sum(max(seq - places.get(node, 0), 0) for node, seq in heads.items()))
        for node, head in sorted(heads.items()):
            place = places.get(node, NodeSeq(0))
            while place < head and not self._is_stopping:
                span = Span(node, place, NodeSeq(min(head, place + MAX_SPAN_EVENTS)))
                work = await self.read(span)
                async with self._metadata.transaction() as session:
                    await self.apply(work, session)
                    await self._advance(session, span)
                followed += span.upto - span.after
                self._tell_lag(self.lag_events - (span.upto - span.after))
                place = span.upto
        return followed

    async def _read_places(self) -> dict[NodeId, NodeSeq]:
        async with self._metadata.reading() as session:
            rows = await session.execute(
                select(FollowerPlaceRow.node, FollowerPlaceRow.place).where(
                    FollowerPlaceRow.follower == self.name
                )
            )
            return {NodeId(node): NodeSeq(place) for node, place in rows}

    async def _advance(self, session: AsyncSession, span: Span) -> None:
        if span.after == 0:
            session.add(
                FollowerPlaceRow(
                    follower=self.name,
                    node=span.node,
                    place=span.upto,
                    updated_at=self._clock(),
                )
            )
            try:
                await session.flush()
            except IntegrityError:
                raise PlaceMoved(f"{self.name} at node {span.node}") from None
            return
        advanced = await session.execute(
            update(FollowerPlaceRow)
            .where(
                FollowerPlaceRow.follower == self.name,
                FollowerPlaceRow.node == span.node,
                FollowerPlaceRow.place == span.after,
            )
            .values(place=span.upto, updated_at=self._clock())
            .returning(FollowerPlaceRow.node)
        )
        if advanced.first() is None:
            raise PlaceMoved(f"{self.name} at node {span.node}")

    def _tell_lag(self, events: int) -> None:
        self.lag_events = max(events, 0)
        telemetry.FOLLOWER_LAG.labels(follower=self.name).set(self.lag_events)

    async def _rest(self, seconds: float) -> None:
        if self._is_stopping:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), seconds)
