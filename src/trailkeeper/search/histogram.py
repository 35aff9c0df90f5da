"""Histogram: events over time, in buckets on calendar boundaries of a time zone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from trailkeeper.errors import BadRequest
from trailkeeper.search.counts import can_use_rollup, counted_rows
from trailkeeper.search.params import TimeRange
from trailkeeper.search.question import Question
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement

MAX_BUCKETS: Final = 3000
AUTO_BUCKETS: Final = 120
SPLIT_COLUMNS: Final = ("action", "resource_type", "status", "source")


class Interval(StrEnum):
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


LENGTHS: Final = {
    Interval.MINUTE: timedelta(minutes=1),
    Interval.HOUR: timedelta(hours=1),
    Interval.DAY: timedelta(days=1),
    Interval.WEEK: timedelta(days=7),
    Interval.MONTH: timedelta(days=28),
}


class Bucket(msgspec.Struct, frozen=True):
    """Events from `start` up to the next bucket's start; `split` counts them by value."""

    start: datetime
    count: int
    split: dict[str, int]


class _BucketRow(msgspec.Struct, frozen=True, array_like=True):
    start: int
    value: str
    events: int


def choose_interval(range_: TimeRange, most: int = AUTO_BUCKETS) -> Interval:
    """The finest interval that keeps the range within so many buckets."""
    if range_.start is None or range_.end is None:
        return Interval.DAY
    for interval in Interval:
        if (range_.end - range_.start) / LENGTHS[interval] <= most:
            return interval
    return Interval.MONTH


async def read_histogram(
    engine: EventsEngine,
    question: Question,
    *,
    interval: Interval,
    zone: ZoneInfo,
    split_by: str | None,
) -> list[Bucket]:
    """All buckets of the question's range, empty ones included, in order.

    The range must have both ends. Raises BadRequest(TOO_MANY_BUCKETS, UNKNOWN_FIELD).
    """
    if split_by is not None and split_by not in SPLIT_COLUMNS:
        raise BadRequest(
            "UNKNOWN_FIELD",
            f"A histogram cannot be split by {split_by!r}.",
            field="by",
            expected=list(SPLIT_COLUMNS),
        )
    starts = list(bucket_starts(question.range, interval, zone))
    if not starts:
        return []
    split: dict[int, dict[str, int]] = {_seconds(start): {} for start in starts}
    statement = _statement(question, list(split), split_by)
    for row in await engine.rows(statement, _BucketRow):
        split[row.start][row.value] = row.events
    return [
        Bucket(start, sum(values.values()), values if split_by is not None else {})
        for start, values in zip(starts, split.values(), strict=True)
    ]


def _statement(question: Question, starts: Sequence[int], split_by: str | None) -> Statement:
    """Counts by bucket. The engine is told where buckets begin (in Unix seconds), so that
    its time zone rules and ours cannot disagree."""
    binder = Binder()
    columns = (split_by,) if split_by is not None else ()
    value_sql = split_by or "''"
    if can_use_rollup(question, columns) and all(start % 3600 == 0 for start in starts):
        source_sql = counted_rows(question, columns, binder, by_hour=True)
        time_sql, counted_sql = "hour", "sum(events)"
    else:
        selected_sql = ", ".join(("timestamp", *columns))
        where_condition = question.condition(binder)
        source_sql = (
            f"SELECT {selected_sql} FROM events WHERE {question.tenant.sql()} AND {where_condition}"
        )
        time_sql, counted_sql = "timestamp", "count()"
    start_sql = _start_sql(f"toInt64(toUnixTimestamp({time_sql}))", starts, binder)
    return Statement(
        f"SELECT {start_sql} AS start, toString({value_sql}) AS value, {counted_sql}"
        f" FROM ({source_sql}) GROUP BY start, value ORDER BY start, value",
        binder.parameters,
    )


def _start_sql(seconds_sql: str, starts: Sequence[int], binder: Binder) -> str:
    """Start of the bucket that a time belongs to; of equal buckets it is calculated."""
    lengths = {after - before for before, after in pairwise(starts)}
    if len(lengths) != 1:
        return f"roundDown({seconds_sql}, {binder.bind(starts, 'Array(Int64)')})"
    first_sql = binder.bind(starts[0], "Int64")
    length_sql = binder.bind(lengths.pop(), "Int64")
    return f"{first_sql} + intDiv({seconds_sql} - {first_sql}, {length_sql}) * {length_sql}"


def bucket_starts(range_: TimeRange, interval: Interval, zone: ZoneInfo) -> Iterator[datetime]:
    """Where buckets begin, from the one that holds the range's start on.

    Both ends must be given. Raises BadRequest(TOO_MANY_BUCKETS).
    """
    if range_.start is None or range_.end is None:
        raise ValueError("a histogram needs both ends of its range")
    if (range_.end - range_.start) / LENGTHS[interval] > MAX_BUCKETS:
        raise BadRequest(
            "TOO_MANY_BUCKETS",
            f"The range holds more than {MAX_BUCKETS:,} buckets of one {interval}.",
            hint="Use a coarser interval or a shorter range.",
            field="interval",
        )
    start = _first_bucket(range_.start, interval, zone)
    while start < range_.end:
        yield start
        start = _next_bucket(start, interval, zone)


def _first_bucket(moment: datetime, interval: Interval, zone: ZoneInfo) -> datetime:
    local = moment.astimezone(zone)
    if interval is Interval.MINUTE:
        return moment - timedelta(seconds=local.second, microseconds=local.microsecond)
    if interval is Interval.HOUR:
        since = timedelta(
            minutes=local.minute, seconds=local.second, microseconds=local.microsecond
        )
        return moment - since
    day = local.replace(tzinfo=None, fold=0, hour=0, minute=0, second=0, microsecond=0)
    if interval is Interval.WEEK:
        day -= timedelta(days=day.weekday())
    if interval is Interval.MONTH:
        day = day.replace(day=1)
    return _instant(day, zone)


def _next_bucket(start: datetime, interval: Interval, zone: ZoneInfo) -> datetime:
    if interval in (Interval.MINUTE, Interval.HOUR):
        return _next_full(start + LENGTHS[interval], interval, zone)
    day = start.astimezone(zone).replace(tzinfo=None, fold=0, hour=0, minute=0, second=0)
    if interval is Interval.MONTH:
        return _instant((day + timedelta(days=32)).replace(day=1), zone)
    return _instant(day + LENGTHS[interval], zone)


def _next_full(moment: datetime, interval: Interval, zone: ZoneInfo) -> datetime:
    """From `moment` on, when the local clock next shows a full hour or minute.

    That is `moment` itself but where clocks were just put forward or back by a part of it.
    """
    local = moment.astimezone(zone)
    past = timedelta(seconds=local.second)
    if interval is Interval.HOUR:
        past += timedelta(minutes=local.minute)
    if not past:
        return moment
    return moment - past + LENGTHS[interval]


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
