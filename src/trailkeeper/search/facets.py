"""Facets: a field's most frequent values with their counts.

Each facet ignores the selection made on its own field, so that other values can be chosen,
and says how many distinct values and how many events it was computed from: nothing is cut
without a word.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import msgspec

from trailkeeper.errors import BadRequest
from trailkeeper.event import NO_ADDRESS, displayed_address
from trailkeeper.search.ast import without_column
from trailkeeper.search.counts import counted_rows
from trailkeeper.search.question import Question
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement

FACET_COLUMNS: Final = (
    "action",
    "resource_type",
    "status",
    "source",
    "user_id",
    "user_email",
    "resource_id",
    "resource_name",
    "ip_address",
    "country",
    "city",
    "browser",
    "os",
    "device",
    "on_behalf_of",
)
DEFAULT_FACETS: Final = ("action", "resource_type", "status", "source", "user_id", "country")


class FacetValue(msgspec.Struct, frozen=True):
    """One value of a field, None where the field is absent, and how many events have it."""

    value: str | None
    count: int


class Facet(msgspec.Struct, frozen=True):
    """A field's top values; `distinct` values (absence not counted) in `total` events."""

    field: str
    values: list[FacetValue]
    distinct: int
    total: int


class _FacetRow(msgspec.Struct, frozen=True, array_like=True):
    value: str
    events: int
    distinct: int
    total: int


async def read_facets(
    engine: EventsEngine, question: Question, fields: Sequence[str], limit: int
) -> list[Facet]:
    """One facet per field, in the order asked. Raises BadRequest(UNKNOWN_FACET)."""
    unknown = [field for field in fields if field not in FACET_COLUMNS]
    if unknown:
        raise BadRequest(
            "UNKNOWN_FACET",
            f"{unknown[0]!r} has no facet.",
            hint=f"Facets are: {', '.join(FACET_COLUMNS)}.",
            field="field",
            expected=list(FACET_COLUMNS),
        )
    return list(
        await asyncio.gather(*(_read_facet(engine, question, field, limit) for field in fields))
    )


async def _read_facet(engine: EventsEngine, question: Question, column: str, limit: int) -> Facet:
    own_ignored = Question(question.tenant, without_column(question.filter, column), question.range)
    binder = Binder()
    source_sql = counted_rows(own_ignored, (column,), binder)
    limit_sql = binder.bind(limit, "UInt64")
    column_sql = column
    is_address = column == "ip_address"
    absent_sql = binder.bind(NO_ADDRESS if is_address else "", "String")
    statement = Statement(
        f"SELECT toString({column_sql}) AS value, sum(events) AS counted,"
        f" countIf(value != {absent_sql}) OVER () AS distinct_values, sum(counted) OVER ()"
        f" FROM ({source_sql}) GROUP BY {column_sql}"
        f" ORDER BY counted DESC, value LIMIT {limit_sql}",
        binder.parameters,
    )
    rows = await engine.rows(statement, _FacetRow)
    return Facet(
        field=column,
        values=[
            FacetValue(
                displayed_address(row.value) if is_address else row.value or None, row.events
            )
            for row in rows
        ],
        distinct=rows[0].distinct if rows else 0,
        total=rows[0].total if rows else 0,
    )
