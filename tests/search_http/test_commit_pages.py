"""Commit order with several processes at once, each step of theirs in any order."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine import an_event, insert
from trailkeeper.event import OrganizationId, StoredEvent
from trailkeeper.principal import system_tenant
from trailkeeper.search.commits import read_commit_page
from trailkeeper.search.cursor import CommitCursor, CursorSigner
from trailkeeper.search.params import TimeRange, parse_parameters
from trailkeeper.search.question import Question
from trailkeeper.store.engine import EventsEngine

SIGNER = CursorSigner(b"s" * 32)
FINGERPRINT = b"question"
BEGINNING = CommitCursor(FINGERPRINT, 0, {})


@dataclass
class Cluster:
    """Processes that claim nodes, commit and end, as the store and the metadata see them."""

    engine: EventsEngine
    rng: random.Random
    organization: str = field(default_factory=lambda: uuid.uuid4().hex)
    heads: dict[int, int] = field(default_factory=dict)
    live: list[int] = field(default_factory=list)
    claimed: int = 0
    committed: list[StoredEvent] = field(default_factory=list)

    @property
    def ended_upto(self) -> int:
        return min(self.live, default=self.claimed + 1) - 1

    async def step(self) -> None:
        choice = self.rng.random()
        if choice < 0.2 or not self.live:
            self.claimed += 1
            self.live.append(self.claimed)
        elif choice < 0.3:
            self.live.remove(self.rng.choice(self.live))
        else:
            await self.commit(self.rng.choice(self.live))

    async def commit(self, node: int) -> None:
        first = self.heads.get(node, 0) + 1
        events = [
            an_event(
                organization=self.rng.choice((self.organization, "another")),
                action=self.rng.choice(("LOGIN", "CREATE")),
                node=node,
                node_seq=first + place,
            )
            for place in range(self.rng.randrange(1, 6))
        ]
        await insert(self.engine, events)
        self.heads[node] = first + len(events) - 1
        self.committed += events


@dataclass
class Poller:
    """Follows the cluster; between its own steps, others take theirs."""

    cluster: Cluster
    filters: dict[str, str]
    cursor: CommitCursor = BEGINNING
    seen: list[tuple[int, int]] = field(default_factory=list)

    async def poll(self, limit: int, others: int) -> bool:
        cluster = self.cluster
        ended_upto = cluster.ended_upto
        for _ in range(others):
            await cluster.step()
        heads = dict(cluster.heads)
        for _ in range(others):
            await cluster.step()
        page = await read_commit_page(
            cluster.engine,
            Question(
                system_tenant(OrganizationId(cluster.organization)),
                parse_parameters(self.filters.items()),
                TimeRange(None, None),
            ),
            limit=limit,
            after=self.cursor,
            heads=heads,
            ended_upto=ended_upto,
        )
        self.seen += [(event.node, event.node_seq) for event in page.events]
        cursor = SIGNER.from_text(SIGNER.to_text(page.next), FINGERPRINT)
        assert isinstance(cursor, CommitCursor)
        self.cursor = cursor
        return page.has_more

    def expected(self) -> list[tuple[int, int]]:
        return [
            (event.node, event.node_seq)
            for event in self.cluster.committed
            if event.organization == self.cluster.organization
            and event.action == self.filters.get("action", event.action)
        ]


async def follow(cluster: Cluster) -> list[Poller]:
    pollers = [Poller(cluster, {}), Poller(cluster, {"action": "CREATE"})]
    for _ in range(12):
        for poller in pollers:
            await poller.poll(cluster.rng.randrange(1, 8), cluster.rng.randrange(3))
    for poller in pollers:
        while await poller.poll(50, 0):
            pass
    return pollers


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_each_event_exactly_once_however_the_processes_interleave(
    session_engine: EventsEngine, seed: int
) -> None:
    cluster = Cluster(session_engine, random.Random(seed))
    for poller in asyncio.run(follow(cluster)):
        assert Counter(poller.seen) == Counter(poller.expected())
        # Nodes that are over take no room in the cursor.
        assert all(node > poller.cursor.floor for node in poller.cursor.places)
        assert poller.cursor.floor == cluster.ended_upto
