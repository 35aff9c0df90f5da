"""Group commit on the real engine: who shares what, in which order, and who is refused."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise

import msgspec
import pytest

from tests.capture.committers import HeldLease, assert_no_holes, new_committer, stream
from tests.engine import NOON, Clock, an_event, committing, count
from trailkeeper.capture.commit import MAX_COMMIT_EVENTS, Committer
from trailkeeper.capture.receipts import Receipt
from trailkeeper.errors import Unavailable
from trailkeeper.event import NodeId, NodeSeq
from trailkeeper.store.engine import EventsEngine, Statement


class Parts(msgspec.Struct, array_like=True):
    count: int


async def parts(engine: EventsEngine) -> int:
    """How many inserts made the table what it is, unless they were merged since."""
    statement = Statement(
        "SELECT count() FROM system.parts"
        " WHERE database = currentDatabase() AND table = 'events' AND level = 0 AND rows > 0"
    )
    return (await engine.rows(statement, Parts))[0].count


async def receipts(committer: Committer, *ids: str) -> list[Receipt]:
    outcomes = await committer.commit([an_event(id=each) for each in ids])
    return [outcome.receipt for outcome in outcomes]


async def refusal(committer: Committer, events: int = 1) -> Unavailable:
    with pytest.raises(Unavailable) as refused:
        await committer.commit([an_event() for _ in range(events)])
    return refused.value


async def queued(committer: Committer, *sizes: int) -> list[asyncio.Task[object]]:
    """Tasks that wait for the commit of so many events each."""
    tasks: list[asyncio.Task[object]] = [
        asyncio.create_task(committer.commit([an_event() for _ in range(size)])) for size in sizes
    ]
    await asyncio.sleep(0)
    return tasks


async def test_requests_that_wait_together_share_one_insert(events_engine: EventsEngine) -> None:
    committer = new_committer(events_engine, Clock())
    waiting = [asyncio.create_task(receipts(committer, f"{n}a", f"{n}b")) for n in range(50)]
    await asyncio.sleep(0)

    async with committing(committer):
        answers = [receipt for answer in await asyncio.gather(*waiting) for receipt in answer]

    assert await parts(events_engine) == 1
    assert {receipt.received_at for receipt in answers} == {answers[0].received_at}
    assert [receipt.node_seq for receipt in answers] == list(range(1, 101))
    assert [receipt.id for receipt in answers] == [f"{n}{x}" for n in range(50) for x in "ab"]
    places = await stream(events_engine, committer.node)
    assert [(place.node_seq, place.id) for place in places] == [
        (receipt.node_seq, receipt.id) for receipt in answers
    ]


async def test_one_insert_holds_a_bounded_number_of_events(events_engine: EventsEngine) -> None:
    committer = new_committer(events_engine, Clock())
    half = MAX_COMMIT_EVENTS // 2
    waiting = await queued(committer, half, half, 1, half)

    async with committing(committer):
        await asyncio.gather(*waiting)

    places = await stream(events_engine, committer.node)
    assert_no_holes(places, NodeSeq(3 * half + 1))
    by_insert: dict[datetime, int] = {}
    for place in places:
        by_insert[place.received_at] = by_insert.get(place.received_at, 0) + 1
    assert list(by_insert.values()) == [2 * half, half + 1]


async def test_what_a_receipt_says_is_what_the_store_holds(events_engine: EventsEngine) -> None:
    clock = Clock()
    told: list[tuple[NodeId, NodeSeq, datetime]] = []
    committer = new_committer(events_engine, clock, on_commit=lambda *commit: told.append(commit))

    async with committing(committer):
        [receipt] = await receipts(committer, "1")

    assert receipt == Receipt("acme", *("1", receipt.received_at, committer.node, NodeSeq(1)))
    assert told == [(committer.node, 1, receipt.received_at)]
    assert await count(
        events_engine,
        "id = '1' AND received_at = {at:DateTime64(6, 'UTC')} AND node = {node:UInt32}",
        at=receipt.received_at.strftime("%Y-%m-%d %H:%M:%S.%f"),
        node=receipt.node,
    )


async def test_the_logs_own_time_never_runs_backwards(events_engine: EventsEngine) -> None:
    clock = Clock()
    committer = new_committer(events_engine, clock)
    received = []
    jumps = [0.0, 0.0, -3600.0, 0.0, 1e-6, -1e-6, 7200.0, -86400.0]

    async with committing(committer):
        for number, jump in enumerate(jumps):
            clock.advance(timedelta(seconds=jump))
            [receipt] = await receipts(committer, str(number))
            received.append(receipt.received_at)

    assert all(later > earlier for earlier, later in pairwise(received))
    assert_no_holes(await stream(events_engine, committer.node), NodeSeq(len(jumps)))


async def test_nothing_is_committed_for_nothing(events_engine: EventsEngine) -> None:
    committer = new_committer(events_engine, Clock())

    async with committing(committer):
        assert await committer.commit([]) == []
    assert await parts(events_engine) == 0


async def test_a_full_queue_refuses_and_what_waits_is_committed(
    events_engine: EventsEngine,
) -> None:
    committer = new_committer(events_engine, Clock(), queue_events=10)
    waiting = await queued(committer, 6, 4)

    refused = await refusal(committer)
    assert (refused.status, refused.code) == (503, "OVERLOADED")
    assert refused.retry_after_seconds >= 1
    with pytest.raises(Unavailable):
        committer.check_room()
    assert committer.waiting_events == 10

    async with committing(committer):
        await asyncio.gather(*waiting)
        assert committer.waiting_events == 0
        committer.check_room(10)
    assert await count(events_engine) == 10


async def test_a_request_alone_may_be_larger_than_the_queue(events_engine: EventsEngine) -> None:
    committer = new_committer(events_engine, Clock(), queue_events=10)

    async with committing(committer):
        assert len(await committer.commit([an_event() for _ in range(25)])) == 25


async def test_a_stopping_committer_refuses_what_is_new_and_commits_what_waits(
    events_engine: EventsEngine,
) -> None:
    committer = new_committer(events_engine, Clock())
    waiting = await queued(committer, 3)
    committer.close()

    assert (await refusal(committer)).code == "SHUTTING_DOWN"
    await committer.run()
    await asyncio.gather(*waiting)
    assert await count(events_engine) == 3


async def test_a_requester_who_left_leaves_the_others_their_answers(
    events_engine: EventsEngine,
) -> None:
    committer = new_committer(events_engine, Clock())
    first, second, third = await queued(committer, 1, 1, 1)
    second.cancel()

    async with committing(committer):
        await asyncio.gather(first, third)
    assert second.cancelled()
    assert_no_holes(await stream(events_engine, committer.node), NodeSeq(3))
    assert committer.waiting_events == 0


async def test_without_a_lease_nothing_is_committed_where_others_commit_too(
    events_engine: EventsEngine,
) -> None:
    lease = HeldLease(valid=False)
    committer = new_committer(events_engine, Clock(), lease, is_exclusive=False)

    async with committing(committer):
        assert (await refusal(committer)).code == "NODE_LEASE_LOST"
        lease.valid = True
        await receipts(committer, "1")
    assert_no_holes(await stream(events_engine, lease.node), NodeSeq(1))


async def test_a_new_node_starts_a_new_stream(events_engine: EventsEngine) -> None:
    lease = HeldLease()
    first_node = lease.node
    committer = new_committer(events_engine, Clock(NOON), lease)

    async with committing(committer):
        await receipts(committer, "1", "2")
        lease.node = HeldLease().node
        again = await receipts(committer, "2", "3")

    assert [(each.node, each.node_seq) for each in again] == [(first_node, 2), (lease.node, 1)]
    assert_no_holes(await stream(events_engine, first_node), NodeSeq(2))
    assert_no_holes(await stream(events_engine, lease.node), NodeSeq(1))
