"""The embedded engine with events of one organization, swept by rules."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.engine import insert, recreate_events
from trailkeeper.detect.detection import Detection, DetectionKey, apply_changes
from trailkeeper.detect.evaluate import LiveEvaluator
from trailkeeper.detect.rule import Rule
from trailkeeper.detect.sql import rehearse
from trailkeeper.event import OrganizationId, StoredEvent
from trailkeeper.principal import system_tenant
from trailkeeper.store.engine import EventsEngine

ACME = system_tenant(OrganizationId("acme"))
FOREVER = timedelta(days=4000)


class History:
    """Events in the engine, until others are put there."""

    def __init__(self, engine: EventsEngine, runner: asyncio.Runner) -> None:
        self.engine = engine
        self.runner = runner
        self.events: list[StoredEvent] = []

    def put(self, events: list[StoredEvent]) -> None:
        self.runner.run(recreate_events(self.engine))
        if events:
            self.runner.run(insert(self.engine, events))
        self.events = events

    def swept(self, rule: Rule) -> list[Detection]:
        """What a sweep over all of it finds."""
        if not self.events:
            return []
        times = [event.timestamp for event in self.events]
        start, end = min(times), max(times) + timedelta(microseconds=1)
        return self.runner.run(rehearse(self.engine, ACME, rule, start, end))


@pytest.fixture(scope="module")
def history(session_engine: EventsEngine) -> Iterator[History]:
    with asyncio.Runner() as runner:
        yield History(session_engine, runner)


def live(
    rule: Rule, batches: list[list[StoredEvent]], lateness: timedelta = FOREVER
) -> list[Detection]:
    """What the live evaluator has found when all batches were fed."""
    evaluator = LiveEvaluator([rule], lateness=lateness)
    found: dict[DetectionKey, Detection] = {}
    for batch in batches:
        apply_changes(found, evaluator.feed(batch))
    return sorted(found.values(), key=lambda each: (each.opened_at, each.group))
