"""Tables of the access room: organizations, API keys, the directory of users seen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from trailkeeper.store.base import Base, JsonValue, UtcDateTime

NEVER: Final = datetime(1, 1, 1, tzinfo=UTC)
NOT_YET: Final = datetime(9999, 1, 1, tzinfo=UTC)
SORT_NAME_LENGTH: Final = 200


class OrganizationRow(Base):
    __tablename__ = "organizations"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(64))
    retention_days: Mapped[int] = mapped_column(Integer)
    retention_rules: Mapped[list[dict[str, Any]]] = mapped_column(JsonValue)
    redaction: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    working_hours: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    allow_list: Mapped[list[dict[str, Any]]] = mapped_column(JsonValue)
    second_factor_required_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeniedNetworkRow(Base):
    """An address or network in normal form, from which an organization may not be used."""

    __tablename__ = "denied_networks"

    organization: Mapped[str] = mapped_column(
        String(64), ForeignKey(OrganizationRow.id), primary_key=True
    )
    network: Mapped[str] = mapped_column(String(64), primary_key=True)
    note: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ApiKeyRow(Base):
    """A key is never deleted, only revoked: the log names it for as long as events are kept."""

    __tablename__ = "api_keys"
    __table_args__ = (Index(None, "organization", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    organization: Mapped[str] = mapped_column(String(64), ForeignKey(OrganizationRow.id))
    name: Mapped[str] = mapped_column(String(200))
    prefix: Mapped[str] = mapped_column(String(40))
    secret_hash: Mapped[str] = mapped_column(String(64))
    permissions: Mapped[list[str]] = mapped_column(JsonValue)
    allow_list: Mapped[list[str]] = mapped_column(JsonValue)
    created_by: Mapped[str | None] = mapped_column(String(600))
    replaced_by: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    leaked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_address: Mapped[str | None] = mapped_column(String(45))


class DirectoryRow(Base):
    """One user as the directory lists them: as events showed them, as members know them.

    What events showed (`user_email`, moments, counts) is added by a follower. What members
    know (`name`, `email`, `role`, `status`) is written with each change of a member, so that
    one table is searched, filtered and sorted. What never happened is `NEVER` (or `NOT_YET`,
    for the first sighting): no null, so that orders need no rule for it.

    `sort_name` and the two searched texts are folded (`str.casefold`): neither database folds
    the same letters as the other.
    """

    __tablename__ = "directory"
    __table_args__ = (
        Index(
            "ix_directory_organization_last_seen_at_user_id",
            "organization",
            "last_seen_at",
            "user_id",
        ),
        Index(
            "ix_directory_organization_last_login_at_user_id",
            "organization",
            "last_login_at",
            "user_id",
        ),
        Index(
            "ix_directory_organization_sort_name_user_id",
            "organization",
            "sort_name",
            "user_id",
        ),
    )

    organization: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(600), primary_key=True)
    user_email: Mapped[str] = mapped_column(String(1024))
    email_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_login_at: Mapped[datetime] = mapped_column(UtcDateTime)
    events: Mapped[int] = mapped_column(BigInteger)
    failed_logins: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(320))
    role: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    sort_name: Mapped[str] = mapped_column(String(SORT_NAME_LENGTH))
    seen_text: Mapped[str] = mapped_column(Text)
    member_text: Mapped[str] = mapped_column(Text)
