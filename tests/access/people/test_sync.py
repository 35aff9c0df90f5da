"""Users as the platform knows them: `PUT /users/{user_id}` and `PUT /users/`."""

from __future__ import annotations

from typing import Any

import httpx2
import msgspec
import pytest

from tests.access.people.conftest import House, Json
from trailkeeper.access.people.members import MemberStatus
from trailkeeper.access.people.sync import CHUNK_USERS, MAX_USERS
from trailkeeper.principal import Permission

NDJSON = {"Content-Type": "application/x-ndjson"}


async def test_a_user_is_created_replaced_and_left_alone(house: House) -> None:
    async with house.client() as client:
        path = "/users/team%2Fada"
        created = await client.put(path, json={"name": "Ada", "email": "Ada@X.io"})
        again = await client.put(path, json={"name": "Ada", "email": "ada@x.io"})
        replaced = await client.put(path, json={"name": "Ada L.", "role": "ADMIN"})
        role_stays = await client.put(path, json={"name": "Ada L."})

    assert created.status_code == again.status_code == 200, created.text
    assert created.json() == again.json()
    assert (created.json()["user_id"], created.json()["user_email"]) == ("team/ada", "ada@x.io")
    assert (created.json()["status"], created.json()["has_account"]) == ("observed", False)
    # The role is what an invitation would propose: it permits nothing.
    assert (replaced.json()["role"], replaced.json()["permissions"]) == ("ADMIN", [])
    assert (replaced.json()["user_email"], role_stays.json()["role"]) == (None, "ADMIN")
    events = await house.events()
    assert [event["action"] for event in events] == ["CREATE", "UPDATE"]
    assert events[0]["details"] == {
        "name": "Ada",
        "email": "ada@x.io",
        "role": None,
        "status": "observed",
    }
    assert events[1]["details"] == {
        "changed_fields": ["email", "name", "role"],
        "old_value": {"email": "ada@x.io", "name": "Ada", "role": None},
        "new_value": {"email": "", "name": "Ada L.", "role": "ADMIN"},
    }


async def test_a_role_for_whoever_has_an_account_is_their_role(house: House) -> None:
    await house.add("boss", "SUPER_ADMIN")
    await house.add("ada", "DEVELOPER")
    async with house.browser("ada") as ada, house.client() as client:
        before = await ada.get("/users/boss")
        put = await client.put("/users/ada", json={"name": "Ada", "role": "ADMIN"})
        after = await ada.get("/users/boss")

    assert (put.json()["status"], put.json()["role"]) == ("active", "ADMIN")
    assert (before.status_code, after.status_code) == (403, 200)


async def test_who_was_deleted_and_is_told_of_again_is_observed(house: House) -> None:
    await house.add("boss", "SUPER_ADMIN")
    await house.add("ada", "ADMIN")
    async with house.client() as client:
        await client.delete("/users/ada")
        revived = await client.put("/users/ada", json={"name": "Ada"})
    async with house.browser() as browser:
        refused = await browser.try_sign_in("ada@example.com")

    assert (revived.json()["status"], revived.json()["has_account"]) == ("observed", False)
    assert refused.status_code == 401


BULK: list[Json] = [
    {"user_id": "ada", "name": "Ada", "email": "ada@x.io", "role": "DEVELOPER"},
    {"user_id": "boss", "name": "Boss", "role": "ADMIN"},
    {"user_id": "", "name": "Nobody"},
    {"user_id": "bob"},
    {"user_id": "eve", "name": "Eve", "colour": "blue"},
    {"user_id": "eve", "name": 7},
    {"user_id": "eve", "name": "Eve", "email": "no address"},
    {"user_id": "eve", "name": "Eve", "role": "KING"},
    {"user_id": "ada", "name": "Ada L.", "email": "ada@x.io"},
    {"user_id": "bob", "name": "Bob"},
    {"user_id": "bob", "name": "Bob"},
]
EXPECTED: list[tuple[str, str | None, str | None]] = [
    ("created", None, None),
    ("rejected", "LAST_SUPER_ADMIN", None),
    ("rejected", "INVALID_USER_ID", "user_id"),
    ("rejected", "INVALID_USER", "name"),
    ("rejected", "INVALID_USER", "colour"),
    ("rejected", "INVALID_USER", "name"),
    ("rejected", "INVALID_EMAIL", "email"),
    ("rejected", "ROLE_UNKNOWN", "role"),
    ("updated", None, None),
    ("created", None, None),
    ("unchanged", None, None),
]


@pytest.mark.parametrize("kind", ["array", "lines"])
async def test_in_a_bulk_each_is_judged_alone(house: House, kind: str) -> None:
    await house.add("boss", "SUPER_ADMIN")
    body = msgspec.json.encode(BULK)
    headers = {"Content-Type": "application/json"}
    if kind == "lines":
        body, headers = b"\n\n".join(msgspec.json.encode(each) for each in BULK) + b"\n", NDJSON
    async with house.client() as client:
        answer = await client.put("/users/", content=body, headers=headers)
        users = (await client.get("/users/", params={"sort": "name"})).json()["items"]

    assert answer.status_code == 200, answer.text
    receipt = answer.json()
    found = [(r["status"], r.get("code"), r.get("field")) for r in receipt["results"]]
    assert found == EXPECTED
    assert [r["index"] for r in receipt["results"]] == list(range(len(BULK)))
    del receipt["results"]
    assert receipt == {"created": 2, "updated": 1, "unchanged": 1, "rejected": 7}
    assert [(user["user_id"], user["name"], user["role"]) for user in users] == [
        ("ada", "Ada L.", "DEVELOPER"),
        ("bob", "Bob", None),
        ("boss", "Boss", "SUPER_ADMIN"),
    ]
    assert [event["resource_id"] for event in await house.events("CREATE")][1:] == ["ada", "bob"]


async def test_a_bulk_is_as_bounded_as_one(house: House) -> None:
    await house.add("boss", "SUPER_ADMIN")
    await house.add("ada", "TESTER")
    users = [
        {"user_id": "new", "name": "New", "role": "ADMIN"},
        {"user_id": "ada", "name": "Ada", "role": "ADMIN"},
        {"user_id": "boss", "name": "Other"},
        {"user_id": "ada", "name": "Other"},
    ]
    async with house.client(await house.key(Permission.USER_MANAGE)) as client:
        results = (await client.put("/users/", json=users)).json()["results"]

    assert [r.get("code") for r in results] == ["PERMISSIONS_TOO_WIDE"] * 3 + [None]


async def many(client: httpx2.AsyncClient, count: int, name: str) -> dict[str, Any]:
    users = [{"user_id": f"u{each:05}", "name": f"{name} {each}"} for each in range(count)]
    answer = await client.put("/users/", json=users, timeout=60)
    assert answer.status_code == 200, answer.text
    receipt: dict[str, Any] = answer.json()
    assert [r["user_id"] for r in receipt.pop("results")] == [user["user_id"] for user in users]
    return receipt


async def test_more_than_one_transaction_takes(house: House) -> None:
    count = CHUNK_USERS * 2 + 1
    async with house.client() as client:
        first = await many(client, count, "First")
        again = await many(client, count, "First")

    none = {"created": 0, "updated": 0, "unchanged": 0, "rejected": 0}
    assert first == {**none, "created": count}
    assert again == {**none, "unchanged": count}
    assert len(await house.events("CREATE")) == count


WRONG_BULKS: list[tuple[bytes, dict[str, str], int, str]] = [
    (b"[]", {}, 400, "EMPTY_BATCH"),
    (b"", NDJSON, 400, "EMPTY_BATCH"),
    (b"{}", {}, 400, "MALFORMED_JSON"),
    (b"[1,", {}, 400, "MALFORMED_JSON"),
    (b"1\n" * (MAX_USERS + 1), NDJSON, 400, "TOO_MANY_USERS"),
    (b"[]", {"Content-Type": "text/csv"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
    (b"[]", {"Content-Encoding": "gzip"}, 415, "UNSUPPORTED_ENCODING"),
]


async def test_a_wrong_bulk_is_refused_whole(house: House) -> None:
    for body, headers, status, code in WRONG_BULKS:
        async with house.client() as client:
            answer = await client.put("/users/", content=body, headers=headers)

        assert (answer.status_code, answer.json()["code"]) == (status, code)


NO_USERS: list[bytes] = [b"nonsense", b"\xff", b"[" * 5000, b'{"user_id": "a"' * 2000]


async def test_a_line_that_is_no_user_is_rejected_alone(house: House) -> None:
    for index, line in enumerate(NO_USERS):
        async with house.client() as client:
            body = line + f'\n{{"user_id": "u-{index}", "name": "Ada"}}'.encode()
            receipt = (await client.put("/users/", content=body, headers=NDJSON)).json()

        assert [r["status"] for r in receipt["results"]] == ["rejected", "created"]
        assert receipt["results"][0]["code"] in (
            "MALFORMED_JSON",
            "USER_TOO_LARGE",
            "INVALID_USER",
        )


async def test_who_only_events_knew_and_the_platform_tells_of_is_one_user(house: House) -> None:
    await house.add("ada", None, status=MemberStatus.OBSERVED, name="", email="")
    async with house.client() as client:
        await client.put("/users/ada", json={"name": "Zoe"})
        [user] = (await client.get("/users/", params={"search": "zoe"})).json()["items"]
        nobody = (await client.get("/users/", params={"search": "nobody"})).json()["items"]

    assert (user["user_id"], user["name"], nobody) == ("ada", "Zoe", [])


async def test_a_full_bulk_is_taken_and_repeated(house: House) -> None:
    async with house.client() as client:
        created = await many(client, MAX_USERS, "User")
        repeated = await many(client, MAX_USERS, "User")

    assert (created["created"], repeated["unchanged"]) == (MAX_USERS, MAX_USERS)
