"""Nodes: every process that commits events, and its leased id.

A node's commits are one stream, numbered 1, 2, 3, … without gaps: `(node, node_seq)`.
Followers read each stream to its end, so the end must be certain. The lease makes it so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import CursorResult, Update, select, update

from trailkeeper.errors import Conflict
from trailkeeper.event import NodeId, NodeSeq
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.tables import NodeRow

NOTHING_COMMITTED: Final = NodeSeq(0)
NO_NODE: Final = NodeId(0)
"""Below every node's id."""


@dataclass(frozen=True, slots=True)
class Node:
    """One process that commits events, from its start to its end.

    A process that commits MUST hold a node whose lease has not expired, MUST NOT start an
    insert that may outlast the lease, and MUST claim a new node after a restart or a lost
    lease: a stream that ended never goes on. It MUST number its commits from 1 without a
    gap, and MUST NOT number one before the one below it is durable.

    A node id is given out once and ids only grow, so a reader that knows all nodes up to
    an id never finds a new one below it.

    A follower MUST NOT take a stream as finished before `is_over(now, grace)`, and MUST then
    read the events store once more: `committed_seq` is a lower bound, reported with each
    renewal; a killed process may have committed more. Clocks of different machines may
    differ by up to `grace`.
    """

    id: NodeId
    started_at: datetime
    lease_expires_at: datetime
    ended_at: datetime | None = None
    committed_seq: NodeSeq = NOTHING_COMMITTED

    def is_over(self, now: datetime, grace: timedelta = timedelta(0)) -> bool:
        """Whether this node can commit nothing more."""
        return self.ended_at is not None or self.lease_expires_at + grace <= now


async def claim_node(metadata: Metadata, lease: timedelta, now: datetime) -> Node:
    """A new node for this process, leased until `now + lease`. Never an id used before."""
    row = NodeRow(started_at=now, lease_expires_at=now + lease, committed_seq=NOTHING_COMMITTED)
    async with metadata.transaction() as session:
        session.add(row)
    return _to_node(row)


async def renew(
    metadata: Metadata, node: Node, committed_seq: NodeSeq, lease: timedelta, now: datetime
) -> Node:
    """Prolongs the lease to `now + lease` and reports how far the node has committed.

    Raises Conflict(NODE_LEASE_LOST) where the lease expired or the node ended: the process
    MUST stop committing as this node at once, and claim another.
    """
    await _change(
        metadata,
        node,
        update(NodeRow)
        .where(NodeRow.id == node.id, NodeRow.ended_at.is_(None), NodeRow.lease_expires_at > now)
        .values(lease_expires_at=now + lease, committed_seq=committed_seq),
    )
    return replace(node, lease_expires_at=now + lease, committed_seq=committed_seq)


async def end(metadata: Metadata, node: Node, committed_seq: NodeSeq, now: datetime) -> Node:
    """Ends the node at a clean stop; `committed_seq` is then the stream's exact last number.

    MUST be called only after the last insert has returned. Raises Conflict(NODE_LEASE_LOST)
    where the node has ended already. An expired lease does not matter here.
    """
    await _change(
        metadata,
        node,
        update(NodeRow)
        .where(NodeRow.id == node.id, NodeRow.ended_at.is_(None))
        .values(ended_at=now, committed_seq=committed_seq),
    )
    return replace(node, ended_at=now, committed_seq=committed_seq)


async def live_nodes(metadata: Metadata, now: datetime) -> list[Node]:
    """The nodes that may still commit, by id."""
    return await _nodes(metadata, NodeRow.ended_at.is_(None), NodeRow.lease_expires_at > now)


async def all_nodes(metadata: Metadata, after: NodeId = NO_NODE) -> list[Node]:
    """All nodes with an id above `after`, ended ones too, by id.

    A follower passes the highest id below which it has read every stream to its end.
    """
    return await _nodes(metadata, NodeRow.id > after)


async def _nodes(metadata: Metadata, *conditions: Any) -> list[Node]:
    async with metadata.reading() as session:
        rows = await session.scalars(select(NodeRow).where(*conditions).order_by(NodeRow.id))
        return [_to_node(row) for row in rows]


async def _change(metadata: Metadata, node: Node, statement: Update) -> None:
    async with metadata.transaction() as session:
        result = await session.execute(statement)
        if not isinstance(result, CursorResult) or result.rowcount != 1:
            raise Conflict(
                "NODE_LEASE_LOST",
                f"Node {node.id} is over: it ended, or its lease expired.",
                hint="Stop committing as this node and claim a new one.",
            )


def _to_node(row: NodeRow) -> Node:
    return Node(
        id=NodeId(row.id),
        started_at=row.started_at,
        lease_expires_at=row.lease_expires_at,
        ended_at=row.ended_at,
        committed_seq=NodeSeq(row.committed_seq),
    )
