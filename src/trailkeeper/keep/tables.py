"""Tables of the keep room: what retention did, and when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from trailkeeper.store.base import Base, BigId, JsonValue, UtcDateTime


class RetentionRunRow(Base):
    """One run of retention for one organization; unfinished where `finished_at` is empty."""

    __tablename__ = "retention_runs"
    __table_args__ = (
        Index(None, "organization", "started_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    organization: Mapped[str] = mapped_column(String(64))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dry_run: Mapped[bool] = mapped_column(Boolean)
    removed: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    error: Mapped[str | None] = mapped_column(Text)
