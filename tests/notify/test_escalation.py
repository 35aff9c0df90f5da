"""What nobody acknowledges in time goes on to others, once."""

from __future__ import annotations

from tests.notify.conftest import Far
from tests.notify.room import ACME, NOBODY, Room
from trailkeeper.notify.plan import AlertPlan, Escalation, QuietHours
from trailkeeper.notify.setting_changes import change_setting
from trailkeeper.notify.targets import InAppTarget, SlackTarget
from trailkeeper.principal import system_tenant


async def hooks(room: Room, far: Far, *paths: str) -> list[str]:
    ids = []
    for path in paths:
        far.web.answers_with(path)
        ids.append((await room.channel(SlackTarget(room.url(path)))).channel.id)
    return ids


def paths(far: Far) -> list[str]:
    return [seen.path for seen in far.web.seen]


async def test_an_escalation_comes_after_its_minutes_and_once(room: Room, far: Far) -> None:
    first, second = await hooks(room, far, "/first", "/second")
    escalation = Escalation(after_minutes=15, channels=[second])
    await room.setting(channels=[first], escalation=escalation)
    await room.tell()
    room.clock.advance(minutes=14, seconds=59)
    await room.notifier.run_until_idle()
    assert paths(far) == ["/first"]
    room.clock.advance(seconds=1)
    await room.notifier.run_until_idle()
    assert paths(far) == ["/first", "/second"]
    told = far.web.seen[-1].body.decode()
    assert "Multiple failed logins (not acknowledged)" in told
    assert "Nobody acknowledged it within 15 minutes." in told
    room.clock.advance(days=1)
    await room.notifier.run_until_idle()
    assert paths(far) == ["/first", "/second"]


async def test_what_was_acknowledged_does_not_escalate(room: Room, far: Far) -> None:
    first, second = await hooks(room, far, "/first", "/second")
    await room.setting(channels=[first], escalation=Escalation(after_minutes=15, channels=[second]))
    detection = await room.tell()
    room.acknowledged.ids.add(detection)
    room.clock.advance(minutes=30)
    await room.notifier.run_until_idle()
    assert paths(far) == ["/first"]


async def test_a_reopened_detection_starts_its_clock_anew(room: Room, far: Far) -> None:
    first, second = await hooks(room, far, "/first", "/second")
    await room.setting(channels=[first], escalation=Escalation(after_minutes=15, channels=[second]))
    detection = await room.tell()
    room.clock.advance(minutes=15)
    await room.notifier.run_until_idle()
    await room.tell(detection_id=detection, what="reopened")
    room.clock.advance(minutes=15)
    await room.notifier.run_until_idle()
    assert paths(far) == ["/first", "/second", "/first", "/second"]


async def test_settings_in_a_circle_come_to_rest(room: Room, far: Far) -> None:
    first, second = await hooks(room, far, "/first", "/second")
    a = await room.setting(channels=[first], name="a")
    b = await room.setting(
        channels=[second],
        name="b",
        rule_id="none",
        escalation=Escalation(after_minutes=5, setting=a.id),
    )
    plan = AlertPlan(channels=[first], escalation=Escalation(after_minutes=5, setting=b.id))
    async with room.metadata.transaction() as session:
        await change_setting(
            session, system_tenant(ACME), NOBODY, a.id, now=room.clock(), plan=plan
        )
    await room.tell()
    for _ in range(10):
        room.clock.advance(minutes=5)
        await room.notifier.run_until_idle()
    assert paths(far) == ["/first", "/second", "/first"]


async def test_an_escalation_breaks_the_quiet_and_reaches_inboxes(room: Room, far: Far) -> None:
    first, second = await hooks(room, far, "/first", "/second")
    await room.person("ann", "SUPER_ADMIN")
    inbox = (await room.channel(InAppTarget())).channel.id
    all_night = QuietHours(start="00:00", end="23:59")
    await room.setting(
        channels=[first],
        quiet_hours=all_night,
        escalation=Escalation(after_minutes=5, channels=[second, inbox], roles=["SUPER_ADMIN"]),
    )
    room.clock.now = room.clock.now.replace(hour=3)
    await room.tell()
    room.clock.advance(minutes=5)
    await room.notifier.run_until_idle()
    assert paths(far) == ["/second"]
    [told] = await room.inbox("ann")
    assert told.content.what == "escalation"


async def test_detection_may_ask_for_an_escalation_itself(room: Room, far: Far) -> None:
    first, second = await hooks(room, far, "/first", "/second")
    await room.setting(channels=[first], escalation=Escalation(after_minutes=15, channels=[second]))
    await room.tell(what="escalation")
    assert paths(far) == ["/second"]
