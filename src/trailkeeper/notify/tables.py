"""Tables of telling: channels, alert settings, alerts, deliveries, escalations, the inbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trailkeeper.access.tables import OrganizationRow
from trailkeeper.store.base import Base, BigId, JsonValue, UtcDateTime


class ChannelRow(Base):
    """One way to tell. `shown` is what of its target is no secret; all of it is sealed.

    `tokens` were left at `tokens_at` of the rate `per_minute`; nothing is sent before
    `held_until`.
    """

    __tablename__ = "channels"
    __table_args__ = (Index(None, "organization", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    organization: Mapped[str] = mapped_column(String(64), ForeignKey(OrganizationRow.id))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(16))
    shown: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    sealed_target: Mapped[str] = mapped_column(Text)
    is_enabled: Mapped[bool] = mapped_column(Boolean)
    per_minute: Mapped[int] = mapped_column(Integer)
    tokens: Mapped[float] = mapped_column(Float)
    tokens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(600))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AlertSettingRow(Base):
    """Which alerts reach whom, how and when: `plan` has the fields of `AlertPlan`."""

    __tablename__ = "alert_settings"
    __table_args__ = (Index(None, "organization", "created_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    organization: Mapped[str] = mapped_column(String(64), ForeignKey(OrganizationRow.id))
    name: Mapped[str] = mapped_column(String(200))
    is_enabled: Mapped[bool] = mapped_column(Boolean)
    plan: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AlertRow(Base):
    """What was told: `content` has the fields of `Alert`."""

    __tablename__ = "alerts"
    __table_args__ = (Index(None, "organization", "detection_id"), Index(None, "created_at"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organization: Mapped[str] = mapped_column(String(64))
    detection_id: Mapped[str] = mapped_column(String(200))
    content: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DeliveryRow(Base):
    """One alert on its way through one channel; with a recipient where that has several, or
    with the key of the incident that it ends.

    `message` is the id that the far end sees, set with the first try: deliveries that went out
    together share it, and so do all tries. The channel and the setting may be gone by now.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("alert", "channel", "recipient"),
        Index(None, "channel", "state", "next_at"),
        Index(None, "state", "next_at"),
        Index(None, "organization", "state", "id"),
        Index(None, "message"),
        Index(None, "created_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organization: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(32))
    setting: Mapped[str] = mapped_column(String(32))
    alert: Mapped[str] = mapped_column(String(36))
    recipient: Mapped[str] = mapped_column(String(320))
    state: Mapped[str] = mapped_column(String(16))
    message: Mapped[str | None] = mapped_column(String(36))
    is_digest: Mapped[bool] = mapped_column(Boolean)
    attempts: Mapped[int] = mapped_column(Integer)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    response_code: Mapped[int | None] = mapped_column(Integer)
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EscalationRow(Base):
    """A detection that goes on to others at `due_at` where nobody has acknowledged it."""

    __tablename__ = "escalations"
    __table_args__ = (Index(None, "due_at"),)

    organization: Mapped[str] = mapped_column(String(64), primary_key=True)
    detection_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    setting: Mapped[str] = mapped_column(String(32), primary_key=True)
    alert: Mapped[str] = mapped_column(String(36))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NotificationRow(Base):
    """One line of one person's inbox: `alert` is an alert's id, or names what lines are folded
    into one."""

    __tablename__ = "notifications"
    __table_args__ = (
        UniqueConstraint("organization", "user_id", "alert"),
        Index(None, "organization", "user_id", "is_read", "id"),
        Index(None, "created_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    organization: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[str] = mapped_column(String(600))
    alert: Mapped[str] = mapped_column(String(36))
    content: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    is_read: Mapped[bool] = mapped_column(Boolean)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
