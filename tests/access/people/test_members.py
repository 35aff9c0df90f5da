"""Roles and standing of members: who may change whom, and what goes on the record."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.access.people.conftest import SYSTEM, House
from trailkeeper.access.people.members import (
    MemberStatus,
    find_member,
    find_person,
    memberships_of,
    set_role,
)
from trailkeeper.access.people.standing import delete_member, disable_member
from trailkeeper.access.signin.tables import OidcProviderRow
from trailkeeper.errors import Conflict
from trailkeeper.principal import Permission

EVERYTHING_BUT_ROLES = frozenset(Permission) - {Permission.ROLE_MANAGE, Permission.SECURITY_MANAGE}


async def test_a_change_of_role_is_recorded_as_the_product_text_has_it(house: House) -> None:
    await house.add("admin-789", "SUPER_ADMIN")
    await house.add("user-def-456", "DEVELOPER")
    async with house.browser("admin-789") as browser:
        answer = await browser.request("PATCH", "/users/user-def-456", {"role": "ADMIN"})
    [event] = await house.events("UPDATE")

    assert answer.status_code == 200, answer.text
    assert answer.json()["role"] == "ADMIN"
    assert event["resource_type"] == "USER"
    assert event["resource_id"] == "user-def-456"
    assert event["user_id"] == "admin-789"
    assert event["user_email"] == "admin-789@example.com"
    assert event["ip_address"] == "203.0.113.7"
    assert event["details"] == {
        "changed_fields": ["role"],
        "old_value": "DEVELOPER",
        "new_value": "ADMIN",
    }


async def test_a_changed_role_counts_from_the_next_request(house: House) -> None:
    await house.add("boss", "SUPER_ADMIN")
    await house.add("ada", "ADMIN")
    async with house.browser("ada") as ada, house.client() as key:
        before = await ada.get("/users/boss")
        await key.patch("/users/ada", json={"role": "TESTER"})
        after = await ada.get("/users/boss")

    assert (before.status_code, after.status_code) == (200, 403)


WIDER = [
    ("PATCH", "/users/ada", {"role": "SUPER_ADMIN"}),
    ("PATCH", "/users/boss", {"role": "TESTER"}),
    ("PATCH", "/users/boss", {"name": "Nobody"}),
    ("PATCH", "/users/boss", {"status": "disabled"}),
    ("PATCH", "/users/out", {"status": "active"}),
    ("DELETE", "/users/boss", None),
    ("PUT", "/users/new", {"name": "New", "role": "SUPER_ADMIN"}),
    ("PUT", "/users/ada", {"name": "Ada", "role": "SUPER_ADMIN"}),
    ("PUT", "/users/boss", {"name": "Nobody"}),
    ("POST", "/invitations/", {"email": "n@x.io", "name": "New", "role": "SUPER_ADMIN"}),
    ("POST", "/invitations/guest/resend", None),
    ("DELETE", "/invitations/guest", None),
]


@pytest.mark.parametrize(("method", "path", "body"), WIDER)
async def test_nobody_grants_or_changes_what_is_wider_than_themself(
    house: House, method: str, path: str, body: dict[str, Any] | None
) -> None:
    for user_id in ("boss", "second"):
        await house.add(user_id, "SUPER_ADMIN")
    await house.add("out", "SUPER_ADMIN")
    await house.add("ada", "TESTER")
    async with house.client() as client:
        assert (await client.patch("/users/out", json={"status": "disabled"})).status_code == 200
        guest = {"email": "g@x.io", "name": "Guest", "role": "SUPER_ADMIN", "user_id": "guest"}
        assert (await client.post("/invitations/", json=guest)).status_code == 201
    recorded = len(await house.events())
    async with house.client(await house.key(*EVERYTHING_BUT_ROLES)) as client:
        answer = await client.request(method, path, json=body)

    assert (answer.status_code, answer.json()["code"]) == (403, "PERMISSIONS_TOO_WIDE")
    assert len(await house.events()) == recorded


async def test_nothing_changed_is_no_event(house: House) -> None:
    await house.add("ada", "DEVELOPER", name="Ada")
    recorded = len(await house.events())
    async with house.client() as client:
        same = {"name": "Ada", "role": "DEVELOPER", "email": "ADA@example.com", "status": "active"}
        answer = await client.patch("/users/ada", json=same)

    assert answer.status_code == 200, answer.text
    assert len(await house.events()) == recorded


async def test_who_is_disabled_is_out_at_once_and_comes_back(house: House) -> None:
    await house.add("boss", "SUPER_ADMIN")
    await house.add("ada", "ADMIN")
    async with house.browser("ada") as ada, house.client() as key:
        disabled = await key.patch("/users/ada", json={"status": "disabled"})
        refused = await ada.get("/users/")
        again = await ada.try_sign_in("ada@example.com")
        await key.patch("/users/ada", json={"status": "active"})
        stale = await ada.get("/users/")
        await ada.sign_in("ada@example.com")
        back = await ada.get("/users/")

    assert (disabled.json()["status"], disabled.json()["permissions"]) == ("disabled", [])
    assert refused.status_code == 401
    assert (again.status_code, again.json()["code"]) == (401, "INVALID_CREDENTIALS")
    assert (stale.status_code, back.status_code) == (401, 200)
    out, back_in = await house.events("UPDATE")
    assert out["details"] == {
        "sessions_ended": 1,
        "changed_fields": ["status"],
        "old_value": "active",
        "new_value": "disabled",
    }
    assert back_in["details"]["new_value"] == "active"


async def test_who_is_deleted_stays_named_and_their_keys_are_listed(house: House) -> None:
    await house.add("boss", "SUPER_ADMIN")
    await house.add("ada", "ADMIN", name="Ada Lovelace")
    async with house.browser("ada") as ada:
        made = await ada.post("/api-keys/", {"name": "nightly", "permissions": ["event:write"]})
        async with house.client() as key:
            deleted = await key.delete("/users/ada")
            again = await key.delete("/users/ada", params={"revoke_keys": "true"})
            listed = (await key.get("/users/", params={"status": "deleted"})).json()["items"]
            refused = await key.patch("/users/ada", json={"role": "TESTER"})
            profile = (await key.get("/users/ada")).json()
        out = await ada.get("/users/ada")
    async with house.client(made.json()["key"]) as client:
        revoked = await client.get("/users/")

    left = deleted.json()
    assert (left["status"], left["sessions_ended"]) == ("deleted", 1)
    assert [(key["id"], key["is_revoked"]) for key in left["keys"]] == [(made.json()["id"], False)]
    assert [key["is_revoked"] for key in again.json()["keys"]] == [True]
    assert (revoked.status_code, revoked.json()["code"]) == (401, "REVOKED_KEY")
    assert [(user["user_id"], user["name"]) for user in listed] == [("ada", "Ada Lovelace")]
    assert (refused.status_code, refused.json()["code"]) == (409, "USER_DELETED")
    assert (profile["permissions"], profile["has_account"], out.status_code) == ([], True, 401)
    [event] = await house.events("DELETE")
    assert event["resource_id"] == "ada"
    assert event["resource_name"] == "Ada Lovelace"
    assert event["details"]["role"] == "ADMIN"
    assert event["details"]["keys"] == [made.json()["id"]]


async def test_revoking_keys_takes_the_permission_for_it(house: House) -> None:
    await house.add("ada", "TESTER")
    async with house.client(await house.key(Permission.USER_MANAGE)) as client:
        refused = await client.delete("/users/ada", params={"revoke_keys": "true"})
        allowed = await client.delete("/users/ada")

    assert (refused.status_code, refused.json()["field"]) == (403, "revoke_keys")
    assert allowed.status_code == 200


async def test_a_disabled_member_is_no_membership_to_sign_in_to(house: House) -> None:
    await house.add("boss", "SUPER_ADMIN")
    await house.add("ada", "ADMIN")
    async with house.metadata.transaction() as session:
        await disable_member(session, house.tenant, "ada", editor=SYSTEM, now=house.clock())
        person = await find_person(session, "ADA@example.com")
        assert person is not None
        active = await memberships_of(session, person.id)
        every = await memberships_of(session, person.id, frozenset(MemberStatus))

    assert (active, [member.user_id for member in every]) == ([], ["ada"])


LAST = [
    ("PATCH", {"role": "ADMIN"}),
    ("PATCH", {"status": "disabled"}),
    ("DELETE", None),
    ("PUT", {"name": "Boss", "role": "ADMIN"}),
]


@pytest.mark.parametrize(("method", "body"), LAST)
async def test_the_last_super_admin_stays(
    house: House, method: str, body: dict[str, Any] | None
) -> None:
    await house.add("boss", "SUPER_ADMIN")
    await house.add("invited", "SUPER_ADMIN", status=MemberStatus.INVITED)
    await house.add("out", "SUPER_ADMIN")
    other, _ = await house.service.new_organization()
    await house.add("theirs", "SUPER_ADMIN", organization=other)
    async with house.client() as client:
        assert (await client.delete("/users/out")).status_code == 200
        refused = await client.request(method, "/users/boss", json=body)
        boss = (await client.get("/users/boss")).json()
        await house.add("second", "SUPER_ADMIN")
        allowed = await client.request(method, "/users/boss", json=body)

    assert (refused.status_code, refused.json()["code"]) == (409, "LAST_SUPER_ADMIN")
    assert (boss["role"], boss["status"], boss["name"]) == ("SUPER_ADMIN", "active", "Boss")
    assert allowed.status_code == 200, allowed.text


@pytest.mark.parametrize(("method", "body"), LAST)
async def test_who_gets_in_where_single_sign_on_fails_stays(
    house: House, method: str, body: dict[str, Any] | None
) -> None:
    for user_id in ("boss", "second"):
        await house.add(user_id, "SUPER_ADMIN")
    async with house.metadata.transaction() as session:
        session.add(
            OidcProviderRow(
                organization=house.tenant.organization,
                issuer="https://id.example",
                client_id="trailkeeper",
                sealed_secret="",
                domains=["acme.example"],
                role_claim="role",
                role_mapping={},
                default_role=None,
                is_required=True,
                break_glass_user="boss",
                created_at=house.service.clock(),
                updated_at=house.service.clock(),
            )
        )
    async with house.client() as client:
        refused = await client.request(method, "/users/boss", json=body)
        allowed = await client.request(method, "/users/second", json=body)

    assert (refused.status_code, refused.json()["code"]) == (409, "BREAK_GLASS_USER")
    assert allowed.status_code == 200


Change = Callable[[AsyncSession, str], Awaitable[object]]


def changes(house: House) -> list[Change]:
    now = house.clock()
    return [
        lambda session, user_id: set_role(
            session, house.tenant, user_id, "ADMIN", editor=SYSTEM, now=now
        ),
        lambda session, user_id: disable_member(
            session, house.tenant, user_id, editor=SYSTEM, now=now
        ),
        lambda session, user_id: delete_member(
            session, house.tenant, user_id, editor=SYSTEM, now=now
        ),
    ]


@pytest.mark.parametrize("first", range(3))
@pytest.mark.parametrize("second", range(3))
async def test_of_two_super_admins_who_part_at_once_one_stays(
    house: House, first: int, second: int
) -> None:
    for user_id in ("ada", "bob"):
        await house.add(user_id, "SUPER_ADMIN")
    both_are_in = asyncio.Barrier(2)
    is_alone = "sqlite" in house.service.services.settings.metadata_url

    async def part(user_id: str, change: Change) -> str:
        async with house.metadata.transaction() as session:
            # Both have begun and read before either changes anything; SQLite lets in one.
            await find_member(session, house.tenant, user_id)
            if not is_alone:
                await both_are_in.wait()
            await change(session, user_id)
        return user_id

    outcomes = await asyncio.gather(
        part("ada", changes(house)[first]),
        part("bob", changes(house)[second]),
        return_exceptions=True,
    )

    refused = [each for each in outcomes if isinstance(each, Conflict)]
    assert [each.code for each in refused] == ["LAST_SUPER_ADMIN"], outcomes
    async with house.metadata.reading() as session:
        members = [await find_member(session, house.tenant, each) for each in ("ada", "bob")]
    left = [
        member
        for member in members
        if member and (member.role, member.status) == ("SUPER_ADMIN", MemberStatus.ACTIVE)
    ]
    assert len(left) == 1


async def test_another_organizations_user_is_not_found(house: House) -> None:
    await house.add("ada")
    _, token = await house.service.new_organization()
    async with house.client(token) as client:
        answers = [
            await client.patch("/users/ada", json={"name": "Eve"}),
            await client.delete("/users/ada"),
            await client.get("/users/ada"),
        ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert {answer.json()["code"] for answer in answers} == {"USER_NOT_FOUND"}


WRONG_CHANGES: list[tuple[dict[str, Any], str, str | None]] = [
    ({"role": "KING"}, "ROLE_UNKNOWN", "role"),
    ({"role": "a\0b"}, "ROLE_UNKNOWN", "role"),
    ({"email": "nobody"}, "INVALID_EMAIL", "email"),
    ({"name": "a\0b"}, "INVALID_NAME", "name"),
    ({"name": 7}, "INVALID_REQUEST", "name"),
    ({"status": "deleted"}, "INVALID_REQUEST", "status"),
    ({"colour": "blue"}, "INVALID_REQUEST", None),
    ({"name": None}, "INVALID_REQUEST", "name"),
]


async def test_a_wrong_change_is_refused(house: House) -> None:
    await house.add("ada")
    for body, code, field in WRONG_CHANGES:
        async with house.client() as client:
            answer = await client.patch("/users/ada", json=body)

        assert (answer.status_code, answer.json()["code"]) == (400, code)
        assert answer.json().get("field") == field


async def test_several_changes_are_made_together_or_not_at_all(house: House) -> None:
    await house.add("ada", "SUPER_ADMIN", name="Ada")
    async with house.client() as client:
        answer = await client.patch("/users/ada", json={"name": "Eve", "status": "disabled"})
        ada = (await client.get("/users/ada")).json()

    assert (answer.status_code, ada["name"]) == (409, "Ada")
    assert await house.events("UPDATE") == []
