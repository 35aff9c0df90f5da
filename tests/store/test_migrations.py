from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from trailkeeper.errors import ConfigurationError
from trailkeeper.store.base import Base
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.migrate import MIGRATIONS, alembic_config, revisions
from trailkeeper.store.nodes import all_nodes, claim_node

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROOMS_WITH_TABLES = (
    *("store", "access", "access.people", "access.signin", "capture", "detect", "keep"),
    *("notify", "notify.review", "search.views"),
)

for room in ROOMS_WITH_TABLES:
    import_module(f"trailkeeper.{room}.tables")


async def in_transaction(metadata: Metadata, work: Any) -> Any:
    async with metadata.transaction() as session:
        connection = await session.connection()
        return await connection.run_sync(work)


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, Base.metadata))


def test_every_room_with_tables_is_compared() -> None:
    package = MIGRATIONS.parent.parent
    found = {
        ".".join(path.parent.relative_to(package).parts) for path in package.glob("**/tables.py")
    }

    assert found == set(ROOMS_WITH_TABLES)


async def test_the_revisions_build_what_the_models_say(metadata: Metadata) -> None:
    assert await in_transaction(metadata, differences) == []


async def test_a_difference_would_be_found(metadata: Metadata) -> None:
    async with metadata.transaction() as session:
        await session.execute(text("ALTER TABLE nodes DROP COLUMN committed_seq"))
        await session.execute(text("DROP INDEX ix_jobs_state_run_at"))

    found = {each[0] for each in await in_transaction(metadata, differences)}

    assert found == {"add_column", "add_index"}


@pytest.mark.parametrize("earlier", revisions())
async def test_upgrade_from_every_earlier_revision(empty_url: str, earlier: str) -> None:
    metadata = Metadata.open(empty_url)
    await in_transaction(
        metadata, lambda connection: command.upgrade(alembic_config(connection), earlier)
    )

    await metadata.migrate()

    assert await in_transaction(metadata, differences) == []
    assert (await claim_node(metadata, timedelta(minutes=1), NOON)).id == 1
    await metadata.close()


async def test_migrating_again_changes_nothing(metadata: Metadata) -> None:
    await claim_node(metadata, timedelta(minutes=1), NOON)

    await metadata.migrate()

    assert len(await all_nodes(metadata)) == 1


START = """
import asyncio, sys
from trailkeeper.store.metadata import Metadata

async def main() -> None:
    metadata = Metadata.open(sys.argv[1])
    await metadata.migrate()
    await metadata.ping()
    await metadata.close()

asyncio.run(main())
"""


async def test_several_processes_may_start_at_once(empty_url: str) -> None:
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", START, empty_url, stderr=asyncio.subprocess.PIPE
        )
        for _ in range(4)
    ]
    outcomes = await asyncio.gather(*(process.communicate() for process in processes))

    assert [
        (process.returncode, err) for process, (_, err) in zip(processes, outcomes, strict=True)
    ] == [(0, b"")] * 4


async def test_several_tasks_may_migrate_at_once(empty_url: str) -> None:
    stores = [Metadata.open(empty_url) for _ in range(5)]

    await asyncio.gather(*(store.migrate() for store in stores))

    assert await in_transaction(stores[0], differences) == []
    for store in stores:
        await store.close()


async def test_a_newer_database_is_refused_and_left_alone(metadata: Metadata) -> None:
    async with metadata.transaction() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999_future'"))

    with pytest.raises(ConfigurationError) as raised:
        await metadata.migrate()

    assert raised.value.code == "METADATA_NEWER"
    assert "9999_future" in raised.value.detail
    async with metadata.reading() as session:
        assert (
            await session.scalar(text("SELECT version_num FROM alembic_version")) == "9999_future"
        )
