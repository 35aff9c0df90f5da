"""From one alert to all who are to hear of it, each once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.notify.conftest import Far
from tests.notify.room import ACME, OTHER, Room, an_alert
from trailkeeper.access.organizations import OrganizationChanges, update_organization
from trailkeeper.access.people.editor import operating
from trailkeeper.access.people.standing import disable_member
from trailkeeper.notify.alert import ALERT
from trailkeeper.notify.housekeeping import KEPT_FOR, forget_old_notifications
from trailkeeper.notify.plan import QuietHours
from trailkeeper.notify.tables import AlertRow, DeliveryRow, NotificationRow
from trailkeeper.notify.targets import EmailTarget, InAppTarget, SlackTarget
from trailkeeper.principal import system_tenant
from trailkeeper.store.jobs import JobState, enqueue
from trailkeeper.store.tables import JobRow


@pytest.mark.parametrize(
    ("plan", "alert", "is_told"),
    [
        ({}, {"severity": "low"}, False),
        ({}, {"severity": "medium"}, True),
        ({"min_severity": "critical"}, {"severity": "high"}, False),
        ({"min_severity": "informational"}, {"severity": "informational"}, True),
        ({"tags": ["login", "money"]}, {"tags": ["money"]}, True),
        ({"tags": ["money"]}, {"tags": ["login"]}, False),
        ({"rule_id": "failed-logins"}, {}, True),
        ({"rule_id": "another"}, {}, False),
        ({"rule_id": "failed-logins", "min_severity": "critical"}, {}, False),
        ({}, {"what": "grew"}, False),
        ({"on": ["grew"]}, {"what": "grew"}, True),
        ({}, {"what": "reopened"}, True),
        ({}, {"what": "escalation"}, True),
    ],
)
async def test_a_setting_means_what_it_says(
    room: Room, far: Far, plan: dict[str, Any], alert: dict[str, Any], is_told: bool
) -> None:
    far.web.answers_with("/hook")
    issued = await room.channel(SlackTarget(room.url("/hook")))
    await room.setting(channels=[issued.channel.id], **plan)
    await room.tell(**alert)
    assert len(far.web.seen) == int(is_told)


async def test_two_settings_tell_each_channel_and_person_once_and_the_sooner(
    room: Room, far: Far
) -> None:
    far.web.answers_with("/hook")
    await room.person("ann")
    chat = await room.channel(SlackTarget(room.url("/hook")))
    inbox = await room.channel(InAppTarget())
    mail = await room.channel(EmailTarget(["ann@acme.example"]))
    ids = [chat.channel.id, inbox.channel.id, mail.channel.id]
    await room.setting(channels=ids, people=["ann"], digest_minutes=60)
    await room.setting(channels=ids, people=["ann"], roles=["ADMIN"])
    await room.setting(channels=ids, people=["ann"], digest_minutes=5)
    await room.tell()
    assert len(far.web.seen) == 1
    assert len(far.mail.mails) == 1
    assert len(await room.inbox("ann")) == 1
    room.clock.advance(hours=2)
    await room.notifier.run_until_idle()
    assert len(far.web.seen) == 1
    assert await room.states() == ["delivered"] * 2


async def test_who_was_disabled_hears_nothing(room: Room, far: Far) -> None:
    await room.person("ann")
    await room.person("bob")
    mail = await room.channel(EmailTarget())
    inbox = await room.channel(InAppTarget())
    await room.setting(channels=[mail.channel.id, inbox.channel.id], people=["ann", "bob"])
    async with room.metadata.transaction() as session:
        await disable_member(
            session, system_tenant(ACME), "ann", editor=operating(), now=room.clock()
        )
    await room.tell()
    assert [mail["To"] for mail in far.mail.mails] == ["bob@acme.example"]
    assert await room.inbox("ann") == []
    assert len(await room.inbox("bob")) == 1


async def test_without_any_setting_managers_find_it_in_their_inbox(room: Room) -> None:
    await room.person("ann", "ADMIN")
    await room.person("sue", "SUPER_ADMIN")
    await room.person("dev", "DEVELOPER")
    await room.tell(severity="low")
    await room.tell(severity="medium")
    assert [len(await room.inbox(user)) for user in ("ann", "sue", "dev")] == [1, 1, 0]
    await room.setting(min_severity="critical")
    await room.tell(severity="high")
    assert len(await room.inbox("ann")) == 1


async def test_quiet_hours_go_by_the_organizations_clock(room: Room, far: Far) -> None:
    far.web.answers_with("/hook")
    await room.person("ann")
    chat = await room.channel(SlackTarget(room.url("/hook")))
    inbox = await room.channel(InAppTarget())
    async with room.metadata.transaction() as session:
        changes = OrganizationChanges(time_zone="Asia/Tokyo")
        await update_organization(session, ACME, changes)
    await room.setting(
        channels=[chat.channel.id, inbox.channel.id],
        people=["ann"],
        quiet_hours=QuietHours(start="22:00", end="07:00"),
    )
    # 23:30 in Tokyo, on the day after.
    room.clock.now = room.clock.now.replace(hour=14, minute=30, second=0)
    await room.tell(severity="high")
    await room.tell(severity="medium")
    assert far.web.seen == []
    assert len(await room.inbox("ann")) == 2, "an inbox wakes nobody"
    await room.tell(severity="critical")
    assert len(far.web.seen) == 1
    room.clock.now = room.clock.now.replace(hour=21, minute=59)
    await room.notifier.run_until_idle()
    assert len(far.web.seen) == 1
    room.clock.advance(minutes=1)
    await room.notifier.run_until_idle()
    assert len(far.web.seen) == 2, "what waited comes as one message"
    assert await room.states() == ["delivered"] * 3


async def test_organizations_hear_of_their_own_alone(room: Room, far: Far) -> None:
    far.web.answers_with("/theirs")
    issued = await room.channel(SlackTarget(room.url("/theirs")), OTHER)
    await room.setting(OTHER, channels=[issued.channel.id])
    await room.person("ann", organization=ACME)
    await room.tell(organization=str(ACME))
    assert far.web.seen == []
    assert len(await room.inbox("ann")) == 1
    await room.tell(organization=str(OTHER))
    assert len(far.web.seen) == 1
    assert len(await room.inbox("ann")) == 1


@pytest.mark.parametrize(
    ("organization", "changes"),
    [("acme", {"severity": "terrible"}), ("acme", {"count": "7"}), ("gone", {})],
)
async def test_what_is_no_alert_dies_in_sight_and_stops_no_other(
    room: Room, organization: str, changes: dict[str, Any]
) -> None:
    await room.person("ann")
    payload = an_alert(room.clock(), **changes)
    async with room.metadata.transaction() as session:
        await enqueue(session, ALERT, payload, now=room.clock(), organization=organization)
    await room.tell()
    assert len(await room.inbox("ann")) == 1
    async with room.metadata.reading() as session:
        rows = list(await session.scalars(select(JobRow).where(JobRow.kind == ALERT)))
    assert sorted(row.state for row in rows) == [JobState.DEAD, JobState.DONE]


async def test_a_field_of_a_later_version_is_left_out(room: Room) -> None:
    await room.person("ann")
    await room.tell(score=0.9)
    assert len(await room.inbox("ann")) == 1


async def test_after_ninety_days_all_of_an_alert_is_forgotten(room: Room, far: Far) -> None:
    await room.person("ann")
    inbox = await room.channel(InAppTarget())
    chat = await room.channel(SlackTarget(room.url("/gone")))
    await room.setting(channels=[inbox.channel.id, chat.channel.id], people=["ann"])
    await room.tell()
    room.clock.now += KEPT_FOR
    await room.tell()
    room.clock.advance(seconds=1)
    async with room.metadata.transaction() as session:
        await forget_old_notifications(session, room.clock())
    async with room.metadata.reading() as session:
        for table in (AlertRow, DeliveryRow, NotificationRow):
            assert len(list(await session.scalars(select(table)))) == 1, table
    await room.notifier.run_until_idle()
