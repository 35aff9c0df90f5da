"""The follower: each detection once, whatever is restarted, late, or changed meanwhile."""

from __future__ import annotations

import random
from datetime import timedelta

from sqlalchemy import select, text

from tests.detect.service.demo import Story
from tests.detect.service.room import FAILED, Room, a_room, at, failed
from tests.engine import Service
from trailkeeper.access.trail import operator
from trailkeeper.detect.detections import DetectionState, Triage, triage
from trailkeeper.detect.follow import DetectFollower
from trailkeeper.detect.rule import RuleId
from trailkeeper.detect.stored_rules import add_rule, change_rule
from trailkeeper.detect.watched import built_in_watched
from trailkeeper.event import OrganizationId, StoredEvent
from trailkeeper.notify.alert import from_payload
from trailkeeper.principal import Tenant, system_tenant
from trailkeeper.store.heads import CommittedHeads
from trailkeeper.store.tables import FollowerPlaceRow

OWN = """
title: Many views
name: view
level: low
detection:
  it:
    action: VIEW
  condition: it
---
title: Views in a row
correlation:
  type: event_count
  rules: view
  group-by: user_id
  timespan: 10m
  condition:
    gte: 3
"""


def tenant_of(room: Room) -> Tenant:
    return system_tenant(OrganizationId(room.organization))


def rule_named(title: str) -> RuleId:
    return next(id for id, each in built_in_watched().items() if each.rule.title == title)


def summary(story: Story) -> list[tuple[str, tuple[tuple[str, str], ...], int, list[str]]]:
    return sorted(
        (each.rule_title, each.grouped, each.count, list(each.evidence))
        for each in story.detections
    )


async def test_more_events_of_the_window_join_the_open_detection(service: Service) -> None:
    room = await a_room(service)
    follower = room.follower()
    await room.commit(failed(each) for each in range(6))
    await follower.catch_up()
    await room.commit(failed(each) for each in range(6, 9))
    await follower.catch_up()

    story = await room.told()

    [detection] = story.of(FAILED)
    assert detection.count == 9
    assert detection.grouped == (("ip_address", "203.0.113.7"),)
    assert detection.evidence == tuple(event.id for event in room.events)
    assert detection.reasons[0].startswith("6 events within 10 minutes (the rule asks for more")
    assert "203.0.113.7" in detection.search_link
    assert [alert["what"] for alert in story.alerts] == ["opened"]
    assert story.alerts[0]["detection_id"] == detection.id
    assert story.alerts[0]["group"] == "ip_address 203.0.113.7"
    assert story.alerts[0]["severity"] == "high"
    assert from_payload(story.alerts[0]).evidence_ids == list(detection.evidence[:6])


async def test_of_several_processes_only_the_first_detects(service: Service) -> None:
    room = await a_room(service)
    await room.commit(failed(each) for each in range(6))
    services = service.services
    idle = DetectFollower(
        services.engine,
        CommittedHeads(services.engine),
        services.metadata,
        service.clock,
        lambda: False,
    )
    assert await idle.catch_up() == 0
    assert (await room.told()).detections == []
    assert await room.follower().catch_up() == 6


async def test_growth_is_told_when_it_is_tenfold(service: Service) -> None:
    room = await a_room(service)
    follower = room.follower()
    await room.commit(failed(each / 60) for each in range(6))
    await follower.catch_up()
    await room.commit(failed(0.2 + each / 60) for each in range(60))
    await follower.catch_up()

    alerts = (await room.told()).alerts

    assert [(alert["what"], alert["count"]) for alert in alerts] == [("opened", 6), ("grew", 66)]


def busy(seed: int, count: int) -> list[StoredEvent]:
    """A stream in which every built-in rule about sign-ins and deletions has work."""
    rng = random.Random(seed)
    events = []
    for step in range(count):
        minute = step * 0.7 + rng.random() * 3
        user = f"u{rng.randrange(4)}"
        place = rng.choice(((52.5, 13.4, "DE"), (38.7, -9.1, "PT"), (40.7, -74.0, "US")))
        changes = {
            "user_id": user,
            "user_email": f"{user}@acme.io",
            "ip_address": f"::ffff:203.0.{rng.randrange(3)}.{rng.randrange(3)}",
            "latitude": place[0],
            "longitude": place[1],
            "country": place[2],
        }
        if rng.random() < 0.5:
            events.append(failed(minute, f"203.0.113.{rng.randrange(2)}", f"{user}@acme.io"))
        else:
            action = rng.choice(("LOGIN", "DELETE", "DELETE", "VIEW"))
            events.append(at(minute, action=action, **changes))
    return events


async def test_a_follower_that_is_restarted_at_any_time_finds_the_same(service: Service) -> None:
    steady, restarted = await a_room(service), await a_room(service)
    events = busy(1, 400)
    copies = busy(1, 400)
    for event, copy in zip(events, copies, strict=True):
        copy.id = event.id
    rng = random.Random(2)
    one = steady.follower()
    start = 0
    while start < len(events):
        size = rng.randrange(1, 40)
        await steady.commit(events[start : start + size])
        await one.catch_up()
        start += size
    restarted.seq = steady.seq
    start = 0
    while start < len(copies):
        size = rng.randrange(1, 40)
        await restarted.commit(copies[start : start + size])
        await restarted.follower().catch_up()
        start += size

    first, second = await steady.told(), await restarted.told()

    assert len(first.detections) >= 5
    assert summary(second) == summary(first)
    assert len(second.alerts) == len(first.alerts)


async def test_a_failure_while_saving_neither_loses_nor_repeats(service: Service) -> None:
    room = await a_room(service)
    follower = room.follower()
    await room.commit(failed(each) for each in range(4))
    await follower.catch_up()
    await room.commit(failed(4 + each) for each in range(4))
    async with service.services.metadata.transaction() as session:
        # Another process was first: the place is no longer where this one thinks.
        await session.execute(text("UPDATE follower_places SET place = place - 1"))
    await follower.catch_up()
    await follower.catch_up()

    story = await room.told()

    assert [each.count for each in story.of(FAILED)] == [8]
    assert [alert["what"] for alert in story.alerts] == ["opened"]
    async with service.services.metadata.reading() as session:
        places = await session.scalars(
            select(FollowerPlaceRow.place).where(FollowerPlaceRow.follower == "detect")
        )
        assert max(places) == room.seq


async def test_an_hour_behind_it_catches_up_without_duplicates(service: Service) -> None:
    room = await a_room(service)
    await room.commit(failed(each) for each in range(7))
    await room.follower().catch_up()
    service.clock.advance(timedelta(hours=1))
    await room.commit(failed(7 + each / 10) for each in range(300))
    await room.commit(failed(90 + each / 10, "198.51.100.9") for each in range(20))
    follower = room.follower()
    await follower.catch_up()
    assert await follower.catch_up() == 0

    story = await room.told()

    assert [each.count for each in story.of(FAILED)] == [307, 20]
    assert [alert["what"] for alert in story.alerts] == ["opened", "grew", "opened"]


async def test_rules_that_change_take_effect_at_once(service: Service) -> None:
    room = await a_room(service)
    follower, tenant = room.follower(), tenant_of(room)
    metadata, now = service.services.metadata, service.clock()
    await room.commit(at(each, action="VIEW", user_id="u") for each in range(2))
    await follower.catch_up()
    async with metadata.transaction() as session:
        await add_rule(session, tenant, operator(), OWN, now)
        await change_rule(
            session, tenant, operator(), rule_named(FAILED), now, is_enabled=False, severity=None
        )
    await room.commit([at(2, action="VIEW", user_id="u")])
    await room.commit(failed(3 + each / 10) for each in range(9))
    await follower.catch_up()

    story = await room.told()

    # The new rule knows of what was there before it, and counts from there.
    assert [(each.rule_title, each.count) for each in story.detections] == [("Views in a row", 3)]


async def test_what_was_resolved_is_opened_again_and_false_positives_are_not(
    service: Service,
) -> None:
    room = await a_room(service)
    follower, tenant = room.follower(), tenant_of(room)
    await room.commit(failed(each) for each in range(6))
    await room.commit(failed(each, "198.51.100.9") for each in range(6))
    await follower.catch_up()
    first, second = (await room.told()).of(FAILED)
    async with service.services.metadata.transaction() as session:
        for id, state in (
            (first.id, DetectionState.RESOLVED),
            (second.id, DetectionState.FALSE_POSITIVE),
        ):
            await triage(session, tenant, operator(), id, Triage(state), service.clock())
    await room.commit([failed(7, dict(first.grouped)["ip_address"])])
    await room.commit([failed(7, dict(second.grouped)["ip_address"])])
    await follower.catch_up()

    story = await room.told()

    states = {each.id: (each.state, each.count) for each in story.detections}
    assert states[first.id] == (DetectionState.OPEN, 7)
    assert states[second.id] == (DetectionState.FALSE_POSITIVE, 7)
    told = [alert["what"] for alert in story.alerts]
    assert told == ["opened", "opened", "closed", "closed", "reopened"]


async def test_a_rule_s_quiet_period_keeps_the_next_one_quiet(service: Service) -> None:
    room = await a_room(service)
    await room.commit(failed(each) for each in range(6))
    await room.commit(failed(40 + each) for each in range(6))
    await room.commit(failed(200 + each) for each in range(6))
    await room.follower().catch_up()

    story = await room.told()

    first, quiet, later = story.of(FAILED)
    assert quiet.suppressed_by == f"quiet:{first.id}"
    assert quiet.state == DetectionState.RESOLVED
    assert later.state == DetectionState.OPEN
    assert len(story.alerts) == 2
