"""Commits over a network: whatever breaks, an event is there once and a stream has no holes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.capture.committers import HeldLease, assert_no_holes, new_committer, stream
from tests.clickhouse_front import ClickHouse, running_clickhouse
from tests.engine import MEMORY_BYTES, Clock, an_event, committing, count, recreate_events
from trailkeeper.capture.commit import Committer
from trailkeeper.errors import ConfigurationError, Unavailable
from trailkeeper.event import NodeId
from trailkeeper.store.engine import EventsEngine

LEASE = HeldLease(NodeId(1))


@pytest.fixture
async def engine(clickhouse: ClickHouse) -> AsyncIterator[EventsEngine]:
    engine = await EventsEngine.open(clickhouse.dsn, MEMORY_BYTES)
    await recreate_events(engine)
    yield engine
    engine.close()


@pytest.fixture
async def committer(engine: EventsEngine) -> AsyncIterator[Committer]:
    async with committing(new_committer(engine, Clock(), LEASE, is_exclusive=False)) as committer:
        yield committer


async def commit(committer: Committer, *ids: str) -> list[tuple[int, bool]]:
    outcomes = await committer.commit([an_event(id=each) for each in ids])
    return [(each.receipt.node_seq, each.is_duplicate) for each in outcomes]


async def test_commits_and_duplicates(engine: EventsEngine, committer: Committer) -> None:
    assert await commit(committer, "a", "b", "a") == [(1, False), (2, False), (1, True)]
    assert await commit(committer, "b", "c") == [(2, True), (3, False)]
    assert_no_holes(await stream(engine, LEASE.node), committer.committed_seq)


async def test_another_nodes_commit_is_a_duplicate_too(
    engine: EventsEngine, committer: Committer
) -> None:
    assert await commit(committer, "a") == [(1, False)]
    other = new_committer(engine, Clock(), HeldLease(NodeId(2)), is_exclusive=False)
    async with committing(other):
        assert await commit(other, "a", "b") == [(1, True), (1, False)]
    assert await count(engine) == 2


async def test_a_connection_that_ends_before_the_insert(
    engine: EventsEngine, committer: Committer, clickhouse: ClickHouse
) -> None:
    await commit(committer, "a")
    clickhouse.fail_next_insert("refuse")
    with pytest.raises(Unavailable) as raised:
        await commit(committer, "b")
    assert raised.value.code == "STORE_UNAVAILABLE"
    assert await commit(committer, "b", "c") == [(2, False), (3, False)]
    assert_no_holes(await stream(engine, LEASE.node), committer.committed_seq)


async def test_an_answer_that_is_lost(
    engine: EventsEngine, committer: Committer, clickhouse: ClickHouse
) -> None:
    clickhouse.fail_next_insert("forget")
    assert await commit(committer, "a", "b") == [(1, False), (2, False)]
    assert await commit(committer, "a", "c") == [(1, True), (3, False)]
    assert await count(engine) == 3, "the driver has sent nothing twice"
    assert_no_holes(await stream(engine, LEASE.node), committer.committed_seq)


async def test_an_insert_that_goes_on_without_its_connection(
    engine: EventsEngine, committer: Committer, clickhouse: ClickHouse
) -> None:
    clickhouse.fail_next_insert("slow")
    slow = asyncio.create_task(commit(committer, "a"))
    # While nobody knows what becomes of the first commit, nothing else is numbered.
    await asyncio.sleep(0.5)
    next_one = asyncio.create_task(commit(committer, "a", "b"))
    assert await slow == [(1, False)]
    assert await next_one == [(1, True), (2, False)]
    assert_no_holes(await stream(engine, LEASE.node), committer.committed_seq)


async def test_a_server_that_restarts(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("restarting")
    with running_clickhouse(folder) as first:
        engine = await EventsEngine.open(first.dsn, MEMORY_BYTES)
        committer = new_committer(engine, Clock(), HeldLease(NodeId(1)), is_exclusive=False)
        running = asyncio.create_task(committer.run())
        assert await commit(committer, "a") == [(1, False)]
    lost = asyncio.create_task(commit(committer, "b"))
    with pytest.raises(Unavailable):
        await asyncio.wait_for(asyncio.shield(lost), 0.5)
    with running_clickhouse(folder, first.port):
        assert await commit(committer, "a", "b", "c") == [(1, True), (2, False), (3, False)]
        assert_no_holes(await stream(engine, NodeId(1)), committer.committed_seq)
        committer.close()
        await running
    engine.close()


async def test_a_server_that_is_not_there(clickhouse: ClickHouse) -> None:
    nowhere = clickhouse.dsn.replace("/default", "/no_such_database")
    with pytest.raises(ConfigurationError) as raised:
        await EventsEngine.open(nowhere, MEMORY_BYTES)
    assert raised.value.code == "EVENTS_STORE_UNAVAILABLE"
    assert "no_such_database" in raised.value.detail
    assert raised.value.field == "TRAILKEEPER_EVENTS_DSN"
