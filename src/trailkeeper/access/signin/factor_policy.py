"""An organization's word on second factors: whether each member must have one, and from when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, exists, func, not_, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.people.lock import lock_people
from trailkeeper.access.people.members import MemberStatus
from trailkeeper.access.people.tables import MemberRow
from trailkeeper.access.signin.factors import ENROLLED, second_factors_of
from trailkeeper.access.signin.tables import PasskeyRow, TotpRow
from trailkeeper.access.tables import OrganizationRow
from trailkeeper.access.trail import Requester, record
from trailkeeper.errors import Conflict
from trailkeeper.principal import Tenant

MAX_GRACE_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class FactorPolicy:
    """From when a factor is required (None: not at all), and how many members lack one."""

    required_from: datetime | None
    members: int
    members_without: int


async def get_policy(session: AsyncSession, tenant: Tenant) -> FactorPolicy:
    """Counts the members who can sign in: the active ones."""
    required_from = await _required_from(session, tenant)
    members, without = (
        await session.execute(
            select(func.count(), func.count().filter(not_(_has_factor()))).where(
                tenant.owns(MemberRow.organization), MemberRow.status == MemberStatus.ACTIVE
            )
        )
    ).one()
    return FactorPolicy(required_from, members, without)


async def set_policy(
    session: AsyncSession,
    tenant: Tenant,
    requester: Requester,
    *,
    is_required: bool,
    grace: timedelta,
    now: datetime,
) -> FactorPolicy:
    """Requires a factor once the grace period is over, or no longer; recorded.

    What is required already starts at the new time, which may be later than the old one.
    """
    await lock_people(session, tenant)
    row = await session.scalar(
        select(OrganizationRow)
        .where(tenant.owns(OrganizationRow.id))
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise LookupError(f"there is no organization {tenant.organization}")
    before = row.second_factor_required_from
    row.second_factor_required_from = now + grace if is_required else None
    await session.flush()
    changes = {
        "second_factor_required_from": (
            _to_text(before),
            _to_text(row.second_factor_required_from),
        )
    }
    await record(
        session,
        tenant,
        requester,
        "UPDATE",
        now=now,
        resource_type="ORGANIZATION",
        resource_id=tenant.organization,
        resource_name=row.name,
        changes=changes,
    )
    return await get_policy(session, tenant)


async def check_may_lack(session: AsyncSession, person_id: str) -> None:
    """Whether a person may be left as they are now, maybe without a factor.

    To be asked after a removal, in its transaction. Raises Conflict(LAST_SECOND_FACTOR) where an
    organization of theirs requires one, also while its grace period lasts.
    """
    if await second_factors_of(session, person_id) & ENROLLED:
        return
    required_by = await session.scalar(
        select(OrganizationRow.name)  # tenant-scope: the person's own organizations
        .join(MemberRow, MemberRow.organization == OrganizationRow.id)
        .where(
            MemberRow.person == person_id,
            MemberRow.status == MemberStatus.ACTIVE,
            OrganizationRow.second_factor_required_from.is_not(None),
        )
        .limit(1)
    )
    if required_by is not None:
        raise Conflict(
            "LAST_SECOND_FACTOR",
            f"{required_by} requires a second factor, and this is your last one.",
            hint="Set up another one first, then remove this one.",
        )


async def _required_from(session: AsyncSession, tenant: Tenant) -> datetime | None:
    return await session.scalar(
        select(OrganizationRow.second_factor_required_from).where(tenant.owns(OrganizationRow.id))
    )


def _has_factor() -> ColumnElement[bool]:
    return exists().where(
        TotpRow.person == MemberRow.person, TotpRow.confirmed_at.is_not(None)
    ) | exists().where(PasskeyRow.person == MemberRow.person)


def _to_text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
