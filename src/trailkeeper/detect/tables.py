"""Tables of detection: rules, what they found, what was done with it, what is expected."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from trailkeeper.access.tables import OrganizationRow
from trailkeeper.store.base import Base, BigId, JsonValue, UtcDateTime


class RuleRow(Base):
    """An organization's own rule; or what it changed of a built-in one, whose `text` is ''.

    `severity` overrides the level that the rule's text gives; null leaves it.
    """

    __tablename__ = "rules"

    organization: Mapped[str] = mapped_column(
        String(64), ForeignKey(OrganizationRow.id), primary_key=True
    )
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    is_built_in: Mapped[bool] = mapped_column(Boolean)
    text: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(String(256))
    version: Mapped[str] = mapped_column(String(16))
    is_enabled: Mapped[bool] = mapped_column(Boolean)
    severity: Mapped[str | None] = mapped_column(String(16))
    created_by: Mapped[str] = mapped_column(String(600))
    updated_by: Mapped[str] = mapped_column(String(600))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RuleSetRow(Base):
    """How often an organization's rules and expectations were changed.

    The follower compares: no row is revision 0.
    """

    __tablename__ = "rule_sets"

    organization: Mapped[str] = mapped_column(
        String(64), ForeignKey(OrganizationRow.id), primary_key=True
    )
    revision: Mapped[int] = mapped_column(Integer)


class DetectionRow(Base):
    """One detection. `key` is its identity in the evaluators, `id` is what people keep.

    `grouped` is a list of {"field", "value"}, `group_key` a hash of it; `told_count`
    the number of events at the last time that it was told of. `opened_at`, `updated_at` and
    `closed_at` are moments of the service; `window_start`, `hot_at`, `first_at` and `last_at`
    of the events.
    """

    __tablename__ = "detections"
    __table_args__ = (
        UniqueConstraint("organization", "key"),
        Index(None, "organization", "opened_at", "id"),
        Index(None, "organization", "rule_id", "group_key", "hot_at"),
        Index(None, "organization", "rule_id", "hot_at"),
        Index(None, "organization", "state", "opened_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organization: Mapped[str] = mapped_column(String(64), ForeignKey(OrganizationRow.id))
    key: Mapped[str] = mapped_column(String(64))
    rule_id: Mapped[str] = mapped_column(String(36))
    rule_version: Mapped[str] = mapped_column(String(16))
    rule_title: Mapped[str] = mapped_column(String(256))
    severity: Mapped[str] = mapped_column(String(16))
    tags: Mapped[list[str]] = mapped_column(JsonValue)
    grouped: Mapped[list[dict[str, str]]] = mapped_column(JsonValue)
    group_key: Mapped[str] = mapped_column(String(32))
    window_start: Mapped[datetime] = mapped_column(UtcDateTime)
    hot_at: Mapped[datetime] = mapped_column(UtcDateTime)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    count: Mapped[int] = mapped_column(Integer)
    told_count: Mapped[int] = mapped_column(Integer)
    measured: Mapped[float] = mapped_column(Float)
    evidence: Mapped[list[str]] = mapped_column(JsonValue)
    reasons: Mapped[list[str]] = mapped_column(JsonValue)
    search_link: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    assignee: Mapped[str | None] = mapped_column(String(600))
    suppressed_by: Mapped[str | None] = mapped_column(String(64))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DetectionHistoryRow(Base):
    """What happened to a detection, notes included. `actor` is '' for the service itself."""

    __tablename__ = "detection_history"
    __table_args__ = (
        Index(None, "organization", "detection", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    organization: Mapped[str] = mapped_column(String(64), ForeignKey(OrganizationRow.id))
    detection: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(600))
    what: Mapped[str] = mapped_column(String(16))
    content: Mapped[dict[str, Any]] = mapped_column(JsonValue)


class SuppressionRow(Base):
    """What is not to be told: a rule's group for a while, or what is expected of somebody.

    `subject` is person, network, resource or group; without `rule_id` all rules are meant.
    """

    __tablename__ = "suppressions"
    __table_args__ = (Index(None, "organization", "ends_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organization: Mapped[str] = mapped_column(String(64), ForeignKey(OrganizationRow.id))
    rule_id: Mapped[str | None] = mapped_column(String(36))
    subject: Mapped[str] = mapped_column(String(16))
    value: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(String(600))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LateDayRow(Base):
    """A day (UTC, of event time) into which events came too late to be seen live."""

    __tablename__ = "late_days"

    organization: Mapped[str] = mapped_column(
        String(64), ForeignKey(OrganizationRow.id), primary_key=True
    )
    day: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RehearsalRow(Base):
    """A rehearsal that was asked for: how far it is, and its answer."""

    __tablename__ = "rehearsals"
    __table_args__ = (Index(None, "organization", "created_at"), Index(None, "created_at"))

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organization: Mapped[str] = mapped_column(String(64), ForeignKey(OrganizationRow.id))
    text: Mapped[str] = mapped_column(Text)
    days: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16))
    done: Mapped[int] = mapped_column(Integer)
    total: Mapped[int] = mapped_column(Integer)
    result: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)
    error: Mapped[str] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(String(600))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
