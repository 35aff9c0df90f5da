"""Users on the wire, on the way out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from trailkeeper.access.keys import ApiKey
from trailkeeper.access.people.listing import DirectoryUser
from trailkeeper.access.people.members import Member, MemberStatus
from trailkeeper.principal import Permission


class UserView(msgspec.Struct, kw_only=True):
    """A user: what the organization knows of them, and what events showed.

    `user_email` is the organization's own record of it, else that of the newest event that
    had one. `status` observed: without an account here. `events` are all that ever named
    them, `events_30d` those of the last 30 days that are still kept.
    """

    user_id: str
    name: str | None
    user_email: str | None
    role: str | None
    status: MemberStatus
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    last_login_at: datetime | None
    events: int
    events_30d: int
    failed_logins: int


class UserPage(msgspec.Struct, kw_only=True):
    """Users in the order asked for. `next_cursor` is null on the last page."""

    items: list[UserView]
    next_cursor: str | None


class ProfileView(UserView, kw_only=True):
    """A user, with what they may do here.

    `permissions` are those of an active user; `has_account` says whether they ever could
    sign in; `created_at` is null for one whom only events know.
    """

    permissions: list[Permission]
    has_account: bool
    created_at: datetime | None
    last_sign_in_at: datetime | None


class KeyLeft(msgspec.Struct, kw_only=True):
    """An API key that someone made who is gone."""

    id: str
    name: str
    prefix: str
    is_revoked: bool


class DeletedUser(msgspec.Struct, kw_only=True):
    """Who was deleted, how many of their sessions were ended, and the keys they had made."""

    user_id: str
    status: MemberStatus
    sessions_ended: int
    keys: list[KeyLeft]


def to_user_views(users: Sequence[DirectoryUser], recent: Mapping[str, int]) -> list[UserView]:
    return [UserView(**_fields(user, recent.get(user.user_id, 0))) for user in users]


def to_profile(
    user: DirectoryUser, recent: int, member: Member | None, permissions: frozenset[Permission]
) -> ProfileView:
    return ProfileView(
        **_fields(user, recent),
        permissions=sorted(permissions),
        has_account=member is not None and member.person is not None,
        created_at=member.created_at if member is not None else None,
        last_sign_in_at=member.last_sign_in_at if member is not None else None,
    )


def to_key_left(key: ApiKey) -> KeyLeft:
    return KeyLeft(
        id=key.id, name=key.name, prefix=key.prefix, is_revoked=key.revoked_at is not None
    )


def _fields(user: DirectoryUser, recent: int) -> dict[str, Any]:
    return {
        "user_id": user.user_id,
        "name": user.name or None,
        "user_email": user.user_email or None,
        "role": user.role,
        "status": user.status,
        "first_seen_at": user.first_seen_at,
        "last_seen_at": user.last_seen_at,
        "last_login_at": user.last_login_at,
        "events": user.events,
        "events_30d": recent,
        "failed_logins": user.failed_logins,
    }
