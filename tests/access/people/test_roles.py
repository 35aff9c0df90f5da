"""Own roles, and what there is to permit."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.access.people.conftest import SYSTEM, House
from trailkeeper.access.people.members import MemberStatus, set_role
from trailkeeper.access.people.roles import delete_role, list_roles, permissions_of
from trailkeeper.access.roles import BUILT_IN_ROLES, PERMISSION_TITLES
from trailkeeper.errors import BadRequest, Conflict
from trailkeeper.principal import Permission

AUDITOR = {
    "name": "AUDITOR",
    "description": "Reads and exports",
    "permissions": ["user:view", "export:create"],
}


async def test_an_own_role_is_made_changed_held_and_removed(house: House) -> None:
    await house.add("ada", "TESTER")
    async with house.client() as client:
        made = await client.post("/roles/", json=AUDITOR)
        await client.patch("/users/ada", json={"role": "AUDITOR"})
        listed = (await client.get("/roles/")).json()["items"]
        held = await client.delete("/roles/AUDITOR")
        narrowed = await client.patch("/roles/AUDITOR", json={"permissions": ["user:view"]})
        same = await client.patch("/roles/AUDITOR", json={"permissions": ["user:view"]})
        await client.patch("/users/ada", json={"role": "TESTER"})
        removed = await client.delete("/roles/AUDITOR")
        gone = await client.delete("/roles/AUDITOR")

    assert made.status_code == 201, made.text
    assert made.json() == {
        "name": "AUDITOR",
        "description": "Reads and exports",
        "permissions": ["export:create", "user:view"],
        "is_built_in": False,
        "members": 0,
    }
    assert [role["name"] for role in listed] == [*BUILT_IN_ROLES, "AUDITOR"]
    assert listed[-1] == {**made.json(), "members": 1}
    assert (held.status_code, held.json()["code"]) == (409, "ROLE_HELD")
    assert (narrowed.json()["permissions"], narrowed.json()["members"]) == (["user:view"], 1)
    assert same.json() == narrowed.json()
    assert (removed.status_code, gone.status_code) == (204, 404)
    recorded = [
        (event["action"], event["details"])
        for event in await house.events()
        if event["resource_type"] == "ROLE"
    ]
    assert recorded == [
        (
            "CREATE",
            {"permissions": ["export:create", "user:view"], "description": "Reads and exports"},
        ),
        (
            "UPDATE",
            {
                "changed_fields": ["permissions"],
                "old_value": ["export:create", "user:view"],
                "new_value": ["user:view"],
            },
        ),
        ("DELETE", {"permissions": ["user:view"]}),
    ]


async def test_a_changed_role_counts_for_its_holders_from_the_next_request(house: House) -> None:
    await house.add("ada", "TESTER")
    async with house.client() as client:
        await client.post("/roles/", json=AUDITOR)
        await client.patch("/users/ada", json={"role": "AUDITOR"})
        async with house.browser("ada") as ada:
            before = await ada.get("/users/")
            await client.patch("/roles/AUDITOR", json={"permissions": []})
            after = await ada.get("/users/")

    assert (before.status_code, after.status_code) == (200, 403)


WRONG_ROLES: list[tuple[dict[str, Any], int, str]] = [
    ({"name": "auditor"}, 400, "INVALID_ROLE_NAME"),
    ({"name": "1ST"}, 400, "INVALID_ROLE_NAME"),
    ({"name": "A B"}, 400, "INVALID_ROLE_NAME"),
    ({"name": "A\0"}, 400, "INVALID_ROLE_NAME"),
    ({"name": "ADMIN"}, 409, "ROLE_EXISTS"),
    ({"name": ""}, 400, "INVALID_REQUEST"),
    ({"permissions": ["moon:manage"]}, 400, "INVALID_REQUEST"),
    ({"permissions": "user:view"}, 400, "INVALID_REQUEST"),
    ({"description": "a\nb"}, 400, "INVALID_DESCRIPTION"),
    ({"description": "x" * 501}, 400, "INVALID_REQUEST"),
    ({"colour": "blue"}, 400, "INVALID_REQUEST"),
]


async def test_a_wrong_role_is_refused(house: House) -> None:
    for change, status, code in WRONG_ROLES:
        async with house.client() as client:
            answer = await client.post("/roles/", json={**AUDITOR, **change})
            roles = (await client.get("/roles/")).json()["items"]

        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert len(roles) == len(BUILT_IN_ROLES)


async def test_a_role_never_holds_more_than_its_editor(house: House) -> None:
    async with house.client() as client:
        await client.post("/roles/", json=AUDITOR)
        twice = await client.post("/roles/", json=AUDITOR)
    narrow = await house.key(Permission.ROLE_MANAGE, Permission.USER_VIEW)
    async with house.client(narrow) as client:
        answers = [
            await client.post("/roles/", json={**AUDITOR, "name": "OTHER"}),
            await client.patch("/roles/AUDITOR", json={"permissions": ["user:view"]}),
            await client.delete("/roles/AUDITOR"),
        ]
        allowed = await client.post(
            "/roles/", json={"name": "VIEWER", "permissions": ["user:view"]}
        )
        wider = await client.patch("/roles/VIEWER", json={"permissions": ["key:manage"]})

    assert (twice.status_code, twice.json()["code"]) == (409, "ROLE_EXISTS")
    assert {(answer.status_code, answer.json()["code"]) for answer in [*answers, wider]} == {
        (403, "PERMISSIONS_TOO_WIDE")
    }
    assert allowed.status_code == 201


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"permissions": []}), ("DELETE", None)])
async def test_built_in_roles_stay_and_unknown_ones_are_not_found(
    house: House, method: str, body: dict[str, Any] | None
) -> None:
    async with house.client() as client:
        built_in = await client.request(method, "/roles/TESTER", json=body)
        unknown = await client.request(method, "/roles/NOBODY", json=body)
        no_name = await client.request(method, "/roles/a%00b", json=body)

    assert (built_in.status_code, built_in.json()["code"]) == (409, "ROLE_BUILT_IN")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "ROLE_NOT_FOUND")
    assert no_name.status_code == 404


async def test_own_roles_are_of_one_organization(house: House) -> None:
    other, token = await house.service.new_organization()
    async with house.client() as client, house.client(token) as theirs:
        await client.post("/roles/", json=AUDITOR)
        roles = (await theirs.get("/roles/")).json()["items"]
        removed = await theirs.delete("/roles/AUDITOR")
    async with house.metadata.reading() as session:
        own = await permissions_of(session, house.tenant, "AUDITOR")
        unknown = await permissions_of(session, house.tenant, "NOBODY")
        none = await permissions_of(session, house.tenant, None)

    assert other != house.organization
    assert len(roles) == len(BUILT_IN_ROLES)
    assert removed.status_code == 404
    assert own == {Permission.USER_VIEW, Permission.EXPORT_CREATE}
    assert (unknown, none) == (frozenset(), frozenset())


async def test_a_role_is_never_removed_while_it_is_being_given(house: House) -> None:
    await house.add("ada", "TESTER")
    async with house.client() as client:
        await client.post("/roles/", json=AUDITOR)
    now = house.clock()

    async def give() -> None:
        async with house.metadata.transaction() as session:
            await set_role(session, house.tenant, "ada", "AUDITOR", editor=SYSTEM, now=now)

    async def remove() -> None:
        async with house.metadata.transaction() as session:
            await delete_role(session, house.tenant, "AUDITOR", editor=SYSTEM, now=now)

    outcomes = await asyncio.gather(give(), remove(), return_exceptions=True)

    codes = [each.code for each in outcomes if isinstance(each, Conflict | BadRequest)]
    assert len(codes) == 1, outcomes
    assert codes[0] in ("ROLE_HELD", "ROLE_UNKNOWN")
    async with house.metadata.reading() as session:
        names = [role.name for role in await list_roles(session, house.tenant)]
    assert ("AUDITOR" in names) == (codes == ["ROLE_HELD"])


async def test_who_was_deleted_holds_no_role(house: House) -> None:
    await house.add("boss", "SUPER_ADMIN")
    async with house.client() as client:
        await client.post("/roles/", json=AUDITOR)
        await house.add("ada", "AUDITOR", status=MemberStatus.OBSERVED)
        assert (await client.delete("/roles/AUDITOR")).status_code == 409
        await client.delete("/users/ada")
        removed = await client.delete("/roles/AUDITOR")

    assert removed.status_code == 204


async def test_every_permission_is_listed_with_its_meaning(house: House) -> None:
    async with house.client(await house.key(Permission.EVENT_WRITE)) as client:
        items = (await client.get("/permissions")).json()["items"]

    assert [item["name"] for item in items] == list(Permission)
    assert set(PERMISSION_TITLES) == set(Permission)
    assert {item["name"]: item["implies"] for item in items}["user:manage"] == "user:view"
    assert all(item["description"] for item in items)
