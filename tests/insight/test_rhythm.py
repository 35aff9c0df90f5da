"""Usual hours and working hours, against what they say of themselves."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailkeeper.access.organization_settings import WorkingHours
from trailkeeper.insight.rhythm import MIN_EVENTS, is_off_hours, usual_hours

day_counts = st.lists(st.integers(0, 30), min_size=24, max_size=24)


@given(hours=day_counts)
def test_usual_hours_hold_nine_tenths_and_no_shorter_span_does(hours: list[int]) -> None:
    [usual] = usual_hours([hours])
    total = sum(hours)
    if total < MIN_EVENTS:
        assert usual is None
        return
    assert usual is not None
    assert 0 <= usual.from_hour < usual.to_hour <= 24
    assert sum(hours[usual.from_hour : usual.to_hour]) >= 0.9 * total
    shorter = usual.to_hour - usual.from_hour - 1
    for start in range(24 - shorter + 1):
        assert sum(hours[start : start + shorter]) < 0.9 * total


def test_a_quiet_weekday_tells_nothing() -> None:
    busy = [0] * 9 + [5] + [0] * 14
    quiet = [0] * 9 + [4] + [0] * 14
    [monday, tuesday] = usual_hours([busy, quiet])
    assert monday is not None and (monday.from_hour, monday.to_hour) == (9, 10)
    assert tuesday is None


@pytest.mark.parametrize(
    ("moment", "is_off"),
    [
        ("2026-03-04T09:30", False),
        ("2026-03-04T09:29", True),
        ("2026-03-04T17:59", False),
        ("2026-03-04T18:00", True),
        ("2026-03-07T12:00", True),
        ("2026-03-05T12:00", True),
    ],
)
def test_working_hours(moment: str, is_off: bool) -> None:
    hours = WorkingHours(start="09:30", end="18:00", holidays=["2026-03-05"])
    assert is_off_hours(datetime.fromisoformat(moment), hours) is is_off


@pytest.mark.parametrize(
    ("moment", "is_off"),
    [
        ("2026-03-06T22:00", False),
        ("2026-03-07T05:59", False),
        ("2026-03-07T06:00", True),
        ("2026-03-07T22:00", True),
        ("2026-03-09T05:00", True),
        ("2026-03-06T12:00", True),
    ],
)
def test_a_night_shift_belongs_to_the_day_it_began(moment: str, is_off: bool) -> None:
    hours = WorkingHours(start="22:00", end="06:00")
    assert is_off_hours(datetime.fromisoformat(moment), hours) is is_off
