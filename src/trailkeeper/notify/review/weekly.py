"""Sends each organization's review on Monday morning, once, to those who chose it.

The row that says a week was reviewed is written in the transaction that queues its mails: a
crash in between loses neither, and no week is told twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.organizations import Organization, list_organizations
from trailkeeper.access.people.members import MemberStatus
from trailkeeper.access.people.roles import list_roles
from trailkeeper.access.people.tables import MemberRow
from trailkeeper.notify.review.facts import Health, Reviewer
from trailkeeper.notify.review.letter import review_mail
from trailkeeper.notify.review.tables import ReviewReaderRow, ReviewRow
from trailkeeper.outbound.jobs import mail_later
from trailkeeper.principal import Permission, Tenant, system_tenant
from trailkeeper.store.base import insert_into
from trailkeeper.store.metadata import Metadata

SENT_FROM_HOUR: Final = 7
"""In the organization's zone."""
WEEK: Final = timedelta(days=7)
NEEDED: Final = frozenset({Permission.USER_VIEW, Permission.DETECTION_VIEW})
KEPT: Final = timedelta(days=370)

HealthOf = Callable[[], Awaitable[Health]]


@dataclass(frozen=True, slots=True)
class WeeklyReviews:
    """`health_of` tells how retention stands, which is another room's to know."""

    metadata: Metadata
    reviewer: Reviewer
    health_of: HealthOf
    public_url: str
    clock: Callable[[], datetime]

    async def send_due(self) -> int:
        """Queues the mails that are due and returns how many. Raises Unavailable."""
        now = self.clock()
        async with self.metadata.reading() as session:
            organizations = await list_organizations(session)
        return sum([await self._send_if_due(each, now) for each in organizations])

    async def _send_if_due(self, organization: Organization, now: datetime) -> int:
        zone = ZoneInfo(organization.time_zone)
        monday = due_monday(now, zone)
        morning = datetime.combine(monday, time(SENT_FROM_HOUR), zone)
        tenant = system_tenant(organization.id)
        async with self.metadata.reading() as session:
            is_written = await _is_written(session, tenant, monday)
            readers = [] if is_written else await readers_of(session, tenant, morning)
        if is_written or not readers:
            return 0
        start, end = week_before(monday, zone)
        review = await self.reviewer.review(tenant, start, end, await self.health_of())
        async with self.metadata.transaction() as session:
            inserted = await session.execute(
                insert_into(session, ReviewRow)
                .values(
                    organization=organization.id,
                    monday=monday,
                    mails=len(readers),
                    written_at=now,
                )
                .on_conflict_do_nothing()
                .returning(ReviewRow.monday)
            )
            if inserted.scalar_one_or_none() is None:
                return 0
            for email in readers:
                mail = review_mail(email, organization.name, review, self.public_url)
                await mail_later(session, mail, now=now, organization=organization.id)
        return len(readers)


async def _is_written(session: AsyncSession, tenant: Tenant, monday: date) -> bool:
    found = await session.scalar(
        select(ReviewRow.monday).where(
            tenant.owns(ReviewRow.organization), ReviewRow.monday == monday
        )
    )
    return found is not None


def due_monday(now: datetime, zone: ZoneInfo) -> date:
    """The latest Monday whose morning has come; later in the week it is still that one."""
    local = now.astimezone(zone) - timedelta(hours=SENT_FROM_HOUR)
    return local.date() - timedelta(days=local.weekday())


def week_before(monday: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Seven days of the calendar: an hour more or less where clocks change."""
    end = datetime.combine(monday, datetime.min.time(), zone)
    return datetime.combine(monday - WEEK, datetime.min.time(), zone), end


async def readers_of(session: AsyncSession, tenant: Tenant, upto: datetime) -> list[str]:
    """Addresses of those who chose the review up to a moment and may see what it tells, now."""
    roles = {each.name: each.permissions for each in await list_roles(session, tenant)}
    rows = await session.execute(
        select(MemberRow.email, MemberRow.role)
        .join(
            ReviewReaderRow,
            (ReviewReaderRow.organization == MemberRow.organization)
            & (ReviewReaderRow.user_id == MemberRow.user_id),
        )
        .where(
            tenant.owns(MemberRow.organization),
            MemberRow.status == MemberStatus.ACTIVE,
            MemberRow.email != "",
            ReviewReaderRow.chosen_at <= upto,
        )
        .order_by(MemberRow.user_id)
    )
    return [email for email, role in rows if roles.get(role or "", frozenset()) >= NEEDED]


async def is_reader(session: AsyncSession, tenant: Tenant, user_id: str) -> bool:
    found = await session.scalar(
        select(ReviewReaderRow.user_id).where(
            tenant.owns(ReviewReaderRow.organization), ReviewReaderRow.user_id == user_id
        )
    )
    return found is not None


async def choose(
    session: AsyncSession, tenant: Tenant, user_id: str, now: datetime, *, is_chosen: bool
) -> bool:
    """Whether that changed anything."""
    if await is_reader(session, tenant, user_id) == is_chosen:
        return False
    if is_chosen:
        session.add(
            ReviewReaderRow(organization=tenant.organization, user_id=user_id, chosen_at=now)
        )
    else:
        await session.execute(
            delete(ReviewReaderRow).where(
                tenant.owns(ReviewReaderRow.organization), ReviewReaderRow.user_id == user_id
            )
        )
    return True


async def forget_old_reviews(session: AsyncSession, now: datetime) -> None:
    """Housekeeping: rows that no week can meet again."""
    await session.execute(
        delete(ReviewRow).where(ReviewRow.written_at < now - KEPT)  # tenant-scope: all of them
    )
