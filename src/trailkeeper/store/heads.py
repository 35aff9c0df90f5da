"""How far each node's stream is committed, without asking the store each time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from trailkeeper.event import NodeId, NodeSeq
from trailkeeper.store.engine import EventsEngine, Statement, engine_time

OVERLAP: Final = timedelta(minutes=10)
"""How far back a poll looks: longer than any commit takes, and clocks may differ."""

_HEADS: Final = """
SELECT node, max(node_seq), max(received_at) FROM events
WHERE received_at >= {since:DateTime64(6, 'UTC')} GROUP BY node
"""  # tenant-scope: a node's stream holds every organization's events


class _Head(msgspec.Struct, frozen=True, array_like=True):
    node: NodeId
    node_seq: NodeSeq
    received_at: datetime


class CommittedHeads:
    """The committed head of every node, as far as this process knows.

    This process's own commits are known at once (`advance`), other nodes' after `refresh`.
    Where no other process commits to the store (`is_exclusive`), one look at it is enough.
    """

    def __init__(self, engine: EventsEngine, *, is_exclusive: bool = False) -> None:
        self._engine = engine
        self._is_exclusive = is_exclusive
        self._has_looked = False
        self._heads: dict[NodeId, NodeSeq] = {}
        self.last_received_at = datetime(1970, 1, 1, tzinfo=UTC)

    def advance(self, node: NodeId, node_seq: NodeSeq, received_at: datetime) -> None:
        self._heads[node] = max(node_seq, self._heads.get(node, NodeSeq(0)))
        self.last_received_at = max(received_at, self.last_received_at)

    def snapshot(self) -> dict[NodeId, NodeSeq]:
        return dict(self._heads)

    async def refresh(self) -> None:
        """Reads what was committed since the last look; everything, the first time."""
        if self._is_exclusive and self._has_looked:
            return
        since = max(self.last_received_at - OVERLAP, datetime(1970, 1, 1, tzinfo=UTC))
        for head in await self._engine.rows(
            Statement(_HEADS, {"since": engine_time(since)}), _Head
        ):
            self.advance(head.node, head.node_seq, head.received_at)
        self._has_looked = True
