"""One group's matching events, and the runs of hot moments in them (see `detection`)."""

from __future__ import annotations

import sys
from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, NamedTuple

from trailkeeper.detect.detection import (
    MAX_EVIDENCE,
    MICROSECOND,
    Detection,
    from_micros,
    period_of,
)
from trailkeeper.detect.rule import Rule
from trailkeeper.detect.tally import Exact, Item, Tally, holds_of, is_monotone, tally_of

MAX_WINDOW_ITEMS: Final = 100_000
"""Events that one window holds at most; then the oldest are let go, and counted as cut."""

COMPACT_FROM: Final = 64

MAX_WHOLE: Final = 2**63

_LARGEST: Final = Fraction(sys.float_info.max)

_NEVER: Final = -(2**62)


class Said(NamedTuple):
    """What was told of a run."""

    events: int
    first_at: int
    last_hot: int
    measured: Exact


class Plan:
    """A rule made ready to be watched."""

    def __init__(self, rule: Rule, evaluate_from: int = _NEVER) -> None:
        watched = rule.watched
        self.rule = rule
        self.watched = watched
        self.span = rule.timespan // MICROSECOND
        self.period = period_of(rule.timespan) // MICROSECOND
        self.new_tally = tally_of(watched)
        self.holds = holds_of(watched)
        self.is_monotone = is_monotone(watched)
        self.evaluate_from = evaluate_from
        self.cut = 0


@dataclass(slots=True)
class Run:
    """A run of hot moments; times in microseconds."""

    opened_at: int
    measured: Exact
    last_hot: int = 0
    first_at: int = 0
    count: int = 0
    absorbed: tuple[int, str] = (_NEVER, "")
    evidence: list[str] = field(default_factory=list)

    def copy(self) -> Run:
        return Run(
            self.opened_at,
            self.measured,
            self.last_hot,
            self.first_at,
            self.count,
            self.absorbed,
            list(self.evidence),
        )

    def absorb(self, items: list[Item], low: int, at: int) -> None:
        """Takes in what of the window, which begins at `low`, is not in yet."""
        start = len(items)
        while start > low and items[start - 1][:2] > self.absorbed:
            start -= 1
        if not self.count:
            self.first_at = items[start].at
        self.count += len(items) - start
        missing = MAX_EVIDENCE - len(self.evidence)
        if missing > 0:
            self.evidence += [item.id for item in items[start : start + missing]]
        self.absorbed = items[-1][:2]
        self.last_hot = at

    def said(self) -> Said:
        """What of it is told, as far as it may change."""
        return Said(self.count, self.first_at, self.last_hot, self.measured)


class Group:
    """One group: its events from shortly before `base_at` on, and its runs after that.

    What lies at or before `base_at` is settled: no event is taken there any more. `base_run`
    is the run as it was then. `is_stale` says that an event came between others, and that
    the runs must be worked out anew from there.
    """

    __slots__ = (
        "base_at",
        "base_run",
        "closed",
        "compact_from",
        "is_stale",
        "items",
        "low",
        "run",
        "tally",
        "told",
    )

    def __init__(self, plan: Plan) -> None:
        self.items: list[Item] = []
        self.low = 0
        self.tally: Tally = plan.new_tally()
        self.run: Run | None = None
        self.closed: list[Run] = []
        self.base_at = _NEVER
        self.base_run: Run | None = None
        self.is_stale = False
        self.told: dict[int, Said] = {}
        self.compact_from = COMPACT_FROM

    def add(self, item: Item, plan: Plan) -> bool:
        """Takes an event in. False where it is known already, or its time is settled."""
        items = self.items
        if item.at <= self.base_at:
            return False
        if not self.is_stale:
            last = items[-1] if items else None
            if last is None or item.at > last.at:
                items.append(item)
                self.tally.add(item)
                self._look(item.at, plan)
                return True
            if plan.is_monotone and item.at == last.at and item.id > last.id:
                items.append(item)
                self.tally.add(item)
                self._look(item.at, plan)
                return True
        return self._put_between(item)

    def runs(self) -> Iterator[Run]:
        yield from self.closed
        if self.run is not None:
            yield self.run

    def work_out(self, plan: Plan, settled_before: int | None = None) -> None:
        """Works the runs out anew from `base_at`; what lies before `settled_before` is settled."""
        items = self.items
        start = bisect_left(items, self.base_at + 1, key=_at)
        self.is_stale = False
        self.tally, self.closed = plan.new_tally(), []
        self.run = None if self.base_run is None else self.base_run.copy()
        self.low = bisect_left(items, self.base_at - plan.span, key=_at)
        self.items = items[:start]
        for item in items[self.low : start]:
            self.tally.add(item)
        end = start
        while end < len(items):
            at = items[end].at
            if settled_before is not None and at >= settled_before:
                self._settle()
                settled_before = None
            while end < len(items) and items[end].at == at:
                self.items.append(items[end])
                self.tally.add(items[end])
                end += 1
            self._look(at, plan)
        if settled_before is not None:
            self._settle()

    def settle(self, before: int, plan: Plan) -> None:
        """Settles what lies before a time, and lets go of the events it no longer needs."""
        if not self.items:
            return
        if self.items[-1].at < before:
            self._settle()
        else:
            self.work_out(plan, before)
        keep = bisect_left(self.items, self.base_at - plan.span, key=_at)
        keep = min(keep, self.low)
        if keep:
            del self.items[:keep]
            self.low -= keep
        self.told = {run.opened_at: said for run in self.runs() if (said := self._said(run))}
        self.compact_from = 2 * len(self.items) + COMPACT_FROM

    def _said(self, run: Run) -> Said | None:
        return self.told.get(run.opened_at)

    def _settle(self) -> None:
        if self.items:
            self.base_at = self.items[-1].at
        self.base_run = None if self.run is None else self.run.copy()
        self.closed = []

    def _put_between(self, item: Item) -> bool:
        items = self.items
        place = bisect_left(items, item[:2], key=_place)
        if place < len(items) and items[place][:2] == item[:2]:
            known = items[place]
            parts = known.parts | item.parts
            if parts == known.parts:
                return False
            items[place] = known._replace(parts=parts)
        else:
            insort(items, item, key=_place)
        self.is_stale = True
        return True

    def _look(self, at: int, plan: Plan) -> None:
        """Looks at the window that ends now, at the last event."""
        items, tally = self.items, self.tally
        start = at - plan.span
        low = self.low
        while items[low].at < start:
            tally.remove(items[low])
            low += 1
        while len(items) - low > MAX_WINDOW_ITEMS:
            tally.remove(items[low])
            low += 1
            plan.cut += 1
        self.low = low
        measured = tally.measure()
        if measured is None or at < plan.evaluate_from or not plan.holds(tally, measured):
            return
        run = self.run
        if (
            run is None
            or at - run.last_hot > plan.span
            or at // plan.period != run.opened_at // plan.period
        ):
            if run is not None:
                self.closed.append(run)
            run = self.run = Run(at, measured)
        elif at == run.opened_at:
            run.measured = measured
        run.absorb(items, low, at)


def _at(item: Item) -> int:
    return item.at


def _place(item: Item) -> tuple[int, str]:
    return item.at, item.id


def to_detection(run: Run, group: tuple[str, ...], plan: Plan) -> Detection:
    return Detection(
        rule_id=plan.rule.id,
        rule_version=plan.rule.version,
        group=group,
        window_start=from_micros(run.opened_at - plan.span),
        opened_at=from_micros(run.opened_at),
        first_at=from_micros(run.first_at),
        last_at=from_micros(run.last_hot),
        count=run.count,
        measured=_told_number(run.measured),
        evidence=tuple(run.evidence),
    )


def _told_number(exact: Exact) -> int | float:
    """A whole number of 64 bits as it is, any other as the nearest float."""
    if exact == (whole := int(exact)) and abs(whole) < MAX_WHOLE:
        return whole
    bounded = max(min(Fraction(exact), _LARGEST), -_LARGEST)
    return float(bounded)
