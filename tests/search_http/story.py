"""One organization's events around the days when clocks change, and counting them by hand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tests.api.tenant import Json, Tenant, at, event

BUSY_DAYS: Final = {
    "Europe/Berlin": ("2024-03-31", "2024-10-27"),
    "America/New_York": ("2024-03-10", "2024-11-03"),
    "Asia/Kolkata": ("2024-06-15",),
    "Australia/Lord_Howe": ("2024-04-07", "2024-10-06"),
    "America/Havana": ("2024-03-10", "2024-11-03"),
    "America/Sao_Paulo": ("2018-11-04", "2019-02-17"),
    "Pacific/Apia": ("2011-12-30",),
}
"""Days on which clocks are put forward or back: by an hour, by half an hour, at midnight, or
by a whole day; and one zone that is half an hour off all year."""

ACTIONS: Final = ("LOGIN", "CREATE", "DELETE", "UPDATE")
USERS: Final = ("ann", "bob", "eve", None)
TYPES: Final = ("USER", "PROJECT", "MODEL")
COUNTRIES: Final = ("203.0.113.7", "198.51.100.9", "2001:db8::7", None)
PER_DAY: Final = 70


@dataclass(frozen=True)
class Story:
    """The events as sent, with their times parsed, and the tenant that has them."""

    tenant: Tenant
    events: list[Json]

    def within(self, start: datetime, end: datetime, **wanted: object) -> list[Json]:
        """Events from `start` (included) to `end` (left out) whose fields are as wanted."""
        return [
            each
            for each in self.events
            if start <= each["at"] < end
            and all(each[name] in _values(value) for name, value in wanted.items())
        ]


def record_story(tenant: Tenant) -> Story:
    rng = random.Random(20240331)
    events = [_event(rng, moment) for moment in _moments(rng)]
    rng.shuffle(events)
    # In many commits, so that the store merges some of them and answers from both kinds.
    size = len(events) // 25
    for start in range(0, len(events), size):
        batch = events[start : start + size]
        sent = [{name: each[name] for name in each if name != "at"} for each in batch]
        tenant.record(sent)
    return Story(tenant, events)


def _moments(rng: random.Random) -> Iterator[datetime]:
    for days in BUSY_DAYS.values():
        for day in days:
            noon = at(f"{day}T12:00:00Z")
            for _ in range(PER_DAY):
                moment = noon + timedelta(seconds=rng.uniform(-40 * 3600, 40 * 3600))
                yield moment
                # On both sides of a boundary, and on it.
                sharp = moment.replace(minute=rng.choice((0, 30)), second=0, microsecond=0)
                yield sharp + timedelta(microseconds=rng.choice((-1, 0, 1)))
    for _ in range(300):
        yield at("2024-01-01T00:00:00Z") + timedelta(seconds=rng.uniform(0, 366 * 86_400))


def _event(rng: random.Random, moment: datetime) -> Json:
    return {
        **event(
            timestamp=moment.isoformat(),
            action=rng.choice(ACTIONS),
            user_id=rng.choice(USERS),
            resource_type=rng.choice(TYPES),
            resource_id=rng.choice(("r1", "r2", None)),
            status=rng.choice(("SUCCESS", "SUCCESS", "FAILED")),
            source=rng.choice(("UI", "API")),
            ip_address=rng.choice(COUNTRIES),
        ),
        "at": moment,
    }


def labels(
    start: datetime, end: datetime, interval: str, zone: ZoneInfo
) -> list[tuple[datetime, object]]:
    """Where each bucket of the range begins, found by looking at the clock again and again.

    Each entry is a first instant and what the local clock then says (its minute, hour, day,
    week or month), for every such period that the range touches.
    """
    step = timedelta(minutes=1) if interval in ("minute", "hour") else timedelta(minutes=15)
    before = {"minute": 0, "hour": 3, "day": 50, "week": 220, "month": 800}[interval]
    moment = start.replace(second=0, microsecond=0, minute=0) - timedelta(hours=before)
    found: list[tuple[datetime, object]] = []
    while moment < end:
        label = label_of(moment, interval, zone)
        if not found or found[-1][1] != label:
            found.append((moment, label))
        moment += step
    first = max(place for place, (begin, _) in enumerate(found) if begin <= start)
    return found[first:]


def label_of(moment: datetime, interval: str, zone: ZoneInfo) -> object:
    local = moment.astimezone(zone)
    day = local.date()
    match interval:
        case "minute":
            return moment.astimezone(UTC).replace(second=0, microsecond=0)
        case "hour":
            return day, local.hour, local.utcoffset()
        case "week":
            return day.isocalendar()[:2]
        case "month":
            return day.year, day.month
        case _:
            return day


def _values(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
