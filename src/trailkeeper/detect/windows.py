"""A rule's groups while events come in: bounded, on event time, late events included.

The definition of a detection is in `detection`. Here is the bookkeeping: which group an event
belongs to, what was told of it, when events are settled and a group can be forgotten.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Final, TypeAlias

from trailkeeper.detect.detection import Change, ChangeKind, key_of
from trailkeeper.detect.runs import Group, Plan, Run, Said, to_detection
from trailkeeper.detect.tally import Item

GroupKey: TypeAlias = tuple[str, ...]

MAX_GROUPS: Final = 100_000
MAX_PENDING_ITEMS: Final = 20_000
"""Unsettled events of one group; past that its time is settled early, and later ones are late."""


@dataclass(frozen=True, slots=True)
class WindowsState:
    """What a rule holds in memory, and what it had to let go since it was made.

    `late` events came after their time was settled; `evicted` groups were those silent for
    longest when there were too many; `cut` events fell out of a window that was too full.
    """

    groups: int
    items: int
    late: int
    evicted: int
    cut: int


class Windows:
    """All groups of one rule."""

    def __init__(self, plan: Plan, max_groups: int = MAX_GROUPS) -> None:
        self.plan = plan
        self._max_groups = max_groups
        self._groups: dict[GroupKey, Group] = {}
        self._settled_before = -(2**62)
        self._expired_at = -(2**62)
        self._late = 0
        self._evicted = 0

    def state(self) -> WindowsState:
        items = sum(len(group.items) for group in self._groups.values())
        return WindowsState(len(self._groups), items, self._late, self._evicted, self.plan.cut)

    def take(self, added: list[tuple[GroupKey, Item]], settle_before: int) -> list[Change]:
        """Takes matching events in, in any order, and tells what changed.

        Afterwards all before `settle_before` (microseconds) is settled: events that come
        later with an earlier time are counted as late and not taken.
        """
        added.sort(key=_by_time)
        touched = self._add(added)
        changes: list[Change] = []
        for key, group in touched.items():
            if group.is_stale:
                group.work_out(self.plan)
            if group.run is not None or group.told:
                changes += self._tell(key, group)
            self._compact(group, settle_before)
        self._settled_before = max(self._settled_before, settle_before)
        self._expire()
        return changes

    def _add(self, added: list[tuple[GroupKey, Item]]) -> dict[GroupKey, Group]:
        """Puts events into their groups. Returns the groups that these changed."""
        plan, groups, settled_before = self.plan, self._groups, self._settled_before
        touched: dict[GroupKey, Group] = {}
        for key, item in added:
            if item.at < settled_before:
                self._late += 1
                continue
            group = groups.get(key)
            if group is None:
                group = groups[key] = Group(plan)
            if group.add(item, plan):
                touched[key] = group
            elif item.at <= group.base_at:
                self._late += 1
        return touched

    def _tell(self, key: GroupKey, group: Group) -> list[Change]:
        """What of the group's runs was not told yet."""
        plan, told = self.plan, group.told
        runs = {run.opened_at: run for run in group.runs()}
        superseded, withdrawn = _sort_out(told, runs)
        changes = [
            Change(ChangeKind.WITHDRAWN, to_detection(_as_told(opened, said), key, plan))
            for opened, said in withdrawn.items()
        ]
        for opened, run in runs.items():
            said = run.said()
            replaced = superseded.get(opened, ())
            if told.get(opened) == said and not replaced:
                continue
            changes.append(
                Change(
                    ChangeKind.GREW if opened in told else ChangeKind.OPENED,
                    to_detection(run, key, plan),
                    tuple(key_of(plan.rule.id, key, each - plan.span) for each in replaced),
                )
            )
        group.told = {opened: run.said() for opened, run in runs.items()}
        return changes

    def _compact(self, group: Group, before: int) -> None:
        """Settles a group that has grown, now and then: each event is looked at a few times."""
        if len(group.items) >= group.compact_from:
            if len(group.items) - group.low > MAX_PENDING_ITEMS:
                before = max(before, group.items[-1].at)
            group.settle(before, self.plan)

    def _expire(self) -> None:
        """Forgets groups that no event can be added to any more, and the most silent beyond
        the limit."""
        groups, before = self._groups, self._settled_before - self.plan.span
        if before - self._expired_at >= self.plan.span // 4 or len(groups) > self._max_groups:
            self._expired_at = before
            over = [key for key, group in groups.items() if group.items[-1].at < before]
            for key in over:
                del groups[key]
        excess = len(groups) - self._max_groups
        if excess > 0:
            # Some more than must be, so that this is not done for each new group.
            silent = heapq.nsmallest(
                excess + self._max_groups // 10,
                groups,
                key=lambda key: (groups[key].items[-1].at, key),
            )
            self._evicted += len(silent)
            for key in silent:
                del groups[key]


def _by_time(added: tuple[GroupKey, Item]) -> tuple[int, str]:
    item = added[1]
    return item.at, item.id


def _sort_out(
    told: dict[int, Said], runs: dict[int, Run]
) -> tuple[dict[int, list[int]], dict[int, Said]]:
    """Which runs supersede which that were told and are no more; and those that none does."""
    superseded: dict[int, list[int]] = {}
    withdrawn: dict[int, Said] = {}
    for opened, said in told.items():
        if opened in runs:
            continue
        heirs = [
            run
            for run in runs.values()
            if run.first_at <= said.last_hot and said.first_at <= run.last_hot
        ]
        if heirs:
            superseded.setdefault(heirs[0].opened_at, []).append(opened)
        else:
            withdrawn[opened] = said
    return superseded, withdrawn


def _as_told(opened_at: int, said: Said) -> Run:
    return Run(opened_at, said.measured, said.last_hot, said.first_at, said.events)
