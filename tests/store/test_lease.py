"""The lease on a node: which number a process commits under."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from trailkeeper.event import NodeSeq
from trailkeeper.lease import NodeLease
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.nodes import live_nodes

LEASE = timedelta(minutes=1)


def now() -> datetime:
    return datetime.now(UTC)


async def test_no_number_that_the_events_store_knows_is_given_out_again(
    metadata: Metadata,
) -> None:
    """As where the metadata were lost, or are older than the events."""
    lease = await NodeLease.claim(metadata, LEASE, now, above=3)
    assert lease.node == 4
    assert [node.id for node in await live_nodes(metadata, now())] == [4]
    assert (lease.is_first, lease.ended_upto) == (True, 3)


async def test_of_several_live_nodes_the_one_with_the_lowest_id_is_first(
    metadata: Metadata,
) -> None:
    first = await NodeLease.claim(metadata, LEASE, now, above=0)
    second = await NodeLease.claim(metadata, LEASE, now, above=0)
    assert (first.is_first, second.is_first) == (True, False)
    await first.end(NodeSeq(0))
    await second.renew(NodeSeq(0))
    assert (second.is_first, second.ended_upto) == (True, int(first.node))
