"""What an organization sets is heeded, each organization its own, and soon after a change."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from tests.engine import NOON, Service
from trailkeeper.access.organizations import (
    OrganizationChanges,
    create_organization,
    update_organization,
)
from trailkeeper.capture.profile import REFRESH_SECONDS, Profiles
from trailkeeper.errors import NotFound
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant
from trailkeeper.store.metadata import Metadata

ACME = system_tenant(OrganizationId("acme"))


async def change(metadata: Metadata, **settings: Any) -> None:
    async with metadata.transaction() as session:
        changes = msgspec.convert(settings, OrganizationChanges)
        await update_organization(session, ACME.organization, changes)


async def test_a_change_is_seen_after_a_few_seconds(metadata: Metadata) -> None:
    seconds = 1000.0
    async with metadata.transaction() as session:
        await create_organization(session, "Acme", retention_days=90, now=NOON, id="acme")
    profiles = Profiles(metadata, lambda: seconds)
    before = await profiles.of(ACME)
    await change(metadata, time_zone="Asia/Tokyo", redaction={"key_patterns": ["^ssn$"]})

    assert await profiles.of(ACME) is before
    seconds += REFRESH_SECONDS
    after = await profiles.of(ACME)

    assert (before.zone, after.zone) == (ZoneInfo("UTC"), ZoneInfo("Asia/Tokyo"))
    assert before.redactor.redact({"ssn": "1"}) == ('{"ssn":"1"}', [])
    assert after.redactor.redact({"ssn": "1"}) == ('{"ssn":"[REDACTED]"}', ["details.ssn"])


async def test_a_profile_is_read_while_somebody_writes(metadata: Metadata) -> None:
    async with metadata.transaction() as session:
        await create_organization(session, "Acme", retention_days=90, now=NOON, id="acme")
    async with metadata.transaction() as session:
        await create_organization(session, "Other", retention_days=90, now=NOON, id="other")
        assert (await Profiles(metadata).of(ACME)).organization == "acme"


async def test_an_organization_that_is_not_there_is_not_found(metadata: Metadata) -> None:
    with pytest.raises(NotFound):
        await Profiles(metadata).of(ACME)


async def test_each_organization_redacts_by_its_own_rules(service: Service) -> None:
    stored = []
    for redaction in ({"paths": ["user.phone"]}, {"value_patterns": ["^[0-9]+$"]}):
        _, token = await service.new_organization(redaction=redaction)
        event = {
            "action": "UPDATE",
            "resource_type": "USER",
            "details": {"user": {"phone": "555", "fax": "556"}},
        }
        async with service.client(token) as client:
            receipt = (await client.post("/audit-logs/", json=event)).json()
            stored.append((await client.get(f"/audit-logs/{receipt['id']}")).json())

    assert [each["details"]["user"] for each in stored] == [
        {"phone": "[REDACTED]", "fax": "556"},
        {"phone": "[REDACTED]", "fax": "[REDACTED]"},
    ]
    assert [each["redacted"] for each in stored] == [
        ["details.user.phone"],
        ["details.user.phone", "details.user.fax"],
    ]
