"""What a channel gives up is told in the inboxes of those who can mend it."""

from __future__ import annotations

from prometheus_client import REGISTRY
from sqlalchemy import func, select, update

from tests.notify.conftest import Far
from tests.notify.room import Room
from trailkeeper.notify.claims import MAX_ATTEMPTS
from trailkeeper.notify.tables import AlertRow, DeliveryRow
from trailkeeper.notify.targets import InAppTarget, SlackTarget
from trailkeeper.notify.undelivered import observe_dead
from trailkeeper.store.jobs import JobState
from trailkeeper.store.tables import JobRow


async def titles(room: Room, user_id: str) -> list[str]:
    return [each.content.title for each in await room.inbox(user_id)]


async def test_who_may_manage_channels_is_told_once_until_it_delivers(room: Room, far: Far) -> None:
    await room.person("ann", "ADMIN")
    await room.person("sue", "SUPER_ADMIN")
    await room.person("dev", "DEVELOPER")
    far.web.answers_with("/hook", 404, body=b"no_service")
    await room.through(SlackTarget(room.url("/hook")), name="security on Slack")
    title = "The channel security on Slack has given up a delivery"
    for _ in range(3):
        await room.tell()
    assert await room.states() == ["dead"] * 3
    assert [await titles(room, who) for who in ("ann", "sue", "dev")] == [[title], [title], []]
    [told] = await room.inbox("ann")
    assert told.content.reasons[0].startswith("FAR_END_REFUSED: The far end answered 404")
    assert told.content.link == "/settings/channels?tab=deliveries&state=dead"
    far.web.answers_with("/hook", 200)
    await room.tell()
    far.web.answers_with("/hook", 404)
    room.clock.advance(seconds=1)
    await room.tell()
    await room.tell()
    assert await titles(room, "ann") == [title, title]


async def test_it_raises_no_alert_of_its_own(room: Room, far: Far) -> None:
    await room.person("ann")
    inbox = await room.channel(InAppTarget())
    chat = await room.channel(SlackTarget(room.url("/gone")))
    ids = [chat.channel.id, inbox.channel.id]
    await room.setting(min_severity="informational", channels=ids, people=["ann"])
    await room.tell()
    room.clock.advance(days=1)
    await room.notifier.run_until_idle()
    assert len(await room.inbox("ann")) == 2, "the alert, and that a channel failed"
    assert await room.states() == ["dead"]
    async with room.metadata.reading() as session:
        assert await session.scalar(select(func.count()).select_from(AlertRow)) == 1
        jobs = list(await session.scalars(select(JobRow)))
    assert {(job.kind, job.state) for job in jobs} <= {("alert", JobState.DONE)} | {
        (job.kind, job.state) for job in jobs if job.kind != "alert"
    }


async def test_a_last_try_whose_process_died_is_told_too(room: Room, far: Far) -> None:
    await room.person("ann")
    issued = await room.through(SlackTarget(room.url("/hook")), name="chat")
    await room.raise_alert()
    await room.notifier.fan_out_all()
    async with room.metadata.transaction() as session:
        await session.execute(
            update(DeliveryRow).values(
                state="sending", attempts=MAX_ATTEMPTS, lease_expires_at=room.clock()
            )
        )
    assert await room.notifier.send_all(issued.channel.id) == 0
    assert await titles(room, "ann") == ["The channel chat has given up a delivery"]


async def test_outcomes_and_dead_letters_are_measured(room: Room, far: Far) -> None:
    def measured(outcome: str) -> float:
        labels = {"kind": "slack", "outcome": outcome}
        return REGISTRY.get_sample_value("trailkeeper_deliveries_total", labels) or 0

    def delays() -> float:
        name = "trailkeeper_delivery_seconds_count"
        return REGISTRY.get_sample_value(name, {"kind": "slack"}) or 0

    before = {each: measured(each) for each in ("delivered", "failed", "dead")}
    timed = delays()
    await room.through(SlackTarget(room.url("/hook")))
    for status in (200, 404, 503):
        far.web.answers_with("/hook", status)
        await room.tell()
    assert {each: measured(each) - before[each] for each in before} == {
        "delivered": 1,
        "failed": 1,
        "dead": 1,
    }
    assert delays() - timed == 1
    async with room.metadata.reading() as session:
        await observe_dead(session)
    dead = REGISTRY.get_sample_value("trailkeeper_deliveries_dead", {"kind": "slack"})
    assert dead == 1
