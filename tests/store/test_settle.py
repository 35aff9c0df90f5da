"""Settling: one part per week with every order, in quiet times, and nothing lost by it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from trailkeeper.event import StoredEvent
from trailkeeper.store import settle as settling
from trailkeeper.store.engine import EventsEngine, Statement
from trailkeeper.store.settle import settle
from trailkeeper.store.upgrade import NEWEST_COLUMN

PARTS = (
    "SELECT count(), countIf(empty(projections)), sum(rows) FROM system.parts"
    " WHERE database = currentDatabase() AND table = 'events' AND active"
)


class Parts(msgspec.Struct, array_like=True, frozen=True):
    parts: int
    bare: int
    rows: int


async def insert(engine: EventsEngine, first: int, count: int) -> None:
    now = datetime.now(UTC)
    rows = [
        StoredEvent(
            organization="acme",
            timestamp=now - timedelta(seconds=number),
            id=f"event-{number}",
            action="UPDATE",
            resource_type="PROJECT",
            user_id=f"user-{number % 7}",
            received_at=now,
            node=1,
            node_seq=number,
        )
        for number in range(first, first + count)
    ]
    await engine.insert(msgspec.json.Encoder().encode_lines(rows))


async def parts(engine: EventsEngine) -> Parts:
    [found] = await engine.rows(Statement(PARTS), Parts)
    return found


@pytest.fixture
async def quiet(events_engine: EventsEngine) -> EventsEngine:
    """An engine with twelve parts of some seconds ago, which it does not merge by itself."""
    await events_engine.maintain(
        Statement(
            "ALTER TABLE events MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 1,"
            " max_bytes_to_merge_at_min_space_in_pool = 1"
        )
    )
    for commit in range(12):
        await insert(events_engine, 1 + commit * 10, 10)
    await asyncio.sleep(3.1)
    return events_engine


async def test_a_quiet_week_becomes_one_part_with_every_order(quiet: EventsEngine) -> None:
    before = await parts(quiet)

    week = await settle(quiet)

    assert before.parts > 1
    assert week is not None
    assert await parts(quiet) == Parts(parts=1, bare=0, rows=120)
    await asyncio.sleep(3.1)
    assert await settle(quiet) is None, "what is settled is left alone"


async def test_every_event_is_found_by_its_id_afterwards(quiet: EventsEngine) -> None:
    await settle(quiet)

    found = await quiet.raw(
        Statement(
            "SELECT uniqExact(id), countIf(id_hash_low = toUInt8(xxh3(id))) FROM events"
            " WHERE organization = 'acme'"
        ),
        "TSV",
    )

    assert found == b"120\t120\n"


async def test_a_load_is_not_disturbed(
    quiet: EventsEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settling._UNSETTLED.parameters, "busy", 100)
    monkeypatch.setitem(settling._UNSETTLED.parameters, "quiet", 3600)

    assert await settle(quiet) is None


async def test_little_news_is_not_worth_a_week_written_anew(quiet: EventsEngine) -> None:
    await insert(quiet, 1000, 5000)
    await asyncio.sleep(3.1)
    assert await settle(quiet) is not None
    await insert(quiet, 9000, 5)
    await quiet.maintain(
        Statement("ALTER TABLE events MATERIALIZE PROJECTION by_user SETTINGS mutations_sync = 1")
    )
    await asyncio.sleep(3.1)

    assert (await parts(quiet)).parts == 2
    assert await settle(quiet) is None


async def test_an_older_table_is_brought_up_to_date(events_engine: EventsEngine) -> None:
    await insert(events_engine, 1, 50)
    await events_engine.maintain(
        Statement(
            "ALTER TABLE events DROP PROJECTION by_id_hash,"
            " ADD PROJECTION by_id (SELECT _part_offset ORDER BY id)"
            " SETTINGS mutations_sync = 1"
        )
    )
    await events_engine.maintain(
        Statement(
            "ALTER TABLE events DROP COLUMN id_hash_high, DROP COLUMN id_hash_low"
            " SETTINGS mutations_sync = 1"
        )
    )

    again = await EventsEngine.open(events_engine._dsn, 2 * 1024**3)

    try:
        columns = await again.raw(Statement("DESCRIBE TABLE events"), "TSV")
        assert NEWEST_COLUMN.encode() in columns
        found = Statement(
            "SELECT count() FROM events WHERE organization = 'acme'"
            " AND id_hash_high = toUInt16(bitShiftRight(xxh3('event-7'), 8)) AND id = 'event-7'"
        )
        assert await again.raw(found, "TSV") == b"1\n"
        await insert(again, 100, 5)
    finally:
        again.close()


async def test_closing_cuts_a_long_merge_short(quiet: EventsEngine) -> None:
    again = await EventsEngine.open(quiet._dsn, 2 * 1024**3)
    for commit in range(10):
        await insert(again, 1000 + commit * 20_000, 20_000)
    merging = asyncio.create_task(
        again.maintain(Statement("OPTIMIZE TABLE events FINAL SETTINGS optimize_throw_if_noop = 1"))
    )
    await asyncio.sleep(0.2)
    merging.cancel()

    await asyncio.to_thread(again.close)

    after = await parts(quiet)
    assert after.rows == 200_120, "nothing is lost by it"
    assert after.parts > 1, "the merge was not waited for"
