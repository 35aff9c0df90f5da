"""When things happen: local weekday and hour; usual hours; working hours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from trailkeeper.access.organization_settings import WorkingHours
from trailkeeper.insight.counting import timed_sql
from trailkeeper.insight.period import HOUR_SECONDS, Period, slot_seconds
from trailkeeper.insight.schema import UsualHours
from trailkeeper.search.ast import Filter
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement

USUAL_SHARE: Final = 0.9
MIN_EVENTS: Final = 5
"""Fewer events on a weekday tell of no habit."""
HOURS: Final = 24
DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Slot:
    """Events of one status from `start` on, in which no local hour begins but at its start."""

    start: datetime
    status: str
    events: int


class _Row(msgspec.Struct, frozen=True, array_like=True):
    at: int
    status: str
    events: int


async def read_slots(
    engine: EventsEngine, period: Period, wanted: Filter, *minutes: int
) -> list[Slot]:
    """Counts by slots of time; slots begin at these minutes of the hour, too."""
    seconds = slot_seconds(period.start, period.end, period.zone, *minutes)
    binder = Binder()
    source_sql = timed_sql(
        period.now(wanted), ("status",), binder, is_hourly=seconds == HOUR_SECONDS
    )
    length_sql = binder.bind(seconds, "Int64")
    statement = Statement(
        f"SELECT intDiv(at, {length_sql}) * {length_sql} AS slot, status, sum(events)"
        f" FROM ({source_sql}) GROUP BY slot, status ORDER BY slot, status",
        binder.parameters,
    )
    rows = await engine.rows(statement, _Row)
    return [Slot(datetime.fromtimestamp(row.at, UTC), row.status, row.events) for row in rows]


def week_of(slots: Iterable[Slot], zone: ZoneInfo) -> list[list[int]]:
    """Events by local weekday (Monday first) and hour."""
    week = [[0] * HOURS for _ in range(DAYS)]
    for slot in slots:
        local = slot.start.astimezone(zone)
        week[local.weekday()][local.hour] += slot.events
    return week


def usual_hours(week: Sequence[Sequence[int]]) -> list[UsualHours | None]:
    """For each weekday the shortest span of hours that holds 90 % of its events.

    None where a weekday has fewer than five. Of equally short ones the fullest, then the
    earliest. A span does not reach over midnight.
    """
    return [_usual(hours) for hours in week]


def _usual(hours: Sequence[int]) -> UsualHours | None:
    total = sum(hours)
    if total < MIN_EVENTS:
        return None
    spans = (
        (end - start, -held, start)
        for start in range(HOURS)
        for end in range(start + 1, HOURS + 1)
        if (held := sum(hours[start:end])) >= USUAL_SHARE * total
    )
    length, _, start = min(spans)
    return UsualHours(start, start + length)


def is_off_hours(local: datetime, hours: WorkingHours) -> bool:
    """Whether a local moment lies outside of the working hours, which may end past midnight."""
    clock = f"{local:%H:%M}"
    if hours.start < hours.end:
        return not (_is_workday(local, hours) and hours.start <= clock < hours.end)
    if clock >= hours.start:
        return not _is_workday(local, hours)
    return not (clock < hours.end and _is_workday(local - timedelta(days=1), hours))


def minutes_of(hours: WorkingHours) -> tuple[int, int]:
    """The minutes of the hour at which work begins and ends."""
    return int(hours.start[3:]), int(hours.end[3:])


def _is_workday(local: datetime, hours: WorkingHours) -> bool:
    return local.isoweekday() in hours.days and local.date().isoformat() not in hours.holidays
