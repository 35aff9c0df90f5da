"""Tables of saved views: the views, and who starred which."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from trailkeeper.access.tables import OrganizationRow
from trailkeeper.store.base import Base, UtcDateTime


class SavedViewRow(Base):
    """A view. `query` is the Explorer's URL search, without its question mark."""

    __tablename__ = "saved_views"
    __table_args__ = (Index(None, "organization", "author"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organization: Mapped[str] = mapped_column(String(64), ForeignKey(OrganizationRow.id))
    author: Mapped[str] = mapped_column(String(600))
    name: Mapped[str] = mapped_column(String(100))
    query: Mapped[str] = mapped_column(Text)
    is_shared: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StarredViewRow(Base):
    """Somebody keeps a view, their own or a shared one, at hand."""

    __tablename__ = "starred_views"

    organization: Mapped[str] = mapped_column(
        String(64), ForeignKey(OrganizationRow.id), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(String(600), primary_key=True)
    view: Mapped[str] = mapped_column(String(36), primary_key=True)
