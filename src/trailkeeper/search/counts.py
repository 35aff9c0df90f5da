"""Counting: from the hourly roll-ups where they can answer, from the events otherwise.

A roll-up knows organization, hour, action, resource type, status and user. Whole hours of
the range come from it; the partial hours at its ends are counted event by event, so the
answer is exact either way. Which rows have been rolled up is the engine's business: the
roll-ups are projections of the table and cannot disagree with it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec

from trailkeeper.search.ast import columns_of
from trailkeeper.search.params import TimeRange
from trailkeeper.search.question import Question, bind_time
from trailkeeper.search.sql import Binder, condition
from trailkeeper.store.engine import EventsEngine, Statement

ROLLED_UP: Final = frozenset({"action", "resource_type", "status", "user_id"})

HOUR: Final = timedelta(hours=1)


class Count(msgspec.Struct, frozen=True, array_like=True):
    events: int


async def count_events(engine: EventsEngine, question: Question) -> int:
    """How many events the question matches."""
    binder = Binder()
    source_sql = counted_rows(question, (), binder)
    counted = await engine.rows(
        Statement(f"SELECT sum(events) FROM ({source_sql})", binder.parameters), Count
    )
    return counted[0].events


def can_use_rollup(question: Question, columns: tuple[str, ...]) -> bool:
    """Whether the roll-ups know all that is asked for and all that is filtered on."""
    return set(columns) <= ROLLED_UP and columns_of(question.filter) <= ROLLED_UP


def counted_rows(
    question: Question, columns: tuple[str, ...], binder: Binder, *, by_hour: bool = False
) -> str:
    """A query of `columns…, [hour,] events`: partial counts that add up to the answer.

    With `by_hour` each count belongs to one UTC hour.
    """
    if not can_use_rollup(question, columns):
        return _event_counts(question, columns, binder, by_hour)
    start, end = question.range.start, question.range.end
    first_whole = _ceil_hour(start) if start is not None else None
    end_whole = _floor_hour(end) if end is not None else None
    if first_whole is not None and end_whole is not None and first_whole >= end_whole:
        return _event_counts(question, columns, binder, by_hour)
    parts = [_rollup_counts(question, columns, binder, by_hour, first_whole, end_whole)]
    if start is not None and first_whole is not None and start < first_whole:
        edge = _within(question, start, first_whole)
        parts.append(_event_counts(edge, columns, binder, by_hour))
    if end is not None and end_whole is not None and end_whole < end:
        edge = _within(question, end_whole, end)
        parts.append(_event_counts(edge, columns, binder, by_hour))
    return " UNION ALL ".join(parts)


def _rollup_counts(
    question: Question,
    columns: tuple[str, ...],
    binder: Binder,
    by_hour: bool,
    start: datetime | None,
    end: datetime | None,
) -> str:
    binder.parameters.update(question.tenant.parameters())
    clauses = [condition(question.filter, binder)]
    if start is not None:
        clauses.append(f"toStartOfHour(timestamp) >= {bind_time(binder, start)}")
    if end is not None:
        clauses.append(f"toStartOfHour(timestamp) < {bind_time(binder, end)}")
    where_condition = " AND ".join(f"({each_condition})" for each_condition in clauses)
    return _grouped(question, columns, by_hour, where_condition)


def _event_counts(
    question: Question, columns: tuple[str, ...], binder: Binder, by_hour: bool
) -> str:
    return _grouped(question, columns, by_hour, question.condition(binder))


def _grouped(
    question: Question, columns: tuple[str, ...], by_hour: bool, where_condition: str
) -> str:
    key_columns = [*columns, "toStartOfHour(timestamp)"] if by_hour else list(columns)
    name_columns = [*columns, "toStartOfHour(timestamp) AS hour"] if by_hour else list(columns)
    selected_sql = ", ".join([*name_columns, "count() AS events"])
    grouped_sql = f" GROUP BY {', '.join(key_columns)}" if key_columns else ""
    return (
        f"SELECT {selected_sql} FROM events"
        f" WHERE {question.tenant.sql()} AND {where_condition}{grouped_sql}"
    )


def _within(question: Question, start: datetime, end: datetime) -> Question:
    return Question(question.tenant, question.filter, TimeRange(start, end))


def _floor_hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _ceil_hour(moment: datetime) -> datetime:
    floor = _floor_hour(moment)
    return floor if floor == moment else floor + HOUR
