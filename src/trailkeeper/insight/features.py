"""Popular features: an action on a type of resource, with its trend over the period's days."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from trailkeeper.insight.counting import bucket_sql, timed_sql
from trailkeeper.insight.period import Buckets, Period, days_of
from trailkeeper.insight.schema import Feature, ValueCount
from trailkeeper.insight.totals import SEPARATOR
from trailkeeper.search.ast import Match, all_of, any_of
from trailkeeper.search.fields import FIELDS
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement

Pair = tuple[str, str]


class _Row(msgspec.Struct, frozen=True, array_like=True):
    action: str
    resource_type: str
    key: int
    events: int


async def read_features(
    engine: EventsEngine, period: Period, found: Sequence[ValueCount]
) -> list[Feature]:
    """The features of `read_totals`, each with its count on each day."""
    if not found:
        return []
    days = days_of(period)
    pairs = {_pair(each): each for each in found}
    counts: dict[Pair, dict[int, int]] = {pair: {} for pair in pairs}
    for row in await engine.rows(_statement(period, list(pairs), days), _Row):
        counts[row.action, row.resource_type][row.key] = row.events
    return [
        Feature(
            action=action,
            resource_type=resource_type,
            count=each.count,
            before=each.before,
            trend=days.filled(counts[action, resource_type]),
        )
        for (action, resource_type), each in pairs.items()
    ]


def _statement(period: Period, pairs: Sequence[Pair], days: Buckets) -> Statement:
    wanted = any_of(
        all_of((Match(FIELDS["action"], action), Match(FIELDS["resource_type"], resource_type)))
        for action, resource_type in pairs
    )
    binder = Binder()
    source_sql = timed_sql(
        period.now(wanted), ("action", "resource_type"), binder, is_hourly=days.is_hourly
    )
    day_sql = bucket_sql("at", days, binder)
    return Statement(
        f"SELECT action, resource_type, {day_sql} AS day, sum(events)"
        f" FROM ({source_sql}) GROUP BY action, resource_type, day",
        binder.parameters,
    )


def _pair(each: ValueCount) -> Pair:
    action, _, resource_type = each.value.partition(SEPARATOR)
    return action, resource_type
