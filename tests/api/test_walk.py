"""Every route, with no key, with too weak a key, and with another organization's key and ids."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx2
import pytest

from tests.api.tenant import Tenant, event, opened
from tests.api.walk import GUARDED, WALK, Route, operations_of
from tests.live import LiveServer
from tests.orgs import new_key
from trailkeeper.principal import IMPLIED, Permission


def test_the_document_names_every_route(live_server: LiveServer) -> None:
    document = httpx2.get(f"{live_server.url}/openapi.json").json()
    assert set(operations_of(document)) == {str(route) for route in WALK}
    assert len(GUARDED) > 15


@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_without_a_key_it_is_a_401_whatever_else_is_wrong(
    live_server: LiveServer, route: Route
) -> None:
    with httpx2.Client(base_url=live_server.url) as client:
        for headers, code in [
            ({}, "MISSING_KEY"),
            ({"Authorization": "Basic YTpi"}, "MISSING_KEY"),
            ({"Authorization": "Bearer"}, "MISSING_KEY"),
            ({"Authorization": "Bearer junk"}, "INVALID_KEY"),
            ({"Authorization": f"Bearer tk_{'0' * 16}_{'0' * 64}"}, "INVALID_KEY"),
            ({"Authorization": live_server.api_key}, "MISSING_KEY"),
        ]:
            for options in ({}, {"content": b"{", "json": None}, {"params": {"limit": "x"}}):
                answer = route.ask(client, headers=headers, **options)
                assert (answer.status_code, answer.json()["code"]) == (401, code)
                assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.fixture(scope="module")
def changed(live_server: LiveServer) -> Iterator[Tenant]:
    """An organization that may be changed at will."""
    with opened(live_server) as tenant:
        yield tenant


@pytest.fixture(scope="module")
def weak_keys(
    live_server: LiveServer, changed: Tenant
) -> Iterator[dict[Permission, httpx2.Client]]:
    """For each permission a client whose key has every other one."""
    clients = {}
    for lacking in Permission:
        stronger = {each for each, implied in IMPLIED.items() if implied is lacking}
        held = set(Permission) - {lacking} - stronger
        clients[lacking] = live_server.client(new_key(live_server, changed.organization, held))
    yield clients
    for client in clients.values():
        client.close()


@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_without_its_permission_it_is_a_403_whatever_else_is_wrong(
    weak_keys: dict[Permission, httpx2.Client], route: Route
) -> None:
    for needed in route.needed:
        for options in ({}, {"content": b"{", "json": None}, {"params": {"limit": "x"}}):
            answer = route.ask(weak_keys[needed], **options)
            assert answer.status_code == 403, answer.text
            problem = answer.json()
            assert problem["code"] == "PERMISSION_MISSING"
            assert needed in problem["detail"]


@pytest.mark.parametrize("route", GUARDED, ids=str)
def test_its_permissions_alone_suffice(
    live_server: LiveServer, changed: Tenant, route: Route
) -> None:
    token = new_key(live_server, changed.organization, route.needed or {Permission.EVENT_WRITE})
    with live_server.client(token) as client:
        answer = route.ask(client)
    if route.is_for_people:
        assert answer.json()["code"] == "PERSON_NEEDED"
    elif str(route) in SUCCEEDING:
        assert answer.status_code in (200, 201), answer.text
    else:
        # What it asks for is not there, or not well put: it was let in to be told so.
        assert 200 <= answer.status_code < 500, answer.text
        assert "PERMISSION_MISSING" not in answer.text


SUCCEEDING = {
    f"GET {path}"
    for path in (
        "/audit-logs",
        "/audit-logs/facets",
        "/audit-logs/histogram",
        "/audit-logs/export",
        "/api-keys",
        "/organization",
        "/retention",
        "/users",
        "/users/{user_id}/activity",
        "/invitations",
        "/roles",
        "/permissions",
        "/me",
        "/organization/allow-list",
        "/organization/second-factor",
    )
} | {"POST /audit-logs", "POST /audit-logs/batch", "PATCH /organization", "POST /retention/run"}


@dataclass(frozen=True)
class Victim:
    """An organization, all of whose texts hold one word that is found nowhere else."""

    tenant: Tenant
    word: str
    values: dict[str, str]


@pytest.fixture
def victim(live_server: LiveServer) -> Iterator[Victim]:
    word = f"secret{uuid.uuid4().hex}"
    with opened(live_server) as tenant:
        own = event(
            id=f"{word}-event",
            user_id=f"{word}-user",
            user_email=f"{word}@acme.io",
            resource_id=f"{word}-resource",
            resource_name=f"The {word}",
            action=f"ACT_{word}"[:64],
            ip_address="203.0.113.77",
            details={"word": word},
        )
        tenant.record([own])
        made = tenant.client.post("/api-keys/", json={"name": word, "permissions": ["user:view"]})
        tenant.client.patch("/organization", json={"name": f"Org {word}"})
        values = {"event_id": own["id"], "user_id": own["user_id"], "key_id": made.json()["id"]}
        yield Victim(tenant, word, values)


def leaks(victim: Victim, answer: httpx2.Response) -> bool:
    told = answer.text.lower()
    return victim.word in told or victim.tenant.organization in told


REVEALING = {
    "GET /audit-logs", "GET /users/{user_id}/activity", "GET /audit-logs/{event_id}",
    "GET /audit-logs/{event_id}/context", "GET /audit-logs/facets", "GET /audit-logs/export",
    "GET /audit-logs/histogram", "GET /api-keys", "GET /organization", "GET /retention",
    "PATCH /organization",
}  # fmt: skip


@pytest.mark.parametrize("route", WALK, ids=str)
def test_another_organization_s_key_and_ids_show_nothing(
    victim: Victim, stranger: Tenant, route: Route
) -> None:
    """Asked plainly, and for the victim's own values by filter and by query."""
    asked = [
        {},
        {"q": victim.word},
        {"user_id": victim.values["user_id"]},
        {"field": "user_id"},
        {"search": victim.word},
        {"by": "action"},
        {"order": "committed"},
        {"format": "json"},
    ]
    for parameters in asked:
        answer = route.ask(stranger.client, victim.values, params=parameters)
        assert answer.status_code < 500, answer.text
        assert victim.tenant.organization not in answer.text
        # The word alone may be there: an export's summary repeats the question.
        assert f"the {victim.word}" not in answer.text.lower()
        if not parameters:
            assert not leaks(victim, answer)
            if "{event_id}" in route.path or "{key_id}" in route.path:
                assert answer.status_code in (400, 404)
    # The same questions do show it to its owner: the test would notice.
    if str(route) in REVEALING:
        shown = route.ask(victim.tenant.client, victim.values, params={})
        by_action = route.ask(victim.tenant.client, victim.values, params={"by": "action"})
        assert leaks(victim, shown) or leaks(victim, by_action)


def test_nothing_of_the_victim_changed(victim: Victim, stranger: Tenant) -> None:
    before = victim.tenant.get("/organization")
    for route in GUARDED:
        options = {"json": {"dry_run": False}} if route.path == "/retention/run" else {}
        route.ask(stranger.client, victim.values, **options)
    assert victim.tenant.get("/organization") == before
    assert victim.tenant.get(f"/audit-logs/{victim.values['event_id']}")["user_id"]
    keys = {each["id"]: each for each in victim.tenant.get("/api-keys/")["items"]}
    assert keys[victim.values["key_id"]]["revoked_at"] is None


def test_ids_of_two_organizations_do_not_meet(victim: Victim, stranger: Tenant) -> None:
    """The same id is another event there: a duplicate would tell that it exists."""
    own = event(id=victim.values["event_id"], user_id="stranger")
    answer = stranger.client.post("/audit-logs/", json=own)
    assert (answer.status_code, answer.json()["status"]) == (201, "committed")
    assert stranger.get(f"/audit-logs/{own['id']}")["user_id"] == "stranger"
    assert victim.tenant.get(f"/audit-logs/{own['id']}")["user_id"] == victim.values["user_id"]
    key = {"Idempotency-Key": "shared"}
    for tenant in (victim.tenant, stranger):
        body = event(id=uuid.uuid4().hex)
        assert tenant.client.post("/audit-logs/", json=body, headers=key).status_code == 201


def test_only_an_own_event_is_seen_by_each(victim: Victim, stranger: Tenant) -> None:
    stranger.record([event(user_id=victim.values["user_id"])])
    for tenant in (victim.tenant, stranger):
        page = tenant.search(
            start_date=datetime.now(UTC).date().isoformat(), user_id=victim.values["user_id"]
        )
        assert {each["organization"] for each in page["items"]} == {tenant.organization}
        assert page["total"] == 1
