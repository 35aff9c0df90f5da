from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.postgres import Postgres, free_port, running_postgres
from trailkeeper.errors import ConfigurationError, Unavailable
from trailkeeper.store.metadata import Metadata


async def fault_at_start(url: str) -> ConfigurationError:
    metadata = Metadata.open(url)
    with pytest.raises(ConfigurationError) as raised:
        await metadata.migrate()
    await metadata.close()
    return raised.value


async def test_a_server_that_is_not_there() -> None:
    error = await fault_at_start(f"postgresql+asyncpg://me:sesame@127.0.0.1:{free_port()}/audit")

    assert error.code == "METADATA_UNREACHABLE"
    assert "127.0.0.1" in error.detail
    assert "sesame" not in f"{error.detail} {error.hint}"
    assert error.hint is not None
    assert "PostgreSQL running" in error.hint


async def test_a_database_that_is_not_there(postgres: Postgres) -> None:
    error = await fault_at_start(postgres.url("nowhere"))

    assert error.code == "METADATA_UNREACHABLE"
    assert error.hint == 'Create it: createdb "nowhere".'
    assert postgres.password not in f"{error.detail} {error.hint}"


async def test_a_wrong_password(postgres: Postgres) -> None:
    error = await fault_at_start(postgres.url().replace(postgres.password, "sesame"))

    assert error.code == "METADATA_UNREACHABLE"
    assert error.hint == "Check user and password in TRAILKEEPER_METADATA_URL."


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    error = await fault_at_start(f"sqlite+aiosqlite:///{tmp_path}/missing/metadata.db")

    assert error.code == "METADATA_UNREACHABLE"
    assert f"{tmp_path}/missing/metadata.db" in error.detail


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "metadata.db"
    path.write_bytes(b"These are not the bytes of a database. " * 200)

    error = await fault_at_start(f"sqlite+aiosqlite:///{path}")

    assert error.code == "METADATA_CORRUPT"
    assert str(path) in error.detail


async def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "metadata.db"
    metadata = Metadata.open(f"sqlite+aiosqlite:///{path}")
    await metadata.migrate()
    async with metadata.transaction() as session:
        await session.execute(text("DROP TABLE alembic_version"))
    await metadata.close()

    error = await fault_at_start(f"sqlite+aiosqlite:///file:{path}?mode=ro&uri=true")

    assert error.code == "METADATA_READ_ONLY"
    assert str(path) in error.detail


async def test_a_server_that_goes_away_and_comes_back(postgres: Postgres) -> None:
    metadata = Metadata.open(postgres.url())
    await metadata.ping()

    with pytest.raises(Unavailable) as raised:
        async with metadata.transaction() as session:
            await session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert raised.value.code == "METADATA_UNAVAILABLE"

    await metadata.ping()
    await metadata.close()


async def test_a_server_that_stopped_is_unavailable() -> None:
    with running_postgres() as server:
        metadata = Metadata.open(server.url())
        await metadata.ping()

    with pytest.raises(Unavailable) as raised:
        await metadata.ping()
    assert raised.value.code == "METADATA_UNAVAILABLE"
    await metadata.close()
