"""The directory's write side: whom the events showed, and what members know of them.

Reading is `people/listing.py`. A row has two halves with one writer each: the follower adds
sightings (`upsert_seen`), each change of a member writes what members know (`show_member`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import and_, case, func
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.tables import NEVER, NOT_YET, SORT_NAME_LENGTH, DirectoryRow
from trailkeeper.event import OrganizationId
from trailkeeper.store.base import insert_into

CHUNK_ROWS: Final = 1000
MAX_ID_BYTES: Final = 500
"""PostgreSQL indexes at most some 2,700 bytes of a row; ids are hardly ever longer than 100."""
OBSERVED: Final = "observed"


class SeenUser(msgspec.Struct, frozen=True, array_like=True):
    """A user as seen in some events, or in all so far. Moments are the events' own.

    `user_email` is that of the newest event that had one, at `email_seen_at`; '' and None
    where none had.
    """

    organization: OrganizationId
    user_id: str
    user_email: str
    email_seen_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime
    last_login_at: datetime | None
    events: int
    failed_logins: int

    def with_more(self, more: SeenUser) -> SeenUser:
        """Both sightings of one user as one."""
        logins = [each for each in (self.last_login_at, more.last_login_at) if each is not None]
        is_newer = (more.email_seen_at or NEVER) >= (self.email_seen_at or NEVER)
        named = more if is_newer and more.user_email else self
        return SeenUser(
            organization=self.organization,
            user_id=self.user_id,
            user_email=named.user_email,
            email_seen_at=named.email_seen_at,
            first_seen_at=min(self.first_seen_at, more.first_seen_at),
            last_seen_at=max(self.last_seen_at, more.last_seen_at),
            last_login_at=max(logins, default=None),
            events=self.events + more.events,
            failed_logins=self.failed_logins + more.failed_logins,
        )


class ShownMember(msgspec.Struct, frozen=True):
    """What members know of a user: the half of a directory row that events do not tell."""

    organization: OrganizationId
    user_id: str
    name: str
    email: str
    role: str | None
    status: str


async def upsert_seen(session: AsyncSession, seen: Iterable[SeenUser]) -> None:
    """Adds sightings to the directory, in the caller's transaction.

    MUST run in the transaction that saves the follower's place: counts are added, so the
    same events must not be counted twice. Sightings of one user may come in several parts.
    """
    merged: dict[tuple[str, str], SeenUser] = {}
    for each in seen:
        user = msgspec.structs.replace(
            each, user_id=stored_id(each.user_id), user_email=storable(each.user_email)
        )
        key = (user.organization, user.user_id)
        merged[key] = merged[key].with_more(user) if key in merged else user
    # Always in one order, so that two transactions cannot wait for each other's rows.
    rows = [_seen_values(merged[key]) for key in sorted(merged)]
    for start in range(0, len(rows), CHUNK_ROWS):
        await _upsert_seen(session, rows[start : start + CHUNK_ROWS])


async def show_members(session: AsyncSession, members: Sequence[ShownMember]) -> None:
    """Writes what members know, in the transaction that changed them."""
    if not members:
        return
    insert = insert_into(session, DirectoryRow)
    written = ("name", "email", "role", "status", "member_text")
    # Without a name of their own, a user sorts under the e-mail or the id that events told.
    seen_name = func.substr(func.lower(DirectoryRow.user_email), 1, SORT_NAME_LENGTH)
    sort_name = case(
        (insert.excluded.member_text != "\n", insert.excluded.sort_name),
        (DirectoryRow.user_email != "", seen_name),
        else_=insert.excluded.sort_name,
    )
    await session.execute(
        insert.on_conflict_do_update(
            index_elements=[DirectoryRow.organization, DirectoryRow.user_id],
            set_={name: insert.excluded[name] for name in written} | {"sort_name": sort_name},
        ),
        [_member_values(member) for member in sorted(members, key=lambda each: each.user_id)],
    )


def stored_id(user_id: str) -> str:
    """The id as the directory keeps it: itself, unless too long to be indexed or not text.

    A longer one is cut and ends in its SHA-256, so that different ids stay different.
    """
    clean = storable(user_id)
    encoded = clean.encode()
    if len(encoded) <= MAX_ID_BYTES and clean == user_id:
        return user_id
    digest = hashlib.sha256(user_id.encode()).hexdigest()
    kept = encoded[: MAX_ID_BYTES - len(digest) - 1].decode(errors="ignore")
    return f"{kept}~{digest}"


def storable(text: str) -> str:
    """PostgreSQL has no NUL in its texts."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


async def _upsert_seen(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    # One statement for each row, run many times: as one statement of many rows it would be
    # put together anew each time, which takes longer than running it.
    insert = insert_into(session, DirectoryRow)
    new, old = insert.excluded, DirectoryRow
    is_later = new.last_seen_at > old.last_seen_at
    takes_email = and_(new.user_email != "", new.email_seen_at >= old.email_seen_at)
    takes_login = new.last_login_at > old.last_login_at
    is_earlier = new.first_seen_at < old.first_seen_at
    sorts_anew = and_(takes_email, old.name == "", old.email == "")
    await session.execute(
        insert.on_conflict_do_update(
            index_elements=[old.organization, old.user_id],
            set_={
                "user_email": case((takes_email, new.user_email), else_=old.user_email),
                "email_seen_at": case((takes_email, new.email_seen_at), else_=old.email_seen_at),
                "seen_text": case((takes_email, new.seen_text), else_=old.seen_text),
                "sort_name": case((sorts_anew, new.sort_name), else_=old.sort_name),
                "first_seen_at": case((is_earlier, new.first_seen_at), else_=old.first_seen_at),
                "last_seen_at": case((is_later, new.last_seen_at), else_=old.last_seen_at),
                "last_login_at": case((takes_login, new.last_login_at), else_=old.last_login_at),
                "events": old.events + new.events,
                "failed_logins": old.failed_logins + new.failed_logins,
            },
        ),
        rows,
    )


def _seen_values(user: SeenUser) -> dict[str, Any]:
    return {
        "organization": user.organization,
        "user_id": user.user_id,
        "user_email": user.user_email,
        "email_seen_at": user.email_seen_at or NEVER,
        "first_seen_at": user.first_seen_at,
        "last_seen_at": user.last_seen_at,
        "last_login_at": user.last_login_at or NEVER,
        "events": user.events,
        "failed_logins": user.failed_logins,
        "name": "",
        "email": "",
        "role": None,
        "status": OBSERVED,
        "sort_name": _sort_name(user.user_email or user.user_id),
        "seen_text": f"{user.user_id}\n{user.user_email}".casefold(),
        "member_text": "",
    }


def _member_values(member: ShownMember) -> dict[str, Any]:
    return {
        "organization": member.organization,
        "user_id": member.user_id,
        "user_email": "",
        "email_seen_at": NEVER,
        "first_seen_at": NOT_YET,
        "last_seen_at": NEVER,
        "last_login_at": NEVER,
        "events": 0,
        "failed_logins": 0,
        "name": member.name,
        "email": member.email,
        "role": member.role,
        "status": member.status,
        "sort_name": _sort_name(member.name or member.email or member.user_id),
        "seen_text": f"{member.user_id}\n".casefold(),
        "member_text": f"{member.name}\n{member.email}".casefold(),
    }


def _sort_name(text: str) -> str:
    return text.casefold()[:SORT_NAME_LENGTH]
