"""Pages of events in time order, by keyset on `(timestamp, id)`.

An answer's newest page is usually in the newest weeks, so the search looks there first and
widens only where it has not found enough: the result is the same, the store reads less.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from trailkeeper.event import MAX_FUTURE, StoredEvent
from trailkeeper.search.counts import count_events
from trailkeeper.search.cursor import TimeCursor
from trailkeeper.search.question import ALL_COLUMNS, Question, bind_time
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement

WINDOWS: Final = (timedelta(days=3), timedelta(days=21))
WINDOWS_OF_ONE: Final = (timedelta(days=21),)
"""One user or resource has fewer events, and an order in which they are found at once."""


class Order(StrEnum):
    DESC = "desc"
    ASC = "asc"
    COMMITTED = "committed"


@dataclass(frozen=True)
class Page:
    """Events in the asked order; `total` counts the whole answer, not the page."""

    events: list[StoredEvent]
    total: int | None
    has_more: bool


async def read_page(
    engine: EventsEngine,
    question: Question,
    *,
    order: Order,
    limit: int,
    offset: int = 0,
    after: TimeCursor | None = None,
    with_total: bool = True,
) -> Page:
    """One page. The total is counted beside it on the first page and carried by the cursor."""
    page = _read(engine, question, order, limit + 1, offset, after)
    if after is not None or not with_total:
        events = await page
        total = after.total if after is not None else None
    else:
        events, total = await asyncio.gather(page, count_events(engine, question))
    return Page(events[:limit], total, has_more=len(events) > limit)


async def _read(
    engine: EventsEngine,
    question: Question,
    order: Order,
    wanted: int,
    offset: int,
    after: TimeCursor | None,
) -> list[StoredEvent]:
    if order is Order.DESC:
        newest = after.timestamp if after is not None else datetime.now(UTC) + MAX_FUTURE
        for window in WINDOWS_OF_ONE if question.has_own_order() else WINDOWS:
            start = newest - window
            if question.range.start is not None and start <= question.range.start:
                break
            narrowed = question.narrowed(start, None)
            events = await engine.rows(
                page_statement(narrowed, order, wanted, offset, after), StoredEvent
            )
            if len(events) == wanted:
                return events
    return await engine.rows(page_statement(question, order, wanted, offset, after), StoredEvent)


def page_statement(
    question: Question,
    order: Order,
    limit: int,
    offset: int,
    after: TimeCursor | None,
    *,
    committed_upto: datetime | None = None,
    columns: str = ALL_COLUMNS,
) -> Statement:
    """The statement for one page; `committed_upto` leaves out what was received later.

    `columns` (SQL, a constant of the caller) say what is wanted of each event.
    """
    binder = Binder()
    conditions = [question.condition(binder)]
    if after is not None:
        conditions.append(_beyond_condition(binder, after, order))
    if committed_upto is not None:
        conditions.append(f"received_at <= {bind_time(binder, committed_upto)}")
    where_condition = " AND ".join(conditions)
    direction_sql = "DESC" if order is Order.DESC else "ASC"
    # With an order of its own the planner would still prefer the table's, and scan it; and from
    # parts that have no such order yet it would read whole rows before it looks at them.
    is_of_one = question.has_own_order()
    filter_sql = "PREWHERE" if is_of_one else "WHERE"
    hint_sql = "SETTINGS optimize_read_in_order = 0" if is_of_one else ""
    return Statement(
        f"SELECT {columns} FROM events"
        f" {filter_sql} {question.tenant.sql()} AND {where_condition}"
        f" ORDER BY timestamp {direction_sql}, id {direction_sql}"
        f" LIMIT {binder.bind(limit, 'UInt64')} OFFSET {binder.bind(offset, 'UInt64')} {hint_sql}",
        binder.parameters,
    )


def _beyond_condition(binder: Binder, after: TimeCursor, order: Order) -> str:
    time_sql = bind_time(binder, after.timestamp)
    id_sql = binder.bind(after.id, "String")
    if order is Order.DESC:
        return f"timestamp <= {time_sql} AND (timestamp < {time_sql} OR id < {id_sql})"
    return f"timestamp >= {time_sql} AND (timestamp > {time_sql} OR id > {id_sql})"
