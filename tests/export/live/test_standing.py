"""A stream ends once its reader may no longer read: keys, sessions, roles, allow-lists."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from tests.api.people import ADDRESS
from tests.api.tenant import Tenant
from tests.client.unique import unique
from tests.export.live.reading import Reader, numbered, reading
from tests.live import LiveServer
from tests.orgs import new_key, on_metadata
from trailkeeper.access.allow_list import AllowedNetwork, save_allow_list
from trailkeeper.access.people.editor import operating
from trailkeeper.access.people.members import MemberStatus, add_member, create_person
from trailkeeper.access.people.tables import MemberRow
from trailkeeper.access.signin.opening import Opening, SessionPolicy, SignInMethod
from trailkeeper.access.signin.sessions import SESSION_COOKIE, Sessions, end_sessions
from trailkeeper.access.tables import ApiKeyRow
from trailkeeper.access.trail import Requester
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant
from trailkeeper.secret import load_secret_key
from trailkeeper.settings import read_settings
from trailkeeper.store.metadata import Metadata

AT_MOST_SECONDS = 11.0
"""Ten, and what the stream needs to say so."""


def sign_in(server: LiveServer, organization: str, lifetime: timedelta) -> tuple[str, str]:
    """A new person's account id, and the token of a session of theirs."""
    settings = read_settings({"TRAILKEEPER_DATA": str(server.data)})
    tenant = system_tenant(OrganizationId(organization))
    user_id, now = unique("user"), datetime.now(UTC)

    async def work(session: AsyncSession) -> tuple[str, str]:
        person = await create_person(session, f"{user_id}@acme.example", now=now)
        await add_member(
            session,
            tenant,
            user_id=user_id,
            editor=operating(),
            now=now,
            status=MemberStatus.ACTIVE,
            name=user_id,
            email=f"{user_id}@acme.example",
            role="ADMIN",
            person=person.id,
        )
        policy = SessionPolicy(settings.session_idle, lifetime, settings.public_url)
        sessions = Sessions(
            Metadata.open(settings.metadata_url),
            load_secret_key(settings),
            lambda: now,
            policy=policy,
        )
        requester = Requester(address=ADDRESS, user_agent="tests")
        opening = Opening(
            person_id=person.id,
            organization=tenant.organization,
            user_id=user_id,
            method=SignInMethod.PASSWORD,
            has_second_factor=False,
            requester=requester,
        )
        opened = await sessions.open_session(session, opening, now)
        return person.id, opened.token

    return on_metadata(server, work)


def by_cookie(token: str) -> dict[str, str]:
    return {"Cookie": f"{SESSION_COOKIE}={token}"}


def ended_with(reader: Reader) -> str:
    """The code of the stream's end, which has to come in time and be the last word."""
    began = time.monotonic()
    frames = reader.rest()
    assert time.monotonic() - began < AT_MOST_SECONDS
    assert frames[-1].kind == "end"
    code: str = msgspec.json.decode(frames[-1].data)["code"]
    return code


def test_a_signed_in_person_follows_by_cookie(live_server: LiveServer, tenant: Tenant) -> None:
    _, token = sign_in(live_server, tenant.organization, timedelta(days=1))
    with reading(live_server, "", headers=by_cookie(token), resource_type="PROJECT") as reader:
        tenant.record(numbered(range(3)))
        assert reader.numbers(3) == [0, 1, 2]
        assert reader.is_quiet(AT_MOST_SECONDS)


def _revoke_keys(organization: str) -> Any:
    return (
        update(ApiKeyRow)
        .where(ApiKeyRow.organization == organization, ApiKeyRow.name == "test")
        .values(revoked_at=datetime.now(UTC))
    )


def test_a_revoked_key_ends_its_streams(live_server: LiveServer, tenant: Tenant) -> None:
    key = new_key(live_server, tenant.organization)
    with reading(live_server, key) as reader:
        on_metadata(live_server, lambda session: session.execute(_revoke_keys(tenant.organization)))
        assert ended_with(reader) == "REVOKED_KEY"


@pytest.mark.parametrize(
    ("end", "code"),
    [("session", "SESSION_INVALID"), ("role", "PERMISSION_MISSING"), ("member", "SESSION_INVALID")],
)
def test_a_person_s_streams_end_with_what_let_them_in(
    live_server: LiveServer, tenant: Tenant, end: str, code: str
) -> None:
    person, token = sign_in(live_server, tenant.organization, timedelta(days=1))
    member = update(MemberRow).where(
        MemberRow.organization == tenant.organization, MemberRow.person == person
    )

    async def work(session: AsyncSession) -> None:
        if end == "session":
            await end_sessions(session, person, now=datetime.now(UTC))
        elif end == "role":
            await session.execute(member.values(role="TESTER"))
        else:
            await session.execute(member.values(status=MemberStatus.DISABLED))

    with reading(live_server, "", headers=by_cookie(token)) as reader:
        on_metadata(live_server, work)
        assert ended_with(reader) == code


def test_a_session_ends_at_its_time_whether_or_not_its_stream_is_open(
    live_server: LiveServer, tenant: Tenant
) -> None:
    _, token = sign_in(live_server, tenant.organization, timedelta(seconds=3))
    with reading(live_server, "", headers=by_cookie(token)) as reader:
        assert ended_with(reader) == "SESSION_EXPIRED"


def test_an_allow_list_ends_streams_from_elsewhere(live_server: LiveServer, tenant: Tenant) -> None:
    elsewhere = [AllowedNetwork(network="203.0.113.0/24")]
    with reading(live_server, tenant.token) as reader:
        owner = system_tenant(OrganizationId(tenant.organization))
        on_metadata(live_server, lambda session: save_allow_list(session, owner, elsewhere))
        assert ended_with(reader) == "ADDRESS_NOT_ALLOWED"
