"""A service in the test's process, with events received long ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from tests.engine import NOON, Service, an_event, count, insert
from trailkeeper.capture.outbox import deliver_own_events
from trailkeeper.event import OrganizationId, StoredEvent
from trailkeeper.keep.retention import Retention
from trailkeeper.keep.tables import RetentionRunRow
from trailkeeper.principal import Tenant, system_tenant
from trailkeeper.store.engine import Statement

DAY = timedelta(days=1)


class OwnEvent(msgspec.Struct, array_like=True):
    id: str
    organization: str
    status: str
    details: str


@dataclass(frozen=True)
class Keeper:
    """What the tests of retention do and look at."""

    service: Service

    @property
    def retention(self) -> Retention:
        return self.service.services.retention

    async def organization(self, **settings: Any) -> Tenant:
        organization, _ = await self.service.new_organization(**settings)
        return system_tenant(OrganizationId(organization))

    async def hold(self, tenant: Tenant, events: int = 1, *, age: timedelta, **fields: Any) -> None:
        """Puts events into the log that were received so long ago."""
        await self.insert(
            an_event(organization=tenant.organization, received_at=received(age), **fields)
            for _ in range(events)
        )

    async def insert(self, events: Any) -> None:
        by_week: dict[datetime, list[StoredEvent]] = {}
        for event in events:
            by_week.setdefault(monday(event.received_at), []).append(event)
        for week in by_week.values():
            await insert(self.service.services.engine, week)

    async def held(self, tenant: Tenant, condition: str = "action != 'PURGE'") -> int:
        where = f"{tenant.sql()} AND {condition}"
        return await count(self.service.services.engine, where, **tenant.parameters())

    async def runs(self) -> list[RetentionRunRow]:
        async with self.service.services.metadata.reading() as session:
            return list(await session.scalars(select(RetentionRunRow).order_by(RetentionRunRow.id)))

    async def own_events(self) -> list[OwnEvent]:
        """Delivers what the service has to record, and returns what it has recorded so far."""
        services = self.service.services
        await deliver_own_events(services.metadata, services.pipeline, services.clock)
        statement = Statement(
            "SELECT id, organization, status, details FROM events WHERE action = 'PURGE'"
            " ORDER BY node_seq"
        )
        return await services.engine.rows(statement, OwnEvent)

    async def partitions(self) -> int:
        return await self._system("uniq(partition) FROM system.parts", "active AND rows > 0")

    async def deletions(self) -> int:
        """How many times rows were deleted inside a week."""
        return await self._system("count() FROM system.mutations", "1")

    async def _system(self, what: str, condition: str) -> int:
        answer = await self.service.services.engine.raw(
            Statement(
                f"SELECT {what} WHERE database = currentDatabase() AND table = 'events'"
                f" AND {condition}"
            ),
            "TSV",
        )
        return int(answer)


def received(age: timedelta) -> datetime:
    return NOON - age


def monday(moment: datetime) -> datetime:
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - midnight.weekday() * DAY


@pytest.fixture
def keeper(service: Service) -> Keeper:
    return Keeper(service)
