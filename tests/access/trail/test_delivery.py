"""From the transaction to the log: at once, in batches, whole, and only with its change."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests.access.trail.reading import own_events
from tests.engine import NOON, Service, count
from trailkeeper.access.keys import KeyHasher, list_keys
from trailkeeper.access.organizations import create_organization
from trailkeeper.access.tables import ApiKeyRow
from trailkeeper.access.trail import Requester, record
from trailkeeper.capture import outbox
from trailkeeper.capture.outbox import BATCH, deliver_own_events
from trailkeeper.event import OrganizationId, Source
from trailkeeper.principal import Permission, Tenant, system_tenant
from trailkeeper.store.metadata import Metadata

ANN = Requester("ann", "ann@acme.example", "203.0.113.7", "Firefox", Source.UI)
FAILING_INSERT = {
    "sqlite": (
        "CREATE TRIGGER no_jobs BEFORE INSERT ON jobs"
        " BEGIN SELECT RAISE(ABORT, 'no job today'); END"
    ),
    "postgresql": (
        "CREATE FUNCTION no_jobs() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'no job today'; END $$;"
        "CREATE TRIGGER no_jobs BEFORE INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION no_jobs()"
    ),
}


async def make_role_events(service: Service, tenant: Tenant, events: int, **details: Any) -> None:
    async with service.services.metadata.transaction() as session:
        for number in range(events):
            await record(
                session,
                tenant,
                ANN,
                "UPDATE",
                now=service.clock(),
                resource_type="ROLE",
                resource_id=f"ROLE_{number}",
                details=details,
            )


async def test_a_change_wakes_its_delivery(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not wait for the next look, which here would come far too late."""
    monkeypatch.setattr(outbox, "POLL_SECONDS", 600.0)
    organization, _ = await service.new_organization()
    delivering = asyncio.create_task(service.services.own_events.run())
    try:
        await asyncio.sleep(0.2)  # Its first look is over.
        began = time.perf_counter()
        await make_role_events(service, system_tenant(OrganizationId(organization)), 1)
        while not await count(service.services.engine, "action = 'UPDATE'"):
            await asyncio.sleep(0.02)
            assert time.perf_counter() - began < 60
    finally:
        delivering.cancel()
        with suppress(asyncio.CancelledError):
            await delivering


async def test_many_events_are_delivered_with_one_commit_for_each_organization(
    service: Service,
) -> None:
    tenants = []
    for _ in range(2):
        organization, _ = await service.new_organization()
        tenants.append(system_tenant(OrganizationId(organization)))
        await make_role_events(service, tenants[-1], BATCH // 2)
    services = service.services

    delivered = await deliver_own_events(services.metadata, services.pipeline, service.clock)

    assert delivered == BATCH
    moments = {each["received_at"] for tenant in tenants for each in await _all(service, tenant)}
    assert len(moments) == len(tenants)


async def _all(service: Service, tenant: Tenant) -> list[dict[str, Any]]:
    return await own_events(service, tenant.organization)


async def test_without_its_event_the_change_does_not_happen(metadata: Metadata) -> None:
    tenant = system_tenant(OrganizationId("acme"))
    hasher = KeyHasher.from_secret_key("0" * 64)
    async with metadata.transaction() as session:
        await create_organization(session, "acme", id="acme", retention_days=90, now=NOON)
        connection = await session.connection()
        dialect = connection.dialect.name
        raw = await connection.get_raw_connection()
        await raw.driver_connection.execute(FAILING_INSERT[dialect])  # type: ignore[union-attr]

    with pytest.raises(DBAPIError):
        async with metadata.transaction() as session:
            session.add(_a_key(hasher))
            await session.flush()
            await record(session, tenant, ANN, "CREATE", now=NOON, resource_type="API_KEY")

    async with metadata.reading() as session:
        assert await list_keys(session, tenant) == []
        assert await session.scalar(select(func.count()).select_from(text("jobs"))) == 0


def _a_key(hasher: KeyHasher) -> ApiKeyRow:
    return ApiKeyRow(
        id="0011223344556677",
        organization="acme",
        name="test",
        prefix="tk_0011223344556677",
        secret_hash=hasher.hash("test"),
        permissions=[Permission.EVENT_WRITE],
        allow_list=[],
        created_at=NOON,
    )


async def test_a_key_is_not_made_where_its_event_cannot_be_written(service: Service) -> None:
    organization, token = await service.new_organization()
    async with service.services.metadata.transaction() as session:
        await session.execute(text(FAILING_INSERT["sqlite"]))
    async with service.client(token) as client:
        before = len((await client.get("/api-keys/")).json()["items"])
        body = msgspec.json.encode({"name": "new", "permissions": ["event:write"]})
        json = {"Content-Type": "application/json"}
        answer = await client.post("/api-keys/", content=body, headers=json)
        assert answer.status_code == 500
        assert len((await client.get("/api-keys/")).json()["items"]) == before
        async with service.services.metadata.transaction() as session:
            await session.execute(text("DROP TRIGGER no_jobs"))
        answer = await client.post("/api-keys/", content=body, headers=json)
        assert answer.status_code == 201
    [created] = await own_events(service, organization, "CREATE")
    assert (created["resource_type"], created["resource_name"]) == ("API_KEY", "new")
