from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete

from trailkeeper.errors import Conflict
from trailkeeper.event import NodeId, NodeSeq
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.nodes import Node, all_nodes, claim_node, end, live_nodes, renew
from trailkeeper.store.tables import NodeRow

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEASE = timedelta(seconds=30)
SECOND = timedelta(seconds=1)


async def test_a_claimed_node_is_live_until_its_lease_ends(metadata: Metadata) -> None:
    node = await claim_node(metadata, LEASE, NOON)

    assert node == Node(node.id, NOON, NOON + LEASE)
    assert await live_nodes(metadata, NOON + LEASE - SECOND) == [node]
    assert await live_nodes(metadata, NOON + LEASE) == []
    assert await all_nodes(metadata) == [node]


async def test_a_restart_is_a_new_node_with_a_higher_id(metadata: Metadata) -> None:
    first = await claim_node(metadata, LEASE, NOON)
    second = await claim_node(metadata, LEASE, NOON)

    assert second.id > first.id
    assert await all_nodes(metadata, after=first.id) == [second]


async def test_an_id_is_never_given_out_twice(metadata: Metadata) -> None:
    last = await claim_node(metadata, LEASE, NOON)
    async with metadata.transaction() as session:
        await session.execute(delete(NodeRow))

    assert (await claim_node(metadata, LEASE, NOON)).id > last.id


async def test_claims_at_once_get_different_ids(metadata: Metadata) -> None:
    nodes = await asyncio.gather(*(claim_node(metadata, LEASE, NOON) for _ in range(20)))

    assert len({node.id for node in nodes}) == 20


async def test_renewing_prolongs_and_reports(metadata: Metadata) -> None:
    node = await claim_node(metadata, LEASE, NOON)

    renewed = await renew(metadata, node, NodeSeq(41), LEASE, NOON + 10 * SECOND)

    assert renewed.lease_expires_at == NOON + 10 * SECOND + LEASE
    assert renewed.committed_seq == 41
    assert await all_nodes(metadata) == [renewed]


async def test_a_lost_lease_cannot_be_renewed(metadata: Metadata) -> None:
    node = await claim_node(metadata, LEASE, NOON)

    with pytest.raises(Conflict) as raised:
        await renew(metadata, node, NodeSeq(1), LEASE, NOON + LEASE)

    assert raised.value.code == "NODE_LEASE_LOST"
    assert await all_nodes(metadata) == [node]


async def test_an_ended_node_stays_known_and_cannot_go_on(metadata: Metadata) -> None:
    node = await claim_node(metadata, LEASE, NOON)

    ended = await end(metadata, node, NodeSeq(99), NOON + SECOND)

    assert await live_nodes(metadata, NOON + SECOND) == []
    assert await all_nodes(metadata) == [ended]
    assert (ended.committed_seq, ended.ended_at) == (99, NOON + SECOND)
    with pytest.raises(Conflict):
        await renew(metadata, node, NodeSeq(100), LEASE, NOON + SECOND)
    with pytest.raises(Conflict):
        await end(metadata, node, NodeSeq(100), NOON + SECOND)


def test_a_stream_is_over_when_it_ended_or_its_lease_and_the_grace_ran_out() -> None:
    node = Node(id=NodeId(1), started_at=NOON, lease_expires_at=NOON + LEASE)

    assert not node.is_over(NOON + LEASE - SECOND)
    assert node.is_over(NOON + LEASE)
    assert not node.is_over(NOON + LEASE, grace=SECOND)
    assert node.is_over(NOON + LEASE + SECOND, grace=SECOND)
