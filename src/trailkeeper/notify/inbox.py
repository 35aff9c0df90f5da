"""Each person's inbox: what was told to them in the product itself."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import func, select, tuple_, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.errors import BadRequest, NotFound
from trailkeeper.event import OrganizationId
from trailkeeper.notify.alert import AlertKind, Severity
from trailkeeper.notify.tables import NotificationRow
from trailkeeper.principal import Tenant

LARGEST_ID: Final = 2**53
_ID: Final = re.compile(r"[1-9][0-9]{0,15}")


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What an inbox shows of an alert.

    `folded` are the detections that share the line, each with what it says; one line of several
    has no `detection_id`.
    """

    title: str
    what: AlertKind
    severity: Severity
    detection_id: str
    rule_id: str
    rule_title: str
    group: str
    count: int
    reasons: list[str]
    link: str
    folded: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Notification:
    """One line of one person's inbox. `id` grows with time, within all inboxes."""

    id: int
    organization: OrganizationId
    user_id: str
    content: Content
    is_read: bool
    created_at: datetime


class InboxPage(NamedTuple):
    """Unread ones first, each part the newest first. `next_cursor` is None on the last page."""

    items: list[Notification]
    unread: int
    next_cursor: str | None


class Place(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    is_read: bool
    id: int


async def read_inbox(
    session: AsyncSession,
    tenant: Tenant,
    user_id: str,
    *,
    limit: int,
    cursor: str | None = None,
    unread_only: bool = False,
) -> InboxPage:
    """Raises BadRequest(INVALID_CURSOR)."""
    statement = select(NotificationRow).where(
        tenant.owns(NotificationRow.organization), NotificationRow.user_id == user_id
    )
    if unread_only:
        statement = statement.where(NotificationRow.is_read.is_(False))
    if cursor is not None:
        place = _from_cursor(cursor)
        after = tuple_(NotificationRow.is_read, -NotificationRow.id)
        types = [NotificationRow.is_read.type, NotificationRow.id.type]
        statement = statement.where(after > tuple_(place.is_read, -place.id, types=types))
    rows = list(
        await session.scalars(
            statement.order_by(NotificationRow.is_read, NotificationRow.id.desc()).limit(limit + 1)
        )
    )
    items = [to_notification(row) for row in rows[:limit]]
    following = None
    if len(rows) > limit:
        following = _to_cursor(Place(items[-1].is_read, items[-1].id))
    return InboxPage(items, await count_unread(session, tenant, user_id), following)


async def count_unread(session: AsyncSession, tenant: Tenant, user_id: str) -> int:
    count = await session.scalar(
        select(func.count())
        .select_from(NotificationRow)
        .where(
            tenant.owns(NotificationRow.organization),
            NotificationRow.user_id == user_id,
            NotificationRow.is_read.is_(False),
        )
    )
    return count or 0


async def mark_read(
    session: AsyncSession, tenant: Tenant, user_id: str, notification_id: str, now: datetime
) -> Notification:
    """Raises NotFound(NOTIFICATION_NOT_FOUND), also for another person's."""
    row = None
    if _ID.fullmatch(notification_id):
        row = await session.scalar(
            select(NotificationRow).where(
                tenant.owns(NotificationRow.organization),
                NotificationRow.user_id == user_id,
                NotificationRow.id == int(notification_id),
            )
        )
    if row is None:
        raise NotFound("NOTIFICATION_NOT_FOUND", "There is no such notification of yours.")
    if not row.is_read:
        row.is_read, row.read_at = True, now
    return to_notification(row)


async def mark_all_read(session: AsyncSession, tenant: Tenant, user_id: str, now: datetime) -> int:
    """Returns how many were unread."""
    result = await session.execute(
        update(NotificationRow)
        .where(
            tenant.owns(NotificationRow.organization),
            NotificationRow.user_id == user_id,
            NotificationRow.is_read.is_(False),
        )
        .values(is_read=True, read_at=now)
    )
    return result.rowcount if isinstance(result, CursorResult) else 0


def to_notification(row: NotificationRow) -> Notification:
    return Notification(
        id=row.id,
        organization=OrganizationId(row.organization),
        user_id=row.user_id,
        content=msgspec.convert(row.content, Content),
        is_read=row.is_read,
        created_at=row.created_at,
    )


def _to_cursor(place: Place) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode()


def _from_cursor(cursor: str) -> Place:
    """It names rows only within one person's inbox, so it needs no signature."""
    try:
        decoded = base64.b64decode(cursor, altchars=b"-_", validate=True)
        place = msgspec.json.decode(decoded, type=Place)
        is_usable = 0 < place.id <= LARGEST_ID
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        is_usable = False
    if not is_usable:
        raise BadRequest(
            "INVALID_CURSOR",
            "This is not a cursor of an inbox.",
            hint="Pass `next_cursor` of the page before, unchanged.",
            field="cursor",
        )
    return place
