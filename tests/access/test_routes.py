from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.access.conftest import OTHER, Room
from trailkeeper.principal import Permission
from trailkeeper.store.outbox import RECORD_EVENT
from trailkeeper.store.tables import JobRow


async def test_settings_are_shown_and_changed(room: Room) -> None:
    token = (await room.issue()).token
    changes = {
        "time_zone": "Europe/Paris",
        "retention_rules": [{"action": "login", "days": 5}],
        "redaction": {"key_patterns": ["iban"]},
    }
    async with room.client(token) as client:
        before = (await client.get("/organization")).json()
        changed = await client.patch("/organization", json=changes)
        after = (await client.get("/organization")).json()
        refused = await client.patch("/organization", json={"time_zone": "Nowhere", "name": "X"})
        unknown = await client.patch("/organization", json={"id": "other"})
        still = (await client.get("/organization")).json()

    assert (before["id"], before["retention_days"], before["time_zone"]) == ("acme", 90, "UTC")
    assert changed.status_code == 200
    assert changed.json() == after == still
    assert after == {
        **before,
        "time_zone": "Europe/Paris",
        "retention_rules": [{"action": "LOGIN", "resource_type": None, "days": 5}],
        "redaction": {**before["redaction"], "key_patterns": ["iban"]},
    }
    assert (refused.status_code, refused.json()["code"]) == (400, "INVALID_TIME_ZONE")
    assert unknown.status_code == 400


async def test_what_was_changed_is_on_the_record_and_nothing_else(room: Room) -> None:
    issued = await room.issue()
    hours = {"start": "08:00", "end": "16:00", "days": [5, 1, 1], "holidays": ["2026-12-25"]}
    async with room.client(issued.token) as client:
        before = (await client.get("/organization")).json()
        await client.patch("/organization", json={"name": "Acme", "time_zone": "UTC"})
        await client.patch("/organization", json={"working_hours": hours})
        await client.patch("/organization", json={"name": "New", "retention_days": 30})
    async with room.metadata.reading() as session:
        rows = list(await session.scalars(select(JobRow).where(JobRow.kind == RECORD_EVENT)))

    recorded = [row.payload for row in sorted(rows, key=lambda row: row.id)]
    assert [event["details"] for event in recorded] == [
        {
            "changed_fields": ["working_hours"],
            "old_value": before["working_hours"],
            "new_value": {**hours, "days": [1, 5]},
        },
        {
            "changed_fields": ["name", "retention_days"],
            "old_value": {"name": "Acme", "retention_days": 90},
            "new_value": {"name": "New", "retention_days": 30},
        },
    ]
    assert {
        (event["action"], event["resource_type"], event["resource_id"], event["user_id"])
        for event in recorded
    } == {("UPDATE", "ORGANIZATION", "acme", f"api-key:{issued.key.id}")}


async def test_two_organizations_never_see_each_other(room: Room) -> None:
    mine, theirs = await room.issue(), await room.issue(organization=OTHER)
    async with room.client(theirs.token) as client:
        organization = (await client.patch("/organization", json={"name": "Mine now"})).json()
    async with room.client(mine.token) as client:
        own = (await client.get("/organization")).json()

    assert organization["id"] == "other"
    assert own["name"] == "Acme"


NEEDS = [
    ("GET", "/organization", Permission.SETTINGS_VIEW),
    ("PATCH", "/organization", Permission.SETTINGS_MANAGE),
]


@pytest.mark.parametrize(("method", "path", "needed"), NEEDS)
async def test_each_route_asks_for_its_permission(
    room: Room, method: str, path: str, needed: Permission
) -> None:
    implying = {Permission.SETTINGS_MANAGE, Permission.USER_MANAGE}
    others = (await room.issue(*(set(Permission) - {needed} - implying))).token
    async with room.client() as client:
        assert (await client.request(method, path)).status_code == 401
    async with room.client(others) as client:
        refused = await client.request(method, path)
        assert (refused.status_code, refused.json()["code"]) == (403, "PERMISSION_MISSING")
    async with room.client((await room.issue(needed)).token) as client:
        assert (await client.request(method, path)).status_code not in (401, 403)
