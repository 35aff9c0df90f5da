"""Every run is written down: before it begins, and how it ended, whatever ended it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest

from tests.engine import NOON, Clock, Service, in_process
from tests.keep.conftest import DAY, Keeper
from trailkeeper.errors import Unavailable
from trailkeeper.keep.retention import INTERRUPTED, OVERDUE_AFTER, RUN_EVERY, last_good_run
from trailkeeper.keep.tables import RetentionRunRow
from trailkeeper.principal import Tenant
from trailkeeper.services import open_services
from trailkeeper.settings import Settings
from trailkeeper.store.engine import Statement
from trailkeeper.worker import running

OLD = 100 * DAY
BUSY = Statement("SELECT sleep(1)")


async def last_good(keeper: Keeper) -> object:
    async with keeper.service.services.metadata.reading() as session:
        return await last_good_run(session)


async def begun(keeper: Keeper, run: asyncio.Task[object]) -> None:
    """Returns when a run has been written down and is about to be carried out."""
    async with asyncio.timeout(10):
        while not await keeper.runs():  # noqa: ASYNC110 - the store has no event to wait for
            await asyncio.sleep(0.01)
    assert not run.done()


async def recorded(keeper: Keeper, tenant: Tenant, events: int) -> None:
    """Returns when so many purges are in the organization's log."""
    async with asyncio.timeout(30):
        while await keeper.held(tenant, "action = 'PURGE'") < events:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.05)


async def warnings(service: Service) -> list[str]:
    async with service.client("") as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 200
    found: list[str] = answer.json()["warnings"]
    return found


async def test_a_good_run_is_returned_as_it_was_written_down(keeper: Keeper) -> None:
    acme = await keeper.organization()
    await keeper.hold(acme, 3, age=OLD)

    run = await keeper.retention.run(acme)

    [stored] = await keeper.runs()
    for each in (run, stored):
        assert (each.started_at, each.finished_at, each.error) == (NOON, NOON, None)
        assert (each.organization, each.removed) == (acme.organization, {"LOGIN": 3})
    assert await last_good(keeper) == NOON


async def test_a_run_that_removed_nothing_counts_as_good_but_is_no_event(keeper: Keeper) -> None:
    await keeper.organization()

    [run] = await keeper.retention.run_all()

    assert (run.removed, run.error) == ({}, None)
    assert await last_good(keeper) == NOON
    assert await keeper.own_events() == []


async def test_a_run_that_the_store_refused_is_recorded_with_its_error(keeper: Keeper) -> None:
    acme = await keeper.organization()
    await keeper.hold(acme, 3, age=OLD)
    engine = keeper.service.services.engine
    # In the order of their turns: the run plans while the first is busy, and finds no table.
    busy = asyncio.create_task(engine.maintain(BUSY))
    gone = asyncio.create_task(engine.maintain(Statement("RENAME TABLE events TO events_away")))
    await asyncio.sleep(0)

    with pytest.raises(Unavailable):
        await keeper.retention.run(acme)
    await asyncio.gather(busy, gone)
    await engine.maintain(Statement("RENAME TABLE events_away TO events"))

    [run] = await keeper.runs()
    assert run.finished_at == NOON
    assert run.error is not None
    assert await last_good(keeper) is None
    [event] = await keeper.own_events()
    assert event.status == "FAILED"
    assert msgspec.json.decode(event.details)["error"] == run.error
    assert await keeper.held(acme) == 3


async def test_a_run_that_a_stop_cut_short_does_not_count_as_good(keeper: Keeper) -> None:
    acme = await keeper.organization()
    await keeper.hold(acme, 3, age=OLD)
    busy = asyncio.create_task(keeper.service.services.engine.maintain(BUSY))
    await asyncio.sleep(0)
    run: asyncio.Task[object] = asyncio.create_task(keeper.retention.run(acme))
    await begun(keeper, run)

    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    await busy

    [stored] = await keeper.runs()
    assert (stored.error, stored.finished_at) == (INTERRUPTED, NOON)
    assert await last_good(keeper) is None
    assert [event.status for event in await keeper.own_events()] == ["FAILED"]
    assert await keeper.held(acme) == 3


async def test_a_run_that_a_crash_cut_short_is_recorded_at_the_next_start(keeper: Keeper) -> None:
    acme = await keeper.organization()
    async with keeper.service.services.metadata.transaction() as session:
        session.add(
            RetentionRunRow(
                organization=acme.organization,
                started_at=NOON - DAY,
                dry_run=False,
                removed={"LOGIN": 3},
            )
        )

    await keeper.retention.close_interrupted(NOON - DAY)
    assert [run.finished_at for run in await keeper.runs()] == [None]
    await keeper.retention.close_interrupted(NOON)
    await keeper.retention.close_interrupted(NOON)

    [run] = await keeper.runs()
    assert (run.error, run.finished_at) == (INTERRUPTED, NOON)
    assert await last_good(keeper) is None
    assert [event.status for event in await keeper.own_events()] == ["FAILED"]


async def test_runs_at_the_same_time_take_turns(keeper: Keeper) -> None:
    acme = await keeper.organization()
    await keeper.hold(acme, 3, age=OLD)

    runs = await asyncio.gather(*(keeper.retention.run(acme) for _ in range(3)))

    assert sorted(sum(run.removed.values()) for run in runs) == [0, 0, 3]
    assert len(await keeper.own_events()) == 1


async def test_a_run_that_did_not_happen_is_visible(keeper: Keeper) -> None:
    clock = keeper.service.clock
    await keeper.organization()
    assert await warnings(keeper.service) == ["RETENTION_OVERDUE"]

    await keeper.retention.run_all()
    assert await warnings(keeper.service) == []
    clock.advance(OVERDUE_AFTER)
    assert await warnings(keeper.service) == []
    clock.advance(DAY)
    assert await warnings(keeper.service) == ["RETENTION_OVERDUE"]


async def test_one_organizations_own_run_puts_off_no_other(keeper: Keeper) -> None:
    clock = keeper.service.clock
    acme, other = await keeper.organization(), await keeper.organization()
    await keeper.retention.run_all()
    clock.advance(DAY + timedelta(hours=3))
    await keeper.retention.run(acme)

    assert await last_good(keeper) == NOON
    assert await warnings(keeper.service) == ["RETENTION_OVERDUE"]
    await keeper.retention.run(other)
    assert await last_good(keeper) == clock()


async def test_a_new_organization_waits_from_the_day_it_was_made(keeper: Keeper) -> None:
    clock = keeper.service.clock
    await keeper.organization()
    await keeper.retention.run_all()
    clock.advance(timedelta(hours=20))
    await keeper.organization()

    assert await last_good(keeper) == NOON
    clock.advance(timedelta(hours=4))
    await keeper.retention.run_all()
    assert await last_good(keeper) == clock()


async def test_the_service_runs_it_when_due_and_records_what_it_did(
    service_settings: Settings,
) -> None:
    clock = Clock()
    async with in_process(service_settings, clock) as service:
        keeper = Keeper(service)
        acme = await keeper.organization()
        await keeper.hold(acme, 3, age=OLD)
        await keeper.hold(acme, 3, age=70 * DAY)
    failures: list[None] = []
    for events, wait in ((1, RUN_EVERY / 2), (1, RUN_EVERY * 30), (2, DAY)):
        async with (
            open_services(service_settings, clock) as services,
            running(services, lambda: failures.append(None)),
        ):
            await recorded(Keeper(Service(services, clock)), acme, events)
        clock.advance(wait)
    assert failures == []

    async with in_process(service_settings, clock) as service:
        keeper = Keeper(service)
        assert await keeper.held(acme) == 0
        assert [run.error for run in await keeper.runs()] == [None, None]
        assert [event.status for event in await keeper.own_events()] == ["SUCCESS", "SUCCESS"]
