"""The period that is counted, the one before it, and its local days."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from trailkeeper.errors import BadRequest
from trailkeeper.principal import Tenant
from trailkeeper.search.ast import Everything, Filter
from trailkeeper.search.params import parse_time_range
from trailkeeper.search.question import Question
from trailkeeper.search.times import FIRST_YEAR, TimeRange, parse_timezone

DEFAULT_LENGTH: Final = timedelta(days=30)
MAX_LENGTH: Final = timedelta(days=3000)
HOUR_SECONDS: Final = 3600
DAY: Final = timedelta(days=1)
MOMENT: Final = timedelta(microseconds=1)
OFFSET_PROBE: Final = timedelta(hours=6)
"""Clocks are not changed twice within so short a time."""

EVERYTHING: Final = Everything()

_FIRST: Final = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` (inclusive) to `end` (exclusive), in UTC, of one organization.

    Calendar days, weeks, months and hours of the day are those of `zone`.
    """

    tenant: Tenant
    zone: ZoneInfo
    start: datetime
    end: datetime

    @property
    def before_start(self) -> datetime:
        """Where the period of equal length before this one begins; nothing is older than that
        the engine holds."""
        length = self.end - self.start
        return max(_FIRST, self.start - length) if self.start - _FIRST > length else _FIRST

    def now(self, wanted: Filter = EVERYTHING) -> Question:
        """The question for events of the period."""
        return Question(self.tenant, wanted, TimeRange(self.start, self.end))

    def before(self, wanted: Filter = EVERYTHING) -> Question:
        """The question for events of the period before."""
        return Question(self.tenant, wanted, TimeRange(self.before_start, self.start))

    def whole(self, wanted: Filter = EVERYTHING) -> Question:
        """The question for events of both."""
        return Question(self.tenant, wanted, TimeRange(self.before_start, self.end))

    def dates(self) -> list[date]:
        """The local dates that it touches, in order."""
        first = self.start.astimezone(self.zone).date()
        last = (self.end - MOMENT).astimezone(self.zone).date()
        return [first + DAY * number for number in range((last - first).days + 1)]

    def last_days(self, count: int) -> Period:
        """The local days that end with its last one: whole, but for where the period ends."""
        last = (self.end - MOMENT).astimezone(self.zone).date()
        return Period(
            self.tenant, self.zone, start_of(last - DAY * (count - 1), self.zone), self.end
        )


def read_period(
    tenant: Tenant,
    start_date: str | None,
    end_date: str | None,
    time_zone: str,
    now: datetime,
) -> Period:
    """The period from one date or time to another, both included, as every search has it.

    By default it ends now and is 30 days long. Raises BadRequest(INVALID_DATE,
    INVALID_TIME_ZONE, INVALID_RANGE, TOO_MANY_BUCKETS).
    """
    zone = parse_timezone(time_zone)
    given = parse_time_range(start_date, end_date, time_zone)
    end = given.end or now
    start = given.start or max(_FIRST, end - DEFAULT_LENGTH)
    if start >= end:
        raise BadRequest(
            "INVALID_RANGE",
            "The period ends before it begins.",
            hint="Without an end_date it ends now.",
            field="start_date",
        )
    if end - start > MAX_LENGTH:
        raise BadRequest(
            "TOO_MANY_BUCKETS",
            f"The period is longer than {MAX_LENGTH.days:,} days.",
            hint="Count a shorter one.",
            field="start_date",
        )
    return Period(tenant, zone, start, end)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, also where clocks leave its midnight out."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Buckets:
    """Local dates (of days, weeks or months), and where each begins, in Unix seconds.

    Whatever is before the second one belongs to the first, whose key is 0.
    """

    dates: list[date]
    keys: list[int]

    @property
    def is_hourly(self) -> bool:
        """Whether all of them begin on a whole hour of UTC."""
        return all(key % HOUR_SECONDS == 0 for key in self.keys)

    def filled(self, counts: dict[int, int]) -> list[int]:
        """A count for each date, from those by key. A date that clocks skipped has none."""
        places = {key: place for place, key in enumerate(self.keys)}
        found = [0] * len(self.dates)
        for key, count in counts.items():
            found[places[key]] = count
        return found


def buckets_of(period: Period, first_days: list[date]) -> Buckets:
    """Buckets that begin on these dates; the first one has to hold the period's start."""
    rest = [int(start_of(day, period.zone).timestamp()) for day in first_days[1:]]
    return Buckets(first_days, [0, *rest])


def days_of(period: Period) -> Buckets:
    return buckets_of(period, period.dates())


def weeks_of(period: Period) -> Buckets:
    """Weeks from Monday on."""
    mondays = {day - DAY * day.weekday() for day in period.dates()}
    return buckets_of(period, sorted(mondays))


def months_of(period: Period) -> Buckets:
    return buckets_of(period, sorted({day.replace(day=1) for day in period.dates()}))


def slot_seconds(start: datetime, end: datetime, zone: ZoneInfo, *minutes: int) -> int:
    """The longest length of slots, counted from 1970 on, in which the local hour never changes.

    3600 where the zone is whole hours from UTC, else less. `minutes` are further minutes of the
    hour at which a slot must begin.
    """
    seconds = math.gcd(HOUR_SECONDS, *(minute * 60 for minute in minutes))
    for moment, offset in _offsets(start, end, zone):
        seconds = math.gcd(seconds, offset)
        if moment > start:
            seconds = math.gcd(seconds, int(moment.timestamp()))
    return seconds


def _offsets(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, int]]:
    """From when on clocks are how many seconds ahead of UTC."""
    first = start.replace(minute=0, second=0, microsecond=0)
    count = math.ceil((end - first) / OFFSET_PROBE)
    probes = [first + OFFSET_PROBE * number for number in range(count + 1)]
    yield start, _offset(start, zone)
    for before, after in pairwise(probes):
        offset = _offset(after, zone)
        if offset != _offset(before, zone):
            yield _changed_at(before, after, zone), offset


def _changed_at(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the offset changes, found by halving."""
    old = _offset(before, zone)
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        if _offset(middle, zone) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(moment: datetime, zone: ZoneInfo) -> int:
    ahead = moment.astimezone(zone).utcoffset() or timedelta()
    return int(ahead.total_seconds())
