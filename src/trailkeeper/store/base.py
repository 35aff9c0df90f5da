"""What all metadata tables share: the declarative base, its names, its column types."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import JSON, BigInteger, DateTime, Integer, MetaData, Select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""A migration can only drop what has a name, and SQLite gives constraints none."""


class Base(DeclarativeBase):
    """Base of every metadata table, whichever room owns it."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: timezone-aware in, timezone-aware UTC out, on both databases.

    SQLite keeps text without a zone, always with six decimals, so that text order is time
    order. A naive datetime is refused with ValueError: it would be a guess.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Row = TypeVar("Row", bound=Base)

JsonValue = JSON()
"""A JSON column. PostgreSQL's JSON, not JSONB: JSONB refuses text that contains U+0000."""

BigId = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit id. SQLite counts up by itself only on a column declared INTEGER."""


def insert_into(session: AsyncSession, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An insert that knows `on_conflict_do_update` and `on_conflict_do_nothing`."""
    return postgresql.insert(table) if is_postgresql(session) else sqlite.insert(table)


async def by_id(
    session: AsyncSession, rows: Select[Row], column: InstrumentedAttribute[str], id: str
) -> Row | None:
    """The one of `rows` whose `column` is an id that somebody sent; None where there is none.

    PostgreSQL refuses a NUL in any text, and no id has one.
    """
    return None if "\0" in id else await session.scalar(rows.where(column == id))


def is_postgresql(session: AsyncSession) -> bool:
    bind: Any = session.get_bind()
    return bool(bind.dialect.name == "postgresql")
