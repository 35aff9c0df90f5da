"""Who of the roster plays a part in the demo's stories, and on which days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from trailkeeper.demo.holidays import is_workday
from trailkeeper.demo.people import Person, Role


class Cast(NamedTuple):
    """Who plays what. These people take no vacation in the demo's time."""

    breached: Person
    guessed: tuple[Person, ...]
    abroad: Person
    jumper: Person
    night_deleter: Person
    bulk_deleter: Person
    climber: Person
    joiners: tuple[Person, ...]
    leavers: tuple[Person, ...]
    on_call: tuple[Person, ...]
    admin: Person

    @property
    def players(self) -> tuple[Person, ...]:
        """Those whom an incident is about."""
        return (
            self.breached,
            self.abroad,
            self.jumper,
            self.night_deleter,
            self.bulk_deleter,
            self.climber,
        )

    def steady(self) -> frozenset[int]:
        """The indexes of those who must be there on every working day."""
        parts = (*self.players, *self.joiners, *self.leavers, *self.on_call, self.admin)
        return frozenset(person.index for person in parts)


def _those(roster: Sequence[Person], role: Role, city: str) -> Iterator[Person]:
    return (
        person
        for person in roster[4:]
        if person.role is role and person.city == city and not person.is_night_owl
    )


def cast(roster: Sequence[Person]) -> Cast:
    """The same named people whatever the size of the roster."""
    developers = _those(roster, Role.DEVELOPER, "Berlin")
    bulk, climber, abroad = (next(developers) for _ in range(3))
    guessed = tuple(next(developers) for _ in range(2))
    devops = list(_those(roster, Role.DEVOPS, "Berlin"))
    tester = next(_those(roster, Role.TESTER, "Berlin"))
    indians = _those(roster, Role.DEVELOPER, "Bengaluru")
    return Cast(
        breached=tester,
        guessed=(*guessed, roster[0], roster[1], tester),
        abroad=abroad,
        jumper=next(_those(roster, Role.DEVELOPER, "New York")),
        night_deleter=devops[0],
        bulk_deleter=bulk,
        climber=climber,
        joiners=(next(developers), next(indians)),
        leavers=(next(_those(roster, Role.DEVELOPER, "London")), next(indians)),
        on_call=tuple(devops[1:4]),
        admin=roster[1],
    )


def days_before(now: datetime, days: int) -> date:
    return now.date() - timedelta(days=days)


def workday_before(now: datetime, days: int, country: str) -> date:
    """The day `days` before `now`, or the nearest earlier one on which `country` works."""
    day = days_before(now, days)
    while not is_workday(country, day):
        day -= timedelta(days=1)
    return day


def saturday_before(now: datetime, days: int) -> date:
    """The day `days` before `now`, or the nearest earlier Saturday."""
    day = days_before(now, days)
    return day - timedelta(days=(day.weekday() - 5) % 7)
