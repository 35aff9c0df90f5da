"""Histogram: events over time, in buckets on calendar boundaries of a time zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
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


_LENGTH: Final = {
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
    start: datetime
    value: str
    events: int


def choose_interval(range_: TimeRange) -> Interval:
    """The finest interval that keeps the range within AUTO_BUCKETS."""
    if range_.start is None or range_.end is None:
        return Interval.DAY
    for interval in Interval:
        if (range_.end - range_.start) / _LENGTH[interval] <= AUTO_BUCKETS:
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
    starts = list(_bucket_starts(question.range, interval, zone))
    counted = await engine.rows(_statement(question, interval, zone, split_by), _BucketRow)
    split: dict[datetime, dict[str, int]] = {start: {} for start in starts}
    for row in counted:
        split[row.start.astimezone(UTC)][row.value] = row.events
    return [
        Bucket(start, sum(values.values()), values if split_by is not None else {})
        for start, values in split.items()
    ]


def _statement(
    question: Question, interval: Interval, zone: ZoneInfo, split_by: str | None
) -> Statement:
    binder = Binder()
    columns = (split_by,) if split_by is not None else ()
    zone_sql = binder.bind(zone.key, "String")
    value_sql = split_by or "''"
    if can_use_rollup(question, columns) and _hours_suffice(question.range, interval, zone):
        source_sql = counted_rows(question, columns, binder, by_hour=True)
        start_sql = _start_of(interval, "hour", zone_sql)
        counted_sql = "sum(events)"
    else:
        selected_sql = ", ".join(("timestamp", *columns))
        where_condition = question.condition(binder)
        source_sql = (
            f"SELECT {selected_sql} FROM events WHERE {question.tenant.sql()} AND {where_condition}"
        )
        start_sql = _start_of(interval, "timestamp", zone_sql)
        counted_sql = "count()"
    return Statement(
        f"SELECT toDateTime64({start_sql}, 6, 'UTC') AS start, toString({value_sql}) AS value,"
        f" {counted_sql} FROM ({source_sql}) GROUP BY start, value ORDER BY start, value",
        binder.parameters,
    )


def _start_of(interval: Interval, column: str, zone_sql: str) -> str:
    """Start of the bucket as an instant; calendar dates begin at local midnight."""
    if interval in (Interval.MINUTE, Interval.HOUR):
        function = "toStartOfMinute" if interval is Interval.MINUTE else "toStartOfHour"
        return f"{function}(toTimeZone({column}, {zone_sql}))"
    function = {
        Interval.DAY: "toDate",
        Interval.WEEK: "toMonday",
        Interval.MONTH: "toStartOfMonth",
    }[interval]
    return f"toDateTime({function}(toTimeZone({column}, {zone_sql})), {zone_sql})"


def _hours_suffice(range_: TimeRange, interval: Interval, zone: ZoneInfo) -> bool:
    """Whether bucket boundaries fall on UTC hours, so that whole hours can be counted."""
    if interval is Interval.MINUTE or range_.start is None or range_.end is None:
        return False
    return all(
        (moment.astimezone(zone).utcoffset() or timedelta()) % timedelta(hours=1) == timedelta()
        for moment in (range_.start, range_.end)
    )


def _bucket_starts(range_: TimeRange, interval: Interval, zone: ZoneInfo) -> Iterator[datetime]:
    if range_.start is None or range_.end is None:
        raise ValueError("a histogram needs both ends of its range")
    if (range_.end - range_.start) / _LENGTH[interval] > MAX_BUCKETS:
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
    if interval is Interval.MINUTE:
        return moment.astimezone(UTC).replace(second=0, microsecond=0)
    local = moment.astimezone(zone)
    if interval is Interval.HOUR:
        offset = local.utcoffset() or timedelta()
        wall = (moment.astimezone(UTC) + offset).replace(minute=0, second=0, microsecond=0)
        return wall - offset
    day = local.replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    if interval is Interval.WEEK:
        day -= timedelta(days=day.weekday())
    if interval is Interval.MONTH:
        day = day.replace(day=1)
    return _instant(day, zone)


def _next_bucket(start: datetime, interval: Interval, zone: ZoneInfo) -> datetime:
    if interval in (Interval.MINUTE, Interval.HOUR):
        return start + _LENGTH[interval]
    day = start.astimezone(zone).replace(tzinfo=None, hour=0, minute=0)
    if interval is Interval.MONTH:
        return _instant((day + timedelta(days=32)).replace(day=1), zone)
    return _instant(day + _LENGTH[interval], zone)


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)
