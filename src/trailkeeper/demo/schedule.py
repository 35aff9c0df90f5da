"""Who works when: weekdays, holidays, vacations, sick days, and the shape of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from trailkeeper.demo.holidays import is_workday
from trailkeeper.demo.people import Person

MICROSECONDS: Final = 1_000_000
MINUTE_US: Final = 60 * MICROSECONDS
HOUR_US: Final = 60 * MINUTE_US
DAY_US: Final = 24 * HOUR_US
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
QUARTER_DAYS: Final = 91
VACATION_SHARE: Final = 0.6
SICK_SHARE: Final = 0.02
WEEKEND_SHARE: Final = 0.05
WEEKEND_WEIGHT: Final = 0.25
QUANTILES: Final = 96
# Monday to Friday: meetings begin the week, and Friday ends it early.
WEEKDAY_WEIGHTS: Final = (0.92, 1.05, 1.08, 1.02, 0.85)


def to_us(moment: datetime) -> int:
    """Microseconds since the epoch."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def to_datetime(us: int) -> datetime:
    return EPOCH + timedelta(microseconds=us)


@lru_cache(maxsize=4096)
def local_midnight_us(zone: str, day: date) -> int:
    """Twelve hours before local noon, so that clock changes at night don't shift the day."""
    noon = datetime.combine(day, time(12), tzinfo=ZoneInfo(zone))
    return to_us(noon) - 12 * HOUR_US


def at_local(zone: str, day: date, hours: float) -> int:
    """Microseconds since the epoch at `hours` (9.5 is half past nine) of a local day."""
    return local_midnight_us(zone, day) + int(hours * HOUR_US)


class Calendar:
    """Each person's presence by day; a function of the seed and the date alone."""

    def __init__(self, seed: int, roster: Sequence[Person], always_there: frozenset[int]) -> None:
        self._seed = seed
        self._always_there = always_there
        self._quarter = -1
        self._vacations: list[tuple[int, int]] = []
        self._roster = roster

    def weights(self, day: date) -> list[float]:
        """How much each person does on `day`, relative to a usual working day."""
        self._plan_vacations(day.toordinal() // QUARTER_DAYS)
        rng = Random(f"presence:{self._seed}:{day.toordinal()}")
        return [self._weight(person, day, rng.random()) for person in self._roster]

    def _weight(self, person: Person, day: date, chance: float) -> float:
        if not is_workday(person.country, day):
            steady = person.index in self._always_there
            return WEEKEND_WEIGHT if chance < WEEKEND_SHARE and not steady else 0.0
        if person.index in self._always_there:
            return person.intensity * WEEKDAY_WEIGHTS[day.weekday()]
        first, last = self._vacations[person.index]
        if first <= day.toordinal() < last or chance < SICK_SHARE:
            return 0.0
        return person.intensity * WEEKDAY_WEIGHTS[day.weekday()] * (0.7 + 0.6 * chance)

    def _plan_vacations(self, quarter: int) -> None:
        """One vacation of one or two weeks in most people's quarter, from a Monday on."""
        if quarter == self._quarter:
            return
        self._quarter = quarter
        rng = Random(f"vacations:{self._seed}:{quarter}")
        self._vacations = []
        # Ordinal 1 is a Monday, and a quarter is a whole number of weeks.
        first_monday = quarter * QUARTER_DAYS + 1
        for _ in self._roster:
            start = first_monday + 7 * rng.randrange(12)
            length = 7 * rng.choice((1, 1, 2)) if rng.random() < VACATION_SHARE else 0
            self._vacations.append((start, start + length))


def _busyness(person: Person, hour: float) -> float:
    """Activity at an hour of the local day, within working hours."""
    lunch = person.starts + 3.5 if person.is_night_owl else 12.0
    if lunch <= hour < lunch + 1.1:
        return 0.3
    if hour < person.starts + 0.5:
        return 0.8
    return 0.6 if hour > person.ends - 1 else 1.0


def day_curve(person: Person) -> tuple[float, ...]:
    """Hours of the day at the quantiles of a person's activity, with a dip for lunch."""
    hours = [person.starts + step / 12 for step in range(int((person.ends - person.starts) * 12))]
    weights = [_busyness(person, hour) for hour in hours]
    total, reached, place = sum(weights), weights[0], 0
    curve = []
    for quantile in range(QUANTILES):
        while reached < total * (quantile + 0.5) / QUANTILES:
            place += 1
            reached += weights[place]
        curve.append(hours[place])
    return tuple(curve)
