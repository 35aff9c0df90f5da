"""Every read of the log over HTTP is an event of the organization that was read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
import msgspec
import pytest

from tests.access.trail.reading import Json, own_events
from tests.engine import NOON, Service
from trailkeeper.access.keys import create_key
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Permission, system_tenant
from trailkeeper.search.noted import MAX_FILTER_BYTES

AGENT = "auditor/1.0"


@dataclass(frozen=True)
class Log:
    """An organization with three events, and a client that may do everything."""

    service: Service
    organization: str
    client: httpx2.AsyncClient

    async def get(self, path: str, parameters: Any = None) -> Any:
        answer = await self.client.get(path, params=parameters, headers={"User-Agent": AGENT})
        assert answer.status_code == 200, answer.text
        return answer

    async def events(self, *actions: str) -> list[Json]:
        wanted = actions or ("SEARCH", "VIEW", "EXPORT", "ACCESS_DENIED")
        return await own_events(self.service, self.organization, *wanted)


@pytest.fixture
async def log(service: Service) -> AsyncIterator[Log]:
    organization, token = await service.new_organization()
    events = [
        {
            "id": f"e{number}",
            "action": "LOGIN",
            "resource_type": "USER",
            "user_id": user,
            "user_email": f"{user}@acme.example",
            "timestamp": (NOON - timedelta(hours=number)).isoformat(),
        }
        for number, user in enumerate(("ann", "ann", "bob"))
    ]
    async with service.client(token, peer="203.0.113.9") as client:
        json = {"Content-Type": "application/json"}
        content = msgspec.json.encode(events)
        answer = await client.post("/audit-logs/batch", content=content, headers=json)
        assert answer.status_code == 200, answer.text
        yield Log(service, organization, client)


async def test_a_search_says_who_what_and_how_much(log: Log) -> None:
    await log.get("/audit-logs/", {"action": "LOGIN", "q": "user:ann", "limit": 1})
    [event] = await log.events()
    assert (event["action"], event["resource_type"], event["resource_id"]) == (
        "SEARCH",
        "USER",
        "ann",
    )
    assert event["user_id"].startswith("api-key:")
    assert event["ip_address"] == "::ffff:203.0.113.9"
    assert event["user_agent"] == AGENT
    assert event["source"] == "API"
    assert event["details"] == {
        "of": "events",
        "filter": {"action": ["LOGIN"], "q": ["user:ann"]},
        "subjects": ["ann"],
        "rows": 1,
        "total": 2,
    }


async def test_a_search_of_the_whole_log_is_about_the_log(log: Log) -> None:
    await log.get("/audit-logs/")
    [event] = await log.events()
    assert (event["resource_type"], event["resource_id"]) == ("AUDIT_LOG", "")
    assert event["details"]["filter"] == {}
    assert event["details"]["rows"] == 3


async def test_pages_of_one_search_are_one_record_and_a_count(log: Log) -> None:
    page = (await log.get("/audit-logs/", {"limit": 1})).json()
    while page["next_cursor"]:
        asked = {"limit": 1, "cursor": page["next_cursor"]}
        page = (await log.get("/audit-logs/", asked)).json()
    first, folded = await log.events()
    assert first["details"]["rows"] == 1
    assert (folded["details"]["count"], folded["details"]["rows"]) == (2, 2)


async def test_a_users_activity_is_about_that_user(log: Log) -> None:
    await log.get("/users/ann/activity", {"status": "FAILED"})
    [event] = await log.events()
    assert (event["resource_type"], event["resource_id"]) == ("USER", "ann")
    assert event["details"]["filter"] == {"user_id": ["ann"], "status": ["FAILED"]}
    assert event["details"]["subjects"] == ["ann"]


@pytest.mark.parametrize(
    ("asked", "subjects"),
    [
        ({"user_id": ["ann", "bob"]}, ["ann", "bob"]),
        ({"user_email": "ANN@acme.example"}, ["ann@acme.example"]),
        ({"q": "(user_id:ann OR on_behalf_of:eve) action:LOGIN"}, ["ann", "eve"]),
        ({"q": "-user_id:ann"}, []),
        ({"resource_type": "USER", "resource_id": "bob"}, ["bob"]),
        ({"resource_type": "PROJECT", "resource_id": "bob"}, []),
    ],
    ids=str,
)
async def test_whoever_a_filter_names_is_told(
    log: Log, asked: dict[str, Any], subjects: list[str]
) -> None:
    await log.get("/audit-logs/", asked)
    [event] = await log.events()
    assert event["details"]["subjects"] == subjects


async def test_views_facets_histogram_and_context_are_reads_too(log: Log) -> None:
    await log.get("/audit-logs/e2")
    await log.get("/audit-logs/e0/context")
    await log.get("/audit-logs/facets", {"field": "action", "user_id": "bob"})
    await log.get("/audit-logs/histogram", {"action": "LOGIN"})
    told = [
        (event["action"], event["resource_type"], event["resource_id"], event["details"]["of"])
        for event in await log.events()
    ]
    assert told == [
        ("VIEW", "AUDIT_LOG", "e2", "event"),
        ("VIEW", "AUDIT_LOG", "e0", "context"),
        ("SEARCH", "USER", "bob", "facets"),
        ("SEARCH", "AUDIT_LOG", "", "histogram"),
    ]
    assert (await log.events("VIEW"))[0]["details"] == {
        "of": "event",
        "subjects": ["bob"],
        "rows": 1,
    }


async def test_an_export_is_on_record_before_it_begins_and_when_it_ends(log: Log) -> None:
    await log.get("/audit-logs/export", {"format": "ndjson", "user_id": "ann"})
    started, finished = await log.events()
    assert {started["action"], finished["action"]} == {"EXPORT"}
    assert (started["resource_type"], started["resource_id"]) == ("USER", "ann")
    assert started["details"] == {
        "phase": "started",
        "format": "ndjson",
        "filter": {"format": ["ndjson"], "user_id": ["ann"]},
        "subjects": ["ann"],
    }
    assert finished["details"] == {"phase": "finished", "started": started["id"], "rows": 2}


async def test_an_export_does_not_hold_its_own_record(log: Log) -> None:
    answer = await log.get("/audit-logs/export", {"format": "json"})
    assert [each["action"] for each in answer.json()["items"]] == ["LOGIN"] * 3


async def test_a_refused_request_is_on_record(log: Log) -> None:
    async with log.service.services.metadata.transaction() as session:
        issued = await create_key(
            session,
            log.service.services.keys.hasher,
            system_tenant(OrganizationId(log.organization)),
            "sender",
            [Permission.EVENT_WRITE],
            now=NOON,
        )
    headers = {"Authorization": f"Bearer {issued.token}"}
    answer = await log.client.get("/audit-logs/?user_id=ann", headers=headers)
    assert answer.status_code == 403
    [event] = await log.events()
    assert (event["action"], event["status"]) == ("ACCESS_DENIED", "FAILED")
    assert event["user_id"] == f"api-key:{issued.key.id}"
    assert event["details"] == {
        "method": "GET",
        "path": "/audit-logs",
        "code": "PERMISSION_MISSING",
        "permission": "user:view",
    }


async def test_what_is_not_a_read_is_not_recorded(log: Log) -> None:
    recorded = {"action": "CREATE", "resource_type": "PROJECT"}
    content = msgspec.json.encode(recorded)
    json = {"Content-Type": "application/json"}
    assert (await log.client.post("/audit-logs/", content=content, headers=json)).status_code == 201
    assert (await log.client.get("/audit-logs/?limit=x")).status_code == 400
    assert (await log.client.get("/audit-logs/none-such")).status_code == 404
    assert (await log.client.get("/healthz")).status_code == 200
    unknown = {"Authorization": "Bearer tk_0"}
    assert (await log.client.get("/audit-logs/", headers=unknown)).status_code == 401
    assert await log.events() == []


async def test_the_record_of_reads_does_not_feed_itself(log: Log) -> None:
    await log.get("/audit-logs/")
    for _ in range(3):
        assert len(await log.events()) == 1


async def test_a_long_filter_is_cut_and_still_recorded(log: Log) -> None:
    asked = [("user_id", f"user-{number}-{'x' * 100}") for number in range(150)]
    await log.get("/audit-logs/", asked)
    [event] = await log.events()
    assert event["details"]["filter_cut"] is True
    assert len(event["details"]["filter_sha256"]) == 64
    assert len(msgspec.json.encode(event["details"]["filter"])) <= MAX_FILTER_BYTES


async def test_secrets_that_were_searched_for_are_not_recorded(log: Log) -> None:
    secret = "Bearer abcdefghijklmnop0123"
    await log.get("/audit-logs/", {"details.password": "hunter2", "q": f'"{secret}"'})
    [event] = await log.events()
    told = msgspec.json.encode(event).decode()
    assert "hunter2" not in told
    assert "abcdefghijklmnop0123" not in told
    assert event["redacted"]
