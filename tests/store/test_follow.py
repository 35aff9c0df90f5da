"""Followers over the real stores: every event once, in order, whatever happens between."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tests.engine import NOON, Clock, an_event, insert
from trailkeeper.errors import Unavailable
from trailkeeper.event import NodeId, NodeSeq, StoredEvent
from trailkeeper.store import follow
from trailkeeper.store.engine import EventsEngine, Statement
from trailkeeper.store.follow import MAX_SPAN_EVENTS, Follower, PlaceMoved, Span
from trailkeeper.store.heads import CommittedHeads
from trailkeeper.store.jobs import enqueue
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.tables import FollowerPlaceRow, JobRow


class Seen(msgspec.Struct, array_like=True, frozen=True):
    node: int
    node_seq: int
    id: str


class Copier(Follower[list[Seen]]):
    """Copies what it sees into the job table: an effect that can be counted."""

    name: ClassVar[str] = "copier"

    def __init__(self, engine: EventsEngine, metadata: Metadata) -> None:
        super().__init__(CommittedHeads(engine), metadata, Clock())
        self.engine = engine
        self.spans: list[Span] = []
        self.before_apply: Callable[[], None] = lambda: None
        self.after_apply: Callable[[], None] = lambda: None
        self.pause: asyncio.Barrier | None = None

    async def read(self, span: Span) -> list[Seen]:
        self.spans.append(span)
        work = await self.engine.rows(
            Statement(
                "SELECT node, node_seq, id FROM events WHERE node = {node:UInt32}"
                " AND node_seq > {after:UInt64} AND node_seq <= {upto:UInt64} ORDER BY node_seq",
                span_parameters(span),
            ),
            Seen,
        )
        if self.pause is not None:
            await self.pause.wait()
        return work

    async def apply(self, work: list[Seen], session: AsyncSession) -> None:
        self.before_apply()
        for seen in work:
            payload = {"node": seen.node, "node_seq": seen.node_seq, "id": seen.id}
            await enqueue(session, self.name, payload, now=NOON)
        self.after_apply()


class Counter(Follower[int]):
    """Only counts, so that it can follow a great many events."""

    name: ClassVar[str] = "counter"

    def __init__(self, engine: EventsEngine, metadata: Metadata) -> None:
        super().__init__(CommittedHeads(engine), metadata, Clock())
        self.spans: list[Span] = []

    async def read(self, span: Span) -> int:
        self.spans.append(span)
        return span.upto - span.after

    async def apply(self, work: int, session: AsyncSession) -> None:
        pass


def span_parameters(span: Span) -> dict[str, int]:
    return {"node": span.node, "after": span.after, "upto": span.upto}


def events_of(node: int, first: int, last: int, **fields: object) -> list[StoredEvent]:
    return [
        an_event(id=f"{node}-{seq}", node=node, node_seq=seq, **fields)
        for seq in range(first, last + 1)
    ]


async def copied(metadata: Metadata) -> list[str]:
    async with metadata.reading() as session:
        rows = await session.scalars(select(JobRow).order_by(JobRow.id))
        return [row.payload["id"] for row in rows]


async def places(metadata: Metadata, follower: str = Copier.name) -> dict[int, int]:
    async with metadata.reading() as session:
        rows = await session.scalars(
            select(FollowerPlaceRow).where(FollowerPlaceRow.follower == follower)
        )
        return {row.node: row.place for row in rows}


async def test_it_sees_each_event_once_in_the_order_of_each_node(
    events_engine: EventsEngine, metadata: Metadata
) -> None:
    await insert(events_engine, events_of(1, 1, 3) + events_of(2, 1, 2))
    follower = Copier(events_engine, metadata)

    assert await follower.catch_up() == 5
    assert await follower.catch_up() == 0
    await insert(events_engine, events_of(2, 3, 3))
    assert await follower.catch_up() == 1
    await insert(events_engine, events_of(1, 4, 4) + events_of(7, 1, 1))
    assert await follower.catch_up() == 2

    assert await copied(metadata) == ["1-1", "1-2", "1-3", "2-1", "2-2", "2-3", "1-4", "7-1"]
    assert await places(metadata) == {1: 4, 2: 3, 7: 1}
    assert follower.lag_events == 0


async def test_after_a_restart_it_goes_on_at_its_place(
    events_engine: EventsEngine, metadata: Metadata
) -> None:
    await insert(events_engine, events_of(1, 1, 3))
    await Copier(events_engine, metadata).catch_up()
    await insert(events_engine, events_of(1, 4, 5))
    restarted = Copier(events_engine, metadata)

    assert await restarted.catch_up() == 2
    assert restarted.spans == [Span(NodeId(1), NodeSeq(3), NodeSeq(5))]
    assert await copied(metadata) == ["1-1", "1-2", "1-3", "1-4", "1-5"]


@pytest.mark.parametrize("where", ["before_apply", "after_apply"])
async def test_a_crash_between_reading_and_committing_repeats_the_span_once(
    events_engine: EventsEngine, metadata: Metadata, where: str
) -> None:
    await insert(events_engine, events_of(1, 1, 3))
    follower = Copier(events_engine, metadata)
    await follower.catch_up()
    await insert(events_engine, events_of(1, 4, 6))

    def crash() -> None:
        raise RuntimeError("the plug was pulled")

    setattr(follower, where, crash)
    with pytest.raises(RuntimeError):
        await follower.catch_up()
    assert await places(metadata) == {1: 3}

    assert await Copier(events_engine, metadata).catch_up() == 3
    assert await copied(metadata) == [f"1-{seq}" for seq in range(1, 7)]


@pytest.mark.parametrize("already_followed", [0, 2])
async def test_of_two_that_race_for_a_span_one_wins_and_the_other_starts_over(
    events_engine: EventsEngine, metadata: Metadata, already_followed: int
) -> None:
    if already_followed:
        await insert(events_engine, events_of(1, 1, already_followed))
        await Copier(events_engine, metadata).catch_up()
    await insert(events_engine, events_of(1, already_followed + 1, 5))
    barrier = asyncio.Barrier(2)
    racers = [Copier(events_engine, metadata) for _ in range(2)]
    for racer in racers:
        racer.pause = barrier

    ended = await asyncio.gather(*(racer.catch_up() for racer in racers), return_exceptions=True)

    assert sorted(type(each).__name__ for each in ended) == ["PlaceMoved", "int"]
    assert [len(racer.spans) for racer in racers] == [1, 1]
    assert await copied(metadata) == [f"1-{seq}" for seq in range(1, 6)]
    for racer in racers:
        racer.pause = None
        assert await racer.catch_up() == 0
    assert await places(metadata) == {1: 5}


async def test_a_long_way_is_caught_up_in_spans(
    events_engine: EventsEngine, metadata: Metadata
) -> None:
    total = MAX_SPAN_EVENTS * 2 + 10
    await events_engine.maintain(
        Statement(
            "INSERT INTO events (organization, timestamp, id, received_at, node, node_seq)"
            " SELECT 'acme', {at:DateTime}, toString(number), {at:DateTime}, 3, number + 1"
            " FROM numbers({total:UInt64})",
            {"at": NOON, "total": total},
        )
    )
    follower = Counter(events_engine, metadata)

    assert await follower.catch_up() == total
    assert [(span.after, span.upto) for span in follower.spans] == [
        (0, MAX_SPAN_EVENTS),
        (MAX_SPAN_EVENTS, MAX_SPAN_EVENTS * 2),
        (MAX_SPAN_EVENTS * 2, total),
    ]
    assert await places(metadata, Counter.name) == {3: total}


async def test_the_lag_is_what_is_yet_to_be_seen(
    events_engine: EventsEngine, metadata: Metadata
) -> None:
    await insert(events_engine, events_of(1, 1, 10) + events_of(2, 1, 4))
    follower = Copier(events_engine, metadata)
    lags: list[int] = []
    follower.before_apply = lambda: lags.append(follower.lag_events)

    await follower.catch_up()

    assert lags == [14, 4]
    assert follower.lag_events == 0


async def test_what_was_purged_at_a_streams_end_hides_no_lag_of_another(
    events_engine: EventsEngine, metadata: Metadata
) -> None:
    await insert(events_engine, events_of(1, 1, 10))
    await Copier(events_engine, metadata).catch_up()
    await events_engine.maintain(
        Statement("ALTER TABLE events DELETE WHERE node_seq > 2 SETTINGS mutations_sync = 1")
    )
    await insert(events_engine, events_of(2, 1, 4))
    after_restart = Copier(events_engine, metadata)
    lags: list[int] = []
    after_restart.before_apply = lambda: lags.append(after_restart.lag_events)

    assert await after_restart.catch_up() == 4
    assert lags == [4]
    assert await places(metadata) == {1: 10, 2: 4}


async def test_a_span_with_purged_events_is_passed(
    events_engine: EventsEngine, metadata: Metadata
) -> None:
    await insert(events_engine, events_of(1, 1, 3) + events_of(1, 7, 8))
    follower = Copier(events_engine, metadata)

    assert await follower.catch_up() == 8
    assert await copied(metadata) == ["1-1", "1-2", "1-3", "1-7", "1-8"]


async def test_each_follower_has_places_of_its_own(
    events_engine: EventsEngine, metadata: Metadata
) -> None:
    await insert(events_engine, events_of(1, 1, 3))

    assert await Copier(events_engine, metadata).catch_up() == 3
    assert await Counter(events_engine, metadata).catch_up() == 3


async def test_it_runs_until_stopped_and_a_commit_wakes_it(
    events_engine: EventsEngine, metadata: Metadata, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "POLL_SECONDS", 3600.0)
    follower = Copier(events_engine, metadata)
    applied = asyncio.Event()
    follower.after_apply = applied.set
    running = asyncio.create_task(follower.run())
    for seq in (1, 2):
        await insert(events_engine, events_of(1, seq, seq))
        follower.wake()
        await asyncio.wait_for(applied.wait(), 10)
        applied.clear()

    follower.stop()
    await asyncio.wait_for(running, 10)
    assert await copied(metadata) == ["1-1", "1-2"]


@pytest.mark.parametrize("fault", [PlaceMoved("raced"), Unavailable("METADATA_BUSY", "Busy.")])
async def test_what_passes_is_tried_again_and_nothing_is_skipped(
    events_engine: EventsEngine,
    metadata: Metadata,
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
) -> None:
    monkeypatch.setattr(follow, "RETRY_SECONDS", 0.01)
    await insert(events_engine, events_of(1, 1, 3))
    follower = Copier(events_engine, metadata)
    faults = [fault, fault]
    done = asyncio.Event()

    def fail_twice() -> None:
        if faults:
            raise faults.pop()
        done.set()

    follower.before_apply = fail_twice
    running = asyncio.create_task(follower.run())
    await asyncio.wait_for(done.wait(), 10)
    follower.stop()
    await asyncio.wait_for(running, 10)

    assert await copied(metadata) == ["1-1", "1-2", "1-3"]


async def test_heads_find_other_nodes_commits_though_clocks_differ(
    events_engine: EventsEngine,
) -> None:
    heads = CommittedHeads(events_engine)
    await insert(events_engine, events_of(1, 1, 3))
    await heads.refresh()
    behind = NOON - timedelta(minutes=9)
    await insert(events_engine, events_of(2, 1, 2, received_at=behind))
    await heads.refresh()

    assert heads.snapshot() == {1: 3, 2: 2}
    assert heads.last_received_at == NOON


async def test_heads_never_go_back(events_engine: EventsEngine) -> None:
    heads = CommittedHeads(events_engine)
    heads.advance(NodeId(1), NodeSeq(5), NOON)
    heads.advance(NodeId(1), NodeSeq(3), NOON - timedelta(hours=1))
    await heads.refresh()

    assert heads.snapshot() == {1: 5}
    assert heads.last_received_at == NOON
