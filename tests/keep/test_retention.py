"""What a run removes, how, and what it leaves alone."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec

from tests.engine import NOON, an_event
from tests.keep.conftest import DAY, Keeper, monday

WEEK = 7 * DAY
OLD = 100 * DAY
"""Past the default retention of 90 days."""
THIS_MONDAY = monday(NOON)


async def test_a_run_removes_what_has_expired_and_nothing_else(keeper: Keeper) -> None:
    acme = await keeper.organization()
    await keeper.hold(acme, 3, age=OLD)
    await keeper.hold(acme, 2, age=OLD, action="CREATE")
    await keeper.hold(acme, 4, age=90 * DAY)
    await keeper.hold(acme, 1, age=0 * DAY)

    [run] = await keeper.retention.run_all()

    assert run.removed == {"CREATE": 2, "LOGIN": 3}
    assert await keeper.held(acme) == 5


async def test_weeks_that_have_expired_whole_are_dropped(keeper: Keeper) -> None:
    acme, other = await keeper.organization(), await keeper.organization()
    for age in (OLD, OLD + WEEK, OLD + 2 * WEEK):
        await keeper.hold(acme, 5, age=age)
        await keeper.hold(other, 5, age=age)
    await keeper.hold(acme, 2, age=DAY)

    runs = await keeper.retention.run_all()

    assert [run.removed for run in runs] == [{"LOGIN": 15}, {"LOGIN": 15}]
    assert (await keeper.partitions(), await keeper.deletions()) == (1, 0)
    assert (await keeper.held(acme), await keeper.held(other)) == (2, 0)


async def test_a_week_that_has_expired_in_part_is_only_thinned_out(keeper: Keeper) -> None:
    acme = await keeper.organization()
    keeps_longer = await keeper.organization(retention_days=400)
    await keeper.hold(acme, 5, age=OLD)
    await keeper.hold(keeps_longer, 3, age=OLD)

    await keeper.retention.run_all()

    assert (await keeper.partitions(), await keeper.deletions()) == (1, 1)
    assert (await keeper.held(acme), await keeper.held(keeps_longer)) == (0, 3)


async def test_each_organization_in_a_week_has_a_step_of_its_own(keeper: Keeper) -> None:
    tenants = [await keeper.organization() for _ in range(3)]
    keeps_longer = await keeper.organization(retention_days=400)
    for tenant in (*tenants, keeps_longer):
        await keeper.hold(tenant, 2, age=OLD)
        await keeper.hold(tenant, 2, age=OLD + WEEK)

    await keeper.retention.run_all()

    assert await keeper.deletions() == 6
    assert [await keeper.held(tenant) for tenant in tenants] == [0, 0, 0]
    assert await keeper.held(keeps_longer) == 4


async def test_the_week_at_the_edge_loses_only_what_is_older(keeper: Keeper) -> None:
    acme = await keeper.organization(retention_days=2)
    await keeper.insert(
        an_event(organization=acme.organization, received_at=NOON - timedelta(hours=hours))
        for hours in range(1, 61)
    )

    [run] = await keeper.retention.run_all()

    assert run.removed == {"LOGIN": 12}
    assert await keeper.held(acme) == 48


async def test_a_week_that_has_only_just_ended_is_not_dropped(keeper: Keeper) -> None:
    acme = await keeper.organization(retention_days=1)
    await keeper.hold(acme, 3, age=NOON - THIS_MONDAY + timedelta(minutes=5))
    keeper.service.clock.now = THIS_MONDAY + DAY + timedelta(minutes=10)
    await keeper.retention.run_all()
    assert (await keeper.held(acme), await keeper.deletions()) == (0, 0)

    # Half an hour after its end somebody may still be writing to it.
    await keeper.hold(acme, 3, age=NOON - THIS_MONDAY + DAY + timedelta(hours=12))
    keeper.service.clock.now = THIS_MONDAY + timedelta(minutes=30)
    await keeper.retention.run_all()
    assert (await keeper.held(acme), await keeper.deletions()) == (0, 1)


async def test_a_run_for_one_organization_leaves_all_others_alone(keeper: Keeper) -> None:
    acme, other = await keeper.organization(), await keeper.organization()
    await keeper.hold(acme, 5, age=OLD)
    await keeper.hold(other, 5, age=OLD)

    run = await keeper.retention.run(acme)

    assert (run.organization, run.removed) == (acme.organization, {"LOGIN": 5})
    assert (await keeper.held(acme), await keeper.held(other)) == (0, 5)


async def test_a_week_of_events_that_nobody_owns_is_not_dropped(keeper: Keeper) -> None:
    acme = await keeper.organization()
    await keeper.hold(acme, 5, age=OLD)
    await keeper.insert([an_event(organization="of-another-time", received_at=NOON - OLD)])

    await keeper.retention.run_all()

    assert (await keeper.held(acme), await keeper.partitions()) == (0, 1)


async def test_rules_for_actions_and_resource_types_are_heeded(keeper: Keeper) -> None:
    acme = await keeper.organization(
        retention_days=30,
        retention_rules=[
            {"days": 5, "action": "LOGIN"},
            {"days": 365, "resource_type": "PROJECT"},
            {"days": 10, "action": "DELETE", "resource_type": "PROJECT"},
        ],
    )
    kinds = (
        ("LOGIN", "USER"),
        ("LOGIN", "PROJECT"),
        ("CREATE", "PROJECT"),
        ("DELETE", "PROJECT"),
        ("DELETE", "USER"),
    )
    await keeper.insert(
        an_event(
            organization=acme.organization,
            action=action,
            resource_type=resource_type,
            received_at=NOON - age * DAY,
        )
        for action, resource_type in kinds
        for age in (3, 8, 20, 60, 400)
    )

    [run] = await keeper.retention.run_all()

    assert run.removed == {"LOGIN": 8, "CREATE": 1, "DELETE": 3 + 2}
    assert await keeper.held(acme, "action = 'LOGIN'") == 2
    assert await keeper.held(acme, "action = 'CREATE'") == 4
    assert await keeper.held(acme, "action = 'DELETE' AND resource_type = 'PROJECT'") == 2
    assert await keeper.held(acme, "action = 'DELETE' AND resource_type = 'USER'") == 3


async def test_imported_history_is_not_purged_on_arrival(keeper: Keeper) -> None:
    acme = await keeper.organization()
    await keeper.hold(acme, 7, age=DAY, timestamp=NOON - 3000 * DAY)

    [run] = await keeper.retention.run_all()
    assert run.removed == {}
    keeper.service.clock.advance(90 * DAY)
    [run] = await keeper.retention.run_all()

    assert run.removed == {"LOGIN": 7}


async def test_a_preview_says_what_a_run_then_removes(keeper: Keeper) -> None:
    acme, other = await keeper.organization(), await keeper.organization(retention_days=9)
    for tenant in (acme, other):
        await keeper.hold(tenant, 3, age=OLD)
        await keeper.hold(tenant, 2, age=20 * DAY, action="CREATE")

    previews = [await keeper.retention.preview(tenant) for tenant in (acme, other)]

    assert previews == [{"LOGIN": 3}, {"CREATE": 2, "LOGIN": 3}]
    assert (await keeper.held(acme), await keeper.held(other)) == (5, 5)
    assert await keeper.runs() == []
    assert await keeper.own_events() == []
    runs = {run.organization: run.removed for run in await keeper.retention.run_all()}
    assert [runs[tenant.organization] for tenant in (acme, other)] == previews


async def test_each_organization_finds_its_purge_in_its_log_once(keeper: Keeper) -> None:
    acme, other = await keeper.organization(), await keeper.organization()
    untouched = await keeper.organization()
    await keeper.hold(acme, 3, age=OLD)
    await keeper.hold(other, 1, age=OLD)
    await keeper.hold(other, 1, age=OLD, action="CREATE")
    await keeper.hold(untouched, 1, age=DAY)

    await keeper.retention.run_all()
    await keeper.retention.run_all()
    await keeper.own_events()
    events = {event.organization: event for event in await keeper.own_events()}

    assert set(events) == {acme.organization, other.organization}
    assert len(await keeper.own_events()) == 2
    details = msgspec.json.decode(events[other.organization].details)
    assert (details["reason"], details["events"]) == ("retention", 2)
    assert details["by_action"] == {"CREATE": 1, "LOGIN": 1}
    assert events[other.organization].status == "SUCCESS"


async def test_events_are_committed_while_a_run_deletes(keeper: Keeper) -> None:
    acme = await keeper.organization()
    keeps_longer = await keeper.organization(retention_days=400)
    for week in range(4):
        await keeper.hold(acme, 50, age=OLD + week * WEEK)
        await keeper.hold(keeps_longer, 50, age=OLD + week * WEEK)
    running = asyncio.create_task(keeper.retention.run_all())

    committed = 0
    while not running.done():
        committer = keeper.service.services.committer
        outcomes = await committer.commit([an_event(organization=acme.organization)])
        committed += len(outcomes)
    await running

    assert committed > 0
    assert (await keeper.held(acme), await keeper.held(keeps_longer)) == (committed, 200)
