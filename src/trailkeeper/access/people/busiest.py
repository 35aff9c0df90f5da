"""Events in the last 30 days: counted in the log itself, when asked.

The count is read from the events engine's hourly roll-up by user, so it is exact by
construction: it follows retention and erasure, and nothing has to be kept up to date. It
reaches back 30 days from the beginning of the current hour.
"""

from __future__ import annotations

import asyncio
import heapq
import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.directory import MAX_ID_BYTES, stored_id
from trailkeeper.access.people.listing import (
    EVERYONE,
    DirectoryPage,
    Position,
    SortOrder,
    UserFilter,
    UserSort,
    from_cursor,
    matching_ids,
    to_cursor,
    users_by_id,
)
from trailkeeper.principal import Tenant
from trailkeeper.store.engine import EventsEngine, Statement, engine_time

RECENT: Final = timedelta(days=30)
CUT_ID: Final = re.compile(r"~[0-9a-f]{64}\Z")

_COUNT: Final = """
SELECT user_id, count()
FROM events
WHERE {tenant} AND toStartOfHour(timestamp) >= {{since:DateTime('UTC')}} AND {whom}
GROUP BY user_id
"""
# Ids that the directory keeps in another form, told by what made it cut them.
_CUT: Final = "length(user_id) > {longest:UInt32} OR position(user_id, char(0)) > 0"


class _UserCount(msgspec.Struct, array_like=True, frozen=True):
    user_id: str
    events: int


async def recent_events(
    engine: EventsEngine, tenant: Tenant, user_ids: Collection[str], now: datetime
) -> dict[str, int]:
    """How many events of the last 30 days name each of these users, as the directory has them."""
    if not user_ids:
        return {}
    whom = "user_id IN {user_ids:Array(String)}"
    if any(CUT_ID.search(each) for each in user_ids):
        whom = f"({whom} OR {_CUT})"
    return await _count(engine, tenant, whom, {"user_ids": list(user_ids)}, now)


async def list_busiest(
    session: AsyncSession,
    engine: EventsEngine,
    tenant: Tenant,
    now: datetime,
    *,
    wanted: UserFilter = EVERYONE,
    order: SortOrder = SortOrder.DESC,
    limit: int = 100,
    cursor: str | None = None,
) -> DirectoryPage:
    """A page of users by their events of the last 30 days; ties by the id.

    Raises BadRequest(INVALID_CURSOR). Where counts change between two pages, a user whose
    count moved past the end of a page may come twice or not at all.
    """
    counts = await _count(engine, tenant, "user_id != ''", {}, now)
    user_ids = await matching_ids(session, tenant, wanted)
    end = None
    if cursor is not None:
        position = from_cursor(cursor, UserSort.EVENTS_30D, order)
        end = (int(position.key), position.user_id)
    # In a thread: a hundred thousand users take a tenth of a second.
    places = await asyncio.to_thread(_ranked, counts, user_ids, order, end, limit + 1)
    shown = places[:limit]
    users = await users_by_id(session, tenant, [user_id for _, user_id in shown])
    next_cursor = None
    if len(places) > limit:
        next_cursor = to_cursor(Position(UserSort.EVENTS_30D, order, *shown[-1]))
    return DirectoryPage([users[user_id] for _, user_id in shown], next_cursor)


def _ranked(
    counts: dict[str, int],
    user_ids: Sequence[str],
    order: SortOrder,
    end: tuple[int, str] | None,
    limit: int,
) -> list[tuple[int, str]]:
    """Count and id of the users that come after `end`, in order."""
    places = [(counts.get(each, 0), each) for each in user_ids]
    if order is SortOrder.ASC:
        return heapq.nsmallest(limit, (each for each in places if end is None or each > end))
    return heapq.nlargest(limit, (each for each in places if end is None or each < end))


async def _count(
    engine: EventsEngine, tenant: Tenant, whom: str, parameters: dict[str, Any], now: datetime
) -> dict[str, int]:
    since = now.replace(minute=0, second=0, microsecond=0) - RECENT
    statement = Statement(
        _COUNT.format(tenant=tenant.sql(), whom=whom),
        {
            **tenant.parameters(),
            **parameters,
            "since": engine_time(since).partition(".")[0],
            "longest": MAX_ID_BYTES,
        },
    )
    counts: dict[str, int] = {}
    for row in await engine.rows(statement, _UserCount):
        user_id = stored_id(row.user_id)
        counts[user_id] = counts.get(user_id, 0) + row.events
    return counts
