"""The range of time that a question is about, from the texts that a caller gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from trailkeeper.errors import BadRequest

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2299
"""The years that the events engine can hold."""

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIMESTAMP: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]"
    r"([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})?"
)


@dataclass(frozen=True, slots=True)
class TimeRange:
    """From `start` (inclusive) to `end` (exclusive), in UTC; None is unbounded."""

    start: datetime | None
    end: datetime | None


def parse_time_range(
    start_date: str | None, end_date: str | None, timezone: str | None = None
) -> TimeRange:
    """The range from one date or RFC 3339 timestamp to another, both included.

    A date alone is that whole day, in the time zone (an IANA name, UTC by default), and so is
    a timestamp without an offset. Raises BadRequest(INVALID_DATE, INVALID_TIME_ZONE,
    INVALID_RANGE).
    """
    zone = parse_timezone(timezone or "UTC")
    start = _start_of("start_date", start_date, zone) if start_date else None
    end = _end_of("end_date", end_date, zone) if end_date else None
    if start is not None and end is not None and start >= end:
        raise BadRequest(
            "INVALID_RANGE",
            "start_date is after end_date.",
            hint="Exchange the two.",
            field="start_date",
        )
    return TimeRange(start, end)


def parse_timezone(name: str) -> ZoneInfo:
    """The time zone of an IANA name. Raises BadRequest(INVALID_TIME_ZONE)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadRequest(
            "INVALID_TIME_ZONE",
            f"{name[:80]!r} is not a time zone.",
            hint="Write an IANA name, such as Europe/Berlin.",
            field="time_zone",
        ) from None


def _start_of(field: str, text: str, zone: ZoneInfo) -> datetime:
    if _DATE.fullmatch(text):
        return _midnight(field, text, zone, days=0)
    return _instant(field, text, zone)


def _end_of(field: str, text: str, zone: ZoneInfo) -> datetime:
    if _DATE.fullmatch(text):
        return _midnight(field, text, zone, days=1)
    return _instant(field, text, zone) + timedelta(microseconds=1)


def _midnight(field: str, text: str, zone: ZoneInfo, *, days: int) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise _invalid_date(field, text, str(error)) from None
    _check_year(field, text, day.year)
    return datetime.combine(day + timedelta(days=days), time(), zone).astimezone(UTC)


def _instant(field: str, text: str, zone: ZoneInfo) -> datetime:
    found = _TIMESTAMP.fullmatch(text)
    if found is None:
        raise _invalid_date(field, text, "it is neither a date nor an RFC 3339 timestamp")
    day, clock, fraction, offset = found.groups()
    written = f"{day}T{clock}.{(fraction or '0')[:6]:0<6}{(offset or '').upper()}"
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise _invalid_date(field, text, str(error)) from None
    _check_year(field, text, moment.year)
    return (moment if offset else moment.replace(tzinfo=zone)).astimezone(UTC)


def _check_year(field: str, text: str, year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _invalid_date(field, text, f"years go from {FIRST_YEAR} to {LAST_YEAR}")


def _invalid_date(field: str, text: str, reason: str) -> BadRequest:
    return BadRequest(
        "INVALID_DATE",
        f"{field} {text!r} cannot be read: {reason}.",
        hint="Write 2026-01-31, 2026-01-31T23:59:59Z or 2026-01-31T23:59:59+02:00"
        " (in a URL, + is written %2B).",
        field=field,
    )
