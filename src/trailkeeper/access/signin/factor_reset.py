"""An administrator takes away the factors of somebody who lost them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.organizations import get_organization
from trailkeeper.access.people.editor import Editor
from trailkeeper.access.people.lock import lock_people
from trailkeeper.access.people.members import (
    check_may_change,
    get_member,
    memberships_of,
    record_member,
)
from trailkeeper.access.signin.factor_changes import email_of, lock_factors
from trailkeeper.access.signin.factor_mail import factors_reset_mail
from trailkeeper.access.signin.passkeys import remove_all_passkeys
from trailkeeper.access.signin.recovery import remove_codes
from trailkeeper.access.signin.sessions import end_sessions
from trailkeeper.access.signin.totp import remove_totp
from trailkeeper.errors import Conflict
from trailkeeper.outbound.jobs import mail_later
from trailkeeper.principal import Tenant


async def reset_factors(
    session: AsyncSession,
    tenant: Tenant,
    user_id: str,
    *,
    editor: Editor,
    public_url: str,
    now: datetime,
) -> str:
    """Removes all factors of a member and ends their sessions; returns the person's id.

    After the commit, their sessions are to be forgotten. Raises NotFound(USER_NOT_FOUND),
    Forbidden(PERMISSIONS_TOO_WIDE) for a member who may do more, Conflict: OWN_FACTORS,
    NO_SECOND_FACTOR, FACTORS_SHARED (the account is also another organization's door).
    """
    await lock_people(session, tenant)
    member = await get_member(session, tenant, user_id)
    await check_may_change(session, tenant, member, editor)
    if editor.principal is not None and editor.principal.user_id == user_id:
        raise Conflict(
            "OWN_FACTORS",
            "Your own factors are removed in your own settings, where you prove that it is you.",
            hint="Use DELETE /me/totp and DELETE /me/passkeys/{id}.",
        )
    factors = await lock_factors(session, member.person) if member.person else frozenset()
    if member.person is None or not factors:
        raise Conflict("NO_SECOND_FACTOR", "This user has no second factor.")
    if any(
        each.organization != tenant.organization
        for each in await memberships_of(session, member.person)
    ):
        raise Conflict(
            "FACTORS_SHARED",
            "This account signs in to other organizations too, which rely on its factors.",
            hint="The owner removes them, or disable the user here.",
        )
    await remove_totp(session, member.person)
    passkeys = await remove_all_passkeys(session, member.person)
    await remove_codes(session, member.person)
    ended = await end_sessions(session, member.person, now=now)
    details = {
        "methods": sorted(factors),
        "passkeys": list(passkeys),
        "is_reset": True,
        "sessions_ended": len(ended),
    }
    await record_member(
        session, tenant, editor, "TWO_FACTOR_DISABLE", member, now=now, details=details
    )
    organization = await get_organization(session, tenant.organization)
    mail = factors_reset_mail(
        await email_of(session, member.person),
        organization.name,
        public_url,
        editor.requester,
        now,
    )
    await mail_later(session, mail, now=now, organization=tenant.organization)
    return member.person
