"""What a rule asks to be told once a day is one message for each channel, one line in inboxes."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.notify.conftest import Far
from tests.notify.room import ACME, Room
from trailkeeper.access.organizations import OrganizationChanges, update_organization
from trailkeeper.notify.schedule import next_daily
from trailkeeper.notify.targets import EmailTarget, InAppTarget, SlackTarget

RULE = "3f0a7f8e-2a52-4a39-9f1b-5d3f3d4f0f01"


@pytest.mark.parametrize(
    ("now", "zone", "at"),
    [
        ("2026-03-04T03:00+00:00", "UTC", "2026-03-04T07:00+00:00"),
        ("2026-03-04T07:00+00:00", "UTC", "2026-03-05T07:00+00:00"),
        ("2026-03-04T21:59+00:00", "Asia/Tokyo", "2026-03-04T22:00+00:00"),
        ("2026-03-28T23:00+00:00", "Europe/Berlin", "2026-03-29T05:00+00:00"),
    ],
)
def test_a_day_ends_in_the_organizations_morning(now: str, zone: str, at: str) -> None:
    assert next_daily(datetime.fromisoformat(now), zone) == datetime.fromisoformat(at)


async def night(room: Room, *people: str) -> None:
    """Each of these worked at night."""
    for who in people:
        await room.tell(
            severity="medium",
            rule_id=RULE,
            rule_title="Changes outside of working hours",
            group=f"user_id {who}",
            is_daily=True,
            reasons=[f"{who} is usually here from 9 to 17."],
        )


async def test_a_nights_findings_are_one_message_in_the_morning(room: Room, far: Far) -> None:
    far.web.answers_with("/hook")
    async with room.metadata.transaction() as session:
        await update_organization(session, ACME, OrganizationChanges(time_zone="Asia/Tokyo"))
    chat = await room.channel(SlackTarget(room.url("/hook")))
    mail = await room.channel(EmailTarget(["ann@acme.example"]))
    await room.setting(channels=[chat.channel.id, mail.channel.id])
    room.clock.now = room.clock.now.replace(hour=14, minute=30, second=0)
    await night(room, "bob", "cem")
    room.clock.advance(hours=4)
    await night(room, "dan")
    assert (far.web.seen, far.mail.mails) == ([], [])
    # 07:00 in Tokyo.
    room.clock.now = room.clock.now.replace(hour=22, minute=0)
    await room.notifier.run_until_idle()
    [seen] = far.web.seen
    told = seen.body.decode()
    assert "3 alerts, the worst medium" in told
    for who in ("bob", "cem", "dan"):
        assert f"user_id {who}" in told
    assert len(far.mail.mails) == 1
    await night(room, "eve")
    assert len(far.web.seen) == 1
    room.clock.advance(days=1)
    await room.notifier.run_until_idle()
    assert len(far.web.seen) == 2


async def test_a_digest_of_the_setting_goes_before(room: Room, far: Far) -> None:
    far.web.answers_with("/hook")
    chat = await room.channel(SlackTarget(room.url("/hook")))
    await room.setting(channels=[chat.channel.id], digest_minutes=30)
    room.clock.now = room.clock.now.replace(hour=8, minute=10, second=0)
    await night(room, "bob", "cem")
    room.clock.advance(minutes=20)
    await room.notifier.run_until_idle()
    assert len(far.web.seen) == 1


async def test_other_rules_are_told_at_once_beside_it(room: Room, far: Far) -> None:
    far.web.answers_with("/hook")
    await room.through(SlackTarget(room.url("/hook")))
    room.clock.now = room.clock.now.replace(hour=2)
    await night(room, "bob")
    await room.tell()
    [seen] = far.web.seen
    assert "Multiple failed logins" in seen.body.decode()


@pytest.mark.parametrize("has_setting", [True, False])
async def test_in_an_inbox_a_days_findings_share_one_line(room: Room, has_setting: bool) -> None:
    await room.person("ann")
    if has_setting:
        inbox = await room.channel(InAppTarget())
        await room.setting(channels=[inbox.channel.id], people=["ann"])
    room.clock.now = room.clock.now.replace(hour=20)
    await night(room, "bob")
    [first] = await room.inbox("ann")
    assert first.content.title == "Medium: Changes outside of working hours"
    await night(room, "cem", "dan")
    [line] = await room.inbox("ann")
    assert line.content.title == "Medium: Changes outside of working hours: 3 detections"
    assert line.content.reasons == [
        f"user_id {who}: {who} is usually here from 9 to 17." for who in ("bob", "cem", "dan")
    ]
    assert (line.content.detection_id, line.content.link) == ("", f"/security?rule={RULE}")
    assert line.id > first.id
    room.clock.advance(days=1)
    await night(room, "bob")
    assert len(await room.inbox("ann")) == 2
