"""Keys and allow-lists over HTTP, against a whole service in the test's process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from tests.engine import Service
from trailkeeper.access.keys import create_key
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Permission, Tenant, system_tenant

OFFICE = "203.0.113.7"

Json = dict[str, Any]


@dataclass
class House:
    """One organization of a service, and a key that may do everything in it."""

    service: Service
    id: OrganizationId
    token: str

    @property
    def tenant(self) -> Tenant:
        return system_tenant(self.id)

    @asynccontextmanager
    async def client(
        self, token: str | None = None, peer: str = OFFICE
    ) -> AsyncIterator[httpx2.AsyncClient]:
        async with self.service.client(token or self.token, peer) as client:
            yield client

    async def key(self, *permissions: Permission) -> str:
        """The token of one more key."""
        services = self.service.services
        async with services.metadata.transaction() as session:
            issued = await create_key(
                session,
                services.keys.hasher,
                self.tenant,
                "one more",
                permissions,
                now=self.service.clock(),
            )
        return issued.token

    async def log(self, **filters: str) -> list[Json]:
        """What the organization's log holds, the oldest first, once all own events are there."""
        services = self.service.services
        await services.recorder.flush(everything=True)
        await services.own_events.deliver_all()
        await services.heads.refresh()
        async with self.client(await self.key(Permission.USER_MANAGE)) as client:
            answer = await client.get("/audit-logs/", params={"order": "asc", **filters})
        assert answer.status_code == 200, answer.text
        items: list[Json] = answer.json()["items"]
        return items


@pytest.fixture
async def house(service: Service) -> House:
    organization, token = await service.new_organization()
    return House(service, OrganizationId(organization), token)


@pytest.fixture
async def neighbour(service: Service) -> House:
    organization, token = await service.new_organization()
    return House(service, OrganizationId(organization), token)
