"""Rules that compare with history, over stored history: the log is told anew, in the order of time.

Nobody is known at first; everything before the rehearsed days is history alone. So people need
some days before the first finding, as they do after an installation.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from trailkeeper.detect.found import Found
from trailkeeper.detect.profile_looks import Surroundings
from trailkeeper.detect.profile_watch import HistoryWatch
from trailkeeper.detect.profiles import Person
from trailkeeper.detect.watched import WatchedRule
from trailkeeper.event import StoredEvent
from trailkeeper.principal import Tenant
from trailkeeper.search.question import ALL_COLUMNS
from trailkeeper.store.engine import EventsEngine, Statement, engine_time

WARMS_UP_FOR: Final = timedelta(days=90)
PAGE: Final = 5_000
TURN: Final = 250
"""Events between two turns for everybody else in this process."""
MAX_PEOPLE: Final = 200_000


@dataclass(frozen=True, slots=True)
class Replayed:
    """What one page of events gave; `done` of `total` days are looked at."""

    found: list[Found]
    events: int
    done: int
    total: int


async def replay(
    engine: EventsEngine,
    tenant: Tenant,
    watched: WatchedRule,
    around: Surroundings,
    start: datetime,
    end: datetime,
) -> AsyncIterator[Replayed]:
    """What the rule would have found in `[start, end)`, page by page.

    `around` is the organization as it is now: its hours, and who has left. Raises Unavailable.
    """
    watch = HistoryWatch([watched], around, MAX_PEOPLE)
    total = max(1, (end - start).days)
    after, after_id = start - WARMS_UP_FOR, ""
    while True:
        events = await engine.rows(_page(tenant, after, after_id, end), StoredEvent)
        found: list[Found] = []
        for first in range(0, len(events), TURN):
            part = events[first : first + TURN]
            watch.learn({user: Person() for user in watch.unknown(part)})
            found += [each for each in watch.feed(part) if start <= each.hot_at < end]
            await asyncio.sleep(0)
        watch.forget_most_silent()
        if events:
            after, after_id = events[-1].timestamp, events[-1].id
        counted = sum(start <= event.timestamp for event in events)
        is_last = len(events) < PAGE
        done = total if is_last else min(total, max(0, (after - start).days))
        yield Replayed(found, counted, done, total)
        if is_last:
            return


def _page(tenant: Tenant, after: datetime, after_id: str, end: datetime) -> Statement:
    return Statement(
        f"SELECT {ALL_COLUMNS} FROM events WHERE {tenant.sql()}"
        " AND timestamp >= {after:DateTime64(6, 'UTC')} AND timestamp < {end:DateTime64(6, 'UTC')}"
        " AND (timestamp, id) > ({after:DateTime64(6, 'UTC')}, {after_id:String})"
        f" ORDER BY timestamp, id LIMIT {PAGE}",
        {
            **tenant.parameters(),
            "after": engine_time(after),
            "after_id": after_id,
            "end": engine_time(end),
        },
    )
