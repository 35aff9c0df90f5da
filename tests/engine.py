"""Fixtures: the embedded events engine inside the test's own process, and what goes with it.

The engine allows one store per process, so there is one for the whole run; each test that
asks for `events_engine` finds its table empty. Several handles on the same store are fine,
which is how a whole service runs in the process too (`in_process`).
"""

from __future__ import annotations

import asyncio
import shutil
import uuid
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from litestar import Litestar

from trailkeeper.access.keys import create_key
from trailkeeper.access.organizations import (
    OrganizationChanges,
    create_organization,
    update_organization,
)
from trailkeeper.app import create_app
from trailkeeper.capture.commit import Committer
from trailkeeper.event import StoredEvent
from trailkeeper.principal import Permission, system_tenant
from trailkeeper.services import Services, open_services
from trailkeeper.settings import Settings
from trailkeeper.store.engine import EventsEngine, Statement
from trailkeeper.store.schema import CREATE_EVENTS

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
"""A Wednesday."""
MEMORY_BYTES = 1 << 30


@dataclass
class Clock:
    """A clock that moves only when told."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


class Count(msgspec.Struct, array_like=True):
    value: int


@pytest.fixture(scope="session")
def engine_dsn(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where this process's only embedded store is."""
    return f"chdb://{tmp_path_factory.mktemp('engine')}/store"


@pytest.fixture(scope="session")
def session_engine(engine_dsn: str) -> Iterator[EventsEngine]:
    """One engine for the whole run, whatever its table holds."""
    engine = asyncio.run(EventsEngine.open(engine_dsn, MEMORY_BYTES))
    yield engine
    engine.close()


@pytest.fixture
def events_engine(session_engine: EventsEngine) -> EventsEngine:
    """The engine with an empty table."""
    asyncio.run(recreate_events(session_engine))
    return session_engine


async def recreate_events(engine: EventsEngine, create: str = CREATE_EVENTS) -> None:
    """Replaces the events table by an empty one."""
    await engine.maintain(Statement("DROP TABLE IF EXISTS events SYNC"))
    await engine.maintain(Statement(create))


def an_event(**changes: Any) -> StoredEvent:
    """A row as capture would write it; anything may be given."""
    return StoredEvent(
        **{
            "organization": "acme",
            "timestamp": NOON,
            "id": uuid.uuid4().hex,
            "action": "LOGIN",
            "resource_type": "USER",
            "received_at": NOON,
            **changes,
        }
    )


async def insert(engine: EventsEngine, events: Iterable[StoredEvent]) -> None:
    """Puts rows straight into the store: the only way to be received in the past."""
    await engine.insert(msgspec.json.Encoder().encode_lines(list(events)))


async def count(engine: EventsEngine, condition: str = "1", **parameters: object) -> int:
    """How many rows match an SQL condition."""
    statement = Statement(f"SELECT count() FROM events WHERE {condition}", parameters)
    return (await engine.rows(statement, Count))[0].value


@asynccontextmanager
async def committing(committer: Committer) -> AsyncIterator[Committer]:
    """Runs the committer; at the end all that waits is committed."""
    running = asyncio.create_task(committer.run())
    try:
        yield committer
    finally:
        committer.close()
        await running


@dataclass
class Service:
    """A whole service inside the test's process, on its own clock; only the committer runs."""

    services: Services
    clock: Clock

    @cached_property
    def app(self) -> Litestar:
        return create_app(self.services)

    async def new_organization(self, **settings: Any) -> tuple[str, str]:
        """An organization's id and the token of a key that may do everything."""
        hasher = self.services.keys.hasher
        name = f"org-{uuid.uuid4().hex[:12]}"
        async with self.services.metadata.transaction() as session:
            made = await create_organization(
                session, name, id=name, retention_days=90, now=self.clock()
            )
            changes = msgspec.convert(settings, OrganizationChanges)
            await update_organization(session, made.id, changes)
            issued = await create_key(
                session, hasher, system_tenant(made.id), "test", list(Permission), now=self.clock()
            )
        return made.id, issued.token

    @asynccontextmanager
    async def client(
        self, token: str, peer: str = "127.0.0.1"
    ) -> AsyncIterator[httpx2.AsyncClient]:
        transport = httpx2.ASGITransport(
            app=self.app,  # type: ignore[arg-type]
            client=(peer, 1234),
        )
        async with httpx2.AsyncClient(
            transport=transport,
            base_url="http://test",
            headers={"Authorization": f"Bearer {token}"},
        ) as client:
            yield client


@asynccontextmanager
async def in_process(settings: Settings, clock: Clock) -> AsyncIterator[Service]:
    """Opens the service's stores and runs its committer."""
    async with open_services(settings, clock) as services, committing(services.committer):
        yield Service(services, clock)


@pytest.fixture
def service_settings(
    events_engine: EventsEngine, engine_dsn: str, migrated_sqlite: Path, tmp_path: Path
) -> Settings:
    """Settings of a service on the process's own, emptied store."""
    shutil.copy(migrated_sqlite, tmp_path / "metadata.db")
    return Settings(
        data=tmp_path,
        events_dsn=engine_dsn,
        metadata_url=f"sqlite+aiosqlite:///{tmp_path}/metadata.db",
        engine_memory_bytes=MEMORY_BYTES,
    )


@pytest.fixture
async def service(service_settings: Settings) -> AsyncIterator[Service]:
    async with in_process(service_settings, Clock()) as opened:
        yield opened
