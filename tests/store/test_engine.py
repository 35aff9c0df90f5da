"""The embedded events engine inside this process: what goes in comes out, and what fails tells."""

from __future__ import annotations

import asyncio
import time
import uuid
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine import NOON, Count, an_event, count, insert
from trailkeeper.errors import ConfigurationError, Unavailable
from trailkeeper.event import EVENT_COLUMNS, StoredEvent
from trailkeeper.store.engine import (
    MAX_WAITING_READS,
    READERS,
    EventsEngine,
    Statement,
    engine_time,
)

DAY = timedelta(days=1)
SLEEP = Statement("SELECT sleep(1)")
ALL_COLUMNS = ", ".join(EVENT_COLUMNS)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
moments = st.datetimes(
    min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)
)
degrees = st.integers(-1_800_000, 1_800_000).map(lambda number: number / 10_000)
rows = st.builds(
    StoredEvent,
    organization=st.just("acme"),
    timestamp=moments,
    id=st.just(""),
    action=texts,
    resource_type=texts,
    resource_id=texts,
    resource_name=texts,
    user_id=texts,
    user_email=texts,
    on_behalf_of=texts,
    ip_address=st.ip_addresses(v=6).map(str),
    user_agent=texts,
    status=texts,
    source=texts,
    details=st.dictionaries(texts, texts).map(lambda d: msgspec.json.encode(d).decode()),
    redacted=st.lists(texts, max_size=3),
    received_at=st.just(NOON),
    node=st.integers(0, 2**32 - 1),
    node_seq=st.integers(0, 2**64 - 1),
    country=texts,
    city=texts,
    latitude=st.none() | degrees,
    longitude=st.none() | degrees,
    browser=texts,
    os=texts,
    device=texts,
    local_hour=st.integers(0, 23),
    local_weekday=st.integers(1, 7),
)


async def refusal(engine: EventsEngine, sql: str) -> Unavailable:
    with pytest.raises(Unavailable) as refused:
        await engine.raw(Statement(sql), "TSV")
    return refused.value


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(event=rows)
async def test_a_row_comes_back_as_it_was_written(
    events_engine: EventsEngine, event: StoredEvent
) -> None:
    event.id = uuid.uuid4().hex
    await insert(events_engine, [event])
    statement = Statement(
        f"SELECT {ALL_COLUMNS} FROM events WHERE organization = 'acme' AND id = {{id:String}}",
        {"id": event.id},
    )

    [back] = await events_engine.rows(statement, StoredEvent)

    assert IPv6Address(back.ip_address) == IPv6Address(event.ip_address)
    back.ip_address = event.ip_address
    assert back == event


@given(text=texts)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_bound_value_is_never_read_as_sql(session_engine: EventsEngine, text: str) -> None:
    class Echo(msgspec.Struct, array_like=True):
        text: str
        listed: list[str]

    statement = Statement(
        "SELECT {text:String}, {listed:Array(String)}",
        {"text": text, "listed": [text, "'); DROP TABLE events; --"]},
    )

    [echo] = await session_engine.rows(statement, Echo)
    assert (echo.text, echo.listed) == (text, [text, "'); DROP TABLE events; --"])


def test_a_time_is_bound_to_the_microsecond_in_utc() -> None:
    berlin = datetime.fromisoformat("2026-03-04T13:00:00.000001+01:00")

    assert engine_time(berlin) == "2026-03-04 12:00:00.000001"


async def test_an_insert_is_one_part_whatever_its_size_and_times(
    events_engine: EventsEngine,
) -> None:
    await insert(
        events_engine, [an_event(timestamp=NOON - n * DAY, action=f"A{n}") for n in range(20_000)]
    )

    parts = await events_engine.rows(
        Statement(
            "SELECT rows FROM system.parts"
            " WHERE database = currentDatabase() AND table = 'events' AND level = 0"
        ),
        Count,
    )
    assert [part.value for part in parts] == [20_000]


async def test_an_insert_is_whole_or_absent(events_engine: EventsEngine) -> None:
    lines = [msgspec.json.encode(an_event()) for _ in range(1000)]
    lines[-1] = lines[-1].replace(b'"acme"', b"17x")

    with pytest.raises(Unavailable):
        await events_engine.insert(b"\n".join(lines))
    assert await count(events_engine) == 0


@pytest.mark.parametrize(
    "sql",
    [
        "SELEKT 1",
        "SELECT * FROM no_such_table",
        "SELECT throwIf(number = 3) FROM numbers(10)",
        "SELECT sleepEachRow(0.1) FROM numbers(100)"
        " SETTINGS max_block_size = 1, max_execution_time = 0.3",
        "SELECT groupArray(number) FROM numbers(10000000) SETTINGS max_memory_usage = 1000000",
    ],
)
async def test_what_the_engine_refuses_is_unavailable_and_the_next_query_works(
    session_engine: EventsEngine, sql: str
) -> None:
    refused = await refusal(session_engine, sql)

    assert (refused.status, refused.code) == (503, "STORE_UNAVAILABLE")
    assert "\n" not in refused.detail
    assert await session_engine.raw(Statement("SELECT 1"), "TSV") == b"1\n"


@pytest.mark.parametrize(
    "fails_halfway",
    [
        "SELECT throwIf(number = 50) FROM numbers(100) SETTINGS max_block_size = 1",
        "SELECT sleepEachRow(0.05) FROM numbers(100)"
        " SETTINGS max_block_size = 1, max_execution_time = 0.2",
    ],
)
async def test_what_a_failed_query_had_answered_is_in_no_other_answer(
    session_engine: EventsEngine, fails_halfway: str
) -> None:
    for _ in range(READERS):
        await refusal(session_engine, fails_halfway)
    answers = await asyncio.gather(
        *(session_engine.raw(Statement(f"SELECT {n}"), "TSV") for n in range(READERS * 4))
    )

    assert answers == [b"%d\n" % n for n in range(READERS * 4)]


async def test_more_reads_than_may_wait_are_refused_at_once(session_engine: EventsEngine) -> None:
    # Each reader is busy for a moment, and so many more may wait.
    waiting = [
        asyncio.create_task(session_engine.raw(Statement("SELECT sleep(0.05)"), "TSV"))
        for _ in range(MAX_WAITING_READS)
    ]
    await asyncio.sleep(0)

    assert (await refusal(session_engine, "SELECT 1")).code == "STORE_BUSY"
    assert await asyncio.gather(*waiting) == [b"0\n"] * MAX_WAITING_READS
    assert await session_engine.raw(Statement("SELECT 1"), "TSV") == b"1\n"


async def test_an_insert_waits_neither_for_readers_nor_for_maintenance(
    events_engine: EventsEngine,
) -> None:
    slow: list[asyncio.Task[object]] = [
        asyncio.create_task(events_engine.raw(SLEEP, "TSV")) for _ in range(READERS * 2)
    ]
    slow.append(asyncio.create_task(events_engine.maintain(SLEEP)))
    await asyncio.sleep(0.05)
    began = time.monotonic()

    await insert(events_engine, [an_event()])

    assert time.monotonic() - began < 1
    assert not any(task.done() for task in slow)
    await asyncio.gather(*slow)


async def test_a_second_handle_sees_the_same_store(
    events_engine: EventsEngine, engine_dsn: str
) -> None:
    second = await EventsEngine.open(engine_dsn, 1 << 30)
    await insert(second, [an_event()])
    assert await count(events_engine) == 1
    second.close()

    assert await count(events_engine) == 1


async def test_a_table_of_another_version_is_refused(
    events_engine: EventsEngine, engine_dsn: str
) -> None:
    await events_engine.maintain(Statement("ALTER TABLE events ADD COLUMN severity UInt8"))

    with pytest.raises(ConfigurationError) as refused:
        await EventsEngine.open(engine_dsn, 1 << 30)
    assert refused.value.code == "EVENTS_STORE_VERSION"
    assert refused.value.hint


async def test_a_server_that_is_not_there_is_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as refused:
        await EventsEngine.open("clickhouse://127.0.0.1:1/events", 1 << 30)
    assert refused.value.code == "EVENTS_STORE_UNAVAILABLE"
    assert refused.value.hint
