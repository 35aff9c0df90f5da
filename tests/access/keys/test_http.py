from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from tests.access.keys.conftest import OFFICE, House, Json
from tests.engine import NOON
from trailkeeper.access.keys import key_id_of
from trailkeeper.principal import Permission

NEW = {"name": "reader", "permissions": ["key:manage", "user:view"]}


async def made(client: httpx2.AsyncClient, **changes: object) -> Json:
    answer = await client.post("/api-keys/", json={**NEW, **changes})
    assert answer.status_code == 201, answer.text
    key: Json = answer.json()
    return key


async def status(house: House, token: str, peer: str = OFFICE) -> tuple[int, str]:
    async with house.client(token, peer) as client:
        answer = await client.get("/api-keys/")
    return answer.status_code, answer.json().get("code", "")


async def test_a_key_is_created_used_listed_and_revoked(house: House) -> None:
    expires_at = (NOON + timedelta(days=1)).isoformat()
    async with house.client() as client:
        key = await made(client, expires_at=expires_at, allow_list=["::ffff:203.0.113.0/120"])
        async with house.client(key["key"]) as reader:
            listed = (await reader.get("/api-keys/")).json()["items"]
            shown = (await reader.get(f"/api-keys/{key['id']}")).json()
        revoked = await client.delete(f"/api-keys/{key['id']}")

    assert (revoked.status_code, revoked.content) == (204, b"")
    assert await status(house, key["key"]) == (401, "REVOKED_KEY")
    assert key.pop("key").startswith(f"{key['prefix']}_")
    assert key in listed
    assert shown == key
    assert key["created_by"] == f"api-key:{key_id_of(house.token)}"
    assert key["allow_list"] == ["203.0.113.0/24"]
    assert datetime.fromisoformat(key["expires_at"]) == NOON + timedelta(days=1)


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
        ({"allow_list": ["nowhere"]}, 400, "INVALID_NETWORK"),
        ({"allow_list": ["10.0.0.0/8", "10.0.0.1"]}, 400, "NETWORK_COVERED"),
        ({"allow_list": ["10.0.0.1"] * 501}, 400, "INVALID_REQUEST"),
        ({"colour": "blue"}, 400, "INVALID_REQUEST"),
    ],
)
async def test_a_wrong_key_is_refused(house: House, change: Json, status: int, code: str) -> None:
    async with house.client(await house.key(Permission.KEY_MANAGE)) as client:
        before = (await client.get("/api-keys/")).json()
        answer = await client.post(
            "/api-keys/", json={"name": "new", "permissions": ["key:manage"], **change}
        )
        after = (await client.get("/api-keys/")).json()

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert after == before


async def test_keys_are_found_by_their_maker(house: House) -> None:
    async with house.client() as client:
        key = await made(client)
        maker = f"api-key:{key_id_of(house.token)}"
        theirs = (await client.get("/api-keys/", params={"created_by": maker})).json()["items"]
        none = (await client.get("/api-keys/", params={"created_by": "nobody"})).json()["items"]
        odd = await client.get("/api-keys/", params={"created_by": "a\0"})

    assert [each["id"] for each in theirs] == [key["id"]]
    assert none == []
    assert (odd.status_code, odd.json()["code"]) == (400, "INVALID_ACTOR")


async def test_a_rotation_overlaps_and_then_the_old_key_ends(house: House) -> None:
    async with house.client() as client:
        old = await made(client)
        answer = await client.post(f"/api-keys/{old['id']}/rotate", json={"overlap_hours": 2})
        again = await client.post(f"/api-keys/{old['id']}/rotate", json={})
        too_long = await client.post(f"/api-keys/{old['id']}/rotate", json={"overlap_hours": 721})
        after = (await client.get(f"/api-keys/{old['id']}")).json()
    new = answer.json()

    assert answer.status_code == 201
    assert (again.status_code, again.json()["code"]) == (409, "KEY_REPLACED")
    assert too_long.status_code == 400
    assert after["replaced_by"] == new["id"]
    assert datetime.fromisoformat(after["expires_at"]) == NOON + timedelta(hours=2)
    assert [await status(house, each["key"]) for each in (old, new)] == [(200, ""), (200, "")]
    house.service.clock.advance(timedelta(hours=2))
    assert await status(house, old["key"]) == (401, "EXPIRED_KEY")
    assert await status(house, new["key"]) == (200, "")


async def test_a_keys_own_list_holds_at_once(house: House) -> None:
    async with house.client() as client:
        key = await made(client)
        assert await status(house, key["key"], "192.0.2.1") == (200, "")
        changed = await client.patch(
            f"/api-keys/{key['id']}", json={"name": "office", "allow_list": ["203.0.113.0/24"]}
        )

    assert changed.status_code == 200
    assert (changed.json()["name"], changed.json()["allow_list"]) == ("office", ["203.0.113.0/24"])
    assert await status(house, key["key"], "192.0.2.1") == (403, "ADDRESS_NOT_ALLOWED")
    assert await status(house, key["key"], "127.0.0.1") == (403, "ADDRESS_NOT_ALLOWED")
    assert await status(house, key["key"], "::ffff:203.0.113.9") == (200, "")


async def test_a_key_does_not_lock_itself_out_unasked(house: House) -> None:
    path = f"/api-keys/{key_id_of(house.token)}"
    away = {"allow_list": ["192.0.2.1"]}
    async with house.client() as client:
        refused = await client.patch(path, json=away)
        still = (await client.get(path)).json()
        confirmed = await client.patch(path, json={**away, "confirm_lock_out": True})

    assert (refused.status_code, refused.json()["code"]) == (409, "WOULD_LOCK_OUT")
    assert still["allow_list"] == []
    assert confirmed.status_code == 200
    assert await status(house, house.token) == (403, "ADDRESS_NOT_ALLOWED")
    assert await status(house, house.token, "192.0.2.1") == (200, "")


async def test_the_allow_list_is_saved_shown_and_held_to(house: House) -> None:
    given = {"entries": [{"network": "::ffff:203.0.113.0/120", "note": "office"}]}
    async with house.client() as client:
        empty = (await client.get("/organization/allow-list")).json()
        saved = await client.put("/organization/allow-list", json=given)
        shown = (await client.get("/organization/allow-list")).json()

    assert empty == {"entries": [], "your_address": OFFICE}
    assert saved.status_code == 200
    assert saved.json() == shown
    assert shown["entries"] == [{"network": "203.0.113.0/24", "note": "office"}]
    for outside in ("192.0.2.1", "127.0.0.1", "::1"):
        assert await status(house, house.token, outside) == (403, "ADDRESS_NOT_ALLOWED")
    assert await status(house, house.token, "::ffff:203.0.113.200") == (200, "")


async def test_locking_oneself_out_needs_a_confirmation(house: House) -> None:
    given = {"entries": [{"network": "192.0.2.0/24"}]}
    async with house.client() as client:
        refused = await client.put("/organization/allow-list", json=given)
        still = (await client.get("/organization/allow-list")).json()
        saved = await client.put(
            "/organization/allow-list", json={**given, "confirm_lock_out": True}
        )

    assert (refused.status_code, refused.json()["code"]) == (409, "WOULD_LOCK_OUT")
    assert OFFICE in refused.json()["detail"]
    assert still["entries"] == []
    assert saved.status_code == 200
    assert await status(house, house.token) == (403, "ADDRESS_NOT_ALLOWED")


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([{"network": "nowhere"}], "INVALID_NETWORK"),
        ([{"network": "10.0.0.0/8"}, {"network": "10.1.0.0/16"}], "NETWORK_COVERED"),
        ([{"network": "10.0.0.1", "note": "a\0"}], "INVALID_NOTE"),
        ([{"network": "10.0.0.1", "colour": "blue"}], "INVALID_REQUEST"),
        ([{"network": f"10.0.{i // 250}.{i % 250}"} for i in range(501)], "INVALID_REQUEST"),
    ],
)
async def test_a_wrong_list_is_refused(house: House, entries: list[Json], code: str) -> None:
    async with house.client() as client:
        answer = await client.put(
            "/organization/allow-list", json={"entries": entries, "confirm_lock_out": True}
        )
        still = (await client.get("/organization/allow-list")).json()

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert still["entries"] == []


async def test_everything_is_on_the_record(house: House) -> None:
    async with house.client() as client:
        key = await made(client)
        path = f"/api-keys/{key['id']}"
        await client.patch(path, json={"name": "renamed"})
        await client.post(f"{path}/rotate", json={})
        await client.delete(path)
        await client.put(
            "/organization/allow-list", json={"entries": [{"network": f"{OFFICE}/32"}]}
        )
        wrong = await client.delete("/api-keys/0123456789abcdef")
    await status(house, house.token, "192.0.2.1")

    events = await house.log()
    kinds = [(each["action"], each["resource_type"]) for each in events]
    assert wrong.status_code == 404
    for kind in (
        ("CREATE", "API_KEY"),
        ("UPDATE", "API_KEY"),
        ("ROTATE", "API_KEY"),
        ("REVOKE", "API_KEY"),
        ("UPDATE", "ALLOW_LIST"),
    ):
        [event] = [
            each
            for each, found in zip(events, kinds, strict=True)
            if found == kind and each["details"].get("replaces") is None
        ]
        assert event["user_id"] == f"api-key:{key_id_of(house.token)}"
        assert (event["ip_address"], event["source"]) == (OFFICE, "API")
        assert datetime.fromisoformat(event["timestamp"]) == NOON.astimezone(UTC)
    [denied] = [each for each in events if each["action"] == "ACCESS_DENIED"]
    assert denied["ip_address"] == "192.0.2.1"
    assert denied["details"]["code"] == "ADDRESS_NOT_ALLOWED"
    assert key["key"] not in str(events)


async def test_two_organizations_never_touch_each_others_keys(
    house: House, neighbour: House
) -> None:
    path = f"/api-keys/{key_id_of(house.token)}"
    async with neighbour.client() as client:
        answers = [
            await client.get(path),
            await client.patch(path, json={"name": "mine"}),
            await client.post(f"{path}/rotate", json={}),
            await client.delete(path),
        ]
        await client.put("/organization/allow-list", json={"entries": [{"network": OFFICE}]})

    assert {(each.status_code, each.json()["code"]) for each in answers} == {(404, "KEY_NOT_FOUND")}
    assert await status(house, house.token, "192.0.2.1") == (200, "")


NEEDS = [
    ("GET", "/api-keys/", Permission.KEY_MANAGE),
    ("GET", "/api-keys/0123456789abcdef", Permission.KEY_MANAGE),
    ("POST", "/api-keys/", Permission.KEY_MANAGE),
    ("PATCH", "/api-keys/0123456789abcdef", Permission.KEY_MANAGE),
    ("POST", "/api-keys/0123456789abcdef/rotate", Permission.KEY_MANAGE),
    ("DELETE", "/api-keys/0123456789abcdef", Permission.KEY_MANAGE),
    ("GET", "/organization/allow-list", Permission.SECURITY_MANAGE),
    ("PUT", "/organization/allow-list", Permission.SECURITY_MANAGE),
]


@pytest.mark.parametrize(("method", "path", "needed"), NEEDS)
async def test_each_route_asks_for_its_permission(
    house: House, method: str, path: str, needed: Permission
) -> None:
    others = await house.key(*(set(Permission) - {needed}))
    async with house.client("tk_nonsense") as client:
        assert (await client.request(method, path)).status_code == 401
    async with house.client(others) as client:
        refused = await client.request(method, path)
        assert (refused.status_code, refused.json()["code"]) == (403, "PERMISSION_MISSING")
    async with house.client(await house.key(needed)) as client:
        assert (await client.request(method, path)).status_code not in (401, 403)
