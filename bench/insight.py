"""`python -m bench.insight`: how long the counts of the dashboard and of analytics take.

A server as users run it is loaded with the bench's events and asked over HTTP, each route for
the last 90 days: on whole hours, and from uneven minutes on, which no roll-up answers alone.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

from bench.client import Client
from bench.dataset import Dataset, prepare
from bench.document import plain_table
from bench.timing import Timing
from bench.trailkeeper_side import TrailkeeperSide

EVENTS: Final = 1_000_000
DAYS: Final = 90
RUNS: Final = 20
WARM_UP_RUNS: Final = 2
USERS: Final = 10
REQUIRED_MS: Final = 500
"""For each route, at the 95th percentile, over 5 million events."""
PERSISTENT: Final = "/var/tmp"
HALF_HOUR_ZONE: Final = "Asia/Kolkata"
HEAD: Final = ("route", "p50 ms", "p95 ms", "required ms", "reached")


@dataclass(frozen=True, slots=True)
class Asked:
    """A route, and the paths to go through round and round."""

    name: str
    paths: list[str]


@dataclass(frozen=True, slots=True)
class Measured:
    name: str
    timing: Timing

    @property
    def is_reached(self) -> bool:
        return self.timing.p95 * 1000 <= REQUIRED_MS

    def cells(self) -> list[str]:
        return [
            self.name,
            f"{self.timing.p50 * 1000:.0f}",
            f"{self.timing.p95 * 1000:.0f}",
            f"{REQUIRED_MS}",
            "yes" if self.is_reached else "NO",
        ]


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


def measure(side: TrailkeeperSide, asked: Asked) -> Measured:
    paths = [asked.paths[number % len(asked.paths)] for number in range(RUNS)]
    with Client(side.port, side.headers) as client:
        for path in paths[-WARM_UP_RUNS:]:
            client.get(path)
        return Measured(asked.name, Timing([client.get(path)[1] for path in paths]))


def _range(end: datetime) -> str:
    start = end - timedelta(days=DAYS)
    return urlencode({"start_date": start.isoformat(), "end_date": end.isoformat()})


def _of_user(user: str, period: str) -> str:
    return f"/insight/dashboard?user_id={user}&{period}"


@contextmanager
def _work_folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="insight-", dir=PERSISTENT) as made:
        yield Path(made)


def _say(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.insight", description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS, help="events to load")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the events and stores there")
    parser.add_argument("--only", help="only routes whose name begins so")
    return parser.parse_args()


def main() -> int:
    """Returns 1 when something that must be reached was not."""
    arguments = _arguments()
    with _work_folder(arguments.keep) as folder:
        dataset = prepare(folder / "dataset", arguments.events)
        is_loaded = (folder / "trailkeeper").exists()
        side = TrailkeeperSide(folder)
        side.start()
        try:
            if not is_loaded:
                _say(f"loading {dataset.events:,} events")
                side.load(dataset)
            measured = []
            for asked in questions(dataset):
                if asked.name.startswith(arguments.only or ""):
                    _say(asked.name)
                    measured.append(measure(side, asked))
        finally:
            side.stop()
    print("\n".join(plain_table(HEAD, [each.cells() for each in measured])))
    return 0 if all(each.is_reached for each in measured) else 1


if __name__ == "__main__":
    sys.exit(main())
