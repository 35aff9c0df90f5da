"""How long the counts of the dashboard and of analytics take, over the loaded events.

Each route is asked over HTTP for the last 90 days: on whole hours, and from uneven minutes on,
which no roll-up answers alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote, urlencode

from bench.client import Client
from bench.dataset import Dataset
from bench.outcome import Outcome
from bench.side import Side
from bench.timing import Timing

TITLE: Final = "Insight: the dashboard and analytics, 90 days"
DAYS: Final = 90
RUNS: Final = 20
MIN_RUNS: Final = 5
WARM_UP_RUNS: Final = 2
USERS: Final = 10
REQUIRED_SECONDS: Final = 0.5
"""For each route, at the 95th percentile, over 5 million events."""
HALF_HOUR_ZONE: Final = "Asia/Kolkata"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A route, and the paths to go through round and round."""

    name: str
    paths: list[str]


def measure(side: Side, dataset: Dataset, pace: float, say: Say) -> Iterator[Outcome]:
    """Of a side that is loaded with the dataset and runs. `pace` scales the number of runs."""
    runs = max(MIN_RUNS, int(RUNS * pace))
    with Client(side.port, side.headers) as client:
        for asked in questions(dataset):
            timing = ask(client, asked, runs)
            say(f"insight, {asked.name}: p95 {timing.p95 * 1000:.0f} ms of {runs}")
            yield outcome(asked.name, timing)


def ask(client: Client, asked: Asked, runs: int) -> Timing:
    paths = [asked.paths[number % len(asked.paths)] for number in range(runs)]
    for path in paths[-WARM_UP_RUNS:]:
        client.get(path)
    return Timing([client.get(path)[1] for path in paths])


def outcome(name: str, timing: Timing) -> Outcome:
    return Outcome(
        name,
        f"p50 {timing.p50 * 1000:.0f} ms, p95 {timing.p95 * 1000:.0f} ms",
        f"p95 ≤ {REQUIRED_SECONDS * 1000:.0f} ms",
        timing.p95 <= REQUIRED_SECONDS,
    )


def questions(dataset: Dataset) -> Iterator[Asked]:
    """Each route in each kind of range."""
    end = datetime.fromisoformat(dataset.after)
    ranges = {
        "": [_range(end.replace(minute=0, second=0, microsecond=0))],
        ", uneven": [_range(end - timedelta(minutes=7 * number + 1)) for number in range(10)],
        ", half-hour zone": [
            f"{_range(end)}&{urlencode({'time_zone': HALF_HOUR_ZONE})}",
        ],
    }
    for suffix, periods in ranges.items():
        yield Asked(f"dashboard{suffix}", [f"/insight/dashboard?{each}" for each in periods])
        yield Asked(f"team{suffix}", [f"/insight/team?{each}" for each in periods])
    (period,) = ranges[""]
    users = [quote(user, safe="") for user in dataset.users[:USERS]]
    yield Asked("dashboard of a user", [_of_user(user, period) for user in users])
    yield Asked("user", [f"/insight/users/{user}?{period}" for user in users])
    for sort in ("changes", "events", "last_seen"):
        yield Asked(f"resources by {sort}", [f"/insight/resources?sort={sort}&{period}"])
    names = [kind for kind, _ in dataset.resources[:3]]
    searches = [f"/insight/resources?{urlencode({'search': name})}&{period}" for name in names]
    yield Asked("resources, searched", searches)
    yield Asked("places", [f"/insight/places?{period}"])


def _range(end: datetime) -> str:
    start = end - timedelta(days=DAYS)
    return urlencode({"start_date": start.isoformat(), "end_date": end.isoformat()})


def _of_user(user: str, period: str) -> str:
    return f"/insight/dashboard?user_id={user}&{period}"
