"""Who wants the weekly review, and which weeks' reviews were sent."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from trailkeeper.access.tables import OrganizationRow
from trailkeeper.store.base import Base, UtcDateTime


class ReviewReaderRow(Base):
    """A member who chose the weekly review."""

    __tablename__ = "review_readers"

    organization: Mapped[str] = mapped_column(
        String(64), ForeignKey(OrganizationRow.id), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(String(600), primary_key=True)
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReviewRow(Base):
    """The review of the seven days before `monday`: written with the mails it consists of."""

    __tablename__ = "reviews"

    organization: Mapped[str] = mapped_column(
        String(64), ForeignKey(OrganizationRow.id), primary_key=True
    )
    monday: Mapped[date] = mapped_column(Date, primary_key=True)
    mails: Mapped[int] = mapped_column(Integer)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
