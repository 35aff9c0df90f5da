"""The directory: every user the events showed, when they were seen, and how often."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.tables import DirectoryRow
from trailkeeper.errors import BadRequest
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Tenant
from trailkeeper.store.base import insert_into

CHUNK_ROWS: Final = 1000
MAX_ID_BYTES: Final = 500
"""PostgreSQL indexes at most some 2,700 bytes of a row; ids are hardly ever longer than 100."""


@dataclass(frozen=True, slots=True)
class SeenUser:
    """A user as seen in some events, or in all so far. Moments are the events' own.

    `user_email` is that of the latest sighting, '' where it had none; a sighting without one
    does not clear it.
    """

    organization: OrganizationId
    user_id: str
    user_email: str
    first_seen_at: datetime
    last_seen_at: datetime
    last_login_at: datetime | None
    events: int
    failed_logins: int

    def with_more(self, more: SeenUser) -> SeenUser:
        """Both sightings of one user as one."""
        logins = [each for each in (self.last_login_at, more.last_login_at) if each is not None]
        later, earlier = (more, self) if more.last_seen_at >= self.last_seen_at else (self, more)
        return replace(
            self,
            user_email=later.user_email or earlier.user_email,
            first_seen_at=min(self.first_seen_at, more.first_seen_at),
            last_seen_at=later.last_seen_at,
            last_login_at=max(logins, default=None),
            events=self.events + more.events,
            failed_logins=self.failed_logins + more.failed_logins,
        )


class DirectoryPage(NamedTuple):
    """Users, the last seen first. `next_cursor` is None on the last page."""

    users: list[SeenUser]
    next_cursor: str | None


async def upsert_seen(session: AsyncSession, seen: Iterable[SeenUser]) -> None:
    """Adds sightings to the directory, in the caller's transaction.

    MUST run in the transaction that saves the follower's place: counts are added, so the
    same events must not be counted twice. Sightings of one user may come in several parts.
    """
    merged: dict[tuple[str, str], SeenUser] = {}
    for user in seen:
        user = replace(user, user_id=stored_id(user.user_id), user_email=_storable(user.user_email))
        key = (user.organization, user.user_id)
        merged[key] = merged[key].with_more(user) if key in merged else user
    # Always in one order, so that two transactions cannot wait for each other's rows.
    rows = [_values(merged[key]) for key in sorted(merged)]
    for start in range(0, len(rows), CHUNK_ROWS):
        await _upsert(session, rows[start : start + CHUNK_ROWS])


async def list_directory(
    session: AsyncSession,
    tenant: Tenant,
    *,
    search: str | None = None,
    limit: int = 100,
    cursor: str | None = None,
) -> DirectoryPage:
    """A page of users; `search` is a part of their id or e-mail, in any case.

    Raises BadRequest(INVALID_CURSOR).
    """
    statement = select(DirectoryRow).where(tenant.owns(DirectoryRow.organization))
    if search:
        part = _storable(search)
        statement = statement.where(
            or_(
                DirectoryRow.user_id.icontains(part, autoescape=True),
                DirectoryRow.user_email.icontains(part, autoescape=True),
            )
        )
    if cursor is not None:
        statement = statement.where(_after(_from_cursor(cursor)))
    rows = list(
        await session.scalars(
            statement.order_by(DirectoryRow.last_seen_at.desc(), DirectoryRow.user_id).limit(
                limit + 1
            )
        )
    )
    users = [_to_user(row) for row in rows[:limit]]
    return DirectoryPage(users, _to_cursor(users[-1]) if len(rows) > limit else None)


def stored_id(user_id: str) -> str:
    """The id as the directory keeps it: itself, unless too long to be indexed or not text.

    A longer one is cut and ends in its SHA-256, so that different ids stay different.
    """
    clean = _storable(user_id)
    encoded = clean.encode()
    if len(encoded) <= MAX_ID_BYTES and clean == user_id:
        return user_id
    digest = hashlib.sha256(user_id.encode()).hexdigest()
    kept = encoded[: MAX_ID_BYTES - len(digest) - 1].decode(errors="ignore")
    return f"{kept}~{digest}"


def _storable(text: str) -> str:
    """PostgreSQL has no NUL in its texts."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


async def _upsert(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    # One statement for each row, run many times: as one statement of many rows it would be
    # put together anew each time, which takes longer than running it.
    insert = insert_into(session, DirectoryRow)
    new, old = insert.excluded, DirectoryRow
    is_later = new.last_seen_at >= old.last_seen_at
    takes_email = and_(new.user_email != "", or_(is_later, old.user_email == ""))
    takes_login = or_(old.last_login_at.is_(None), new.last_login_at > old.last_login_at)
    is_earlier = new.first_seen_at < old.first_seen_at
    await session.execute(
        insert.on_conflict_do_update(
            index_elements=[old.organization, old.user_id],
            set_={
                "user_email": case((takes_email, new.user_email), else_=old.user_email),
                "first_seen_at": case((is_earlier, new.first_seen_at), else_=old.first_seen_at),
                "last_seen_at": case((is_later, new.last_seen_at), else_=old.last_seen_at),
                "last_login_at": case((takes_login, new.last_login_at), else_=old.last_login_at),
                "events": old.events + new.events,
                "failed_logins": old.failed_logins + new.failed_logins,
            },
        ),
        rows,
    )


def _values(user: SeenUser) -> dict[str, Any]:
    return {
        "organization": user.organization,
        "user_id": user.user_id,
        "user_email": user.user_email,
        "first_seen_at": user.first_seen_at,
        "last_seen_at": user.last_seen_at,
        "last_login_at": user.last_login_at,
        "events": user.events,
        "failed_logins": user.failed_logins,
    }


def _to_user(row: DirectoryRow) -> SeenUser:
    return SeenUser(
        organization=OrganizationId(row.organization),
        user_id=row.user_id,
        user_email=row.user_email,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        last_login_at=row.last_login_at,
        events=row.events,
        failed_logins=row.failed_logins,
    )


class _Position(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """Where a page ended. It names rows only within the tenant, so it needs no signature."""

    last_seen_at: datetime
    user_id: str


def _after(position: _Position) -> ColumnElement[bool]:
    return or_(
        DirectoryRow.last_seen_at < position.last_seen_at,
        and_(
            DirectoryRow.last_seen_at == position.last_seen_at,
            DirectoryRow.user_id > position.user_id,
        ),
    )


def _to_cursor(user: SeenUser) -> str:
    position = msgspec.json.encode(_Position(user.last_seen_at, user.user_id))
    return base64.urlsafe_b64encode(position).decode()


def _from_cursor(cursor: str) -> _Position:
    try:
        decoded = base64.b64decode(cursor, altchars=b"-_", validate=True)
        position = msgspec.json.decode(decoded, type=_Position)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        position = None
    if position is None or position.last_seen_at.tzinfo is None or "\0" in position.user_id:
        raise BadRequest(
            "INVALID_CURSOR",
            "This is not a cursor of the directory.",
            hint="Pass `next_cursor` of the page before, unchanged.",
            field="cursor",
        )
    return position
