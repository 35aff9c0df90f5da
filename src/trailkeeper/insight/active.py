"""Active users: who signed in, by day, week and month."""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec

from trailkeeper.insight.counting import SIGNED_IN, bucket_sql, compared_sql, timed_sql
from trailkeeper.insight.period import Buckets, Period, days_of, months_of, weeks_of
from trailkeeper.insight.schema import ActiveUsers, Compared, DateCount
from trailkeeper.search.ast import Exists, Filter, all_of
from trailkeeper.search.fields import FIELDS
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement

HAS_USER: Final = Exists(FIELDS["user_id"])

DAY: Final = "day"
WEEK: Final = "week"
MONTH: Final = "month"


class _Both(msgspec.Struct, frozen=True, array_like=True):
    now: int
    before: int


class _Row(msgspec.Struct, frozen=True, array_like=True):
    kind: str
    key: int
    users: int


async def count_active(engine: EventsEngine, period: Period, wanted: Filter) -> Compared:
    """How many different users signed in, among the events that match."""
    binder = Binder()
    source_sql = compared_sql(period, all_of((SIGNED_IN, HAS_USER, wanted)), ("user_id",), binder)
    statement = Statement(
        "SELECT uniqExactIf(user_id, is_now = 1), uniqExactIf(user_id, is_now = 0)"
        f" FROM ({source_sql})",
        binder.parameters,
    )
    [row] = await engine.rows(statement, _Both)
    return Compared(row.now, row.before)


async def read_active(engine: EventsEngine, period: Period, wanted: Filter) -> ActiveUsers:
    """The same by local days, weeks (from Monday) and months."""
    days, weeks, months = days_of(period), weeks_of(period), months_of(period)
    binder = Binder()
    source_sql = timed_sql(
        period.now(all_of((SIGNED_IN, HAS_USER, wanted))),
        ("user_id",),
        binder,
        is_hourly=days.is_hourly,
    )
    day_sql = bucket_sql("at", days, binder)
    week_sql = bucket_sql("day", weeks, binder)
    month_sql = bucket_sql("day", months, binder)
    statement = Statement(
        "SELECT kind_key.1 AS kind, kind_key.2 AS key, uniqExact(user_id)"
        f" FROM (SELECT DISTINCT user_id, {day_sql} AS day FROM ({source_sql}))"
        f" ARRAY JOIN [('day', day), ('week', {week_sql}), ('month', {month_sql})] AS kind_key"
        " GROUP BY kind, key",
        binder.parameters,
    )
    rows, all_of_them = await asyncio.gather(
        engine.rows(statement, _Row), count_active(engine, period, wanted)
    )
    return ActiveUsers(
        daily=_dated(days, rows, DAY),
        weekly=_dated(weeks, rows, WEEK),
        monthly=_dated(months, rows, MONTH),
        count=all_of_them.count,
        before=all_of_them.before,
    )


def _dated(buckets: Buckets, rows: list[_Row], kind: str) -> list[DateCount]:
    counts = buckets.filled({row.key: row.users for row in rows if row.kind == kind})
    return [DateCount(day, count) for day, count in zip(buckets.dates, counts, strict=True)]
