"""Failed sign-ins, on the record of the organizations that they were about.

The request leaves a job in any case, whether the account exists or not, so that it takes the
same steps and the same time; whom it was about is found out here, afterwards.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.people.members import Member, MemberStatus, find_person, memberships_of
from trailkeeper.access.tables import OrganizationRow
from trailkeeper.access.trail import Requester, record
from trailkeeper.event import OrganizationId, Source, Status
from trailkeeper.principal import system_tenant
from trailkeeper.store.jobs import Job, enqueue

SIGN_IN_FAILED: Final = "sign_in_failed"
MAX_EMAIL_LENGTH: Final = 320
ALL_STATUSES: Final = frozenset(MemberStatus)


class Reason(StrEnum):
    """Why a sign-in failed, as the record says; the one who tried is not told."""

    UNKNOWN_ACCOUNT = "unknown_account"
    WRONG_PASSWORD = "wrong_password"
    NO_ACTIVE_MEMBERSHIP = "no_active_membership"
    NOT_A_MEMBER = "not_a_member"
    SINGLE_SIGN_ON_REQUIRED = "single_sign_on_required"


class FailedSignIn(msgspec.Struct, frozen=True, kw_only=True):
    """What was tried. `organization` is the one that was asked for, if any."""

    attempted: str
    reason: Reason
    method: str
    organization: str | None
    address: str | None
    user_agent: str

    def requester(self) -> Requester:
        """From where; the attempted address is the subject and never the actor."""
        return Requester(address=self.address, user_agent=self.user_agent, source=Source.UI)


def failed_sign_in(
    email: str, reason: Reason, method: str, organization: str | None, requester: Requester
) -> FailedSignIn:
    return FailedSignIn(
        attempted="".join(each for each in email if each.isprintable())[:MAX_EMAIL_LENGTH],
        reason=reason,
        method=method,
        organization=organization,
        address=requester.address,
        user_agent=requester.user_agent,
    )


async def note_failure(session: AsyncSession, failure: FailedSignIn, now: datetime) -> None:
    """Leaves the job, in the caller's transaction."""
    await enqueue(session, SIGN_IN_FAILED, msgspec.to_builtins(failure), now=now)


async def record_failure(session: AsyncSession, job: Job) -> None:
    """Does the job: LOGIN_FAILED wherever the account belongs, at the time of the try."""
    failure = msgspec.convert(job.payload, FailedSignIn)
    for organization, member in await _concerned(session, failure):
        await record(
            session,
            system_tenant(organization),
            failure.requester(),
            "LOGIN_FAILED",
            now=job.created_at,
            resource_type="USER",
            resource_id=member.user_id if member else "",
            resource_name=member.name if member else "",
            status=Status.FAILED,
            details={
                "reason": failure.reason,
                "attempted": failure.attempted,
                "method": failure.method,
            },
        )


async def _concerned(
    session: AsyncSession, failure: FailedSignIn
) -> list[tuple[OrganizationId, Member | None]]:
    """The account's organizations, or the one asked for; without an account that one, or the
    only one there is: several have nothing to do with an address that nobody knows."""
    person = await find_person(session, failure.attempted)
    members = await memberships_of(session, person.id, ALL_STATUSES) if person else []
    meant = [each for each in members if each.organization == failure.organization]
    if members:
        return [(each.organization, each) for each in meant or members]
    known = list(await session.scalars(select(OrganizationRow.id).limit(2)))
    if failure.organization is not None:
        known = list(
            await session.scalars(
                select(OrganizationRow.id).where(OrganizationRow.id == failure.organization)
            )
        )
    return [(OrganizationId(known[0]), None)] if len(known) == 1 else []
