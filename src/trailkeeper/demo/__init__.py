"""Believable, seeded activity of one organization: 'Acme AI', at home in Europe/Berlin.

`generate` tells 90 days of about 60 people and their programs, `incidents` says what
trouble is hidden in it, `scaled` tells the same story with more people for benchmarks.
The same arguments give the same events, ids included, so a second upload stores nothing.
Only the standard library is used, and memory stays flat: events are made as they are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from trailkeeper.demo.actors import cast
from trailkeeper.demo.geo import GEO, Place, city_record
from trailkeeper.demo.incidents import IncidentKind, IncidentNote, scenes
from trailkeeper.demo.people import (
    DEFAULT_PEOPLE,
    DEFAULT_SEED,
    ORGANIZATION,
    ORGANIZATION_TIME_ZONE,
    Person,
    Role,
    people,
)
from trailkeeper.demo.stream import Plan, tell
from trailkeeper.demo.words import KINDS
from trailkeeper.demo.world import Resource, World

DEFAULT_DAYS: Final = 90
DEFAULT_EVENTS: Final = 200_000

__all__ = [
    "DEFAULT_DAYS",
    "DEFAULT_EVENTS",
    "DEFAULT_PEOPLE",
    "DEFAULT_SEED",
    "GEO",
    "ORGANIZATION",
    "ORGANIZATION_TIME_ZONE",
    "IncidentKind",
    "IncidentNote",
    "Person",
    "Place",
    "Resource",
    "Role",
    "city_record",
    "generate",
    "incidents",
    "people",
    "resources",
    "scaled",
]


def generate(
    now: datetime,
    seed: int = DEFAULT_SEED,
    days: int = DEFAULT_DAYS,
    target_events: int = DEFAULT_EVENTS,
) -> Iterator[dict[str, object]]:
    """About `target_events` events over the `days` before `now`, oldest first.

    Each is the JSON object of a `NewEvent`, with an id and an RFC 3339 timestamp in UTC.
    Raises `ValueError` if `now` has no time zone or a number is not positive.
    """
    return tell(_plan(now, seed, days, DEFAULT_PEOPLE, target_events))


def scaled(
    now: datetime, seed: int, people: int, events: int, days: int = DEFAULT_DAYS
) -> Iterator[dict[str, object]]:
    """The same story with `people` people and about `events` events, for benchmarks.

    Raises `ValueError` as `generate` does, and if `people` are too few for the story.
    """
    return tell(_plan(now, seed, days, people, events))


def incidents(
    now: datetime, seed: int = DEFAULT_SEED, people_count: int = DEFAULT_PEOPLE
) -> list[IncidentNote]:
    """What is hidden in the stream of the same `now` and `seed`, oldest first."""
    roster = people(seed, people_count)
    told = scenes(_in_utc(now), seed, cast(roster), World(roster, seed))
    return [scene.note for scene in told]


def resources(seed: int = DEFAULT_SEED, people_count: int = DEFAULT_PEOPLE) -> list[Resource]:
    """What exists before the first event; more is created, and some deleted, in the stream."""
    world = World(people(seed, people_count), seed)
    return [item for kind in KINDS for pool in world.pools[kind] for item in pool]


def _plan(now: datetime, seed: int, days: int, people: int, events: int) -> Plan:
    if days < 1 or events < 1:
        raise ValueError(f"days and events must be positive, not {days} and {events}")
    return Plan(_in_utc(now), seed, days, people, events)


def _in_utc(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("`now` needs a time zone")
    return now.astimezone(UTC)
