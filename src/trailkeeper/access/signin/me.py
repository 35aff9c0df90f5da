"""Who am I: what a client needs to know of whoever asks, and the answer to every sign-in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal

from litestar import Response
from litestar.connection import ASGIConnection
from litestar.status_codes import HTTP_200_OK
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.address import client_address
from trailkeeper.access.allow_list import AllowLists
from trailkeeper.access.guard import ASKER
from trailkeeper.access.organizations import get_organization
from trailkeeper.access.people.members import Member, memberships_of
from trailkeeper.access.roles import with_implied
from trailkeeper.access.signin.factors import second_factors_of
from trailkeeper.access.signin.schema import (
    MeView,
    OwnOrganizationView,
    SecondFactorView,
    SignInView,
)
from trailkeeper.access.signin.sessions import OpenedSession, Sessions, end_sessions
from trailkeeper.access.tables import OrganizationRow
from trailkeeper.errors import Forbidden
from trailkeeper.principal import Principal
from trailkeeper.settings import Settings
from trailkeeper.store.metadata import Metadata

AnyConnection = ASGIConnection[Any, Any, Any, Any]


async def signed_in_answer(
    connection: AnyConnection, opened: OpenedSession, status_code: int = HTTP_200_OK
) -> Response[SignInView]:
    """The answer to a sign-in of whichever kind, with its cookies.

    MUST be called after the commit of `Sessions.open_session`. Raises
    Forbidden(ADDRESS_NOT_ALLOWED); the session is ended then, and its token never left.
    """
    state = connection.app.state
    sessions: Sessions = state["sessions"]
    metadata: Metadata = state["metadata"]
    clock: Callable[[], datetime] = state["clock"]
    for session_id in opened.replaced:
        sessions.forget(session_id)
    principal = await sessions.authenticate(opened.token, clock())
    await _check_address(connection, principal)
    view = SignInView(status="signed_in", me=await read_me(metadata, sessions, principal))
    return Response(view, status_code=status_code, cookies=sessions.cookies(opened))


async def _check_address(connection: AnyConnection, principal: Principal) -> None:
    state = connection.app.state
    settings: Settings = state["settings"]
    allow_lists: AllowLists = state["allow_lists"]
    connection.scope["state"][ASKER] = principal
    try:
        await allow_lists.check(
            principal, client_address(connection.scope, settings.trusted_proxies)
        )
    except Forbidden:
        metadata: Metadata = state["metadata"]
        clock: Callable[[], datetime] = state["clock"]
        async with metadata.transaction() as session:
            await end_sessions(
                session, principal.person_id or "", session_id=principal.session_id, now=clock()
            )
        raise


async def read_me(metadata: Metadata, sessions: Sessions, principal: Principal) -> MeView:
    async with metadata.reading() as session:
        organization = await get_organization(session, principal.organization)
        members: list[Member] = []
        factors: SecondFactorView | None = None
        if principal.person_id is not None:
            members = await memberships_of(session, principal.person_id)
            methods = await second_factors_of(session, principal.person_id)
            factors = SecondFactorView(
                methods=sorted(methods), required_from=organization.second_factor_required_from
            )
        own = await _organizations(session, members)
    here = next(
        (each for each in own if each.id == organization.id),
        OwnOrganizationView(
            id=organization.id,
            name=organization.name,
            time_zone=organization.time_zone,
            role=None,
        ),
    )
    session_id = principal.session_id
    return MeView(
        kind=_kind(principal),
        organization=here,
        organizations=own or [here],
        user_id=principal.user_id or None,
        email=principal.email or None,
        name=principal.name,
        role=here.role,
        permissions=sorted(with_implied(principal.permissions)),
        key_id=principal.key_id,
        session_id=session_id,
        csrf_token=sessions.csrf_token(session_id) if session_id is not None else None,
        second_factor=factors,
        must_enroll=principal.must_enroll,
    )


def _kind(principal: Principal) -> Literal["person", "api_key"]:
    return "person" if principal.is_person else "api_key"


async def _organizations(
    session: AsyncSession, members: Sequence[Member]
) -> list[OwnOrganizationView]:
    rows = await session.execute(
        select(OrganizationRow.id, OrganizationRow.name, OrganizationRow.time_zone).where(
            OrganizationRow.id.in_([each.organization for each in members])
        )
    )
    known = {row.id: row for row in rows}
    return [
        OwnOrganizationView(
            id=each.organization,
            name=known[each.organization].name,
            time_zone=known[each.organization].time_zone,
            role=each.role,
        )
        for each in members
    ]
