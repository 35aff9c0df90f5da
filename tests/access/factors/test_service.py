"""The running service: a second factor over HTTP, and what the organization's log says of it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx2
import pyotp
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.access.signin.conftest import PASSWORD
from tests.api.tenant import Json, Tenant
from tests.live import LiveServer
from tests.orgs import on_metadata
from trailkeeper.access.people.editor import Editor
from trailkeeper.access.people.members import MemberStatus, add_member, create_person
from trailkeeper.access.trail import Requester
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant

COOKIE = "__Host-trailkeeper"
WAIT_SECONDS = 10


@pytest.fixture
def member(live_server: LiveServer, tenant: Tenant, password_hash: str) -> str:
    """The address of an active TESTER of the tenant."""
    email = f"{uuid.uuid4().hex}@example.com"

    async def work(session: AsyncSession) -> None:
        now = datetime.now(UTC)
        person = await create_person(session, email, now=now, password_hash=password_hash)
        await add_member(
            session,
            system_tenant(OrganizationId(tenant.organization)),
            user_id="grace",
            editor=Editor(Requester()),
            now=now,
            status=MemberStatus.ACTIVE,
            name="Grace",
            email=email,
            role="TESTER",
            person=person.id,
        )

    on_metadata(live_server, work)
    return email


@contextmanager
def signed_in(server: LiveServer, answer: httpx2.Response) -> Iterator[httpx2.Client]:
    """A client with the session that a sign-in opened, over plain HTTP on loopback."""
    assert answer.status_code == 200, answer.text
    headers = {
        "Cookie": f"{COOKIE}={answer.cookies[COOKIE]}",
        "X-CSRF-Token": answer.json()["me"]["csrf_token"],
    }
    with httpx2.Client(base_url=server.url, headers=headers) as client:
        yield client


def logged(tenant: Tenant, action: str, count: int) -> list[Json]:
    """The log's events with this action, once there are so many."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        items: list[Json] = tenant.search(action=action, order="asc")["items"]
        if len(items) >= count:
            return items
        time.sleep(0.1)
    raise AssertionError(f"no {count} events {action} within {WAIT_SECONDS} s")


def test_a_second_factor_and_its_record(
    live_server: LiveServer, tenant: Tenant, member: str
) -> None:
    given = {"email": member, "password": PASSWORD}
    first = httpx2.post(f"{live_server.url}/sign-in", json=given)
    with signed_in(live_server, first) as client:
        started = client.post("/me/totp", json={})
        assert started.status_code == 201, started.text
        app = pyotp.TOTP(started.json()["secret"])
        confirmed = client.post("/me/totp/confirm", json={"code": app.now()})
        assert confirmed.status_code == 200, confirmed.text

    step = httpx2.post(f"{live_server.url}/sign-in", json=given).json()
    assert step["status"] == "second_factor_needed"
    body = {"ticket": step["ticket"], "method": "recovery_code", "code": "0000-0000-0000-0000"}
    wrong = httpx2.post(f"{live_server.url}/sign-in/second-factor", json=body)
    assert (wrong.status_code, wrong.json()["code"]) == (401, "SECOND_FACTOR_WRONG")
    body["code"] = confirmed.json()["recovery_codes"][0]
    right = httpx2.post(f"{live_server.url}/sign-in/second-factor", json=body)
    with signed_in(live_server, right) as client:
        assert client.get("/me").json()["user_id"] == "grace"

    [enabled] = logged(tenant, "TWO_FACTOR_ENABLE", 1)
    assert (enabled["user_id"], enabled["details"]) == ("grace", {"method": "totp"})
    [failed] = logged(tenant, "LOGIN_FAILED", 1)
    assert (failed["resource_id"], failed["user_id"]) == ("grace", None)
    assert failed["details"]["reason"] == "wrong_recovery_code"
    _, login = logged(tenant, "LOGIN", 2)
    assert login["details"]["second_factor"] is True
