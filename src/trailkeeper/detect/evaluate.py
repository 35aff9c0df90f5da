"""The live evaluator: committed events in, changes of detections out.

One evaluator watches one organization's events with its rules. It is told events in batches,
in whatever order they come; see `detection` for what it finds, and that a sweep over stored
history (`sql`) finds the same. It holds no lock and does no I/O.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from trailkeeper.detect.condition import Always, Condition
from trailkeeper.detect.detection import (
    EPOCH,
    MICROSECOND,
    Change,
    from_micros,
    period_of,
    to_micros,
)
from trailkeeper.detect.keys import Details, group_reader, value_reader
from trailkeeper.detect.match import Test, compile_condition, given_action
from trailkeeper.detect.rule import Rule, RuleId
from trailkeeper.detect.runs import Plan
from trailkeeper.detect.tally import Item
from trailkeeper.detect.windows import MAX_GROUPS, GroupKey, Windows, WindowsState
from trailkeeper.event import StoredEvent

DEFAULT_LATENESS: Final = timedelta(minutes=10)
"""How much later than the newest an event may come and still be seen live."""

MAX_KNOWN_ACTIONS: Final = 2000


@dataclass(slots=True)
class _Target:
    """Where a matching event goes: one part of one rule."""

    added: list[tuple[GroupKey, Item]]
    group: Callable[[StoredEvent], GroupKey | None]
    value: Callable[[StoredEvent], Any] | None
    part: int


class LiveEvaluator:
    """Watches a stream of events with rules. Rules that only serve others raise nothing."""

    def __init__(
        self,
        rules: Sequence[Rule],
        *,
        lateness: timedelta = DEFAULT_LATENESS,
        max_groups: int = MAX_GROUPS,
        evaluate_from: datetime | None = None,
    ) -> None:
        """`evaluate_from` is where detections may open; earlier events only fill windows."""
        self._lateness = lateness // MICROSECOND
        self._details = Details()
        self._watched: list[tuple[Condition, list[_Target]]] = []
        self._windows: list[tuple[Windows, list[tuple[GroupKey, Item]]]] = []
        self._by_action: dict[str, list[tuple[Test | None, list[_Target]]]] = {}
        self.watermark = EPOCH
        for rule in rules:
            if rule.is_raised:
                self._watch(rule, evaluate_from, max_groups)

    def _watch(self, rule: Rule, evaluate_from: datetime | None, max_groups: int) -> None:
        plan = Plan(rule) if evaluate_from is None else Plan(rule, to_micros(evaluate_from))
        added: list[tuple[GroupKey, Item]] = []
        self._windows.append((Windows(plan, max_groups), added))
        value = value_reader(plan.watched, self._details)
        for place, part in enumerate(plan.watched.parts):
            group = group_reader(part.group_by, self._details, is_complete=rule.needs_group)
            target = _Target(added, group, value, 1 << place)
            for condition, targets in self._watched:
                if condition == part.condition:
                    targets.append(target)
                    break
            else:
                self._watched.append((part.condition, [target]))

    def feed(self, events: Iterable[StoredEvent]) -> list[Change]:
        """Takes a batch of events in. Returns what changed, rule by rule.

        An event that was fed before changes nothing. One that is older than the lateness
        allows is counted (`states`), and left to the sweep.
        """
        by_action = self._by_action
        newest = self.watermark
        for event in events:
            moment = event.timestamp
            if moment > newest:
                # A clock that runs ahead must not make everybody else late.
                newest = max(newest, min(moment, event.received_at))
            watched = by_action.get(event.action)
            if watched is None:
                watched = self._learn(event.action)
            for test, targets in watched:
                if test is None or test(event):
                    _hand_over(event, targets)
        self.watermark = newest
        settle_before = to_micros(newest) - self._lateness
        changes: list[Change] = []
        for windows, added in self._windows:
            if added:
                changes += windows.take(added, settle_before)
                added.clear()
        return changes

    def states(self) -> dict[RuleId, WindowsState]:
        """What each rule holds in memory."""
        return {windows.plan.rule.id: windows.state() for windows, _ in self._windows}

    def _learn(self, action: str) -> list[tuple[Test | None, list[_Target]]]:
        """What is left to check for events of this action: of most rules, nothing."""
        left = []
        for condition, targets in self._watched:
            rest = given_action(condition, action)
            if rest is None:
                continue
            test = None if isinstance(rest, Always) else compile_condition(rest, self._details)
            left.append((test, targets))
        if len(self._by_action) >= MAX_KNOWN_ACTIONS:
            self._by_action.clear()
        self._by_action[action] = left
        return left


def _hand_over(event: StoredEvent, targets: list[_Target]) -> None:
    at = (event.timestamp - EPOCH) // MICROSECOND
    for target in targets:
        group = target.group(event)
        if group is None:
            continue
        value = None
        if target.value is not None:
            value = target.value(event)
            if value is None:
                continue
        target.added.append((group, Item(at, event.id, value, target.part)))


def warm_up_from(rules: Iterable[Rule], now: datetime, lateness: timedelta) -> datetime:
    """From which event time on a new evaluator must be fed to know what an old one knew.

    That is the start of the period that lateness reaches back to, and a window before it.
    """
    starts = [
        period_start(rule, now - lateness) - rule.timespan for rule in rules if rule.is_raised
    ]
    return min(starts, default=now)


def period_start(rule: Rule, moment: datetime) -> datetime:
    """Start of the rule's period that a moment lies in: see `detection`."""
    period = period_of(rule.timespan) // MICROSECOND
    micros = to_micros(moment)
    return from_micros(micros - micros % period)
