"""The events engine in both shapes, with a loop to ask it from plain tests; a whole service."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from tests.clickhouse_front import ClickHouse
from tests.engine import MEMORY_BYTES, Service, insert, recreate_events
from tests.insight.house import House
from trailkeeper.event import StoredEvent
from trailkeeper.store.engine import EventsEngine, Statement

Result = TypeVar("Result")


@dataclass(frozen=True, repr=False)
class Store:
    """An engine and the loop that its questions run in."""

    engine: EventsEngine
    runner: asyncio.Runner

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(work)

    def insert(self, events: Sequence[StoredEvent]) -> None:
        if events:
            self.run(insert(self.engine, events))

    def merge(self) -> None:
        """Builds the roll-ups, as merges do."""
        self.run(self.engine.maintain(Statement("OPTIMIZE TABLE events FINAL")))


def new_name() -> str:
    """An organization that no other test counts."""
    return f"org-{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="module")
def store(session_engine: EventsEngine) -> Iterator[Store]:
    """The embedded engine."""
    with asyncio.Runner() as runner:
        runner.run(recreate_events(session_engine))
        yield Store(session_engine, runner)


@pytest.fixture(scope="module")
def server_store(clickhouse: ClickHouse) -> Iterator[Store]:
    """The same engine behind the server's protocol."""
    with asyncio.Runner() as runner:
        engine = runner.run(EventsEngine.open(clickhouse.new_database(), MEMORY_BYTES))
        yield Store(engine, runner)
        engine.close()


@pytest.fixture
async def house(service: Service) -> AsyncIterator[House]:
    organization, token = await service.new_organization(time_zone="Asia/Kolkata")
    async with service.client(token) as client:
        yield House(service, organization, client)
