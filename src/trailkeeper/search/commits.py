"""Pages in commit order: safe to poll for ever.

Events are read along the nodes' streams instead of along their own time, so an event that
arrives late is simply further on in the stream: never skipped, never repeated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trailkeeper.event import StoredEvent
from trailkeeper.search.cursor import CommitCursor
from trailkeeper.search.question import ALL_COLUMNS, Question
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement


@dataclass(frozen=True)
class CommitPage:
    """Events in commit order, and the place after them: there always is one."""

    events: list[StoredEvent]
    next: CommitCursor
    has_more: bool


async def read_commit_page(
    engine: EventsEngine,
    question: Question,
    *,
    limit: int,
    after: CommitCursor,
    heads: Mapping[int, int],
    ended_upto: int,
) -> CommitPage:
    """The next events past `after`.

    `heads` are the nodes' committed heads as known before this call; all up to them is
    visible to it, so what the filter left out may be passed over for good. Nodes up to and
    including `ended_upto` will never commit again.
    """
    events = await engine.rows(_statement(question, limit + 1, after), StoredEvent)
    has_more = len(events) > limit
    events = events[:limit]
    places = dict(after.places)
    last_node = events[-1].node if has_more else None
    for node, head in heads.items():
        if node > after.floor and (last_node is None or node < last_node):
            places[node] = max(head, places.get(node, 0))
    for event in events:
        places[event.node] = max(event.node_seq, places.get(event.node, 0))
    floor = _new_floor(after.floor, places, heads, ended_upto, last_node)
    kept = {node: place for node, place in places.items() if node > floor}
    return CommitPage(events, CommitCursor(after.fingerprint, floor, kept), has_more)


def cursor_at_heads(fingerprint: bytes, heads: Mapping[int, int]) -> CommitCursor:
    """The place after everything that is committed now."""
    return CommitCursor(fingerprint, 0, dict(heads))


def _new_floor(
    floor: int,
    places: Mapping[int, int],
    heads: Mapping[int, int],
    ended_upto: int,
    last_node: int | None,
) -> int:
    for node in sorted(each for each in heads if each > floor):
        unfinished = places.get(node, 0) < heads[node] or node == last_node
        if node > ended_upto or unfinished:
            return max(floor, min(node - 1, ended_upto))
    return max(floor, ended_upto) if last_node is None else floor


def _statement(question: Question, limit: int, after: CommitCursor) -> Statement:
    binder = Binder()
    where_condition = question.condition(binder)
    where_condition += f" AND node > {binder.bind(after.floor, 'UInt32')}"
    for node, place in sorted(after.places.items()):
        node_sql = binder.bind(node, "UInt32")
        place_sql = binder.bind(place, "UInt64")
        where_condition += f" AND NOT (node = {node_sql} AND node_seq <= {place_sql})"
    limit_sql = binder.bind(limit, "UInt64")
    return Statement(
        f"SELECT {ALL_COLUMNS} FROM events"
        f" WHERE {question.tenant.sql()} AND {where_condition}"
        f" ORDER BY node, node_seq LIMIT {limit_sql}",
        binder.parameters,
    )
