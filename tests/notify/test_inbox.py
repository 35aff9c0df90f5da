"""A person's own inbox over HTTP: unread first, read state, counts, nobody else's."""

from __future__ import annotations

import httpx2
import pytest

from tests.notify.room import ACME, OTHER, Room
from trailkeeper.principal import Permission

PATH = "/me/notifications"


async def ids(client: httpx2.AsyncClient, **asked: str | int) -> list[int]:
    answer = await client.get(PATH, params=asked)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


async def test_unread_ones_come_first_each_part_the_newest_first(room: Room) -> None:
    async with room.client(await room.signed_in("ann")) as client:
        for _ in range(5):
            await room.tell()
        newest, *_, oldest = await ids(client)
        assert await ids(client) == sorted(await ids(client), reverse=True)
        read = await client.post(f"{PATH}/{newest}/read")
        assert (read.status_code, read.json()["is_read"]) == (200, True)
        again = await client.post(f"{PATH}/{newest}/read")
        assert again.json() == read.json()
        order = await ids(client)
        assert (order[-1], order[-2]) == (newest, oldest)
        body = (await client.get(PATH, params={"limit": 1})).json()
        assert (body["unread"], len(body["items"])) == (4, 1)
        assert await ids(client, unread="true") == order[:4]
        everything = await client.post(f"{PATH}/read-all")
        assert (everything.status_code, everything.json()) == (200, {"unread": 0})
        assert (await client.get(PATH)).json()["unread"] == 0


async def test_a_notification_tells_what_happened(room: Room) -> None:
    async with room.client(await room.signed_in("ann")) as client:
        detection = await room.tell()
        [told] = (await client.get(PATH)).json()["items"]
    assert told["title"] == "High: Multiple failed logins"
    assert told["detection_id"] == detection
    assert told["reasons"] == ["7 failed logins in 10 minutes; more than 5 raise this."]
    assert told["link"] == "/explorer?q=action%3ALOGIN_FAILED&limit=50"
    assert (told["severity"], told["what"], told["is_read"]) == ("high", "opened", False)


async def test_pages_have_each_notification_once(room: Room) -> None:
    async with room.client(await room.signed_in("ann")) as client:
        for _ in range(23):
            await room.tell()
        for each in (await ids(client))[3:9]:
            await client.post(f"{PATH}/{each}/read")
        whole = await ids(client)
        found: list[int] = []
        cursor = None
        while True:
            asked = {"limit": "4", **({"cursor": cursor} if cursor else {})}
            page = (await client.get(PATH, params=asked)).json()
            found += [each["id"] for each in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
    assert found == whole
    assert len(found) == 23


@pytest.mark.parametrize("cursor", ["x", "W10=", "WzEsMl0=", "%00", "W2ZhbHNlLDBd"])
async def test_a_cursor_that_is_none_is_refused(room: Room, cursor: str) -> None:
    async with room.client(await room.signed_in("ann")) as client:
        answer = await client.get(PATH, params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_CURSOR")


async def test_nobody_sees_or_reads_anothers(room: Room) -> None:
    ann = await room.signed_in("ann")
    bob = await room.signed_in("bob", "TESTER")
    eve = await room.signed_in("eve", "SUPER_ADMIN", OTHER)
    await room.tell()
    async with room.client(ann) as client:
        [mine] = await ids(client)
    for headers in (bob, eve):
        async with room.client(headers) as client:
            assert await ids(client) == []
            answer = await client.post(f"{PATH}/{mine}/read")
            assert (answer.status_code, answer.json()["code"]) == (404, "NOTIFICATION_NOT_FOUND")
            await client.post(f"{PATH}/read-all")
    [told] = await room.inbox("ann")
    assert not told.is_read
    assert told.organization == ACME


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "9007199254740993"])
async def test_an_id_that_cannot_be_is_not_found(room: Room, number: str) -> None:
    async with room.client(await room.signed_in("ann")) as client:
        answer = await client.post(f"{PATH}/{number}/read")
    assert answer.status_code == 404


async def test_a_key_has_no_inbox(room: Room) -> None:
    async with room.client(await room.key(*Permission)) as client:
        for method, path in [("GET", PATH), ("POST", f"{PATH}/read-all")]:
            answer = await client.request(method, path)
            assert (answer.status_code, answer.json()["code"]) == (403, "PERSON_NEEDED")


async def test_it_needs_a_session_and_no_permission(room: Room) -> None:
    async with room.client({}) as client:
        assert (await client.get(PATH)).status_code == 401
    async with room.client(await room.signed_in("tim", "TESTER")) as client:
        assert (await client.get(PATH)).status_code == 200
