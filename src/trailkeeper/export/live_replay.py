"""What lies between two places of the log: read for who resumes, counted for who missed it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from trailkeeper.access.organizations import Organization
from trailkeeper.errors import BadRequest
from trailkeeper.event import NodeId, NodeSeq, StoredEvent
from trailkeeper.export.live_place import Place, between_condition
from trailkeeper.search.question import ALL_COLUMNS, Question
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement, engine_time

PAGE_EVENTS: Final = 500
READS_AT_ONCE: Final = 2
"""All who resume share these: after a restart they all come together, and searches go on."""


@dataclass(frozen=True, slots=True)
class ReplayPage:
    """Events of a question in commit order, each with the place just after it.

    `place` is where the page ends: with `has_more` after its last event, else at the bound.
    """

    events: list[tuple[StoredEvent, Place]]
    place: Place
    has_more: bool


class _Count(msgspec.Struct, array_like=True):
    value: int


class _Node(msgspec.Struct, array_like=True):
    node: int


class Replay:
    """Reads the log between places."""

    def __init__(self, engine: EventsEngine) -> None:
        self._engine = engine
        self._turns = asyncio.Semaphore(READS_AT_ONCE)

    async def page(self, question: Question, after: Place, upto: Place) -> ReplayPage:
        """The next events past `after`, none of them past `upto`. Raises Unavailable."""
        binder = Binder()
        where_condition = (
            f"{question.condition(binder)} AND {between_condition(binder, after, upto)}"
        )
        limit_sql = binder.bind(PAGE_EVENTS + 1, "UInt64")
        statement = Statement(
            f"SELECT {ALL_COLUMNS} FROM events"
            f" WHERE {question.tenant.sql()} AND {where_condition}"
            f" ORDER BY node, node_seq LIMIT {limit_sql}",
            binder.parameters,
        )
        async with self._turns:
            rows = await self._engine.rows(statement, StoredEvent)
        return _to_page(rows, after, upto)

    async def count(self, question: Question, after: Place, upto: Place) -> int:
        """How many events match between two places. Raises Unavailable."""
        binder = Binder()
        where_condition = (
            f"{question.condition(binder)} AND {between_condition(binder, after, upto)}"
        )
        statement = Statement(
            f"SELECT count() FROM events WHERE {question.tenant.sql()} AND {where_condition}",
            binder.parameters,
        )
        [found] = await self._engine.rows(statement, _Count)
        return found.value

    async def check_kept(
        self,
        organization: Organization,
        place: Place,
        heads: Mapping[NodeId, NodeSeq],
        now: datetime,
    ) -> None:
        """Raises BadRequest(CURSOR_EXPIRED) where the place is older than the organization's
        shortest retention: what followed it may be gone, and nobody could tell.

        A node of which nothing is left may have gone on after the place; one that was not read
        at all began after the place was made, and its first event tells when.
        """
        known = {int(node): int(seq) for node, seq in heads.items()}
        unread = {
            node: place.at(node)
            for node in {*known, *place.places}
            if node > place.floor and place.at(node) != known.get(node)
        }
        if not unread:
            return
        shortest = min([organization.retention_days, *_rule_days(organization)])
        kept_since = now - timedelta(days=shortest)
        binder = Binder()
        since_sql = binder.bind(engine_time(kept_since), "DateTime64(6, 'UTC')")
        read_condition = " OR ".join(
            f"(node = {binder.bind(node, 'UInt32')}"
            f" AND node_seq <= {binder.bind(max(seq, 1), 'UInt64')})"
            for node, seq in unread.items()
        )
        limit_sql = binder.bind(len(unread), "UInt64")
        # tenant-scope: a place is one in the nodes' streams, whose events are everybody's
        statement = Statement(
            f"SELECT DISTINCT node FROM events WHERE received_at >= {since_sql}"
            f" AND ({read_condition}) LIMIT {limit_sql}",
            binder.parameters,
        )
        found = await self._engine.rows(statement, _Node)
        if len(found) < len(unread):
            raise BadRequest(
                "CURSOR_EXPIRED",
                f"This place is older than the {shortest} days that your organization keeps "
                "every event for: what followed it may be gone.",
                hint="Begin anew, without a cursor and without Last-Event-ID.",
                field="cursor",
            )


def _rule_days(organization: Organization) -> list[int]:
    return [rule.days for rule in organization.retention_rules]


def _to_page(rows: Sequence[StoredEvent], after: Place, upto: Place) -> ReplayPage:
    events = [(row, _place_after(row, after, upto)) for row in rows[:PAGE_EVENTS]]
    if len(rows) > PAGE_EVENTS:
        return ReplayPage(events, events[-1][1], has_more=True)
    return ReplayPage(events, after.furthest(upto), has_more=False)


def _place_after(row: StoredEvent, after: Place, upto: Place) -> Place:
    """Pages go node by node, so all nodes below the event's are read up to the bound."""
    floor = max(after.floor, min(row.node - 1, upto.floor))
    places = {node: seq for node, seq in after.places.items() if node > floor}
    for node, seq in upto.places.items():
        if floor < node < row.node:
            places[node] = max(seq, places.get(node, 0))
    return Place(floor, {**places, row.node: row.node_seq})
