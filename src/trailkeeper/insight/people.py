"""Power users, from the log; inactive members, from the directory."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.directory import stored_id
from trailkeeper.access.people.listing import DirectoryUser, to_user, users_by_id
from trailkeeper.access.people.members import MemberStatus
from trailkeeper.access.tables import NEVER, DirectoryRow
from trailkeeper.insight.active import HAS_USER
from trailkeeper.insight.counting import compared_sql
from trailkeeper.insight.period import Period
from trailkeeper.insight.schema import InactiveUser, PowerUser
from trailkeeper.principal import Tenant
from trailkeeper.search.ast import Filter, Like, Not, all_of
from trailkeeper.search.fields import FIELDS
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement

IS_PERSON: Final = all_of((HAS_USER, Not(Like(FIELDS["user_id"], ("api-key:", "")))))
"""What a key of Trailkeeper's did is no person's activity."""

DAY: Final = timedelta(days=1)


class UserCount(msgspec.Struct, frozen=True, array_like=True):
    user_id: str
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Inactive:
    """Who did not sign in lately; `users` is the beginning of a list of `count`."""

    users: list[InactiveUser]
    count: int
    never_count: int


async def read_busiest(
    engine: EventsEngine, period: Period, wanted: Filter, limit: int
) -> list[UserCount]:
    """The users with most events in the period."""
    binder = Binder()
    source_sql = compared_sql(period, all_of((IS_PERSON, wanted)), ("user_id",), binder)
    limit_sql = binder.bind(limit, "UInt64")
    statement = Statement(
        "SELECT toString(user_id) AS user, sumIf(events, is_now = 1) AS now_events,"
        " sumIf(events, is_now = 0) AS before_events"
        f" FROM ({source_sql}) GROUP BY user_id HAVING now_events > 0"
        f" ORDER BY now_events DESC, user LIMIT {limit_sql}",
        binder.parameters,
    )
    return await engine.rows(statement, UserCount)


async def name_users(
    session: AsyncSession, tenant: Tenant, user_ids: Collection[str]
) -> dict[str, DirectoryUser]:
    """What the directory knows of these ids, as events have them."""
    if not user_ids:
        return {}
    found = await users_by_id(session, tenant, {stored_id(each) for each in user_ids})
    return {
        user_id: found[stored_id(user_id)] for user_id in user_ids if stored_id(user_id) in found
    }


def to_power_user(counted: UserCount, known: DirectoryUser | None) -> PowerUser:
    return PowerUser(
        user_id=counted.user_id,
        name=(known.name or None) if known is not None else None,
        email=(known.user_email or None) if known is not None else None,
        count=counted.now,
        before=counted.before,
    )


async def read_inactive(
    session: AsyncSession, tenant: Tenant, days: int, now: datetime, limit: int
) -> Inactive:
    """Members without a sign-in for so many days: the longest first, then who never did.

    Members are those whom somebody added, invited or told of; who merely acted is none, and
    who was deleted is none any more.
    """
    is_member = DirectoryRow.member_text != ""
    is_kept = DirectoryRow.status != MemberStatus.DELETED
    has_signed_in = DirectoryRow.last_login_at != NEVER
    is_late = has_signed_in & (DirectoryRow.last_login_at < now - timedelta(days=days))
    late = await _some(session, tenant, is_member & is_kept & is_late, limit)
    never = await _some(session, tenant, is_member & is_kept & ~has_signed_in, limit - len(late))
    late_count = await _count(session, tenant, is_member & is_kept & is_late)
    never_count = await _count(session, tenant, is_member & is_kept & ~has_signed_in)
    return Inactive(
        [to_inactive(to_user(row), now) for row in (*late, *never)],
        late_count + never_count,
        never_count,
    )


def to_inactive(user: DirectoryUser, now: datetime) -> InactiveUser:
    last = user.last_login_at
    return InactiveUser(
        user_id=user.user_id,
        name=user.name or None,
        email=user.user_email or None,
        status=user.status,
        last_sign_in=last,
        days=(now - last) // DAY if last is not None else None,
    )


async def _some(
    session: AsyncSession, tenant: Tenant, is_wanted: ColumnElement[bool], limit: int
) -> list[DirectoryRow]:
    rows = await session.scalars(
        select(DirectoryRow)
        .where(tenant.owns(DirectoryRow.organization), is_wanted)
        .order_by(DirectoryRow.last_login_at, DirectoryRow.sort_name, DirectoryRow.user_id)
        .limit(limit)
    )
    return list(rows)


async def _count(session: AsyncSession, tenant: Tenant, is_wanted: ColumnElement[bool]) -> int:
    found = await session.scalar(
        select(func.count())
        .select_from(DirectoryRow)
        .where(tenant.owns(DirectoryRow.organization), is_wanted)
    )
    return int(found or 0)
