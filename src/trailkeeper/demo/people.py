"""Who works at Acme AI.

The roster depends on the seed alone, and a longer roster begins with the shorter one, so
that the same named people play the incidents in a demo of 60 and in a benchmark of 2,000.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final
from uuid import UUID

from trailkeeper.demo import agents
from trailkeeper.demo.geo import CITIES, City, host

ORGANIZATION: Final = "Acme AI"
ORGANIZATION_TIME_ZONE: Final = "Europe/Berlin"
DOMAIN: Final = "acme.example"
DEFAULT_SEED: Final = 2026
DEFAULT_PEOPLE: Final = 60
MIN_PEOPLE: Final = 40
PEOPLE_PER_TEAM: Final = 8
NIGHT_OWL_INDEX: Final = 17


class Role(StrEnum):
    """The product's roles."""

    SUPER_ADMIN = "SUPER_ADMIN"
    ADMIN = "ADMIN"
    DEVOPS = "DEVOPS"
    DEVELOPER = "DEVELOPER"
    TESTER = "TESTER"


@dataclass(frozen=True, slots=True)
class Person:
    """One member of the organization.

    `starts` and `ends` are hours of the working day in `time_zone`; the night owl's
    `ends` is beyond 24. `team_index` is the team's place in the organization.
    """

    index: int
    id: str
    email: str
    name: str
    role: Role
    team: str
    team_index: int
    city: str
    country: str
    time_zone: str
    starts: float
    ends: float
    home: str
    mobile: str
    office: str | None
    vpn: str | None
    browser: str
    phone: str
    command_line: str
    intensity: float
    office_share: float

    @property
    def is_night_owl(self) -> bool:
        return self.ends > 24


ROLE_PATTERN: Final = (
    Role.DEVELOPER,
    Role.DEVELOPER,
    Role.TESTER,
    Role.DEVOPS,
    Role.DEVELOPER,
    Role.DEVELOPER,
    Role.DEVOPS,
    Role.DEVELOPER,
    Role.TESTER,
    Role.DEVELOPER,
    Role.DEVELOPER,
)
CITY_PATTERN: Final = (
    "Berlin",
    "Berlin",
    "New York",
    "Berlin",
    "Bengaluru",
    "Berlin",
    "London",
    "Berlin",
    "New York",
    "Berlin",
    "Bengaluru",
    "Hamburg",
    "Berlin",
    "Warsaw",
    "Berlin",
    "San Francisco",
    "Berlin",
    "Bengaluru",
    "Toronto",
    "Berlin",
    "Singapore",
)
TEAMS: Final = (
    "Platform",
    "Inference",
    "Support AI",
    "Research",
    "Data",
    "Quality",
    "Security",
    "Solutions",
)
EUROPEAN: Final = (
    "Anna Jonas Mia Felix Lena Paul Clara Emil Sofia Leon Marta Jakub Greta Oskar Nina Tom "
    "Julia Max Eva Lukas Ida Moritz Hanna Theo Laura Anton Zofia Piotr Charlotte Oliver",
    "Schneider Weber Hoffmann Krüger Braun Lange Vogel Keller Nowak Kowalski Hughes Bennett "
    "Fischer Wolf Neumann Zimmermann Hartmann Schmitt Albrecht Winter Sommer Brandt Engel "
    "Lindner Pohl Wagner Ziegler Baumann Wright Clarke",
)
AMERICAN: Final = (
    "Emma Liam Olivia Noah Ava Ethan Maya Lucas Grace Henry Chloe Daniel Zoe Samuel Nora "
    "Isaac Hazel Caleb Ruby Jordan",
    "Carter Mitchell Rivera Brooks Sullivan Hayes Nguyen Foster Ramirez Coleman Price Reed "
    "Patel Murphy Tran Bailey Cooper Diaz Griffin Wallace",
)
ASIAN: Final = (
    "Aarav Diya Vikram Ananya Rohan Kavya Arjun Meera Karthik Priya Nikhil Isha Siddharth "
    "Lakshmi Wei Jia Rahul Sneha Aditya Pooja",
    "Sharma Iyer Reddy Nair Rao Gupta Menon Krishnan Joshi Desai Shetty Bhat Tan Lim Kulkarni "
    "Das Pillai Verma Hegde Chandra",
)
NAMES_BY_CONTINENT: Final = {"Europe": EUROPEAN, "America": AMERICAN, "Asia": ASIAN}
FOLDED: Final = str.maketrans({"ü": "ue", "ö": "oe", "ä": "ae", "ß": "ss"})


def _name(rng: Random, time_zone: str, taken: set[str]) -> str:
    firsts, lasts = NAMES_BY_CONTINENT[time_zone.partition("/")[0]]
    name = f"{rng.choice(firsts.split())} {rng.choice(lasts.split())}"
    tries = 0
    while name in taken:
        # A middle initial tells namesakes apart in large rosters.
        tries += 1
        middle = f" {rng.choice('ABCDEFGHJKLMNPRSTVW')}." if tries > 5 else ""
        name = f"{rng.choice(firsts.split())}{middle} {rng.choice(lasts.split())}"
    taken.add(name)
    return name


def _role(index: int) -> Role:
    if index == 0:
        return Role.SUPER_ADMIN
    if index < 4 or index % 40 == 0:
        return Role.ADMIN
    return ROLE_PATTERN[index % len(ROLE_PATTERN)]


def _home(city: City, number: int) -> str:
    """A stable address: every third household has IPv6, the others share the IPv4 blocks."""
    if number % 3 == 2:
        return f"{city.mobile.removesuffix('::/48')}:{number + 16:x}::{number % 251 + 2:x}"
    network = city.homes[number // 14 % len(city.homes)]
    return host(network, 1 + number % 14)


def _team(index: int) -> tuple[int, str]:
    wave, place = divmod(index, PEOPLE_PER_TEAM * len(TEAMS))
    number = wave * len(TEAMS) + place % len(TEAMS)
    label = TEAMS[place % len(TEAMS)]
    return number, label if wave == 0 else f"{label} {wave + 1}"


def team_count(people: int) -> int:
    """How many teams a roster of `people` has."""
    return 1 + max(_team(index)[0] for index in range(people))


def _hours(rng: Random, index: int) -> tuple[float, float]:
    if index == NIGHT_OWL_INDEX:
        return 20.0, 28.0
    starts = rng.choice((7.5, 8.0, 8.5, 9.0, 9.0, 9.5, 10.0))
    return starts, starts + rng.choice((8.5, 9.0, 9.0, 9.5))


def _person(rng: Random, index: int, number: int, taken: set[str]) -> Person:
    """Person `index` of the roster, the `number`th in that city."""
    label = _city_of(index)
    city = CITIES[label]
    name = _name(rng, city.time_zone, taken)
    starts, ends = _hours(rng, index)
    team_index, team = _team(index)
    prefix = city.mobile.removesuffix("::/48")
    return Person(
        index=index,
        id=str(UUID(int=rng.getrandbits(128), version=4)),
        email=f"{name.lower().translate(FOLDED).replace('. ', '.').replace(' ', '.')}@{DOMAIN}",
        name=name,
        role=_role(index),
        team=team,
        team_index=team_index,
        city=label,
        country=city.place.country,
        time_zone=city.time_zone,
        starts=starts,
        ends=ends,
        home=_home(city, number),
        mobile=f"{prefix}:{0x8000 + number:x}::{rng.randrange(2, 65000):x}",
        office=host(city.office, 276 + number) if city.office else None,
        vpn=host(city.vpn, 1 + number % 4) if city.vpn else None,
        browser=rng.choice(agents.DESKTOP),
        phone=rng.choice(agents.PHONE),
        command_line=rng.choice(agents.COMMAND_LINE + agents.SDK),
        intensity=rng.choice((0.4, 0.6, 0.8, 1.0, 1.0, 1.2, 1.5, 2.2)),
        office_share=rng.choice((0.2, 0.4, 0.6, 0.6, 0.8)) if city.office else 0.0,
    )


def _city_of(index: int) -> str:
    if index == NIGHT_OWL_INDEX or index == 0:
        return "Berlin"
    return CITY_PATTERN[index % len(CITY_PATTERN)]


def people(seed: int = DEFAULT_SEED, count: int = DEFAULT_PEOPLE) -> tuple[Person, ...]:
    """The roster; raises `ValueError` below `MIN_PEOPLE`, too few to cast the incidents."""
    if count < MIN_PEOPLE:
        raise ValueError(f"a roster needs at least {MIN_PEOPLE} people, not {count}")
    rng = Random(f"people:{seed}")
    taken: set[str] = set()
    in_city: Counter[str] = Counter()
    roster = []
    for index in range(count):
        label = _city_of(index)
        roster.append(_person(rng, index, in_city[label], taken))
        in_city[label] += 1
    return tuple(roster)
