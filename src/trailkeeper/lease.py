"""This process's lease on its node: kept alive, and replaced by a new node when lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from trailkeeper.errors import Conflict
from trailkeeper.event import NodeId, NodeSeq
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.nodes import Node, claim_node, end, live_nodes, renew

log = structlog.get_logger(__name__)


class NodeLease:
    """The node under which this process commits at the moment.

    `ended_upto` is the highest id up to which no node will ever commit again. `is_first` says
    that no node with a lower id is live: of several, it does what only one should do.
    """

    def __init__(
        self, metadata: Metadata, lease: timedelta, clock: Callable[[], datetime], node: Node
    ) -> None:
        self._metadata = metadata
        self._lease = lease
        self._clock = clock
        self._node = node
        self.ended_upto = 0
        self.is_first = False

    @classmethod
    async def claim(
        cls, metadata: Metadata, lease: timedelta, clock: Callable[[], datetime], above: int
    ) -> NodeLease:
        """Claims a node with an id above `above`, the highest that the events store knows.

        They can only collide where the metadata are older than the events or were lost;
        going on with a number that is in use would make two streams of one.
        """
        node = await claim_node(metadata, lease, clock())
        while node.id <= above:
            log.warning("node id is in use in the events store; taking the next", node=node.id)
            await end(metadata, node, NodeSeq(0), clock())
            node = await claim_node(metadata, lease, clock())
        self = cls(metadata, lease, clock, node)
        await self.look_around()
        return self

    @property
    def node(self) -> NodeId:
        return self._node.id

    def is_valid(self, needed: timedelta) -> bool:
        """Whether an insert that takes up to `needed` would end within the lease."""
        return self._clock() + needed < self._node.lease_expires_at

    async def renew(self, committed_seq: NodeSeq) -> None:
        """Prolongs the lease; where it was lost, claims a new node, whose stream is empty.

        Raises Unavailable where the metadata cannot be reached: the lease then runs out.
        """
        try:
            self._node = await renew(
                self._metadata, self._node, committed_seq, self._lease, self._clock()
            )
        except Conflict:
            lost = self._node.id
            self._node = await claim_node(self._metadata, self._lease, self._clock())
            log.warning("node lease was lost; a new node was claimed", lost=lost, node=self.node)
        await self.look_around()

    async def end(self, committed_seq: NodeSeq) -> None:
        """Ends the node at a clean stop, once nothing more will be committed."""
        try:
            await end(self._metadata, self._node, committed_seq, self._clock())
        except Conflict:
            log.warning("node had ended already", node=self.node)

    async def look_around(self) -> None:
        """Learns which nodes are over."""
        live = [node.id for node in await live_nodes(self._metadata, self._clock())]
        first = min(live, default=self.node)
        self.ended_upto = max(self.ended_upto, first - 1)
        self.is_first = first >= self.node
