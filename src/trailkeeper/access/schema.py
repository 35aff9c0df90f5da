"""The access room on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from trailkeeper.access.directory import DirectoryPage, SeenUser
from trailkeeper.access.keys import ApiKey, IssuedKey
from trailkeeper.access.organization_settings import Redaction, RetentionRule, WorkingHours
from trailkeeper.access.organizations import Organization
from trailkeeper.principal import Permission


class NewKey(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A key to be made. It can do no more than the key that makes it."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    permissions: Annotated[list[Permission], msgspec.Meta(min_length=1)]
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class KeyView(msgspec.Struct, kw_only=True):
    """A key without its secret. `prefix` is how the key starts."""

    id: str
    name: str
    prefix: str
    permissions: list[Permission]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    last_used_address: str | None


class IssuedKeyView(KeyView, kw_only=True):
    """A new key. `key` is shown this once and cannot be had again."""

    key: str


class KeyList(msgspec.Struct, kw_only=True):
    items: list[KeyView]


class OrganizationView(msgspec.Struct, kw_only=True):
    """An organization's settings. Retention counts in days from receipt."""

    id: str
    name: str
    time_zone: str
    retention_days: int
    retention_rules: list[RetentionRule]
    redaction: Redaction
    working_hours: WorkingHours
    created_at: datetime


class UserView(msgspec.Struct, kw_only=True):
    """A user as the events showed them."""

    user_id: str
    user_email: str | None
    first_seen_at: datetime
    last_seen_at: datetime
    last_login_at: datetime | None
    events: int
    failed_logins: int


class UserPage(msgspec.Struct, kw_only=True):
    """Users, the last seen first. `next_cursor` is null on the last page."""

    items: list[UserView]
    next_cursor: str | None


def to_key_view(key: ApiKey) -> KeyView:
    return KeyView(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        permissions=sorted(key.permissions),
        created_at=key.created_at,
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
        last_used_at=key.last_used_at,
        last_used_address=key.last_used_address,
    )


def to_issued_view(issued: IssuedKey) -> IssuedKeyView:
    return IssuedKeyView(key=issued.token, **msgspec.structs.asdict(to_key_view(issued.key)))


def to_organization_view(organization: Organization) -> OrganizationView:
    return OrganizationView(
        id=organization.id,
        name=organization.name,
        time_zone=organization.time_zone,
        retention_days=organization.retention_days,
        retention_rules=list(organization.retention_rules),
        redaction=msgspec.convert(organization.redaction, Redaction),
        working_hours=organization.working_hours,
        created_at=organization.created_at,
    )


def to_user_page(page: DirectoryPage) -> UserPage:
    return UserPage(items=[to_user_view(user) for user in page.users], next_cursor=page.next_cursor)


def to_user_view(user: SeenUser) -> UserView:
    return UserView(
        user_id=user.user_id,
        user_email=user.user_email or None,
        first_seen_at=user.first_seen_at,
        last_seen_at=user.last_seen_at,
        last_login_at=user.last_login_at,
        events=user.events,
        failed_logins=user.failed_logins,
    )
