"""The directory's read side: everyone of an organization, searched, filtered and sorted."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Select, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.directory import storable
from trailkeeper.access.people.members import MemberStatus
from trailkeeper.access.tables import NEVER, NOT_YET, DirectoryRow
from trailkeeper.errors import BadRequest
from trailkeeper.principal import Tenant


class UserSort(StrEnum):
    """What the directory sorts by. Whom something never happened to comes after all others
    (`desc`) or before them (`asc`).
    """

    LAST_SEEN = "last_seen"
    LAST_LOGIN = "last_login"
    NAME = "name"
    EVENTS_30D = "events_30d"


class SortOrder(StrEnum):
    ASC = "asc"
    DESC = "desc"


@dataclass(frozen=True, slots=True)
class UserFilter:
    """Whom to list: everyone, unless told. Several roles or statuses are alternatives.

    `search` is a part of the name, the e-mail or the id, in any case.
    """

    search: str | None = None
    roles: frozenset[str] = frozenset()
    statuses: frozenset[MemberStatus] = frozenset()


@dataclass(frozen=True, slots=True)
class DirectoryUser:
    """A user of an organization: what members know, and what events showed.

    `name` and `user_email` are '' where unknown; moments are None where it never happened.
    """

    user_id: str
    name: str
    user_email: str
    role: str | None
    status: MemberStatus
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    last_login_at: datetime | None
    events: int
    failed_logins: int


class DirectoryPage(NamedTuple):
    """Users in the order asked for. `next_cursor` is None on the last page."""

    users: list[DirectoryUser]
    next_cursor: str | None


class Position(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    """Where a page ended: a name, a count, or a moment in RFC 3339.

    It names rows only within the tenant, so it needs no signature.
    """

    sort: UserSort
    order: SortOrder
    key: str | int
    user_id: str


KEY_COLUMNS: Final[dict[UserSort, Any]] = {
    UserSort.LAST_SEEN: DirectoryRow.last_seen_at,
    UserSort.LAST_LOGIN: DirectoryRow.last_login_at,
    UserSort.NAME: DirectoryRow.sort_name,
}
EVERYONE: Final = UserFilter()


async def list_directory(
    session: AsyncSession,
    tenant: Tenant,
    *,
    wanted: UserFilter = EVERYONE,
    sort: UserSort = UserSort.LAST_SEEN,
    order: SortOrder = SortOrder.DESC,
    limit: int = 100,
    cursor: str | None = None,
) -> DirectoryPage:
    """A page of users by what the directory itself knows; not by EVENTS_30D (`busiest`).

    Ties are broken by the id, in the same order. Raises BadRequest(INVALID_CURSOR).
    """
    column = KEY_COLUMNS[sort]
    place = tuple_(column, DirectoryRow.user_id)
    statement = select(DirectoryRow).where(tenant.owns(DirectoryRow.organization))
    statement = statement.where(*conditions(wanted))
    if cursor is not None:
        position = from_cursor(cursor, sort, order)
        key = position.key if sort is UserSort.NAME else datetime.fromisoformat(str(position.key))
        end = tuple_(key, position.user_id, types=[column.type, DirectoryRow.user_id.type])
        statement = statement.where(place > end if order is SortOrder.ASC else place < end)
    rows = list(await session.scalars(_ordered(statement, column, order).limit(limit + 1)))
    if len(rows) <= limit:
        return DirectoryPage([to_user(row) for row in rows], None)
    last = rows[limit - 1]
    key = last.sort_name if sort is UserSort.NAME else getattr(last, column.key).isoformat()
    end_of_page = Position(sort, order, key, last.user_id)
    return DirectoryPage([to_user(row) for row in rows[:limit]], to_cursor(end_of_page))


async def directory_user(
    session: AsyncSession, tenant: Tenant, user_id: str
) -> DirectoryUser | None:
    """One user, deleted or not; None where neither members nor events know the id."""
    if "\0" in user_id:
        return None
    row = await session.scalar(
        select(DirectoryRow).where(
            tenant.owns(DirectoryRow.organization), DirectoryRow.user_id == user_id
        )
    )
    return to_user(row) if row is not None else None


async def matching_ids(session: AsyncSession, tenant: Tenant, wanted: UserFilter) -> list[str]:
    """The ids of all users that are wanted, in no order."""
    return list(
        await session.scalars(
            select(DirectoryRow.user_id).where(
                tenant.owns(DirectoryRow.organization), *conditions(wanted)
            )
        )
    )


async def users_by_id(
    session: AsyncSession, tenant: Tenant, user_ids: Collection[str]
) -> dict[str, DirectoryUser]:
    rows = await session.scalars(
        select(DirectoryRow).where(
            tenant.owns(DirectoryRow.organization), DirectoryRow.user_id.in_(user_ids)
        )
    )
    return {row.user_id: to_user(row) for row in rows}


def conditions(wanted: UserFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.search:
        part = storable(wanted.search).casefold()
        found.append(
            or_(
                DirectoryRow.seen_text.contains(part, autoescape=True),
                DirectoryRow.member_text.contains(part, autoescape=True),
            )
        )
    if wanted.roles:
        roles = sorted(storable(role) for role in wanted.roles)
        found.append(DirectoryRow.role.in_(roles))
    if wanted.statuses:
        found.append(DirectoryRow.status.in_(sorted(wanted.statuses)))
    return found


def to_cursor(position: Position) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(position)).decode()


def from_cursor(cursor: str, sort: UserSort, order: SortOrder) -> Position:
    """Raises BadRequest(INVALID_CURSOR), also for a cursor of another order."""
    try:
        decoded = base64.b64decode(cursor, altchars=b"-_", validate=True)
        position: Position | None = msgspec.json.decode(decoded, type=Position)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        position = None
    if position is None or not _is_usable(position, sort, order):
        raise BadRequest(
            "INVALID_CURSOR",
            "This is not a cursor of the directory in this order.",
            hint="Pass `next_cursor` of the page before, unchanged, with the same `sort`.",
            field="cursor",
        )
    return position


def _is_usable(position: Position, sort: UserSort, order: SortOrder) -> bool:
    if (position.sort, position.order) != (sort, order) or "\0" in position.user_id:
        return False
    key = position.key
    if isinstance(key, int):
        return sort is UserSort.EVENTS_30D
    if sort is UserSort.NAME:
        return "\0" not in key
    return sort is not UserSort.EVENTS_30D and _is_moment(key)


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _ordered(
    statement: Select[DirectoryRow], column: Any, order: SortOrder
) -> Select[DirectoryRow]:
    if order is SortOrder.ASC:
        return statement.order_by(column, DirectoryRow.user_id)
    return statement.order_by(column.desc(), DirectoryRow.user_id.desc())


def to_user(row: DirectoryRow) -> DirectoryUser:
    return DirectoryUser(
        user_id=row.user_id,
        name=row.name,
        user_email=row.email or row.user_email,
        role=row.role,
        status=MemberStatus(row.status),
        first_seen_at=row.first_seen_at if row.first_seen_at != NOT_YET else None,
        last_seen_at=row.last_seen_at if row.last_seen_at != NEVER else None,
        last_login_at=row.last_login_at if row.last_login_at != NEVER else None,
        events=row.events,
        failed_logins=row.failed_logins,
    )
