"""Embed tokens: what they read, and all that they do not."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
import msgspec
import pytest

from tests.access.trail.reading import own_events
from tests.api.people import add_person, sign_in
from tests.api.walk import GUARDED, PARAMETER
from tests.engine import NOON, Service

Json = dict[str, Any]
PAGE = "https://app.example.com"
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class House:
    service: Service
    organization: str
    client: httpx2.AsyncClient

    async def make(self, **wanted: Any) -> httpx2.Response:
        body = {"filter": {"user_id": ["ann"]}, "origins": [PAGE], **wanted}
        return await self.client.post("/embed-tokens", json=body)

    async def token(self, **wanted: Any) -> str:
        answer = await self.make(**wanted)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["token"])

    @asynccontextmanager
    async def holding(self, token: str) -> AsyncIterator[httpx2.AsyncClient]:
        async with self.service.client(token) as client:
            yield client

    async def ask(
        self, token: str, parameters: Any = (), origin: str | None = PAGE
    ) -> httpx2.Response:
        headers = {} if origin is None else {"Origin": origin}
        async with self.holding(token) as client:
            return await client.get("/audit-logs", params=parameters, headers=headers)


@pytest.fixture
async def house(service: Service) -> AsyncIterator[House]:
    organization, token = await service.new_organization()
    made = [
        {
            "id": uuid.uuid4().hex,
            "action": action,
            "resource_type": "PROJECT",
            "user_id": user,
            "timestamp": (NOON - timedelta(minutes=5)).isoformat(),
        }
        for user in ("ann", "bob")
        for action in ("CREATE", "UPDATE", "VIEW")
    ]
    async with service.client(token) as client:
        await client.post("/audit-logs/batch", content=msgspec.json.encode(made), headers=JSON)
        yield House(service, organization, client)


def seen(answer: httpx2.Response) -> set[tuple[str, str]]:
    assert answer.status_code == 200, answer.text
    return {(each["user_id"], each["action"]) for each in answer.json()["items"]}


ANN = {("ann", "CREATE"), ("ann", "UPDATE"), ("ann", "VIEW")}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ([], ANN),
        ([("action", "UPDATE")], {("ann", "UPDATE")}),
        ([("user_id", "bob")], set()),
        ([("user_id", "ann"), ("user_id", "bob")], ANN),
        ([("q", "user_id:bob OR user_id:ann")], ANN),
        ([("q", "-user_id:ann")], set()),
        ([("q", "*")], ANN),
        ([("order", "asc"), ("limit", "1")], None),
    ],
)
async def test_whatever_is_asked_stays_within_the_filter(
    house: House, parameters: Any, expected: set[tuple[str, str]] | None
) -> None:
    found = seen(await house.ask(await house.token(), parameters))
    assert found == expected if expected is not None else found < ANN


async def test_values_are_alternatives_and_names_all_match(house: House) -> None:
    token = await house.token(filter={"user_id": ["ann", "bob"], "action": ["create"]})
    assert seen(await house.ask(token)) == {("ann", "CREATE"), ("bob", "CREATE")}
    assert seen(await house.ask(token, {"action": "UPDATE"})) == set()


async def test_pages_are_followed_and_a_cursor_of_others_is_refused(house: House) -> None:
    token = await house.token()
    first = (await house.ask(token, {"limit": 2})).json()
    assert (first["total"], first["has_more"]) == (3, True)
    again = {"limit": 2, "cursor": first["next_cursor"]}
    assert len(seen(await house.ask(token, again))) == 1
    whole = (await house.client.get("/audit-logs", params={"limit": 2})).json()
    answer = await house.ask(token, {"limit": 2, "cursor": whole["next_cursor"]})
    assert (answer.status_code, answer.json()["code"]) == (400, "CURSOR_MISMATCH")
    polled = await house.ask(token, {"order": "committed"})
    assert (polled.status_code, polled.json()["code"]) == (400, "INVALID_PARAMETER")


async def test_every_other_route_is_closed(house: House) -> None:
    token = await house.token()
    closed = [each for each in GUARDED if str(each) != "GET /audit-logs"]
    assert len(closed) > 100
    async with house.holding(token) as client:
        for route in closed:
            # Also where a person's own id would let them through.
            path = PARAMETER.sub("ann", route.path)
            answer = await client.request(route.method, path, json={})
            told = (answer.status_code, answer.json()["code"])
            assert told == (403, "EMBED_TOKEN_ONLY_READS"), route


async def test_pages_of_its_origins_may_read_and_no_others(house: House) -> None:
    token = await house.token()
    heard = await house.ask(token)
    assert heard.headers["access-control-allow-origin"] == PAGE
    assert "Origin" in heard.headers["vary"]
    wrong = await house.ask(token, {"nonsense": "1"})
    assert (wrong.status_code, wrong.headers["access-control-allow-origin"]) == (400, PAGE)
    other = await house.ask(token, origin="https://evil.example")
    assert (other.status_code, other.json()["code"]) == (403, "ORIGIN_NOT_ALLOWED")
    assert "access-control-allow-origin" not in other.headers
    assert seen(await house.ask(token, origin=None)) == ANN
    by_key = await house.client.get("/audit-logs", headers={"Origin": PAGE})
    assert "access-control-allow-origin" not in by_key.headers


async def test_a_browser_may_ask_beforehand(house: House) -> None:
    headers = {"Origin": PAGE, "Access-Control-Request-Method": "GET"}
    answer = await house.client.options("/audit-logs", headers=headers)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == PAGE
    assert answer.headers["access-control-allow-headers"] == "Authorization"
    assert answer.headers["access-control-allow-methods"] == "GET"
    assert "access-control-allow-credentials" not in answer.headers


async def test_it_ends(house: House) -> None:
    token = await house.token(expires_in_seconds=60)
    house.service.clock.advance(timedelta(seconds=59))
    assert seen(await house.ask(token)) == ANN
    house.service.clock.advance(timedelta(seconds=1))
    late = await house.ask(token)
    assert (late.status_code, late.json()["code"]) == (401, "EMBED_TOKEN_EXPIRED")
    assert late.headers["access-control-allow-origin"] == PAGE


async def test_it_ends_with_its_key(house: House) -> None:
    token = await house.token()
    [key] = (await house.client.get("/api-keys")).json()["items"]
    assert (await house.client.delete(f"/api-keys/{key['id']}")).status_code in (200, 204)
    answer = await house.ask(token)
    assert (answer.status_code, answer.json()["code"]) == (401, "REVOKED_KEY")


@pytest.mark.parametrize("spoil", ["te_", "te_AAAA", "flipped", "cut", "te_\u00e9"])
async def test_what_was_not_made_here_is_refused(house: House, spoil: str) -> None:
    token = await house.token()
    middle = len(token) // 2
    other = "A" if token[middle] != "A" else "B"
    made_up = {"flipped": token[:middle] + other + token[middle + 1 :], "cut": token[:-8]}
    headers = [(b"authorization", b"Bearer " + made_up.get(spoil, spoil).encode("latin-1"))]
    async with house.holding("") as client:
        answer = await client.get("/audit-logs", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "INVALID_KEY")


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"filter": {}}, "INVALID_EMBED_FILTER"),
        ({"filter": {"user_id": []}}, "INVALID_EMBED_FILTER"),
        ({"filter": {"user_id": [""]}}, "INVALID_EMBED_FILTER"),
        ({"filter": {"action": ["LOGIN"]}}, "INVALID_EMBED_FILTER"),
        ({"filter": {"user_id": ["ann"], "q": ["*"]}}, "INVALID_EMBED_FILTER"),
        ({"filter": {"user_id": ["x" * 3000]}}, "INVALID_EMBED_FILTER"),
        ({"origins": []}, "INVALID_REQUEST"),
        ({"origins": ["*"]}, "INVALID_ORIGIN"),
        ({"origins": ["http://app.example.com"]}, "INVALID_ORIGIN"),
        ({"origins": ["https://app.example.com/"]}, "INVALID_ORIGIN"),
        ({"origins": ["https://App.example.com"]}, "INVALID_ORIGIN"),
        ({"origins": ["https://a@app.example.com"]}, "INVALID_ORIGIN"),
        ({"origins": ["https://app.example.com:443"]}, "INVALID_ORIGIN"),
        ({"origins": ["https://app.example.com:x"]}, "INVALID_ORIGIN"),
        ({"expires_in_seconds": 3601}, "INVALID_REQUEST"),
        ({"expires_in_seconds": 59}, "INVALID_REQUEST"),
    ],
)
async def test_what_cannot_be_made(house: House, wanted: Json, code: str) -> None:
    answer = await house.make(**wanted)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_a_page_on_this_machine_may_be_plain(house: House) -> None:
    token = await house.token(origins=["http://localhost:5173"])
    assert seen(await house.ask(token, origin="http://localhost:5173")) == ANN


async def test_a_person_makes_none(house: House) -> None:
    ann = await add_person(house.service, house.organization, "ann", "ADMIN")
    headers = await sign_in(house.service, ann)
    body = {"filter": {"user_id": ["ann"]}, "origins": [PAGE]}
    async with house.service.client("") as client:
        client.headers.pop("Authorization")
        answer = await client.post("/embed-tokens", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "KEY_NEEDED")


async def test_making_and_reading_are_on_the_record(house: House) -> None:
    token = await house.token()
    await house.ask(token)
    async with house.holding(token) as client:
        await client.get("/users")
    made = await own_events(house.service, house.organization, "CREATE", "SEARCH", "ACCESS_DENIED")
    told = [each for each in made if each["user_id"].startswith("api-key:")]
    new = next(each for each in told if each["resource_type"] == "EMBED_TOKEN")
    assert new["details"]["filter"] == {"user_id": ["ann"]}
    assert new["details"]["origins"] == [PAGE]
    assert token not in str(told)
    read = next(each for each in told if each["action"] == "SEARCH")
    assert (read["resource_type"], read["resource_id"]) == ("USER", "ann")
    assert read["details"]["filter"] == {"embedded": ["user_id=ann"]}
    refused = next(each for each in told if each["action"] == "ACCESS_DENIED")
    assert refused["details"]["code"] == "EMBED_TOKEN_ONLY_READS"


async def test_another_organizations_key_reads_its_own_log_alone(
    house: House, service: Service
) -> None:
    organization, token = await service.new_organization()
    async with service.client(token) as client:
        stranger = House(service, organization, client)
        assert seen(await stranger.ask(await stranger.token())) == set()
