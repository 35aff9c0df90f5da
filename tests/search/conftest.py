"""A real engine with a few hundred odd events, and what a filter selects from them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import pytest

from tests.engine import recreate_events
from tests.search.samples import EVENTS
from trailkeeper.event import StoredEvent
from trailkeeper.search.ast import Filter
from trailkeeper.search.evaluate import compile_filter
from trailkeeper.search.sql import Binder, condition
from trailkeeper.store.engine import EventsEngine, Statement
from trailkeeper.store.schema import CREATE_EVENTS

SMALL_GRANULES = CREATE_EVENTS.replace("SETTINGS ", "SETTINGS index_granularity = 8, ")
"""So that the text index has granules to leave out, rightly or wrongly."""


class SelectedId(msgspec.Struct, array_like=True):
    id: str


@dataclass(frozen=True, repr=False)
class Log:
    """The same events in the engine and in memory."""

    events: list[StoredEvent]
    engine: EventsEngine
    runner: asyncio.Runner

    def selected(self, node: Filter) -> list[str]:
        """Ids of the events that the engine selects, in order."""
        binder = Binder()
        filter_condition = condition(node, binder)
        binder.parameters["tenant"] = "acme"
        statement = Statement(
            "SELECT id FROM events WHERE organization = {tenant:String}"
            f" AND ({filter_condition}) ORDER BY timestamp",
            binder.parameters,
        )
        return [row.id for row in self.runner.run(self.engine.rows(statement, SelectedId))]

    def granules_read(self, node: Filter) -> int:
        """How many granules the engine would read to find the filter's events."""
        binder = Binder()
        filter_condition = condition(node, binder)
        binder.parameters["tenant"] = "acme"
        statement = Statement(
            "EXPLAIN indexes = 1 SELECT id FROM events WHERE organization = {tenant:String}"
            f" AND ({filter_condition})",
            binder.parameters,
        )
        plan = self.runner.run(self.engine.raw(statement, "TSVRaw")).decode()
        return int(re.findall(r"Granules: ([0-9]+)/", plan)[-1])

    def evaluated(self, node: Filter) -> list[str]:
        """Ids of the events that the evaluator selects, in order."""
        matches = compile_filter(node)
        return [event.id for event in self.events if matches(event)]


@pytest.fixture(scope="module")
def log(session_engine: EventsEngine) -> Iterator[Log]:
    events = EVENTS
    engine = session_engine
    with asyncio.Runner() as runner:
        runner.run(recreate_events(engine, SMALL_GRANULES))
        half = len(events) // 2
        for batch in (events[:half], events[half:]):
            runner.run(engine.insert(b"\n".join(map(msgspec.json.encode, batch))))
        # Merging builds the text index and the projections.
        runner.run(engine.maintain(Statement("OPTIMIZE TABLE events FINAL")))
        yield Log(events, engine, runner)
