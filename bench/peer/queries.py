"""The peer's SQL, through SQLAlchemy Core."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, distinct, func, or_, select, tuple_

from bench.peer.tables import COLUMNS, AuditLog

ROW = tuple(AuditLog.__table__.c[name] for name in COLUMNS)
TEXTS = (
    AuditLog.id,
    AuditLog.resource_id,
    AuditLog.resource_name,
    AuditLog.user_id,
    AuditLog.user_email,
    AuditLog.on_behalf_of,
    cast(AuditLog.details, Text),
)
LIKE_ESCAPES = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


@dataclass(frozen=True, slots=True)
class Filters:
    """What the query string may narrow by."""

    action: str | None = None
    resource_type: str | None = None
    resource_id: str | None = None
    user_id: str | None = None
    user_email: str | None = None
    status: str | None = None
    start_date: datetime | None = None
    end_date: datetime | None = None
    q: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        equal = {
            AuditLog.action: self.action,
            AuditLog.resource_type: self.resource_type,
            AuditLog.resource_id: self.resource_id,
            AuditLog.user_id: self.user_id,
            AuditLog.user_email: self.user_email,
            AuditLog.status: self.status,
        }
        wanted: list[ColumnElement[bool]] = [
            column == value for column, value in equal.items() if value is not None
        ]
        if self.start_date is not None:
            wanted.append(AuditLog.timestamp >= self.start_date)
        if self.end_date is not None:
            wanted.append(AuditLog.timestamp <= self.end_date)
        if self.q is not None:
            pattern = f"%{self.q.translate(LIKE_ESCAPES)}%"
            wanted.append(or_(*(column.ilike(pattern, escape="\\") for column in TEXTS)))
        return wanted


def to_cursor(timestamp: datetime, event_id: str) -> str:
    return base64.urlsafe_b64encode(f"{timestamp.isoformat()}|{event_id}".encode()).decode()


def from_cursor(cursor: str) -> tuple[datetime, str]:
    """Raises ValueError for what `to_cursor` did not write."""
    try:
        timestamp, _, event_id = base64.urlsafe_b64decode(cursor).decode().partition("|")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("not a cursor") from error
    return datetime.fromisoformat(timestamp), event_id


def page(filters: Filters, limit: int, offset: int, cursor: str | None) -> Select[Any]:
    """Newest first; `id` breaks ties."""
    statement = (
        select(*ROW)
        .where(*filters.conditions())
        .order_by(AuditLog.timestamp.desc(), AuditLog.id.desc())
        .limit(limit)
    )
    if cursor is not None:
        timestamp, event_id = from_cursor(cursor)
        place = tuple_(AuditLog.timestamp, AuditLog.id)
        statement = statement.where(place < tuple_(timestamp, event_id))
    return statement.offset(offset) if offset else statement


def export(filters: Filters) -> Select[Any]:
    return select(*ROW).where(*filters.conditions()).order_by(AuditLog.timestamp.desc())


def counts_by_action(filters: Filters) -> Select[str, int]:
    return (
        select(AuditLog.action, func.count()).where(*filters.conditions()).group_by(AuditLog.action)
    )


def hourly(filters: Filters) -> Select[datetime, int]:
    hour = func.date_trunc("hour", AuditLog.timestamp).label("hour")
    return select(hour, func.count()).where(*filters.conditions()).group_by(hour).order_by(hour)


def distinct_users(filters: Filters) -> Select[int]:
    """A count over DISTINCT rows: PostgreSQL 15 hashes it, and would sort COUNT(DISTINCT …)."""
    users = (
        select(distinct(AuditLog.user_id))
        .where(*filters.conditions(), AuditLog.user_id.is_not(None))
        .subquery()
    )
    return select(func.count()).select_from(users)
