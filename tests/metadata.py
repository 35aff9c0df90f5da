"""Fixtures: a metadata store of each kind, with this version's tables, one for each test."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.postgres import Postgres, running_postgres
from trailkeeper.store.metadata import Metadata

DATABASES = ("sqlite", "postgresql")
TEMPLATE = "migrated"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for the whole run; each test has a database of its own."""
    with running_postgres() as server:
        yield server


@pytest.fixture(params=DATABASES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, once for each kind."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path)
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url


@pytest.fixture(params=DATABASES)
def metadata_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database without rows, once for each kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "metadata.db")
        yield sqlite_url(tmp_path)
        return
    server: Postgres = request.getfixturevalue("migrated_postgres")
    with server.database(template=TEMPLATE) as url:
        yield url


@pytest.fixture
async def metadata(metadata_url: str) -> AsyncIterator[Metadata]:
    """An open store with this version's tables."""
    opened = Metadata.open(metadata_url)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy: much faster than to migrate for each test."""
    folder = tmp_path_factory.mktemp("migrated")
    asyncio.run(migrate(sqlite_url(folder)))
    return folder / "metadata.db"


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Postgres) -> Postgres:
    """The server, with a migrated database to copy."""
    postgres.create_database(TEMPLATE)
    asyncio.run(migrate(postgres.url(TEMPLATE)))
    return postgres


def sqlite_url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'metadata.db'}"


async def migrate(url: str) -> None:
    metadata = Metadata.open(url)
    await metadata.migrate()
    await metadata.close()
