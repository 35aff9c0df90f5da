"""Tables of people: accounts, their membership of organizations, roles, one-time links."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trailkeeper.access.tables import OrganizationRow
from trailkeeper.store.base import Base, JsonValue, UtcDateTime


class PersonRow(Base):
    """An account: how one human signs in, whichever organizations they belong to.

    `email` is in lower case. Without `password_hash` there is no sign-in by password.
    """

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MemberRow(Base):
    """One user of one organization, under the id that its events name.

    Never removed: a deleted member stays named in the trail. `person` is null until an
    invitation is accepted, and for users that only the platform knows.
    """

    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("organization", "person"),
        Index("ix_members_organization_email", "organization", "email"),
        Index(None, "person"),
    )

    organization: Mapped[str] = mapped_column(
        String(64), ForeignKey(OrganizationRow.id), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(String(600), primary_key=True)
    person: Mapped[str | None] = mapped_column(String(32), ForeignKey(PersonRow.id))
    email: Mapped[str] = mapped_column(String(320))
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_sign_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RoleRow(Base):
    """An organization's own role: a set of permissions under a name."""

    __tablename__ = "roles"

    organization: Mapped[str] = mapped_column(
        String(64), ForeignKey(OrganizationRow.id), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    description: Mapped[str] = mapped_column(String(500))
    permissions: Mapped[list[str]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LinkRow(Base):
    """A one-time link: set-up, invitation, password reset. Only its token's hash is kept."""

    __tablename__ = "links"
    __table_args__ = (
        Index(None, "organization", "purpose"),
        Index(None, "person"),
        Index(None, "expires_at"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))
    organization: Mapped[str | None] = mapped_column(String(64))
    user_id: Mapped[str | None] = mapped_column(String(600))
    person: Mapped[str | None] = mapped_column(String(32))
    email: Mapped[str] = mapped_column(String(320))
    payload: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
