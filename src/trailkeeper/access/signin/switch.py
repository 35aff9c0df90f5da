"""From one organization to another without signing in anew, where the sign-in was good enough."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.people.members import memberships_of
from trailkeeper.access.signin.cookies import Browser
from trailkeeper.access.signin.sessions import OpenedSession, Opening, Sessions, SignInMethod
from trailkeeper.access.signin.sign_in import closed_to_passwords, single_sign_on_required
from trailkeeper.access.signin.tables import SessionRow
from trailkeeper.access.trail import Requester
from trailkeeper.errors import Forbidden, NotFound
from trailkeeper.principal import Principal


async def switch_organization(
    session: AsyncSession,
    sessions: Sessions,
    principal: Principal,
    organization: str,
    requester: Requester,
    browser: Browser,
    now: datetime,
) -> OpenedSession:
    """Opens a session in another organization; the current one ends. It lasts no longer.

    Raises NotFound(ORGANIZATION_NOT_FOUND), or Forbidden: SIGN_IN_AGAIN where a single
    sign-on would be carried into an organization that did not make it,
    SINGLE_SIGN_ON_REQUIRED.
    """
    person_id = principal.person_id or ""
    members = await memberships_of(session, person_id)
    member = next((each for each in members if each.organization == organization), None)
    if member is None:
        raise NotFound(
            "ORGANIZATION_NOT_FOUND", "You belong to no such organization.", field="organization"
        )
    current = (
        await session.scalars(
            select(SessionRow).where(
                principal.tenant.owns(SessionRow.organization),
                SessionRow.id == principal.session_id,
            )
        )
    ).one()
    method = SignInMethod(current.method)
    if method is SignInMethod.OIDC and member.organization != principal.organization:
        raise Forbidden(
            "SIGN_IN_AGAIN",
            "A single sign-on holds for its own organization only.",
            hint="Sign out, and sign in to the other one.",
        )
    if method is not SignInMethod.OIDC and await closed_to_passwords(session, [member]):
        raise single_sign_on_required()
    opening = Opening(
        person_id=person_id,
        organization=member.organization,
        user_id=member.user_id,
        method=method,
        has_second_factor=current.has_second_factor,
        requester=requester,
        browser=browser,
        expires_at=current.expires_at,
    )
    return await sessions.open_session(session, opening, now)
