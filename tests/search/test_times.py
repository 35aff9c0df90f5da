"""Ranges of time: days are whole, ends are included, time zones count."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from trailkeeper.errors import BadRequest
from trailkeeper.search.params import parse_time_range
from trailkeeper.search.times import TimeRange


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("start", "end", "zone", "expected"),
    [
        (None, None, None, (None, None)),
        ("", "", None, (None, None)),
        ("2026-01-01", "2026-01-31", None, (utc(2026, 1, 1), utc(2026, 2, 1))),
        ("2026-01-31", "2026-01-31", None, (utc(2026, 1, 31), utc(2026, 2, 1))),
        (
            "2025-01-01T00:00:00Z",
            "2025-01-31T23:59:59Z",
            None,
            (utc(2025, 1, 1), utc(2025, 1, 31, 23, 59, 59, 1)),
        ),
        ("2026-01-01T02:00:00+02:00", None, None, (utc(2026, 1, 1), None)),
        ("2026-01-01t00:00:00.1234567z", None, None, (utc(2026, 1, 1, 0, 0, 0, 123456), None)),
        ("2026-01-01 12:00:00", None, "Europe/Berlin", (utc(2026, 1, 1, 11), None)),
        # The clocks go forward on this day: it has 23 hours.
        (
            "2026-03-29",
            "2026-03-29",
            "Europe/Berlin",
            (utc(2026, 3, 28, 23), utc(2026, 3, 29, 22)),
        ),
        (
            "2026-01-01T00:00:00Z",
            "2026-01-01T00:00:00Z",
            None,
            (utc(2026, 1, 1), utc(2026, 1, 1, 0, 0, 0, 1)),
        ),
    ],
)
def test_ranges(
    start: str | None,
    end: str | None,
    zone: str | None,
    expected: tuple[datetime | None, datetime | None],
) -> None:
    assert parse_time_range(start, end, zone) == TimeRange(*expected)


@pytest.mark.parametrize(
    ("start", "end", "zone", "code", "field"),
    [
        ("yesterday", None, None, "INVALID_DATE", "start_date"),
        (None, "2026-02-30", None, "INVALID_DATE", "end_date"),
        ("2026-01-01T25:00:00Z", None, None, "INVALID_DATE", "start_date"),
        ("2026-01-01T00:00:00 02:00", None, None, "INVALID_DATE", "start_date"),
        ("2026-1-1", None, None, "INVALID_DATE", "start_date"),
        ("0001-01-01", None, "Asia/Tokyo", "INVALID_DATE", "start_date"),
        (None, "9999-12-31", None, "INVALID_DATE", "end_date"),
        (None, "9999-12-31T23:59:59Z", None, "INVALID_DATE", "end_date"),
        ("2026-01-01", None, "Mars/Olympus", "INVALID_TIME_ZONE", "time_zone"),
        ("2026-01-01", None, "../etc/passwd", "INVALID_TIME_ZONE", "time_zone"),
        ("2026-02-01", "2026-01-01", None, "INVALID_RANGE", "start_date"),
        ("2026-02-01", "2026-01-31", None, "INVALID_RANGE", "start_date"),
    ],
)
def test_faults(
    start: str | None, end: str | None, zone: str | None, code: str, field: str
) -> None:
    with pytest.raises(BadRequest) as caught:
        parse_time_range(start, end, zone)
    assert (caught.value.code, caught.value.field) == (code, field)
