"""An event id is stored once: in a batch, at the same time, after a restart, days later."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from tests.capture.committers import new_committer, restarted, stream
from tests.engine import Clock, an_event, committing, count, insert
from trailkeeper.capture.commit import Committer, Outcome
from trailkeeper.capture.receipts import Receipt, find_receipts
from trailkeeper.event import EventId, NodeId, NodeSeq
from trailkeeper.store.engine import EventsEngine, Statement

WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)


async def commit(committer: Committer, *ids: str, organization: str = "acme") -> list[Outcome]:
    return await committer.commit([an_event(id=each, organization=organization) for each in ids])


async def test_an_id_that_a_batch_names_twice_is_stored_once(events_engine: EventsEngine) -> None:
    async with committing(new_committer(events_engine, Clock())) as committer:
        outcomes = await commit(committer, "1", "2", "1", "1", "3")

    assert [each.is_duplicate for each in outcomes] == [False, False, True, True, False]
    assert outcomes[0].receipt == outcomes[2].receipt == outcomes[3].receipt
    assert [each.receipt.node_seq for each in outcomes] == [1, 2, 1, 1, 3]
    assert await count(events_engine) == 3


async def test_an_id_sent_by_many_at_once_is_stored_once(events_engine: EventsEngine) -> None:
    async with committing(new_committer(events_engine, Clock())) as committer:
        answers = await asyncio.gather(*(commit(committer, "1", f"own-{n}") for n in range(20)))

    shared = [answer[0] for answer in answers]
    assert sorted(each.is_duplicate for each in shared) == [False] + [True] * 19
    assert len({each.receipt for each in shared}) == 1
    assert await count(events_engine, "id = '1'") == 1
    assert await count(events_engine) == 21


async def test_the_first_of_two_versions_of_an_event_stays(events_engine: EventsEngine) -> None:
    async with committing(new_committer(events_engine, Clock())) as committer:
        await committer.commit([an_event(id="1", action="CREATE")])
        [second] = await committer.commit([an_event(id="1", action="DELETE")])

    assert second.is_duplicate
    assert await count(events_engine, "action = 'CREATE'") == await count(events_engine) == 1


async def test_each_organization_has_ids_of_its_own(events_engine: EventsEngine) -> None:
    async with committing(new_committer(events_engine, Clock())) as committer:
        [ours] = await commit(committer, "1")
        [theirs] = await commit(committer, "1", organization="other")
        [again] = await commit(committer, "1", organization="other")

    assert not ours.is_duplicate
    assert not theirs.is_duplicate
    assert again == Outcome(theirs.receipt, is_duplicate=True)


async def test_a_restart_forgets_no_id(events_engine: EventsEngine) -> None:
    clock = Clock()
    async with committing(new_committer(events_engine, clock)) as before:
        first = await commit(before, "1", "2")
    clock.advance(timedelta(hours=5))

    async with committing(await restarted(events_engine, clock)) as after:
        again = await commit(after, "2", "1", "3")

    assert [each.receipt for each in again[:2]] == [first[1].receipt, first[0].receipt]
    assert [each.is_duplicate for each in again] == [True, True, False]
    assert (again[2].receipt.node, again[2].receipt.node_seq) == (after.node, 1)


async def test_an_id_is_known_for_seven_days_whether_or_not_the_process_lived_on(
    events_engine: EventsEngine,
) -> None:
    clock = Clock()
    async with committing(new_committer(events_engine, clock)) as committer:
        [first] = await commit(committer, "1")
        for _ in range(7):
            clock.advance(WEEK / 7)
            assert await commit(committer, "1") == [Outcome(first.receipt, is_duplicate=True)]
        async with committing(await restarted(events_engine, clock)) as after:
            assert await commit(after, "1") == [Outcome(first.receipt, is_duplicate=True)]


async def test_an_id_is_free_again_when_the_store_is_no_longer_asked(
    events_engine: EventsEngine,
) -> None:
    clock = Clock()
    async with committing(new_committer(events_engine, clock)) as committer:
        await commit(committer, "1")
        clock.advance(timedelta(days=9, hours=1))
        [later] = await commit(committer, "1")
        [again] = await commit(committer, "1")

    assert not later.is_duplicate
    # Not that of the first of the two: its time is up.
    assert again == Outcome(later.receipt, is_duplicate=True)
    assert await count(events_engine, "id = '1'") == 2


async def test_what_was_purged_may_come_again(events_engine: EventsEngine) -> None:
    async with committing(new_committer(events_engine, Clock())) as committer:
        await commit(committer, "1", "2")
        await events_engine.maintain(
            Statement("ALTER TABLE events DELETE WHERE id = '1' SETTINGS mutations_sync = 1")
        )
        # The hash is still known; the store, which no longer has the event, has the last word.
        outcomes = await commit(committer, "1", "2")

    assert [each.is_duplicate for each in outcomes] == [False, True]
    assert [each.receipt.node_seq for each in outcomes] == [3, 2]


async def test_nodes_that_share_a_store_know_each_others_ids(events_engine: EventsEngine) -> None:
    clock = Clock()
    ours = new_committer(events_engine, clock, is_exclusive=False)
    theirs = new_committer(events_engine, clock, is_exclusive=False)
    async with committing(ours), committing(theirs):
        [first] = await commit(ours, "1")
        [second] = await commit(theirs, "1")
        [third] = await commit(theirs, "2")

    assert second == Outcome(first.receipt, is_duplicate=True)
    assert (third.receipt.node, third.receipt.node_seq) == (theirs.node, 1)
    assert [place.id for place in await stream(events_engine, theirs.node)] == ["2"]


async def test_a_whole_large_batch_sent_again_is_found_whole(events_engine: EventsEngine) -> None:
    ids = [f"{'ünusually-long-id' * 6}-{n}" for n in range(10_000)]
    async with committing(new_committer(events_engine, Clock())) as committer:
        first = await commit(committer, *ids)
        again = await commit(committer, *ids)

    assert [each.receipt for each in again] == [each.receipt for each in first]
    assert all(each.is_duplicate for each in again)
    assert await count(events_engine) == len(ids)


async def test_a_receipt_is_the_first_where_an_id_is_stored_twice(
    events_engine: EventsEngine,
) -> None:
    """Two nodes may take the same new id in the same moment: the earlier receipt is the one."""
    now = Clock()()
    earlier, later = now - SECOND, now
    await insert(events_engine, [an_event(id="1", node=2, node_seq=9, received_at=later)])
    await insert(events_engine, [an_event(id="1", node=1, node_seq=7, received_at=earlier)])

    found = await find_receipts(events_engine, [("acme", "1"), ("acme", "absent")], now)

    expected = Receipt("acme", EventId("1"), earlier, NodeId(1), NodeSeq(7))
    assert found == {("acme", "1"): expected}
