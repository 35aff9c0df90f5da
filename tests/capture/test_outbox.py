"""The service's own events: from a job row to the log, each once, whatever fails between."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.engine import NOON, Service, count
from trailkeeper.capture.outbox import LEASE, deliver_own_events
from trailkeeper.errors import Unavailable
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant
from trailkeeper.store.engine import Statement
from trailkeeper.store.jobs import MAX_ATTEMPTS, claim, dead_letters
from trailkeeper.store.outbox import RECORD_EVENT, record_later

PURGE = {"action": "PURGE", "resource_type": "AUDIT_LOG", "details": {"events": 3}}


async def record(service: Service, organization: str, event_id: str, **changes: object) -> None:
    async with service.services.metadata.transaction() as session:
        tenant = system_tenant(OrganizationId(organization))
        event = {**PURGE, **changes}
        await record_later(session, tenant, event, event_id=event_id, now=service.clock())


async def deliver(service: Service) -> int:
    services = service.services
    return await deliver_own_events(services.metadata, services.pipeline, service.clock)


async def dead(service: Service) -> list[str]:
    async with service.services.metadata.reading() as session:
        return [str(job.last_error) for job in await dead_letters(session)]


async def test_an_event_is_delivered_to_its_organizations_log(service: Service) -> None:
    organization, token = await service.new_organization()
    await record(service, organization, "purge-1")

    assert await deliver(service) == 1
    assert await deliver(service) == 0
    async with service.client(token) as client:
        stored = (await client.get("/audit-logs/purge-1")).json()
    assert (stored["action"], stored["source"], stored["details"]) == (
        "PURGE",
        "SYSTEM",
        {"events": 3},
    )
    assert (stored["user_id"], stored["ip_address"]) == (None, None)
    assert stored["timestamp"] == "2026-03-04T12:00:00Z"


async def test_an_event_is_recorded_only_with_the_change_that_it_reports(service: Service) -> None:
    organization, _ = await service.new_organization()
    with pytest.raises(RuntimeError):
        async with service.services.metadata.transaction() as session:
            tenant = system_tenant(OrganizationId(organization))
            await record_later(session, tenant, PURGE, event_id="purge-1", now=NOON)
            raise RuntimeError("the change failed")

    assert await deliver(service) == 0


async def test_a_delivery_that_was_cut_short_is_repeated_without_a_second_event(
    service: Service,
) -> None:
    organization, _ = await service.new_organization()
    await record(service, organization, "purge-1")
    # The process died after the event was committed and before the job was done.
    assert await deliver(service) == 1
    await service.services.engine.raw(Statement("SELECT 1"), "TSV")
    async with service.services.metadata.transaction() as session:
        from_start = await session.connection()
        await from_start.exec_driver_sql(
            "UPDATE jobs SET state = 'claimed', lease_expires_at = created_at"
        )

    assert await deliver(service) == 1
    assert await count(service.services.engine) == 1


async def test_an_outage_however_long_loses_no_event(service: Service) -> None:
    organization, _ = await service.new_organization()
    for number in range(3):
        await record(service, organization, f"purge-{number}")
    engine = service.services.engine
    await engine.maintain(Statement("ALTER TABLE events ADD CONSTRAINT full CHECK 0"))
    for _ in range(MAX_ATTEMPTS * 2):
        with pytest.raises(Unavailable):
            await deliver(service)
        service.clock.advance(LEASE)
    await engine.maintain(Statement("ALTER TABLE events DROP CONSTRAINT full"))

    assert await deliver(service) == 3
    assert await count(engine, "action = 'PURGE'") == 3
    assert await dead(service) == []


async def test_an_event_that_the_log_will_never_take_holds_up_no_other(service: Service) -> None:
    organization, _ = await service.new_organization()
    await record(service, organization, "purge-1", action="not a word")
    await record(service, "no-such-organization", "purge-2")
    await record(service, organization, "purge-3")

    assert await deliver(service) == 3
    assert await count(service.services.engine) == 1
    reasons = sorted(await dead(service))
    assert [reason.partition(":")[0] for reason in reasons] == [
        "INVALID_ACTION",
        "ORGANIZATION_NOT_FOUND",
    ]


async def test_two_deliverers_store_an_event_once(service: Service) -> None:
    organization, _ = await service.new_organization()
    for number in range(20):
        await record(service, organization, f"purge-{number}")

    delivered = await asyncio.gather(*(deliver(service) for _ in range(3)))

    assert sum(delivered) == 20
    assert await count(service.services.engine) == 20


async def test_another_deliverers_jobs_are_left_alone_until_its_lease_ends(
    service: Service,
) -> None:
    organization, _ = await service.new_organization()
    await record(service, organization, "purge-1")
    await claim(service.services.metadata, [RECORD_EVENT], LEASE, 10, service.clock())

    assert await deliver(service) == 0
    service.clock.advance(LEASE + timedelta(seconds=1))
    assert await deliver(service) == 1
