"""What a rule finds, and how it changes as more events become known.

**When there is a detection.** Take a rule, one of its groups, and the group's matching events
by event time. At the moment `t` of each of them the rule looks at its window `[t - timespan, t]`,
all events of the very moment `t` included. The moment is *hot* where the rule's condition holds
for what is in the window. A detection is a run of hot moments:

- it opens with a hot moment, `opened_at`; its window starts at `opened_at - timespan`;
- a following hot moment joins it if no more than `timespan` lies between that and the last hot
  moment before, and if both `opened_at` and the moment lie in the same period;
- its events are all matching events from its window's start to its last hot moment.

Periods are days in UTC, or of the rule's timespan where that is longer, counted from 1970: what
goes on for days is told once a day, and no detection depends on events further back than its
period and its window.

**Identity.** The rule's id, the group, the window's start. Two detections of one rule and group
never open at the same moment, so that this names one detection.

**Why this.** It depends on the set of matching events alone, not on the order in which they
arrive, and each hot moment on its window alone. So the live evaluator and a sweep over stored
history find the same, and a late event changes but the run it falls into.

**Late events.** One may make an earlier moment hot: the detection then has an earlier start and
another identity. It *supersedes* those that it replaces: `Change.supersedes` names them, and what
people did with them (state, assignee, notes) belongs to it. What is superseded by nothing is
withdrawn, which happens to rules that ask for few events (`lt`) or for the absence of some.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

import msgspec

from trailkeeper.detect.rule import RuleId, RuleVersion

DetectionKey = NewType("DetectionKey", str)

MAX_EVIDENCE: Final = 100
"""Ids kept with a detection, the first by time; `count` counts all of its events."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
DAY: Final = timedelta(days=1)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (moment - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    return EPOCH + micros * MICROSECOND


def period_of(timespan: timedelta) -> timedelta:
    """How long a detection of such a rule may go on: the length of its periods."""
    return max(timespan, DAY)


def key_of(rule_id: RuleId, group: tuple[str, ...], window_start: int) -> DetectionKey:
    """What names a detection; the window's start is in microseconds since 1970."""
    named = msgspec.json.encode([rule_id, group, window_start])
    return DetectionKey(hashlib.sha256(named).hexdigest()[:32])


@dataclass(frozen=True, slots=True)
class Detection:
    """One detection as it is known now.

    `measured` is what was compared with the threshold when it opened: a count, a sum, an
    average. `evidence` are ids of its first events, at most MAX_EVIDENCE.
    """

    rule_id: RuleId
    rule_version: RuleVersion
    group: tuple[str, ...]
    window_start: datetime
    opened_at: datetime
    first_at: datetime
    last_at: datetime
    count: int
    measured: int | float
    evidence: tuple[str, ...]

    @property
    def key(self) -> DetectionKey:
        """The identity, the same in both evaluators: 32 hexadecimal digits."""
        return key_of(self.rule_id, self.group, to_micros(self.window_start))


class ChangeKind(StrEnum):
    OPENED = "opened"
    GREW = "grew"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a detection. An opened one may supersede others of the same group."""

    kind: ChangeKind
    detection: Detection
    supersedes: tuple[DetectionKey, ...] = ()


def apply_changes(found: dict[DetectionKey, Detection], changes: list[Change]) -> None:
    """Brings detections up to date: what whoever keeps them must do."""
    for change in changes:
        for key in change.supersedes:
            found.pop(key, None)
        if change.kind is ChangeKind.WITHDRAWN:
            found.pop(change.detection.key, None)
        else:
            found[change.detection.key] = change.detection
