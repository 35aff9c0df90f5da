"""The peer's one table: the fields of `NewEvent` and the time of receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Index, String, Text, text
from sqlalchemy.dialects.postgresql import INET, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Metadata of the peer's schema."""


class AuditLog(Base):
    """One row per event. `id` is text, as in Trailkeeper: a sender's own id may be any string."""

    __tablename__ = "audit_logs"
    __table_args__ = (
        Index("audit_logs_user", "user_id"),
        Index("audit_logs_action", "action"),
        Index("audit_logs_resource", "resource_type"),
        Index("audit_logs_timestamp", "timestamp"),
        Index("audit_logs_user_timestamp", "user_id", "timestamp"),
        Index("audit_logs_resource_id", "resource_type", "resource_id"),
        Index("audit_logs_details", "details", postgresql_using="gin"),
    )

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    action: Mapped[str] = mapped_column(String(255))
    resource_type: Mapped[str] = mapped_column(String(255))
    resource_id: Mapped[str | None] = mapped_column(Text)
    resource_name: Mapped[str | None] = mapped_column(Text)
    user_id: Mapped[str | None] = mapped_column(Text)
    user_email: Mapped[str | None] = mapped_column(Text)
    on_behalf_of: Mapped[str | None] = mapped_column(Text)
    timestamp: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ip_address: Mapped[str | None] = mapped_column(INET)
    user_agent: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(16), server_default="SUCCESS")
    source: Mapped[str] = mapped_column(String(16), server_default="API")
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    received_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=text("now()")
    )


COLUMNS = tuple(column.name for column in AuditLog.__table__.columns)
