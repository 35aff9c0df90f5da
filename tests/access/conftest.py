"""A small application around the access room, on a real metadata store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from litestar import Litestar
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler

from trailkeeper.access.allow_list import AllowLists
from trailkeeper.access.keyring import KeyRing
from trailkeeper.access.keys import IssuedKey, create_key
from trailkeeper.access.organizations import create_organization
from trailkeeper.access.recorder import Recorder
from trailkeeper.access.routes import ROUTES
from trailkeeper.access.signin.sessions import SessionPolicy, Sessions
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Permission, system_tenant
from trailkeeper.problem import problem_handlers
from trailkeeper.settings import Network, Settings
from trailkeeper.store.metadata import Metadata

SECRET_KEY = "a secret key for tests, 32+ characters"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
ACME = OrganizationId("acme")
OTHER = OrganizationId("other")


@dataclass
class Clock:
    """A monotonic clock that moves only when told."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Room:
    """The access room of a running service, as its tests use it."""

    metadata: Metadata
    clock: Clock
    keys: KeyRing

    async def issue(
        self,
        *permissions: Permission,
        organization: OrganizationId = ACME,
        expires_at: datetime | None = None,
        name: str = "test",
    ) -> IssuedKey:
        async with self.metadata.transaction() as session:
            return await create_key(
                session,
                self.keys.hasher,
                system_tenant(organization),
                name,
                permissions or tuple(Permission),
                now=LONG_AGO,
                expires_at=expires_at,
            )

    def client(
        self,
        token: str | None = None,
        *,
        routes: Sequence[HTTPRouteHandler] = (),
        trusted_proxies: tuple[Network, ...] = (),
        peer: str = "127.0.0.1",
    ) -> httpx2.AsyncClient:
        """A client of an application with the room's routes and the given ones."""
        app = make_app(self.state(trusted_proxies), [*ROUTES, *routes])
        return client_of(app, token, peer)

    def state(self, trusted_proxies: tuple[Network, ...] = ()) -> dict[str, Any]:
        settings = Settings(data=Path("unused"), trusted_proxies=trusted_proxies)
        return {
            "metadata": self.metadata,
            "keys": self.keys,
            "settings": settings,
            "sessions": Sessions(self.metadata, SECRET_KEY, utc_now, policy=SessionPolicy()),
            "allow_lists": AllowLists(self.metadata),
            "recorder": Recorder(self.metadata, utc_now),
            "clock": utc_now,
        }


def make_app(
    state: dict[str, Any], routes: Sequence[HTTPRouteHandler] = ROUTES, **options: Any
) -> Litestar:
    return Litestar(
        routes,
        exception_handlers=problem_handlers(),
        state=State(state),
        logging_config=None,
        **options,
    )


def client_of(
    app: Litestar, token: str | None = None, peer: str = "127.0.0.1"
) -> httpx2.AsyncClient:
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    transport = httpx2.ASGITransport(
        app=app,  # type: ignore[arg-type]
        client=(peer, 1234),
        raise_app_exceptions=False,
    )
    return httpx2.AsyncClient(transport=transport, base_url="http://test", headers=headers)


@pytest.fixture
async def room(metadata: Metadata) -> AsyncIterator[Room]:
    """The room with two organizations, `acme` and `other`, and no keys."""
    async with metadata.transaction() as session:
        for organization in (ACME, OTHER):
            await create_organization(
                session, organization.title(), retention_days=90, now=LONG_AGO, id=organization
            )
    clock = Clock()
    yield Room(metadata, clock, KeyRing(metadata, SECRET_KEY, monotonic=clock))


def utc_now() -> datetime:
    return datetime.now(UTC)


def in_an_hour() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)
