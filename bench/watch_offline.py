"""The evaluator alone, in this process: no server, no store."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from bench.processes import memory_bytes
from trailkeeper.demo import generate
from trailkeeper.detect.evaluate import LiveEvaluator
from trailkeeper.detect.rule import Rule
from trailkeeper.detect.watched import built_in_watched, read_text
from trailkeeper.detect.windows import MAX_GROUPS
from trailkeeper.event import StoredEvent

RULES = 30
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
BATCH = 1_000
ORDER = (False, True, True, False, False, True)
"""Rules and none by turns: what else the machine does would make one of each tell little."""
OWN = """title: Own rule {number}
detection:
  it:
    action: {action}
    resource_type: {resource_type}
    user_email|endswith: '@company.com'
  other:
    details.reason|contains: 'word{number}'
  condition: it and not other
"""
ORDERED = """title: Change
name: change
detection:
  it:
    action: UPDATE
  condition: it
---
title: Removal
name: removal
detection:
  it:
    action: DELETE
  condition: it
---
title: Changed, then removed
correlation:
  type: temporal_ordered
  rules: [change, removal]
  group-by: [user_id]
  timespan: 10m
"""
COUNTED = """title: Views
name: views
detection:
  it:
    action: VIEW
  condition: it
---
title: Counted
correlation:
  type: event_count
  rules: views
  group-by: [user_id]
  timespan: 1h
  condition:
    gt: 100
"""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Events per second of one core. `bare` is the same loop with no rule."""

    rules: int
    correlations: int
    per_second: float
    bare: float


@dataclass(frozen=True, slots=True)
class Grown:
    """What `groups` took, and how many of them are kept at the end, of at most `limit`."""

    groups: int
    size_bytes: int
    kept: int
    limit: int


def measure_evaluation(events: int) -> Evaluated:
    rules = thirty_rules()
    stored = _events(events)
    seconds = {True: 0.0, False: 0.0}
    for is_on in ORDER:
        seconds[is_on] += _seconds(rules if is_on else [], stored)
    fed = len(stored) * len(ORDER) / 2
    return Evaluated(
        rules=len(rules),
        correlations=sum(rule.correlation is not None for rule in rules),
        per_second=fed / seconds[True],
        bare=fed / seconds[False],
    )


def measure_groups(groups: int, limit: int = MAX_GROUPS) -> Grown:
    """In a process that has done nothing else: what it gave back would be taken again unseen."""
    evaluator = LiveEvaluator([read_text(COUNTED).rule], max_groups=limit)
    pattern = _events(1)[0]
    gc.collect()
    before = memory_bytes([os.getpid()])
    for start in range(0, groups, BATCH):
        evaluator.feed(_others(pattern, start, min(BATCH, groups - start)))
    gc.collect()
    kept = sum(state.groups for state in evaluator.states().values())
    return Grown(groups, memory_bytes([os.getpid()]) - before, kept, limit)


def _others(pattern: StoredEvent, start: int, count: int) -> list[StoredEvent]:
    return [
        msgspec.structs.replace(
            pattern,
            id=f"e{number}",
            action="VIEW",
            user_id=f"user-{number}",
            timestamp=NOW + timedelta(milliseconds=number),
        )
        for number in range(start, start + count)
    ]


def thirty_rules() -> list[Rule]:
    """The built-in ones that look at no history, one of an order, and own ones up to thirty."""
    built_in = [each.rule for each in built_in_watched().values() if each.history is None]
    built_in.append(read_text(ORDERED).rule)
    actions = ("CREATE", "UPDATE", "DELETE", "RUN", "VIEW")
    types = ("PROJECT", "MODEL", "ENDPOINT", "CLUSTER")
    own = [
        read_text(
            OWN.format(
                number=number,
                action=actions[number % len(actions)],
                resource_type=types[number % len(types)],
            )
        ).rule
        for number in range(RULES - len(built_in))
    ]
    return [*built_in, *own]


def _seconds(rules: Sequence[Rule], events: list[StoredEvent]) -> float:
    evaluator = LiveEvaluator(rules)
    began = time.process_time()
    for start in range(0, len(events), BATCH):
        evaluator.feed(events[start : start + BATCH])
    return time.process_time() - began


def _events(count: int) -> list[StoredEvent]:
    return [_stored(event) for event in generate(NOW, target_events=count)]


def _stored(event: dict[str, object]) -> StoredEvent:
    moment = datetime.fromisoformat(str(event["timestamp"]).replace("Z", "+00:00"))
    return StoredEvent(
        organization="acme",
        timestamp=moment,
        received_at=moment,
        id=str(event["id"]),
        action=str(event["action"]),
        resource_type=str(event["resource_type"]),
        resource_id=str(event.get("resource_id") or ""),
        user_id=str(event.get("user_id") or ""),
        user_email=str(event.get("user_email") or ""),
        status=str(event["status"]),
        source=str(event.get("source") or "API"),
        ip_address="::ffff:10.1.1.1",
        details=msgspec.json.encode(event["details"]).decode(),
        country="DE",
        local_hour=moment.hour,
        local_weekday=moment.isoweekday(),
    )
