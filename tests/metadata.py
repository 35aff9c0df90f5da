"""Fixtures: an empty metadata store of each kind, migrated, thrown away after the test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.postgres import Postgres, running_postgres
from trailkeeper.store.metadata import Metadata

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for the whole run; each test has a database of its own."""
    with running_postgres() as server:
        yield server


@pytest.fixture(params=DATABASES)
def metadata_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, once for each kind."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'metadata.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.create_database()
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
async def metadata(metadata_url: str) -> AsyncIterator[Metadata]:
    """An open store with this version's tables."""
    opened = Metadata.open(metadata_url)
    await opened.migrate()
    yield opened
    await opened.close()
