"""What is blocked is blocked, whatever else lets it in."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from tests.access.keys.conftest import OFFICE, House

PATH = "/organization/deny-list"
ELSEWHERE = "192.0.2.66"


async def block(client: httpx2.AsyncClient, network: str, note: str = "") -> httpx2.Response:
    return await client.post(PATH, json={"entries": [{"network": network, "note": note}]})


async def status(house: House, peer: str) -> tuple[int, str]:
    async with house.client(peer=peer) as client:
        answer = await client.get("/api-keys/")
    return answer.status_code, answer.json().get("code", "")


async def test_a_blocked_address_gets_no_further_until_it_is_unblocked(house: House) -> None:
    async with house.client() as client:
        assert await status(house, ELSEWHERE) == (200, "")
        blocked = await block(client, f"::ffff:{ELSEWHERE}", " guessed passwords ")
        assert blocked.status_code == 200, blocked.text
        assert await status(house, ELSEWHERE) == (403, "ADDRESS_BLOCKED")
        assert await status(house, OFFICE) == (200, "")
        await block(client, "198.51.100.0/24")
        shown = (await client.get(PATH)).json()
        freed = await client.delete(PATH, params={"network": ELSEWHERE})
        assert await status(house, ELSEWHERE) == (200, "")
        again = await client.delete(PATH, params={"network": ELSEWHERE})
    assert shown == {
        "entries": [
            {"network": ELSEWHERE, "note": "guessed passwords"},
            {"network": "198.51.100.0/24", "note": ""},
        ],
        "your_address": OFFICE,
    }
    assert freed.json()["entries"] == shown["entries"][1:]
    assert (again.status_code, again.json()["code"]) == (404, "NETWORK_NOT_BLOCKED")


async def test_it_goes_before_the_allow_list(house: House) -> None:
    async with house.client() as client:
        entries = [{"network": OFFICE}, {"network": ELSEWHERE}]
        saved = await client.put("/organization/allow-list", json={"entries": entries})
        assert saved.status_code == 200
        assert await status(house, ELSEWHERE) == (200, "")
        await block(client, ELSEWHERE)
        assert await status(house, ELSEWHERE) == (403, "ADDRESS_BLOCKED")


async def test_nobody_blocks_themselves(house: House) -> None:
    async with house.client() as client:
        answer = await block(client, "0.0.0.0/0")
        assert (answer.status_code, answer.json()["code"]) == (409, "WOULD_LOCK_OUT")
        assert (await client.get(PATH)).json()["entries"] == []


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([{"network": "nowhere"}], "INVALID_NETWORK"),
        ([{"network": "192.0.2.1", "note": "x" * 201}], "INVALID_NOTE"),
        ([], "INVALID_REQUEST"),
        ([{"network": "192.0.2.1", "reason": "x"}], "INVALID_REQUEST"),
    ],
)
async def test_what_is_wrong_is_refused(house: House, entries: Any, code: str) -> None:
    async with house.client() as client:
        answer = await client.post(PATH, json={"entries": entries})
    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_a_note_is_changed_by_blocking_again(house: House) -> None:
    async with house.client() as client:
        await block(client, ELSEWHERE, "first")
        changed = await block(client, ELSEWHERE, "second")
    assert changed.json()["entries"] == [{"network": ELSEWHERE, "note": "second"}]
