"""Totals and most frequent values, now and before, in one pass over the roll-ups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from trailkeeper.insight.counting import (
    IS_CHANGE,
    IS_FAILED_SIGN_IN,
    compared_sql,
)
from trailkeeper.insight.period import Period
from trailkeeper.insight.schema import Compared, ValueCount
from trailkeeper.search.ast import Filter
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement

COLUMNS: Final = ("action", "resource_type", "status")
TOTAL: Final = "total"
CHANGED: Final = "changes"
FAILED_SIGN_INS: Final = "failed_sign_ins"
FAILED: Final = "failed"
DELETED: Final = "deleted"
SUM: Final = "sum"
ACTION: Final = "action"
RESOURCE_TYPE: Final = "resource_type"
FEATURE: Final = "feature"
SEPARATOR: Final = "\n"
"""Between the two words of a feature: neither can hold it."""
NOTHING: Final = Compared(0, 0)

_KINDS: Final = (
    "[('sum', 'total'),"
    f" ('sum', if({IS_CHANGE}, 'changes', '')),"
    f" ('sum', if({IS_CHANGE}, toString(action), '')),"
    f" ('sum', if({IS_FAILED_SIGN_IN}, 'failed_sign_ins', '')),"
    " ('sum', if(status = 'FAILED', 'failed', '')),"
    " ('sum', if(action = 'DELETE' AND status = 'SUCCESS', 'deleted', '')),"
    " ('action', toString(action)),"
    " ('resource_type', toString(resource_type)),"
    " ('feature', concat(toString(action), '\\n', toString(resource_type)))]"
)
"""What a partial count adds to: sums, and the value of each list."""


@dataclass(frozen=True, slots=True)
class Values:
    """A field's most frequent values, and how many it had in the period."""

    values: list[ValueCount]
    distinct: int


@dataclass(frozen=True, slots=True)
class Totals:
    """`sums` by name: `total`, `changes`, CREATE, UPDATE, DELETE, `failed_sign_ins`, `failed`
    (events of that status) and `deleted` (DELETE that succeeded)."""

    sums: dict[str, Compared]
    actions: Values
    resource_types: Values
    features: Values

    def sum_of(self, name: str) -> Compared:
        return self.sums.get(name, NOTHING)


class _Row(msgspec.Struct, frozen=True, array_like=True):
    kind: str
    value: str
    now: int
    before: int
    distinct: int


async def read_totals(engine: EventsEngine, period: Period, wanted: Filter, limit: int) -> Totals:
    """Counts of what matches; each list has up to `limit` values."""
    binder = Binder()
    source_sql = compared_sql(period, wanted, COLUMNS, binder)
    limit_sql = binder.bind(limit, "UInt64")
    statement = Statement(
        "SELECT kind_value.1 AS kind, kind_value.2 AS value,"
        " sumIf(events, is_now = 1) AS now_events, sumIf(events, is_now = 0) AS before_events,"
        " countIf(now_events > 0) OVER (PARTITION BY kind)"
        f" FROM ({source_sql}) ARRAY JOIN {_KINDS} AS kind_value"
        " GROUP BY kind, value ORDER BY now_events DESC, before_events DESC, value"
        f" LIMIT {limit_sql} BY kind",
        binder.parameters,
    )
    rows = await engine.rows(statement, _Row)
    return Totals(
        sums={row.value: Compared(row.now, row.before) for row in rows if row.kind == SUM},
        actions=_values(rows, ACTION),
        resource_types=_values(rows, RESOURCE_TYPE),
        features=_values(rows, FEATURE),
    )


def _values(rows: list[_Row], kind: str) -> Values:
    of_kind = [row for row in rows if row.kind == kind]
    return Values(
        [ValueCount(row.value, row.now, row.before) for row in of_kind],
        of_kind[0].distinct if of_kind else 0,
    )
