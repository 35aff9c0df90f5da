"""A rule over stored history: bound SQL, to rehearse it and to sweep for late events.

History is read in slices, each one period of the rule (see `detection`): a detection lies in
one period, and depends on nothing before its window. So each slice stands for itself, and its
memory is bounded by it. Within a slice the engine hands out the matching events by time, and
the same bookkeeping as in memory finds the detections.

Where events are merely counted, the engine first finds out which groups can have enough of
them within the timespan, and hands out the events of these alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import floor
from typing import Any, Final

import msgspec

from trailkeeper.detect.condition_sql import group_text_sql, raw_sql, rule_condition
from trailkeeper.detect.detection import (
    Detection,
    DetectionKey,
    apply_changes,
    period_of,
    to_micros,
)
from trailkeeper.detect.evaluate import period_start
from trailkeeper.detect.keys import raw_group_reader, raw_value_reader
from trailkeeper.detect.rule import Comparison, Correlation, Kind, NamedField, Rule
from trailkeeper.detect.runs import Plan
from trailkeeper.detect.tally import Item
from trailkeeper.detect.windows import GroupKey, Windows
from trailkeeper.principal import Tenant
from trailkeeper.search.ast import Everything
from trailkeeper.search.params import TimeRange
from trailkeeper.search.question import Question
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement

PAGE_EVENTS: Final = 100_000
MAX_SWEPT_GROUPS: Final = 1_000_000
MAX_GROUPING_BYTES: Final = 256 * 1024**2
"""Past that the engine puts its groups on disk."""


@dataclass(frozen=True, slots=True)
class Slice:
    """The detections that open in `[start, end)`: all of them, as history is now.

    Others that were told of this rule in this time are superseded. `done` and `total` count
    slices, `events` the matching events that were read for this one.
    """

    start: datetime
    end: datetime
    detections: tuple[Detection, ...]
    events: int
    done: int
    total: int


Progress = Callable[[int, int], None]


class _Row(msgspec.Struct, frozen=True, array_like=True, gc=False):
    at: int
    id: str
    parts: int
    texts: list[str]


class _Reader:
    """Where in a row's texts the groups and the values are: one layout for SQL and for reading.

    Parts that are grouped alike share their texts: few lists make for a quick read.
    """

    def __init__(self, rule: Rule) -> None:
        watched = rule.watched
        self.fields: list[NamedField] = []
        starts: dict[tuple[NamedField, ...], int] = {}
        for part in watched.parts:
            if part.group_by not in starts:
                starts[part.group_by] = self._lay_out(part.group_by)
        self._value = raw_value_reader(watched, self._lay_out(watched.value))
        self._groups = [
            (
                1 << place,
                raw_group_reader(
                    part.group_by, starts[part.group_by], is_complete=rule.needs_group
                ),
            )
            for place, part in enumerate(watched.parts)
        ]

    def _lay_out(self, fields: Sequence[NamedField]) -> int:
        start = sum(len(named.subjects) for named in self.fields)
        self.fields += fields
        return start

    def added(self, rows: Sequence[_Row]) -> list[tuple[GroupKey, Item]]:
        """The rows as events of their groups."""
        added = []
        for row in rows:
            texts, value = row.texts, None
            if self._value is not None:
                value = self._value(texts)
                if value is None:
                    continue
            for part, group_of in self._groups:
                if row.parts & part:
                    group = group_of(texts)
                    if group is not None:
                        added.append((group, Item(row.at, row.id, value, part)))
        return added


async def sweep(
    engine: EventsEngine, tenant: Tenant, rule: Rule, start: datetime, end: datetime
) -> AsyncIterator[Slice]:
    """Finds the rule's detections of each period that `[start, end)` touches, in order.

    `start` and `end` are of event time; `end` must not lie before the newest event that
    counts. Raises Unavailable.
    """
    starts = slice_starts(rule, start, end)
    for done, slice_start in enumerate(starts, 1):
        slice_end = slice_start + period_of(rule.timespan)
        found, events = await _read_slice(engine, tenant, rule, slice_start, slice_end)
        detections = sorted(found.values(), key=lambda each: (each.opened_at, each.group))
        yield Slice(slice_start, slice_end, tuple(detections), events, done, len(starts))


async def rehearse(
    engine: EventsEngine,
    tenant: Tenant,
    rule: Rule,
    start: datetime,
    end: datetime,
    progress: Progress | None = None,
) -> list[Detection]:
    """What the rule would have found in `[start, end)`, by time. `progress` is told of slices."""
    found: list[Detection] = []
    async for each in sweep(engine, tenant, rule, start, end):
        found += [one for one in each.detections if start <= one.opened_at < end]
        if progress is not None:
            progress(each.done, each.total)
    return found


def slice_starts(rule: Rule, start: datetime, end: datetime) -> list[datetime]:
    """Starts of the periods that a range of time touches."""
    starts = []
    moment = period_start(rule, start)
    while moment < end:
        starts.append(moment)
        moment += period_of(rule.timespan)
    return starts


async def _read_slice(
    engine: EventsEngine, tenant: Tenant, rule: Rule, start: datetime, end: datetime
) -> tuple[dict[DetectionKey, Detection], int]:
    windows = Windows(Plan(rule, to_micros(start)), MAX_SWEPT_GROUPS)
    reader = _Reader(rule)
    found: dict[DetectionKey, Detection] = {}
    events = 0
    after: _Row | None = None
    while True:
        statement = page_statement(tenant, rule, start - rule.timespan, end, after)
        rows = await engine.rows(statement, _Row)
        if rows:
            after = rows[-1]
            apply_changes(found, windows.take(reader.added(rows), after.at))
            events += len(rows)
        if len(rows) < PAGE_EVENTS:
            return found, events


def page_statement(
    tenant: Tenant, rule: Rule, start: datetime, end: datetime, after: Any = None
) -> Statement:
    """The matching events of `[start, end)` in order of time and id, from after a row on.

    Columns: time (microseconds), id, which parts it is of (bits), raw texts of groups and values.
    """
    watched = rule.watched
    binder = Binder()
    in_range_condition = Question(tenant, Everything(), TimeRange(start, end)).condition(binder)
    parts = [rule_condition(part.condition, binder) for part in watched.parts]
    any_condition = " OR ".join(f"({part_condition})" for part_condition in parts)
    parts_sql = _bits_sql(parts)
    texts_sql = _texts_sql(_Reader(rule).fields, binder)
    after_condition = _after_condition(after, binder)
    busy_condition = _busy_condition(
        tenant, rule, f"{in_range_condition} AND ({any_condition})", binder
    )
    limit_sql = binder.bind(PAGE_EVENTS, "UInt64")
    return Statement(
        f"SELECT toUnixTimestamp64Micro(timestamp) AS at, id, {parts_sql} AS parts,"
        f" {texts_sql} AS texts"
        f" FROM events WHERE {tenant.sql()} AND {in_range_condition} AND {after_condition}"
        f" AND ({any_condition}) AND {busy_condition}"
        f" ORDER BY timestamp, id LIMIT {limit_sql}"
        f" SETTINGS max_bytes_before_external_group_by = {MAX_GROUPING_BYTES}",
        binder.parameters,
    )


def _after_condition(after: Any, binder: Binder) -> str:
    if after is None:
        return "1"
    at_sql = binder.bind(after.at, "Int64")
    id_sql = binder.bind(after.id, "String")
    moment_sql = f"fromUnixTimestamp64Micro({at_sql}, 'UTC')"
    return f"timestamp >= {moment_sql} AND (timestamp, id) > ({moment_sql}, {id_sql})"


def _bits_sql(conditions: list[str]) -> str:
    """Which of the conditions hold, as bits, the first one lowest."""
    bits = []
    for place, part_condition in enumerate(conditions):
        shift_sql = _SHIFTS[place]
        bits.append(f"bitShiftLeft(toUInt64({part_condition}), {shift_sql})")
    return " + ".join(bits)


_SHIFTS: Final = tuple(map(str, range(64)))


def _texts_sql(fields: Sequence[NamedField], binder: Binder) -> str:
    """Raw texts of the fields, one for each of their subjects."""
    texts = [raw_sql(subject, binder) for named in fields for subject in named.subjects]
    texts_sql = ", ".join(f"{text_sql}" for text_sql in texts)
    return f"CAST([{texts_sql}], 'Array(String)')"


def _busy_condition(tenant: Tenant, rule: Rule, matching_condition: str, binder: Binder) -> str:
    """What is true of all groups that have enough events within the timespan at some time.

    Exact where it can be said; else it is true of every group.
    """
    needed = _needed_events(rule.watched)
    group_sql = _grouped_sql(rule)
    if needed < 2 or group_sql is None:
        return "1"
    first_sql = binder.bind(needed, "UInt64")
    span_sql = binder.bind(int(rule.timespan.total_seconds() * 1_000_000), "Int64")
    return (
        f"{group_sql} IN (SELECT group FROM ("
        f"SELECT {group_sql} AS group,"
        " arraySort(groupArray(toUnixTimestamp64Micro(timestamp))) AS moments"
        f" FROM events WHERE {tenant.sql()} AND {matching_condition}"
        f" GROUP BY group HAVING length(moments) >= {first_sql})"
        f" WHERE arrayExists((a, b) -> b - a <= {span_sql},"
        f" arraySlice(moments, 1, length(moments) - {first_sql} + 1),"
        f" arraySlice(moments, {first_sql})))"
    )


def _needed_events(watched: Correlation) -> int:
    """How many events a hot window holds at least; 1 where nothing is known."""
    if watched.kind not in (Kind.EVENT_COUNT, Kind.VALUE_COUNT):
        return 1
    match watched.comparison:
        case Comparison.GT:
            return floor(watched.threshold) + 1
        case Comparison.GTE | Comparison.EQ:
            return -floor(-watched.threshold)
    return 1


def _grouped_sql(rule: Rule) -> str | None:
    """The group as one value in the engine; None where it knows no such group."""
    parts = rule.watched.parts
    if any(part.group_by != parts[0].group_by for part in parts):
        return None
    texts = [group_text_sql(named.subjects) for named in parts[0].group_by]
    if not texts or None in texts:
        return None
    columns_sql = ", ".join(f"{text_sql}" for text_sql in texts)
    return f"tuple({columns_sql})"
