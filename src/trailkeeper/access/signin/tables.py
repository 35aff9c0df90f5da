"""Tables of getting in: sessions, attempts, devices, second factors, single sign-on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from trailkeeper.access.people.tables import PersonRow
from trailkeeper.access.tables import OrganizationRow
from trailkeeper.store.base import Base, JsonValue, UtcDateTime


class SessionRow(Base):
    """One sign-in of a person to one organization. Only the token's hash is kept.

    `method` is how it began; `has_second_factor` whether a second factor was shown.
    """

    __tablename__ = "sessions"
    __table_args__ = (Index(None, "person"), Index(None, "organization", "user_id"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person: Mapped[str] = mapped_column(String(32), ForeignKey(PersonRow.id))
    organization: Mapped[str] = mapped_column(String(64), ForeignKey(OrganizationRow.id))
    user_id: Mapped[str] = mapped_column(String(600))
    method: Mapped[str] = mapped_column(String(16))
    has_second_factor: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str] = mapped_column(String(45))
    country: Mapped[str] = mapped_column(String(64))
    city: Mapped[str] = mapped_column(String(200))
    user_agent: Mapped[str] = mapped_column(String(512))
    device: Mapped[str] = mapped_column(String(200))


class AttemptRow(Base):
    """Failed tries of one account or one address, and until when the next must wait."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index(None, "last_failed_at"),)

    subject: Mapped[str] = mapped_column(String(100), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_failed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    blocked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class KnownDeviceRow(Base):
    """From what and where a person signed in before; anything else is worth a mail."""

    __tablename__ = "known_devices"

    person: Mapped[str] = mapped_column(String(32), ForeignKey(PersonRow.id), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TotpRow(Base):
    """A person's authenticator app. `last_time_code` is the last 30 s step that was used."""

    __tablename__ = "totp"

    person: Mapped[str] = mapped_column(String(32), ForeignKey(PersonRow.id), primary_key=True)
    sealed_secret: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_time_code: Mapped[int | None] = mapped_column(BigInteger)


class RecoveryCodeRow(Base):
    """One recovery code, hashed, good for one sign-in."""

    __tablename__ = "recovery_codes"

    person: Mapped[str] = mapped_column(String(32), ForeignKey(PersonRow.id), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PasskeyRow(Base):
    """A WebAuthn credential. Ids and keys are base64url text."""

    __tablename__ = "passkeys"
    __table_args__ = (Index(None, "person"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person: Mapped[str] = mapped_column(String(32), ForeignKey(PersonRow.id))
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    transports: Mapped[list[str]] = mapped_column(JsonValue)
    is_backed_up: Mapped[bool] = mapped_column(Boolean)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TicketRow(Base):
    """What must survive between two requests of one sign-in; taken once, gone soon."""

    __tablename__ = "tickets"
    __table_args__ = (Index(None, "expires_at"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(32))
    person: Mapped[str | None] = mapped_column(String(32))
    organization: Mapped[str | None] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OidcProviderRow(Base):
    """An organization's single sign-on: its provider, and whom it may bring in as what."""

    __tablename__ = "oidc_providers"

    organization: Mapped[str] = mapped_column(
        String(64), ForeignKey(OrganizationRow.id), primary_key=True
    )
    issuer: Mapped[str] = mapped_column(String(500))
    client_id: Mapped[str] = mapped_column(String(500))
    sealed_secret: Mapped[str] = mapped_column(Text)
    domains: Mapped[list[str]] = mapped_column(JsonValue)
    role_claim: Mapped[str] = mapped_column(String(200))
    role_mapping: Mapped[dict[str, str]] = mapped_column(JsonValue)
    default_role: Mapped[str | None] = mapped_column(String(64))
    is_required: Mapped[bool] = mapped_column(Boolean)
    break_glass_user: Mapped[str | None] = mapped_column(String(600))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OidcIdentityRow(Base):
    """A subject at an organization's provider, and the account it signs in to."""

    __tablename__ = "oidc_identities"

    organization: Mapped[str] = mapped_column(
        String(64), ForeignKey(OrganizationRow.id), primary_key=True
    )
    issuer: Mapped[str] = mapped_column(String(500), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    person: Mapped[str] = mapped_column(String(32), ForeignKey(PersonRow.id))
    user_id: Mapped[str] = mapped_column(String(600))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
