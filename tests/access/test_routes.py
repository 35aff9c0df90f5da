from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.access.conftest import ACME, LONG_AGO, OTHER, Room, in_an_hour
from trailkeeper.access.directory import SeenUser, upsert_seen
from trailkeeper.principal import Permission

ADA = SeenUser(
    organization=ACME,
    user_id="ada",
    user_email="",
    first_seen_at=LONG_AGO,
    last_seen_at=LONG_AGO,
    last_login_at=None,
    events=3,
    failed_logins=1,
)


async def test_a_key_is_created_used_listed_and_revoked(room: Room) -> None:
    admin = (await room.issue()).token
    expires_at = in_an_hour()
    new = {
        "name": "reader",
        "permissions": ["key:manage", "user:view"],
        "expires_at": expires_at.isoformat(),
    }
    async with room.client(admin) as client:
        created = await client.post("/api-keys/", json=new)
        assert created.status_code == 201
        key = created.json()
        as_reader = {"Authorization": f"Bearer {key['key']}"}
        listed = (await client.get("/api-keys/", headers=as_reader)).json()["items"]
        revoked = await client.delete(f"/api-keys/{key['id']}")
        assert (revoked.status_code, revoked.content) == (204, b"")
        refused = await client.get("/api-keys/", headers=as_reader)

    assert key.pop("key").startswith(f"{key['prefix']}_")
    assert key in listed
    assert len(listed) == 2
    assert datetime.fromisoformat(key["expires_at"]) == expires_at
    assert (refused.status_code, refused.json()["code"]) == (401, "REVOKED_KEY")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"permissions": ["settings:manage"]}, 403, "PERMISSIONS_TOO_WIDE"),
        ({"permissions": []}, 400, "INVALID_REQUEST"),
        ({"permissions": ["moon:manage"]}, 400, "INVALID_REQUEST"),
        ({"name": ""}, 400, "INVALID_REQUEST"),
        ({"name": "a\nb"}, 400, "INVALID_NAME"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, 400, "INVALID_EXPIRY"),
        ({"expires_at": "2099-01-01T00:00:00"}, 400, "INVALID_REQUEST"),
        ({"colour": "blue"}, 400, "INVALID_REQUEST"),
    ],
)
async def test_a_wrong_key_is_refused(
    room: Room, change: dict[str, Any], status: int, code: str
) -> None:
    maker = (await room.issue(Permission.KEY_MANAGE)).token
    new = {"name": "new", "permissions": ["key:manage"], **change}
    async with room.client(maker) as client:
        answer = await client.post("/api-keys/", json=new)
        listed = (await client.get("/api-keys/")).json()["items"]

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len(listed) == 1


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


async def test_users_are_found_page_by_page(room: Room) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    bob = replace(ADA, user_id="bob", user_email="bob@acme.io", last_seen_at=now, last_login_at=now)
    async with room.metadata.transaction() as session:
        await upsert_seen(session, [ADA, bob, replace(ADA, user_id="eve", organization=OTHER)])
    token = (await room.issue(Permission.USER_VIEW)).token
    async with room.client(token) as client:
        first = (await client.get("/users/", params={"limit": 1})).json()
        query = {"limit": 1, "cursor": first["next_cursor"]}
        second = (await client.get("/users/", params=query)).json()
        found = (await client.get("/users/", params={"search": "BOB@"})).json()
        wrong = await client.get("/users/", params={"cursor": "x"})
        too_many = await client.get("/users/", params={"limit": 501})

    assert first["items"] == found["items"]
    assert first["items"][0] == {
        "user_id": "bob",
        "user_email": "bob@acme.io",
        "first_seen_at": "2026-01-01T00:00:00Z",
        "last_seen_at": "2026-03-01T00:00:00Z",
        "last_login_at": "2026-03-01T00:00:00Z",
        "events": 3,
        "failed_logins": 1,
    }
    assert [user["user_id"] for user in second["items"]] == ["ada"]
    assert second["items"][0]["user_email"] is None
    assert second["next_cursor"] is None
    assert (wrong.status_code, wrong.json()["code"]) == (400, "INVALID_CURSOR")
    assert (too_many.status_code, too_many.json()["field"]) == (400, "limit")


async def test_two_organizations_never_see_each_other(room: Room) -> None:
    mine, theirs = await room.issue(), await room.issue(organization=OTHER)
    async with room.metadata.transaction() as session:
        await upsert_seen(session, [ADA])
    async with room.client(theirs.token) as client:
        keys = (await client.get("/api-keys/")).json()["items"]
        revoked = await client.delete(f"/api-keys/{mine.key.id}")
        organization = (await client.patch("/organization", json={"name": "Mine now"})).json()
        users = (await client.get("/users/")).json()["items"]
    async with room.client(mine.token) as client:
        own = (await client.get("/organization")).json()

    assert [key["id"] for key in keys] == [theirs.key.id]
    assert (revoked.status_code, revoked.json()["code"]) == (404, "KEY_NOT_FOUND")
    assert organization["id"] == "other"
    assert users == []
    assert own["name"] == "Acme"


NEEDS = [
    ("GET", "/api-keys/", Permission.KEY_MANAGE),
    ("POST", "/api-keys/", Permission.KEY_MANAGE),
    ("DELETE", "/api-keys/0123456789abcdef", Permission.KEY_MANAGE),
    ("GET", "/organization", Permission.SETTINGS_VIEW),
    ("PATCH", "/organization", Permission.SETTINGS_MANAGE),
    ("GET", "/users/", Permission.USER_VIEW),
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
