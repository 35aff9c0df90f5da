from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from tests.metadata import sqlite_url
from trailkeeper.errors import ConfigurationError, Unavailable
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.tables import FollowerPlaceRow

NOON = datetime(2026, 3, 1, 12, 0, 0, 250, tzinfo=UTC)


def place(node: int, at: int = 0, when: datetime = NOON) -> FollowerPlaceRow:
    return FollowerPlaceRow(follower="directory", node=node, place=at, updated_at=when)


async def places(metadata: Metadata) -> dict[int, int]:
    async with metadata.reading() as session:
        rows = await session.scalars(select(FollowerPlaceRow))
        return {row.node: row.place for row in rows}


async def test_a_transaction_commits_at_its_end(metadata: Metadata) -> None:
    async with metadata.transaction() as session:
        session.add(place(1, 7))

    assert await places(metadata) == {1: 7}


async def test_an_error_rolls_everything_back(metadata: Metadata) -> None:
    with pytest.raises(LookupError):
        async with metadata.transaction() as session:
            session.add(place(1))
            await session.flush()
            raise LookupError

    assert await places(metadata) == {}


async def test_the_callers_own_fault_is_not_taken_for_the_databases(metadata: Metadata) -> None:
    with pytest.raises(ConnectionResetError):
        async with metadata.transaction():
            raise ConnectionResetError


async def test_a_fault_of_the_statement_is_not_hidden(metadata: Metadata) -> None:
    with pytest.raises(IntegrityError):
        async with metadata.transaction() as session:
            session.add_all([place(1), place(2)])
            await session.flush()
            await session.execute(text("UPDATE follower_places SET node = 1"))

    assert await places(metadata) == {}


async def test_reading_refuses_writes_and_its_connection_stays_usable(metadata: Metadata) -> None:
    for _ in range(6):
        with pytest.raises(DBAPIError):
            async with metadata.reading() as session:
                session.add(place(1))
                await session.flush()

    async with metadata.transaction() as session:
        session.add(place(2))
    assert await places(metadata) == {2: 0}


async def test_moments_come_back_as_utc_to_the_microsecond(metadata: Metadata) -> None:
    in_kathmandu = NOON.astimezone(timezone(timedelta(hours=5, minutes=45)))
    async with metadata.transaction() as session:
        session.add(place(1, when=in_kathmandu))

    async with metadata.reading() as session:
        stored = await session.scalar(select(FollowerPlaceRow.updated_at))

    assert stored == NOON
    assert stored is not None
    assert stored.tzinfo is UTC


async def test_moments_compare_in_the_database(metadata: Metadata) -> None:
    moments = [NOON + timedelta(microseconds=step) for step in (0, 1, 999_750, 86_400_000_000)]
    async with metadata.transaction() as session:
        session.add_all(place(node, when=when) for node, when in enumerate(moments))

    async with metadata.reading() as session:
        later = await session.scalars(
            select(FollowerPlaceRow.node)
            .where(
                FollowerPlaceRow.updated_at > moments[1].astimezone(timezone(timedelta(hours=-8)))
            )
            .order_by(FollowerPlaceRow.updated_at)
        )
        assert list(later) == [2, 3]


async def test_a_naive_moment_is_refused(metadata: Metadata) -> None:
    with pytest.raises(StatementError, match="no time zone"):
        async with metadata.transaction() as session:
            session.add(place(1, when=datetime(2026, 3, 1)))


async def add_one(metadata: Metadata) -> None:
    async with metadata.transaction() as session:
        row = await session.scalar(select(FollowerPlaceRow).with_for_update())
        assert row is not None
        await asyncio.sleep(0.002)
        row.place += 1


async def test_concurrent_writers_wait_and_lose_nothing(
    metadata: Metadata, metadata_url: str
) -> None:
    async with metadata.transaction() as session:
        session.add(place(1))
    other = Metadata.open(metadata_url)

    await asyncio.gather(*(add_one(each) for each in (metadata, other) * 20))
    await other.close()

    assert await places(metadata) == {1: 40}


async def test_readers_do_not_wait_for_a_writer(metadata: Metadata) -> None:
    async with metadata.transaction() as session:
        session.add(place(1))
        await session.flush()
        assert await asyncio.wait_for(places(metadata), 5) == {}


async def test_reading_sees_one_snapshot(metadata: Metadata) -> None:
    async with metadata.reading() as session:
        first = list(await session.scalars(select(FollowerPlaceRow)))
        async with metadata.transaction() as writing:
            writing.add(place(1))
        second = list(await session.scalars(select(FollowerPlaceRow)))

    assert first == second == []


async def test_a_cancelled_transaction_gives_its_connection_back(metadata: Metadata) -> None:
    async def hang() -> None:
        async with metadata.transaction() as session:
            session.add(place(1))
            await session.flush()
            await asyncio.sleep(60)

    for _ in range(12):
        task = asyncio.create_task(hang())
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    async with metadata.transaction() as session:
        session.add(place(2))
    assert await places(metadata) == {2: 0}


async def test_ping_answers(metadata: Metadata) -> None:
    await metadata.ping()


async def test_sqlite_is_durable_and_checks_foreign_keys(tmp_path: Path) -> None:
    metadata = Metadata.open(sqlite_url(tmp_path))
    async with metadata.transaction() as session:
        found = {
            pragma: await session.scalar(text(f"PRAGMA {pragma}"))
            for pragma in ("journal_mode", "synchronous", "foreign_keys")
        }
    await metadata.close()

    full = 2
    assert found == {"journal_mode": "wal", "synchronous": full, "foreign_keys": 1}


async def test_a_full_disk_is_unavailable_and_recovers(tmp_path: Path) -> None:
    metadata = Metadata.open(sqlite_url(tmp_path))
    await metadata.migrate()

    with pytest.raises(Unavailable) as raised:
        async with metadata.transaction() as session:
            # SQLite answers as on a full disk once the file has as many pages as it may.
            await session.execute(text("PRAGMA max_page_count = 1"))
            session.add_all(place(node) for node in range(20_000))
    assert raised.value.code == "METADATA_FULL"
    assert await places(metadata) == {}

    async with metadata.transaction() as session:
        await session.execute(text("PRAGMA max_page_count = 1000000"))
        session.add(place(1))
    assert await places(metadata) == {1: 0}
    await metadata.close()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "mysql+aiomysql://localhost/x",
        "sqlite:///x.db",
        "not a url",
    ],
)
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        Metadata.open(url)

    assert raised.value.code == "METADATA_URL"
    assert raised.value.hint is not None
