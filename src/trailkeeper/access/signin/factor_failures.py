"""Sign-ins that failed after it was known whose account they were about, on the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.people.members import memberships_of
from trailkeeper.access.signin.factor_changes import email_of
from trailkeeper.access.signin.factor_mail import copied_passkey_mail, wrong_codes_mail
from trailkeeper.access.signin.failures import ALL_STATUSES
from trailkeeper.access.signin.passkeys import Passkey
from trailkeeper.access.trail import Requester, record
from trailkeeper.event import Status
from trailkeeper.outbound.jobs import mail_later
from trailkeeper.principal import system_tenant

A_DAY: Final = "%Y-%m-%d"
"""The owner is told of one thing once a day, however often it happens."""


async def record_failed(
    session: AsyncSession,
    person_id: str,
    organization: str | None,
    *,
    reason: str,
    method: str,
    requester: Requester,
    now: datetime,
) -> None:
    """LOGIN_FAILED in the organization that was asked for, or in all of the person's.

    Nobody is its actor: whoever tried has not shown who they are.
    """
    attempted = await email_of(session, person_id)
    members = await memberships_of(session, person_id, ALL_STATUSES)
    meant = [each for each in members if each.organization == organization]
    for member in meant or members:
        await record(
            session,
            system_tenant(member.organization),
            replace(requester, user_id="", email=""),
            "LOGIN_FAILED",
            now=now,
            resource_type="USER",
            resource_id=member.user_id,
            resource_name=member.name,
            status=Status.FAILED,
            details={"reason": reason, "attempted": attempted, "method": method},
        )


async def warn_of_copy(
    session: AsyncSession, passkey: Passkey, public_url: str, requester: Requester, now: datetime
) -> None:
    """Tells the owner that there may be two of their authenticator."""
    email = await email_of(session, passkey.person)
    mail = copied_passkey_mail(email, passkey.name, public_url, requester, now)
    key = f"copied_passkey:{passkey.id}:{now.strftime(A_DAY)}"
    await mail_later(session, mail, now=now, dedupe_key=key)


async def warn_of_wrong_codes(
    session: AsyncSession, person_id: str, public_url: str, requester: Requester, now: datetime
) -> None:
    """Tells the owner that somebody passed the first step and stopped at the second."""
    mail = wrong_codes_mail(await email_of(session, person_id), public_url, requester, now)
    key = f"wrong_codes:{person_id}:{now.strftime(A_DAY)}"
    await mail_later(session, mail, now=now, dedupe_key=key)
