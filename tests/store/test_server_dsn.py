"""The events store on both kinds of DSN: the embedded engine, and a server over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from tests.clickhouse_front import ClickHouse
from tests.engine import MEMORY_BYTES, NOON, Count, an_event, count, insert, recreate_events
from trailkeeper.capture.receipts import find_receipts, read_head, read_known_ids
from trailkeeper.errors import ConfigurationError, StorageFull, Unavailable
from trailkeeper.event import EVENT_COLUMNS, NodeId, NodeSeq, StoredEvent
from trailkeeper.store.engine import EventsEngine, Statement, engine_time
from trailkeeper.store.heads import CommittedHeads

DSNS = ("embedded", "server")
ODD_TEXTS = [
    "",
    " ",
    "it's",
    'say "no"',
    "back\\slash",
    "a\tb\nc\rd",
    "{tenant:String}",
    "'; DROP TABLE events; --",
    "%27 & + ?",
    "Zoë 🦊 \u202e",
    "nul\0byte",
]


class Text(msgspec.Struct, array_like=True):
    value: str


class Part(msgspec.Struct, array_like=True):
    rows: int


@pytest.fixture(scope="module")
def server_engine(clickhouse: ClickHouse) -> Iterator[EventsEngine]:
    engine = asyncio.run(EventsEngine.open(clickhouse.dsn, MEMORY_BYTES))
    yield engine
    engine.close()


@pytest.fixture(params=DSNS)
def dsn(request: pytest.FixtureRequest) -> str:
    if request.param == "embedded":
        return str(request.getfixturevalue("engine_dsn"))
    server: ClickHouse = request.getfixturevalue("clickhouse")
    return server.dsn


@pytest.fixture
def engine(request: pytest.FixtureRequest, dsn: str) -> EventsEngine:
    """An engine with an empty table, on each kind of DSN."""
    if dsn.startswith("chdb:"):
        embedded: EventsEngine = request.getfixturevalue("events_engine")
        return embedded
    server: EventsEngine = request.getfixturevalue("server_engine")
    asyncio.run(recreate_events(server))
    return server


async def stored(engine: EventsEngine) -> list[StoredEvent]:
    columns = ", ".join(EVENT_COLUMNS)
    return await engine.rows(Statement(f"SELECT {columns} FROM events ORDER BY id"), StoredEvent)


async def active_parts(engine: EventsEngine) -> list[int]:
    statement = Statement(
        "SELECT rows FROM system.parts WHERE active AND database = currentDatabase()"
        " AND table = 'events' ORDER BY rows"
    )
    return [part.rows for part in await engine.rows(statement, Part)]


async def test_opening_again_finds_what_is_there(engine: EventsEngine, dsn: str) -> None:
    await insert(engine, [an_event(id="kept")])
    again = await EventsEngine.open(dsn, MEMORY_BYTES)
    try:
        assert [event.id for event in await stored(again)] == ["kept"]
        assert again.set_aside == ()
    finally:
        again.close()


async def test_rows_come_back_as_they_went_in(engine: EventsEngine) -> None:
    # Sent as JSON, so NUL and every other character may be part of a text.
    events = [
        an_event(
            id=f"{number:02}",
            resource_id=text,
            resource_name=text * 100,
            user_id=text,
            user_agent=text,
            details=msgspec.json.encode({"text": text, text: [1, 2.5, None, True]}).decode(),
            redacted=[text, "details.password"],
            ip_address="::ffff:192.0.2.1" if number % 2 else "2001:db8::1",
            timestamp=NOON + timedelta(microseconds=number),
            latitude=52.5 if number % 2 else None,
            longitude=-13.25 if number % 2 else None,
            node=4_294_967_295,
            node_seq=9_007_199_254_740_993 + number,
            local_hour=23,
            local_weekday=7,
        )
        for number, text in enumerate(ODD_TEXTS)
    ]
    await insert(engine, events)
    assert await stored(engine) == events


@pytest.mark.parametrize("text", [text for text in ODD_TEXTS if "\0" not in text])
async def test_bound_texts_arrive_unchanged(engine: EventsEngine, text: str) -> None:
    statement = Statement(
        "SELECT {text:String} UNION ALL SELECT arrayElement({texts:Array(String)}, 2)",
        {"text": text, "texts": ["first", text]},
    )
    assert [row.value for row in await engine.rows(statement, Text)] == [text, text]


async def test_bound_times_and_numbers_arrive_exactly(engine: EventsEngine) -> None:
    moment = NOON + timedelta(microseconds=123_457)
    await insert(engine, [an_event(timestamp=moment, node_seq=2**63 + 1)])
    exact: dict[str, Any] = {"moment": engine_time(moment), "place": 2**63 + 1}
    condition = "timestamp = {moment:DateTime64(6, 'UTC')} AND node_seq = {place:UInt64}"
    assert await count(engine, condition, **exact) == 1
    assert await count(engine, condition, **{**exact, "place": 2**63}) == 0
    late = engine_time(moment + timedelta(microseconds=1))
    assert await count(engine, condition, **{**exact, "moment": late}) == 0


async def test_a_commit_is_one_part_however_large(engine: EventsEngine) -> None:
    await engine.maintain(Statement("SYSTEM STOP MERGES events"))
    try:
        await insert(engine, [an_event(node_seq=number) for number in range(20_000)])
        await insert(
            engine, [an_event(details='{"pad":"%s"}' % ("x" * 60_000)) for _ in range(400)]
        )
        assert await active_parts(engine) == [400, 20_000]
    finally:
        await engine.maintain(Statement("SYSTEM START MERGES events"))


async def test_a_commit_is_whole_or_absent(engine: EventsEngine) -> None:
    rows = [msgspec.json.encode(an_event()) for _ in range(5_000)]
    with pytest.raises(Unavailable):
        await engine.insert(b"\n".join([*rows, b'["not","an","event"]']))
    assert await count(engine) == 0
    await engine.insert(b"\n".join(rows))
    assert await count(engine) == 5_000


async def test_receipts_are_the_first_ones_of_the_right_organization(engine: EventsEngine) -> None:
    later = NOON + timedelta(hours=1)
    await insert(engine, [an_event(id="it's", received_at=later, node=2, node_seq=9)])
    await insert(engine, [an_event(id="it's", received_at=NOON, node=1, node_seq=3)])
    await insert(engine, [an_event(id="old", received_at=NOON - timedelta(days=9))])
    asked = [("acme", "it's"), ("other", "it's"), ("acme", "old"), ("acme", "new")]
    found = await find_receipts(engine, asked, later)
    assert found.keys() == {("acme", "it's")}
    receipt = found["acme", "it's"]
    assert (receipt.received_at, receipt.node, receipt.node_seq) == (NOON, 1, 3)


async def test_a_whole_commits_ids_are_looked_up_at_once(engine: EventsEngine) -> None:
    # The longest ids there may be, as many as fit into one batch: 10 MB of parameters.
    ids = [f"{number:06}{'i' * 1018}" for number in range(10_000)]
    await insert(engine, [an_event(id=each) for each in ids[::1000]])
    found = await find_receipts(engine, [("acme", each) for each in ids], NOON)
    assert {event_id for _, event_id in found} == set(ids[::1000])


async def test_known_ids_and_heads_are_read(engine: EventsEngine) -> None:
    await insert(engine, [an_event(id=str(each), node=3, node_seq=each) for each in (1, 2, 3)])
    await insert(engine, [an_event(id="other", node=4, node_seq=7)])
    assert len(await read_known_ids(engine, NOON)) == 4
    head = await read_head(engine, NodeId(3), NodeSeq(1))
    assert (head.node_seq, head.count) == (3, 2)
    heads = CommittedHeads(engine, is_exclusive=False)
    await heads.refresh()
    assert heads.snapshot() == {3: 3, 4: 7}
    assert heads.last_received_at == NOON


async def test_weeks_are_dropped_and_rows_deleted(engine: EventsEngine) -> None:
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    weeks = [monday + timedelta(weeks=week) for week in range(3)]
    for week in weeks:
        await insert(engine, [an_event(action=action, received_at=week) for action in "ABB"])
    await engine.maintain(
        Statement("ALTER TABLE events DROP PARTITION {week:String}", {"week": "2026-03-02"})
    )
    await engine.maintain(
        Statement(
            "ALTER TABLE events DELETE IN PARTITION {week:String}"
            " WHERE action = {action:String} SETTINGS mutations_sync = 1",
            {"week": "2026-03-09", "action": "B"},
        )
    )
    left = "received_at = {week:DateTime64(6, 'UTC')}"
    counts = [await count(engine, left, week=engine_time(week)) for week in weeks]
    assert counts == [0, 1, 3]


async def test_errors_are_told_as_ours(engine: EventsEngine) -> None:
    with pytest.raises(Unavailable) as raised:
        await engine.rows(Statement("SELECT nonsense FROM events"), Count)
    assert raised.value.code == "STORE_UNAVAILABLE"
    assert "nonsense" in raised.value.detail
    full = Statement("SELECT throwIf(1, 'No space left on device')")
    with pytest.raises(StorageFull) as refused:
        await engine.raw(full, "TSV")
    assert refused.value.code == "STORE_FULL"
    assert refused.value.status == 507
    assert await count(engine) == 0, "the engine goes on after an error"


async def test_a_table_of_another_version_is_refused(engine: EventsEngine, dsn: str) -> None:
    await engine.maintain(Statement("ALTER TABLE events ADD COLUMN mood String"))
    try:
        with pytest.raises(ConfigurationError) as raised:
            await EventsEngine.open(dsn, MEMORY_BYTES)
        assert raised.value.code == "EVENTS_STORE_VERSION"
    finally:
        await recreate_events(engine)


async def test_a_running_insert_is_known_by_its_mark(engine: EventsEngine) -> None:
    await engine.insert(msgspec.json.encode(an_event()), "it's done")
    assert not await engine.is_running("it's done")
