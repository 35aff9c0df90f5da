"""One-time links: set-up, invitation, password reset.

A link carries a token behind the `#` of its address, so that it reaches no log, proxy or
referrer. Only the token's hash is kept. Of two who come with the same token, one gets in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import and_, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.people.tables import LinkRow
from trailkeeper.access.tokens import hash_token, new_token
from trailkeeper.errors import NotFound

KEPT_AFTER_EXPIRY: Final = timedelta(days=30)


class LinkPurpose(StrEnum):
    SETUP = "setup"
    INVITATION = "invitation"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Link:
    """What a link is good for. `email` is in lower case."""

    purpose: LinkPurpose
    organization: str | None
    user_id: str | None
    person: str | None
    email: str
    payload: Mapping[str, Any]
    created_at: datetime
    expires_at: datetime


async def issue_link(
    session: AsyncSession,
    purpose: LinkPurpose,
    *,
    lifetime: timedelta,
    now: datetime,
    organization: str | None = None,
    user_id: str | None = None,
    person: str | None = None,
    email: str = "",
    payload: Mapping[str, Any] | None = None,
) -> str:
    """The link's token, to be mailed or printed once. It is not known again afterwards."""
    token = new_token()
    session.add(
        LinkRow(
            token_hash=hash_token(token),
            purpose=purpose,
            organization=organization,
            user_id=user_id,
            person=person,
            email=email.lower(),
            payload=dict(payload or {}),
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    await session.flush()
    return token


async def read_link(session: AsyncSession, purpose: LinkPurpose, token: str, now: datetime) -> Link:
    """Looks at a link without using it up.

    Raises NotFound(LINK_INVALID), with the same words for one that never was, was used, has
    expired or was revoked: whoever tries tokens learns nothing.
    """
    row = await session.scalar(
        select(LinkRow).where(_live(purpose, token, now))  # tenant-scope: by its holder's token
    )
    if row is None:
        raise invalid_link()
    return _to_link(row)


async def use_link(session: AsyncSession, purpose: LinkPurpose, token: str, now: datetime) -> Link:
    """Uses a link up, in the transaction of what it allows. Raises as `read_link` does."""
    row = await session.scalar(
        update(LinkRow)  # tenant-scope: by its holder's token
        .where(_live(purpose, token, now))
        .values(used_at=now)
        .returning(LinkRow)
        .execution_options(synchronize_session=False)
    )
    if row is None:
        raise invalid_link()
    return _to_link(row)


async def revoke_links(
    session: AsyncSession,
    purpose: LinkPurpose,
    *,
    now: datetime,
    organization: str | None = None,
    user_id: str | None = None,
    person: str | None = None,
) -> int:
    """Revokes the live links of a member (`organization` and `user_id`) or of a person.

    Returns how many there were. Raises ValueError where neither is named.
    """
    if person is not None:
        whose = LinkRow.person == person
    elif organization is not None and user_id is not None:
        whose = and_(LinkRow.organization == organization, LinkRow.user_id == user_id)
    else:
        raise ValueError("whose links shall be revoked?")
    revoked = await session.scalars(
        update(LinkRow)  # tenant-scope: of a member or a person that the caller names
        .where(
            whose,
            LinkRow.purpose == purpose,
            LinkRow.used_at.is_(None),
            LinkRow.revoked_at.is_(None),
        )
        .values(revoked_at=now)
        .returning(LinkRow.token_hash)
        .execution_options(synchronize_session=False)
    )
    return len(revoked.all())


async def forget_expired_links(session: AsyncSession, now: datetime) -> None:
    """Housekeeping, for all organizations: links that expired a month ago."""
    await session.execute(
        delete(LinkRow).where(  # tenant-scope: expired, of all
            LinkRow.expires_at <= now - KEPT_AFTER_EXPIRY
        )
    )


def invalid_link() -> NotFound:
    return NotFound(
        "LINK_INVALID",
        "This link is not valid: it was used, has expired or was revoked.",
        hint="Ask for a new one.",
    )


def _live(purpose: LinkPurpose, token: str, now: datetime) -> Any:
    return and_(
        LinkRow.token_hash == hash_token(token),
        LinkRow.purpose == purpose,
        LinkRow.used_at.is_(None),
        LinkRow.revoked_at.is_(None),
        LinkRow.expires_at > now,
    )


def _to_link(row: LinkRow) -> Link:
    return Link(
        purpose=LinkPurpose(row.purpose),
        organization=row.organization,
        user_id=row.user_id,
        person=row.person,
        email=row.email,
        payload=row.payload,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
