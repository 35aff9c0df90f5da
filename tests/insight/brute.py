"""Counting by hand: the same answers from a list of events, one event at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from trailkeeper.event import StoredEvent
from trailkeeper.insight.period import Period
from trailkeeper.insight.schema import Compared

CHANGES = ("CREATE", "UPDATE", "DELETE")
MICROSECOND = timedelta(microseconds=1)
Test = Callable[[StoredEvent], bool]


def is_sign_in(event: StoredEvent) -> bool:
    return event.action == "LOGIN" and event.status == "SUCCESS"


def is_failed_sign_in(event: StoredEvent) -> bool:
    return event.action == "LOGIN_FAILED" or (event.action == "LOGIN" and event.status == "FAILED")


def is_change(event: StoredEvent) -> bool:
    return event.action in CHANGES


@dataclass(frozen=True)
class Hand:
    """Events of one organization, and a period to count them in."""

    events: list[StoredEvent]
    period: Period

    @cached_property
    def now(self) -> list[StoredEvent]:
        return [e for e in self.events if self.period.start <= e.timestamp < self.period.end]

    @cached_property
    def before(self) -> list[StoredEvent]:
        start = self.period.start - (self.period.end - self.period.start)
        return [e for e in self.events if start <= e.timestamp < self.period.start]

    def compared(self, test: Test = lambda _: True) -> Compared:
        return Compared(sum(map(test, self.now)), sum(map(test, self.before)))

    def active(self) -> Compared:
        return Compared(len(_users(self.now)), len(_users(self.before)))

    def values(self, key: Callable[[StoredEvent], str]) -> dict[str, tuple[int, int]]:
        now, before = Counter(map(key, self.now)), Counter(map(key, self.before))
        return {value: (now[value], before[value]) for value in now | before}

    def dates(self) -> list[date]:
        """Every local date that a moment of the period has, and those that clocks skipped."""
        first = self.period.start.astimezone(self.period.zone).date()
        last = (self.period.end - MICROSECOND).astimezone(self.period.zone).date()
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def local(self, event: StoredEvent) -> datetime:
        return event.timestamp.astimezone(self.period.zone)

    def by_day(self, events: Iterable[StoredEvent]) -> list[int]:
        counts = Counter(self.local(event).date() for event in events)
        return [counts[day] for day in self.dates()]

    def active_by(self, first_of: Callable[[date], date]) -> list[tuple[date, int]]:
        """Different users who signed in, by the date that `first_of` gives for a date."""
        found: dict[date, set[str]] = {first_of(day): set() for day in self.dates()}
        for event in self.now:
            if is_sign_in(event) and event.user_id:
                found[first_of(self.local(event).date())].add(event.user_id)
        return [(day, len(users)) for day, users in sorted(found.items())]

    def week(self, events: Iterable[StoredEvent] | None = None) -> list[list[int]]:
        week = [[0] * 24 for _ in range(7)]
        for event in self.now if events is None else events:
            local = self.local(event)
            week[local.weekday()][local.hour] += 1
        return week

    def busiest(self) -> list[tuple[str, int, int]]:
        counts = self.values(lambda event: event.user_id)
        people = [
            (user, now, before)
            for user, (now, before) in counts.items()
            if user and not user.startswith("api-key:") and now
        ]
        return sorted(people, key=lambda each: (-each[1], each[0]))

    def top_resources(self, kind: str) -> list[tuple[str, str | None, int, int, int]]:
        """Id, newest name, count, count before, users; of projects only changes count."""

        def counts(event: StoredEvent) -> bool:
            is_counted = kind != "PROJECT" or is_change(event)
            return event.resource_type == kind and event.resource_id != "" and is_counted

        now, before = list(filter(counts, self.now)), list(filter(counts, self.before))
        found = []
        for resource_id in {event.resource_id for event in now}:
            mine = [event for event in now if event.resource_id == resource_id]
            old = [event for event in before if event.resource_id == resource_id]
            users = {event.user_id for event in mine if event.user_id}
            found.append((resource_id, newest_name(old + mine), len(mine), len(old), len(users)))
        return sorted(found, key=lambda each: (-each[2], each[0]))

    def resources(self) -> dict[tuple[str, str], dict[str, Any]]:
        known: dict[tuple[str, str], dict[str, Any]] = {}
        for key in {(e.resource_type, e.resource_id) for e in self.now if e.resource_id}:
            mine = [e for e in self.now if (e.resource_type, e.resource_id) == key]
            so_far = [
                e
                for e in self.events
                if (e.resource_type, e.resource_id) == key and e.timestamp < self.period.end
            ]
            ends = [e for e in so_far if e.action in ("CREATE", "DELETE") and e.status == "SUCCESS"]
            known[key] = {
                "resource_name": newest_name(so_far),
                "events": len(mine),
                "changes": sum(map(is_change, mine)),
                "users": len({e.user_id for e in mine if e.user_id}),
                "first_seen": min(e.timestamp for e in mine),
                "last_seen": max(e.timestamp for e in mine),
                "is_deleted": bool(ends) and max(ends, key=_order).action == "DELETE",
            }
        return known

    def places(self) -> dict[tuple[str, str], tuple[int, int, int]]:
        """Sign-ins that succeeded, that failed, and users, by country and city."""
        found: dict[tuple[str, str], tuple[int, int, int]] = {}
        signed = [e for e in self.now if is_sign_in(e) or is_failed_sign_in(e)]
        for place in {(e.country, e.city) for e in signed if e.country}:
            mine = [e for e in signed if (e.country, e.city) == place]
            failed = sum(map(is_failed_sign_in, mine))
            users = {e.user_id for e in mine if e.user_id}
            found[place] = (len(mine) - failed, failed, len(users))
        return found


def newest_name(events: Iterable[StoredEvent]) -> str | None:
    named = [event for event in events if event.resource_name]
    return max(named, key=_order).resource_name if named else None


def _order(event: StoredEvent) -> tuple[datetime, str]:
    return event.timestamp, event.id


def _users(events: Iterable[StoredEvent]) -> set[str]:
    return {event.user_id for event in events if is_sign_in(event) and event.user_id}
