"""Everything that is counted, asked of an engine and compared with counting by hand."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from tests.insight.brute import Hand, Test, is_change, is_failed_sign_in
from trailkeeper.event import Status, StoredEvent, displayed_address
from trailkeeper.insight.active import count_active, read_active
from trailkeeper.insight.counting import CHANGES
from trailkeeper.insight.features import read_features
from trailkeeper.insight.people import read_busiest
from trailkeeper.insight.period import EVERYTHING
from trailkeeper.insight.person import SPARKLINE_DAYS, read_story
from trailkeeper.insight.places import read_sign_in_places
from trailkeeper.insight.resources import (
    TYPES,
    read_places,
    read_top_resources,
    read_views,
    wanted_resources,
)
from trailkeeper.insight.rhythm import read_slots, week_of
from trailkeeper.insight.schema import Compared, ResourceSort
from trailkeeper.insight.timeline import read_timeline
from trailkeeper.insight.totals import CHANGED, DELETED, FAILED, FAILED_SIGN_INS, TOTAL, read_totals
from trailkeeper.search.ast import Match
from trailkeeper.search.fields import FIELDS
from trailkeeper.store.engine import EventsEngine

ALL = 1000


async def check_all(engine: EventsEngine, hand: Hand) -> None:
    await check_totals(engine, hand)
    await check_active(engine, hand)
    await check_times(engine, hand)
    await check_people_and_places(engine, hand)
    await check_resources(engine, hand)
    await check_person(engine, hand, "ann")


async def check_totals(engine: EventsEngine, hand: Hand) -> None:
    totals = await read_totals(engine, hand.period, EVERYTHING, ALL)
    assert totals.sum_of(TOTAL) == hand.compared()
    assert totals.sum_of(CHANGED) == hand.compared(is_change)
    assert totals.sum_of(FAILED_SIGN_INS) == hand.compared(is_failed_sign_in)
    assert totals.sum_of(FAILED) == hand.compared(lambda event: event.status == "FAILED")
    assert totals.sum_of(DELETED) == hand.compared(
        lambda event: (event.action, event.status) == ("DELETE", "SUCCESS")
    )
    for action in CHANGES:
        assert totals.sum_of(action) == hand.compared(_has_action(action))
    actions = hand.values(lambda event: event.action)
    assert {each.value: (each.count, each.before) for each in totals.actions.values} == actions
    assert totals.actions.distinct == sum(now > 0 for now, _ in actions.values())
    for before, after in pairwise(totals.actions.values):
        assert (-before.count, -before.before, before.value) < (
            -after.count,
            -after.before,
            after.value,
        )
    kinds = hand.values(lambda event: event.resource_type)
    assert {each.value: (each.count, each.before) for each in totals.resource_types.values} == kinds
    features = await read_features(engine, hand.period, totals.features.values)
    pairs = hand.values(lambda event: f"{event.action} {event.resource_type}")
    assert {f"{e.action} {e.resource_type}": (e.count, e.before) for e in features} == pairs
    for feature in features:
        mine = [
            event
            for event in hand.now
            if (event.action, event.resource_type) == (feature.action, feature.resource_type)
        ]
        assert feature.trend == hand.by_day(mine)


async def check_active(engine: EventsEngine, hand: Hand) -> None:
    assert await count_active(engine, hand.period, EVERYTHING) == hand.active()
    active = await read_active(engine, hand.period, EVERYTHING)
    assert Compared(active.count, active.before) == hand.active()
    assert [(each.date, each.count) for each in active.daily] == hand.active_by(lambda day: day)
    assert [(each.date, each.count) for each in active.weekly] == hand.active_by(_monday)
    assert [(each.date, each.count) for each in active.monthly] == hand.active_by(_first)


async def check_times(engine: EventsEngine, hand: Hand) -> None:
    slots = await read_slots(engine, hand.period, EVERYTHING)
    assert week_of(slots, hand.period.zone) == hand.week()
    good = [slot for slot in slots if slot.status == Status.SUCCESS]
    assert week_of(good, hand.period.zone) == hand.week(
        [event for event in hand.now if event.status == "SUCCESS"]
    )
    timeline = await read_timeline(engine, hand.period, EVERYTHING, ["LOGIN", "UPDATE"])
    assert sum(bucket.others for bucket in timeline.buckets) == sum(
        event.action not in ("LOGIN", "UPDATE") for event in hand.now
    )
    starts = [bucket.start for bucket in timeline.buckets]
    assert starts[0] <= hand.period.start
    for place, bucket in enumerate(timeline.buckets):
        end = starts[place + 1] if place + 1 < len(starts) else hand.period.end
        mine = [event for event in hand.now if bucket.start <= event.timestamp < end]
        counts = {each: sum(map(_has_action(each), mine)) for each in ("LOGIN", "UPDATE")}
        assert bucket.counts == {name: count for name, count in counts.items() if count}


async def check_people_and_places(engine: EventsEngine, hand: Hand) -> None:
    busiest = await read_busiest(engine, hand.period, EVERYTHING, ALL)
    assert [(each.user_id, each.now, each.before) for each in busiest] == hand.busiest()
    found = await read_sign_in_places(engine, hand.period, ALL)
    places = hand.places()
    assert {
        (each.country, each.city or ""): (each.succeeded, each.failed, each.users)
        for each in found.places
    } == places
    assert found.distinct == len(places)
    signed = [event for event in hand.now if event.action in ("LOGIN", "LOGIN_FAILED")]
    nowhere = [event for event in signed if not event.country]
    assert found.unplaced.succeeded + found.unplaced.failed == len(nowhere)


async def check_resources(engine: EventsEngine, hand: Hand) -> None:
    top = await read_top_resources(engine, hand.period, ALL)
    for kind in TYPES:
        assert [
            (each.resource_id, each.resource_name, each.count, each.before, each.users)
            for each in top[kind]
        ] == hand.top_resources(kind)
    question = hand.period.now(wanted_resources([]))
    known = hand.resources()
    for sort in ResourceSort:
        places = await read_places(engine, question, "", sort, None, ALL)
        views = await read_views(engine, hand.period, places)
        assert {(view.resource_type, view.resource_id) for view in views} == known.keys()
        for view in views:
            for name, value in known[view.resource_type, view.resource_id].items():
                assert getattr(view, name) == value, (name, view)
        keys = [(-_key(sort, known[place.resource]), *place.resource) for place in places]
        assert keys == sorted(keys)
        if len(places) > 1:
            rest = await read_places(engine, question, "", sort, places[0], ALL)
            assert rest == places[1:]


async def check_person(engine: EventsEngine, hand: Hand, user_id: str) -> None:
    mine = Hand([event for event in hand.events if event.user_id == user_id], hand.period)
    wanted = Match(FIELDS["user_id"], user_id)
    totals, slots, story = await asyncio.gather(
        read_totals(engine, hand.period, wanted, ALL),
        read_slots(engine, hand.period, wanted),
        read_story(engine, hand.period, user_id, "", ALL),
    )
    assert totals.sum_of(TOTAL) == mine.compared()
    assert week_of(slots, hand.period.zone) == mine.week()
    addresses = [displayed_address(event.ip_address) for event in mine.now]
    assert {each.ip_address: each.count for each in story.addresses} == {
        address: addresses.count(address) for address in set(addresses) if address
    }
    assert sum(place.count for place in story.places) == sum(bool(e.country) for e in mine.now)
    for place in story.places:
        there = [e for e in mine.now if (e.country, e.city) == (place.country, place.city or "")]
        assert place.count == len(there)
        assert place.first_seen == min(event.timestamp for event in there)
        assert place.last_seen == max(event.timestamp for event in there)
    assert sum(each.count for each in story.resources) == sum(
        bool(event.resource_id) for event in mine.now
    )
    days = hand.period.last_days(SPARKLINE_DAYS)
    assert len(story.sparkline) == SPARKLINE_DAYS
    assert story.sparkline == Hand(mine.events, days).by_day(Hand(mine.events, days).now)
    on_account = Hand(
        [e for e in hand.events if e.user_id == user_id or _is_about(e, user_id)], hand.period
    )
    assert story.failed_sign_ins.compared == on_account.compared(is_failed_sign_in)
    succeeded = [e for e in mine.events if e.status == "SUCCESS" and e.country]
    for country in story.countries:
        there = [e for e in succeeded if e.country == country.country]
        assert country.first_at == min(event.timestamp for event in there)


def _has_action(action: str) -> Test:
    return lambda event: event.action == action


def _is_about(event: StoredEvent, user_id: str) -> bool:
    return (event.resource_type, event.resource_id) == ("USER", user_id)


def _key(sort: ResourceSort, known: dict[str, Any]) -> float:
    if sort is ResourceSort.LAST_SEEN:
        return float(known["last_seen"].timestamp())
    return float(known[str(sort)])


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _first(day: date) -> date:
    return day.replace(day=1)
