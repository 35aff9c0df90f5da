"""When an alert goes out: at once, with the next digest, or when the quiet ends. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from trailkeeper.notify.alert import Severity
from trailkeeper.notify.plan import AlertPlan, QuietHours

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
DAILY: Final = time(7)
"""The organization's morning: one night is one digest."""

LONGEST_CHAIN: Final = 8
"""Quiet days in a row, at most seven of which follow each other."""


@dataclass(frozen=True, slots=True)
class Slot:
    """When to send. What `is_digest` waits and goes out with what waits for the same moment."""

    at: datetime
    is_digest: bool


def slot_for(
    plan: AlertPlan, severity: Severity, now: datetime, time_zone: str, *, is_daily: bool = False
) -> Slot:
    """Digests go out on a fixed grid, every N minutes counted from 1970 in UTC.

    What `is_daily` goes out once a day where the plan has no digest of its own.
    """
    at = now
    if plan.digest_minutes is not None:
        at = _next_on_grid(now, plan.digest_minutes)
    elif is_daily:
        at = next_daily(now, time_zone)
    quiet = plan.quiet_hours
    breaks_through = (
        quiet is not None and quiet.critical_breaks_through and severity is Severity.CRITICAL
    )
    end = at
    if quiet is not None and not breaks_through:
        end = quiet_until(quiet, at, ZoneInfo(time_zone))
    return Slot(end, is_digest=end > now)


def next_daily(now: datetime, time_zone: str) -> datetime:
    """When a day's alerts are told: the next `DAILY` of the organization's clock."""
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    days = (today + timedelta(days=each) for each in range(3))
    return next(at for day in days if (at := _moment(day, DAILY, zone)) > now)


def quiet_until(quiet: QuietHours, at: datetime, zone: tzinfo) -> datetime:
    """The end of the quiet that `at` lies in; `at` itself where it lies in none."""
    end = at
    for _ in range(LONGEST_CHAIN):
        later = max(
            (stop for start, stop in _windows(quiet, end, zone) if start <= end < stop),
            default=None,
        )
        if later is None:
            break
        end = later
    return end


def _windows(quiet: QuietHours, at: datetime, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    """The quiet that began on the local day of `at`, and on the day before."""
    start, end = time.fromisoformat(quiet.start), time.fromisoformat(quiet.end)
    today = at.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        if day.isoweekday() in quiet.days:
            last = day if end > start else day + timedelta(days=1)
            yield _moment(day, start, zone), _moment(last, end, zone)


def _moment(day: date, clock: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def _next_on_grid(now: datetime, minutes: int) -> datetime:
    step = timedelta(minutes=minutes)
    return EPOCH + ((now - EPOCH) // step + 1) * step
