"""Public holidays of the countries where Acme AI works: enough to look right."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Final

# Diwali follows the moon; these are the days India's central government lists.
DIWALI: Final = {
    2024: date(2024, 10, 31),
    2025: date(2025, 10, 20),
    2026: date(2026, 11, 8),
    2027: date(2027, 10, 29),
    2028: date(2028, 10, 17),
    2029: date(2029, 11, 5),
    2030: date(2030, 10, 26),
}

FIXED: Final[dict[str, tuple[tuple[int, int], ...]]] = {
    "DE": ((1, 1), (3, 8), (5, 1), (10, 3), (12, 25), (12, 26)),
    "GB": ((1, 1), (12, 25), (12, 26)),
    "PL": ((1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26)),
    "US": ((1, 1), (6, 19), (7, 4), (12, 25)),
    "CA": ((1, 1), (7, 1), (12, 25), (12, 26)),
    "IN": ((1, 26), (8, 15), (10, 2), (12, 25)),
    "SG": ((1, 1), (5, 1), (8, 9), (12, 25)),
}

EASTER_OFFSETS: Final[dict[str, tuple[int, ...]]] = {
    "DE": (-2, 1, 39, 50),
    "GB": (-2, 1),
    "PL": (1, 60),
    "CA": (-2,),
    "SG": (-2,),
}

# (month, weekday with Monday 0, which one: 1 is the first, -1 the last, extra days after it)
FLOATING: Final[dict[str, tuple[tuple[int, int, int, int], ...]]] = {
    "GB": ((5, 0, 1, 0), (5, 0, -1, 0), (8, 0, -1, 0)),
    "US": (
        (1, 0, 3, 0),
        (2, 0, 3, 0),
        (5, 0, -1, 0),
        (9, 0, 1, 0),
        (11, 3, 4, 0),
        (11, 3, 4, 1),
    ),
    "CA": ((9, 0, 1, 0), (10, 0, 2, 0)),
}


def easter(year: int) -> date:
    """Easter Sunday (the anonymous Gregorian algorithm, Meeus 1991)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    j = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * j) // 451
    month, day = divmod(h + j - 7 * m + 114, 31)
    return date(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The `nth` `weekday` (Monday 0) of a month; `nth` -1 is the last one."""
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7)


@cache
def holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of `country` (ISO code) in `year`; unknown countries have none."""
    days = {date(year, month, day) for month, day in FIXED.get(country, ())}
    days |= {easter(year) + timedelta(days=n) for n in EASTER_OFFSETS.get(country, ())}
    for month, weekday, nth, extra in FLOATING.get(country, ()):
        days.add(nth_weekday(year, month, weekday, nth) + timedelta(days=extra))
    if country == "IN" and year in DIWALI:
        days.add(DIWALI[year])
    return frozenset(days)


def is_workday(country: str, day: date) -> bool:
    """Whether offices in `country` are open: neither weekend nor public holiday."""
    return day.weekday() < 5 and day not in holidays(country, day.year)
