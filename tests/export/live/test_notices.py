"""Detections and notifications on the live stream: to whom they are for, once, from all nodes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from tests.detect.service.test_keeping import found
from tests.engine import NOON
from tests.export.live.test_feed import a_channel, a_principal
from tests.export.live.test_hub import START, Monotonic, a_hub, taken
from trailkeeper.access.organizations import create_organization
from trailkeeper.detect.keeping import keep_found
from trailkeeper.export.live_connection import Connection
from trailkeeper.export.live_notices import OVERLAP_SECONDS, LiveNotices
from trailkeeper.notify.tables import NotificationRow
from trailkeeper.principal import Permission, Principal, Tenant, system_tenant
from trailkeeper.store.metadata import Metadata


def later() -> datetime:
    return NOON + timedelta(minutes=1)


async def an_organization(metadata: Metadata, name: str) -> Tenant:
    async with metadata.transaction() as session:
        made = await create_organization(session, name, retention_days=90, now=NOON)
    return system_tenant(made.id)


def a_reader(tenant: Tenant, user_id: str, *permissions: Permission) -> Principal:
    return replace(
        a_principal(user_id, tenant.organization),
        key_id=None,
        person_id=f"person-{user_id}",
        user_id=user_id,
        permissions=frozenset(permissions),
    )


async def detect(metadata: Metadata, tenant: Tenant, key: str, count: int = 3) -> None:
    async with metadata.transaction() as session:
        await keep_found(session, tenant, [found(key, count)], NOON)


async def notify(metadata: Metadata, tenant: Tenant, user_id: str, alert: str) -> None:
    content = {
        "title": "High: Bulk deletions",
        "what": "opened",
        "severity": "high",
        "detection_id": f"detection-{alert}",
        "rule_id": "bulk-deletions",
        "rule_title": "Bulk deletions",
        "group": "user_id bob",
        "count": 40,
        "reasons": ["40 deletions in 10 minutes."],
        "link": "/explorer?q=action%3ADELETE",
    }
    row = NotificationRow(
        organization=tenant.organization,
        user_id=user_id,
        alert=alert,
        content=content,
        is_read=False,
        created_at=NOON,
    )
    async with metadata.transaction() as session:
        session.add(row)


async def told(reader: Connection) -> list[tuple[str, str]]:
    frames = [(each.kind, msgspec.json.decode(each.data)) for each in await taken(reader)]
    return [(kind, body.get("what") or body["detection_id"]) for kind, body in frames]


async def test_each_is_told_once_to_whom_it_is_for(metadata: Metadata) -> None:
    acme, other = await an_organization(metadata, "Acme"), await an_organization(metadata, "Other")
    hub, monotonic = a_hub(), Monotonic()
    notices = LiveNotices(metadata, hub, later, monotonic)
    await detect(metadata, acme, "before")
    ann, bob, stranger = (
        hub.admit(principal, a_channel(), START)
        for principal in (
            a_reader(acme, "ann", Permission.DETECTION_VIEW),
            a_reader(acme, "bob", Permission.USER_VIEW),
            a_reader(other, "ann", Permission.DETECTION_VIEW),
        )
    )
    await notices.look()
    await detect(metadata, acme, "a")
    await notify(metadata, acme, "ann", "1")
    await notify(metadata, acme, "bob", "2")
    for _ in range(2):
        await notices.look()
    assert await told(ann) == [("detection", "opened"), ("notification", "detection-1")]
    assert await told(bob) == [("notification", "detection-2")]
    monotonic.now += OVERLAP_SECONDS + 1
    await detect(metadata, acme, "a", count=90)
    for _ in range(3):
        await notices.look()
        monotonic.now += OVERLAP_SECONDS + 1
    assert await told(ann) == [("detection", "grew")]
    assert await told(bob) == []
    assert await told(stranger) == []


async def test_what_was_written_while_nobody_was_there_is_not_told(metadata: Metadata) -> None:
    acme = await an_organization(metadata, "Acme")
    hub = a_hub()
    notices = LiveNotices(metadata, hub, later)
    reader = a_reader(acme, "ann", Permission.DETECTION_VIEW)
    first = hub.admit(reader, a_channel(), START)
    await notices.look()
    hub.leave(first)
    await notices.look()
    await notify(metadata, acme, "ann", "1")
    second = hub.admit(reader, a_channel(), START)
    await notices.look()
    await notify(metadata, acme, "ann", "2")
    await notices.look()
    assert await told(second) == [("notification", "detection-2")]


async def test_what_is_written_just_as_somebody_connects_is_told(metadata: Metadata) -> None:
    acme = await an_organization(metadata, "Acme")
    hub = a_hub()
    notices = LiveNotices(metadata, hub, lambda: NOON + timedelta(seconds=1))
    reader = hub.admit(a_reader(acme, "ann", Permission.DETECTION_VIEW), a_channel(), START)
    await notify(metadata, acme, "ann", "1")
    for _ in range(2):
        await notices.look()
    assert await told(reader) == [("notification", "detection-1")]
