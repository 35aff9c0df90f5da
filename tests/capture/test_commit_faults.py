"""Group commit when the store fails: everybody is answered, and streams have no holes.

A constraint on the table makes real inserts fail while reads go on; a table that is away
makes both fail.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.capture.committers import assert_no_holes, new_committer, restarted, stream
from tests.engine import Clock, an_event, committing, count
from trailkeeper.capture.commit import Committer
from trailkeeper.errors import StorageFull, Unavailable
from trailkeeper.event import NodeSeq
from trailkeeper.store.engine import EventsEngine, Statement


@asynccontextmanager
async def refusing(engine: EventsEngine, allowed: str) -> AsyncIterator[None]:
    """The store takes only inserts whose every row is `allowed`."""
    await engine.maintain(Statement(f"ALTER TABLE events ADD CONSTRAINT refusing CHECK {allowed}"))
    try:
        yield
    finally:
        await engine.maintain(Statement("ALTER TABLE events DROP CONSTRAINT refusing"))


@asynccontextmanager
async def away(engine: EventsEngine) -> AsyncIterator[None]:
    """The store neither takes nor gives anything."""
    await engine.maintain(Statement("RENAME TABLE events TO events_away"))
    try:
        yield
    finally:
        await engine.maintain(Statement("RENAME TABLE events_away TO events"))


async def outcome(committer: Committer, *ids: str) -> list[tuple[int, bool]] | str:
    """Places and whether they were duplicates, or the code of the refusal."""
    try:
        outcomes = await committer.commit([an_event(id=each) for each in ids])
    except Unavailable as error:
        return error.code
    return [(each.receipt.node_seq, each.is_duplicate) for each in outcomes]


async def test_every_waiter_is_answered_when_the_insert_fails(events_engine: EventsEngine) -> None:
    committer = new_committer(events_engine, Clock())
    async with refusing(events_engine, "0"), committing(committer):
        answers = await asyncio.gather(*(outcome(committer, f"{n}") for n in range(20)))

        assert answers == ["STORE_UNAVAILABLE"] * 20
        assert committer.waiting_events == 0
    assert await count(events_engine) == 0


async def test_each_waiter_gets_an_error_of_its_own(events_engine: EventsEngine) -> None:
    committer = new_committer(events_engine, Clock())
    async with refusing(events_engine, "0"), committing(committer):
        errors = await asyncio.gather(
            *(committer.commit([an_event()]) for _ in range(3)), return_exceptions=True
        )

    assert all(isinstance(error, Unavailable) for error in errors)
    assert len({id(error) for error in errors}) == 3


async def test_numbers_of_a_failed_insert_are_used_again(events_engine: EventsEngine) -> None:
    committer = new_committer(events_engine, Clock())
    async with committing(committer):
        assert await outcome(committer, "1", "2") == [(1, False), (2, False)]
        async with refusing(events_engine, "0"):
            assert await outcome(committer, "3", "4", "5") == "STORE_UNAVAILABLE"
        assert await outcome(committer, "4") == [(3, False)]
        assert await outcome(committer, "2", "3", "4") == [(2, True), (4, False), (3, True)]

    assert_no_holes(await stream(events_engine, committer.node), NodeSeq(4))


async def test_an_insert_whose_fate_is_unknown_is_waited_for(events_engine: EventsEngine) -> None:
    committer = new_committer(events_engine, Clock())
    async with committing(committer):
        await outcome(committer, "1")
        async with away(events_engine):
            waiting = asyncio.create_task(outcome(committer, "2"))
            await asyncio.sleep(0.2)
            behind = asyncio.create_task(outcome(committer, "3"))
            await asyncio.sleep(0.2)
            assert not waiting.done()
            assert not behind.done()
        assert await waiting == "STORE_UNAVAILABLE"
        assert await behind == [(2, False)]

    assert_no_holes(await stream(events_engine, committer.node), NodeSeq(2))


async def test_a_stop_does_not_wait_for_a_store_that_is_gone(events_engine: EventsEngine) -> None:
    committer = new_committer(events_engine, Clock())
    running = asyncio.create_task(committer.run())
    async with away(events_engine):
        waiting = asyncio.create_task(outcome(committer, "1"))
        await asyncio.sleep(0.2)
        committer.close()
        await asyncio.wait_for(running, 10)
        assert await waiting == "STORE_UNAVAILABLE"


class Forgetful(EventsEngine):
    """The far end's connection breaks after it has done what it was asked to do."""

    breaks = False

    async def insert(self, rows: bytes, mark: str = "") -> None:
        await super().insert(rows, mark)
        if self.breaks:
            raise StorageFull("STORE_FULL", "The connection broke.", retry_after_seconds=7)


async def test_an_insert_that_happened_is_acknowledged_though_its_answer_was_lost(
    events_engine: EventsEngine, engine_dsn: str
) -> None:
    engine = await Forgetful.open(engine_dsn, 1 << 30)
    assert isinstance(engine, Forgetful)
    committer = new_committer(engine, Clock())
    async with committing(committer):
        engine.breaks = True
        assert await outcome(committer, "1", "2") == [(1, False), (2, False)]
        engine.breaks = False
        assert await outcome(committer, "3", "1") == [(3, False), (1, True)]
    engine.close()

    assert_no_holes(await stream(events_engine, committer.node), NodeSeq(3))


async def test_a_refusal_keeps_its_kind_on_the_way_to_the_waiter(engine_dsn: str) -> None:
    class Full(EventsEngine):
        async def insert(self, rows: bytes, mark: str = "") -> None:
            raise StorageFull("STORE_FULL", "No room.", hint="Make room.", retry_after_seconds=7)

    engine = await Full.open(engine_dsn, 1 << 30)
    committer = new_committer(engine, Clock())
    async with committing(committer):
        with pytest.raises(StorageFull) as refused:
            await committer.commit([an_event()])
    engine.close()

    assert (refused.value.code, refused.value.hint) == ("STORE_FULL", "Make room.")
    assert refused.value.retry_after_seconds == 7


async def test_a_committer_that_is_stopped_short_answers_who_waits(
    events_engine: EventsEngine,
) -> None:
    committer = new_committer(events_engine, Clock())
    running = asyncio.create_task(committer.run())
    async with away(events_engine):
        waiting = [asyncio.create_task(outcome(committer, str(n))) for n in range(2)]
        await asyncio.sleep(0.1)
        waiting += [asyncio.create_task(outcome(committer, str(n))) for n in range(2, 5)]
        await asyncio.sleep(0)
        running.cancel()
        assert await asyncio.gather(*waiting) == ["COMMIT_FAILED"] * 5
        with pytest.raises(asyncio.CancelledError):
            await running
    assert await outcome(committer, "9") == "SHUTTING_DOWN"
    assert committer.waiting_events == 0


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_fails_each_acknowledged_event_is_there_once(
    events_engine: EventsEngine, seed: int
) -> None:
    chance = random.Random(seed)
    clock = Clock()
    ids = [f"id-{n}" for n in range(60)]
    committed: dict[str, int] = {}
    committer = new_committer(events_engine, clock)

    async def sender() -> None:
        for _ in range(12):
            batch = chance.sample(ids, chance.randint(1, 4))
            is_poisoned = chance.random() < 0.2
            events = [an_event(id=each) for each in batch]
            if is_poisoned:
                events.append(an_event(action="POISON"))
            try:
                outcomes = await committer.commit(events)
            except Unavailable:
                continue
            assert not is_poisoned
            for each in outcomes:
                seq = each.receipt.node_seq
                assert committed.setdefault(each.receipt.id, seq) == seq
            await asyncio.sleep(chance.random() / 1000)

    async with refusing(events_engine, "action != 'POISON'"), committing(committer):
        await asyncio.gather(*(sender() for _ in range(8)))

    places = await stream(events_engine, committer.node)
    assert_no_holes(places, committer.committed_seq)
    assert {place.id: place.node_seq for place in places} == committed
    assert len(places) == len(committed) > 20
    async with committing(await restarted(events_engine, clock)) as after:
        answers = await after.commit([an_event(id=each) for each in committed])
    assert all(each.is_duplicate for each in answers)
    assert {each.receipt.id: each.receipt.node_seq for each in answers} == committed
