"""What is usual: each person's history, in the little that rules about history ask for.

A history is worked out from the log itself when a person is first seen after a start
(`profile_load`), and kept up event by event from there. So it needs no table of its own, holds
exactly as far back as the log does, and is the same after a crash. All of it is made of sets,
counts, firsts and lasts: in whatever order events come, the same events give the same history.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from trailkeeper.detect.detection import to_micros
from trailkeeper.detect.keys import shown_address
from trailkeeper.event import Status, StoredEvent

HOURS_PER_WEEK: Final = 168
DAY_MICROS: Final = 86_400_000_000
LOGIN: Final = "LOGIN"
SAME_NETWORK_BITS: Final = {4: 24, 6: 48}
"""Addresses that share so many bits are taken for one network."""


class Whereabouts(NamedTuple):
    """A sign-in whose address has coordinates; `at` in microseconds."""

    at: int
    id: str
    latitude: float
    longitude: float
    city: str
    country: str
    address: str

    @property
    def name(self) -> str:
        return f"{self.city}, {self.country}" if self.city else self.country


@dataclass(slots=True)
class Person:
    """One user of one organization; times in microseconds since 1970.

    `days` has a bit for each day (UTC) since 1970 with an event, what was before that being one
    day; `day` is the latest taken in.
    `countries` are first and last sights, `actions` the first time of each action on a type of
    resource, `hours` events by the hour of the week in the organization's time zone, from
    Monday 00:00. `visit` is the newest located sign-in. Only what succeeded counts anywhere.
    """

    events: int = 0
    first_at: int = 0
    last_at: int = 0
    days: int = 0
    day: int = -1
    countries: dict[str, list[int]] = field(default_factory=dict)
    located: int = 0
    actions: dict[tuple[str, str], int] = field(default_factory=dict)
    hours: list[int] = field(default_factory=lambda: [0] * HOURS_PER_WEEK)
    visit: Whereabouts | None = None

    def add(self, event: StoredEvent, at: int) -> None:
        """Takes an event into the history."""
        if event.status != Status.SUCCESS:
            return
        self.events += 1
        if self.events == 1 or at > self.last_at:
            self.last_at = at
        if self.events == 1 or at < self.first_at:
            self.first_at = at
        day = max(at // DAY_MICROS, 0)
        if day != self.day:
            self.day = day
            self.days |= 1 << day
        self.hours[hour_of(event)] += 1
        did = (event.action, event.resource_type)
        known = self.actions.get(did)
        if known is None or at < known:
            self.actions[did] = at
        if event.country:
            self._add_country(event.country, at)
        if event.action == LOGIN:
            visit = whereabouts(event, at)
            if visit is not None and (self.visit is None or visit[:2] > self.visit[:2]):
                self.visit = visit

    def _add_country(self, country: str, at: int) -> None:
        self.located += 1
        seen = self.countries.get(country)
        if seen is None:
            self.countries[country] = [at, at]
            return
        if at < seen[0]:
            seen[0] = at
        if at > seen[1]:
            seen[1] = at

    @property
    def active_days(self) -> int:
        return self.days.bit_count()

    def days_known(self, at: int) -> float:
        """How long before a moment the person was first seen."""
        return (at - self.first_at) / DAY_MICROS if self.events else 0.0


@dataclass(slots=True)
class Exports:
    """What was handed out in an organization so far: how often, how many rows at most."""

    count: int = 0
    largest: int = 0

    def add(self, rows: int) -> None:
        """Takes in an export that says how many rows it had; 0 says nothing."""
        if not rows:
            return
        self.count += 1
        self.largest = max(self.largest, rows)


def hour_of(event: StoredEvent) -> int:
    """The hour of the week, 0 to 167."""
    return (event.local_weekday - 1) * 24 + event.local_hour


def whereabouts(event: StoredEvent, at: int | None = None) -> Whereabouts | None:
    """Where the event's address is; None without coordinates."""
    if event.latitude is None or event.longitude is None:
        return None
    return Whereabouts(
        to_micros(event.timestamp) if at is None else at,
        event.id,
        event.latitude,
        event.longitude,
        event.city,
        event.country,
        shown_address(event.ip_address),
    )


@lru_cache(maxsize=65_536)
def network_of(address: str) -> str:
    """The network that an address shares with its neighbours; "" for none."""
    if not address:
        return ""
    parsed = ipaddress.ip_address(address)
    bits = SAME_NETWORK_BITS[parsed.version]
    return str(ipaddress.ip_network((address, bits), strict=False))
