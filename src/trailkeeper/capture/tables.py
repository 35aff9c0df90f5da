"""Tables of the capture room: whole requests that were already answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trailkeeper.store.base import Base, UtcDateTime


class IdempotencyKeyRow(Base):
    """An `Idempotency-Key` header that was seen, and the request it came with."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index(None, "created_at"),)

    organization: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
