"""Public holidays, checked against the calendar."""

from __future__ import annotations

from datetime import date

import pytest

from trailkeeper.demo.holidays import easter, holidays, is_workday, nth_weekday


@pytest.mark.parametrize(
    "sunday",
    [date(2000, 4, 23), date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2038, 4, 25)],
)
def test_easter(sunday: date) -> None:
    assert easter(sunday.year) == sunday


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("DE", date(2026, 5, 14)),  # Ascension
        ("DE", date(2026, 10, 3)),
        ("GB", date(2026, 8, 31)),
        ("PL", date(2026, 6, 4)),  # Corpus Christi
        ("US", date(2026, 11, 26)),
        ("US", date(2026, 11, 27)),
        ("US", date(2026, 5, 25)),
        ("CA", date(2026, 10, 12)),
        ("IN", date(2027, 10, 29)),  # Diwali
    ],
)
def test_known_holidays(country: str, day: date) -> None:
    assert day in holidays(country, day.year)
    assert not is_workday(country, day)


def test_the_last_weekday_of_december() -> None:
    assert nth_weekday(2026, 12, 3, -1) == date(2026, 12, 31)


def test_ordinary_days_are_worked_and_weekends_are_not() -> None:
    assert is_workday("DE", date(2026, 11, 26))
    assert not is_workday("DE", date(2026, 11, 28))
    assert is_workday("XX", date(2026, 12, 25))
