"""The store's own tables: nodes, follower places, jobs. Ids are plain: no foreign keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from trailkeeper.store.base import Base, BigId, JsonValue, UtcDateTime


class NodeRow(Base):
    """One process that commits events, from its start to its end."""

    __tablename__ = "nodes"
    # AUTOINCREMENT: without it SQLite would give the id of a deleted last row out again.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - read once by SQLAlchemy

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    committed_seq: Mapped[int] = mapped_column(BigInteger)


class FollowerPlaceRow(Base):
    """How far one follower has read one node's stream: all up to and including `place`."""

    __tablename__ = "follower_places"

    follower: Mapped[str] = mapped_column(String(64), primary_key=True)
    node: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(BigInteger)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class JobRow(Base):
    """One piece of work that leaves the transaction that asked for it (outbox)."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index(None, "state", "run_at"),
        Index(None, "organization", "state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(64))
    organization: Mapped[str | None] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    state: Mapped[str] = mapped_column(String(16))
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(Integer)
    lease_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dedupe_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
