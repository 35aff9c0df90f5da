"""The timeline: events over time by action, in buckets on calendar boundaries."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import msgspec

from trailkeeper.insight.counting import timed_sql
from trailkeeper.insight.period import HOUR_SECONDS, Period
from trailkeeper.insight.schema import Timeline, TimelineBucket
from trailkeeper.search.ast import Filter
from trailkeeper.search.histogram import LENGTHS, bucket_starts, choose_interval
from trailkeeper.search.question import Question
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement

MAX_BUCKETS: Final = 200
"""A week in hours shows days and nights."""
OTHERS: Final = ""
"""Stands for the actions that are not told apart: no action is without a name."""


class _Row(msgspec.Struct, frozen=True, array_like=True):
    start: int
    action: str
    events: int


async def read_timeline(
    engine: EventsEngine, period: Period, wanted: Filter, actions: Collection[str]
) -> Timeline:
    """Counts of what matches; `actions` are told apart, the rest is counted as `others`."""
    question = period.now(wanted)
    interval = choose_interval(question.range, MAX_BUCKETS)
    starts = list(bucket_starts(question.range, interval, period.zone))
    found: dict[int, dict[str, int]] = {int(start.timestamp()): {} for start in starts}
    for row in await engine.rows(_statement(question, list(found), actions), _Row):
        found[row.start][row.action] = row.events
    return Timeline(
        interval=interval,
        step_seconds=int(LENGTHS[interval].total_seconds()),
        buckets=[
            TimelineBucket(start, counts, counts.pop(OTHERS, 0))
            for start, counts in zip(starts, found.values(), strict=True)
        ],
    )


def _statement(question: Question, starts: list[int], actions: Collection[str]) -> Statement:
    binder = Binder()
    is_hourly = all(start % HOUR_SECONDS == 0 for start in starts)
    source_sql = timed_sql(question, ("action",), binder, is_hourly=is_hourly)
    starts_sql = binder.bind(starts, "Array(Int64)")
    actions_sql = binder.bind(sorted(actions), "Array(String)")
    return Statement(
        f"SELECT roundDown(at, {starts_sql}) AS start,"
        f" if(has({actions_sql}, toString(action)), toString(action), '') AS told, sum(events)"
        f" FROM ({source_sql}) GROUP BY start, told ORDER BY start, told",
        binder.parameters,
    )
