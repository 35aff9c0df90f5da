"""Each incident is in the stream as its note says, and nothing else looks like it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address, ip_network
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from zoneinfo import ZoneInfo

import pytest

from tests.demo.story import NOW, Told
from trailkeeper.demo import GEO, IncidentKind, IncidentNote, Person, Place, generate, incidents
from trailkeeper.event import NewEvent

NOTES = {note.kind: note for note in incidents(NOW)}


@cache
def place(address: str) -> Place:
    parsed = ip_address(address)
    return next(spot for network, spot in GEO.items() if parsed in ip_network(network))


def kilometres(one: Place, other: Place) -> float:
    """Great-circle distance (haversine)."""
    a, b = radians(one.latitude), radians(other.latitude)
    half = radians(other.longitude - one.longitude) / 2
    return 12742 * asin(sqrt(sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(half) ** 2))


def within(told: list[Told], note: IncidentNote) -> Iterator[NewEvent]:
    """The events between a note's first and last moment that come from its addresses."""
    for at, event in told:
        if note.starts <= at <= note.ends and event.ip_address in note.addresses:
            yield event


def crowds(moments: Iterable[datetime], size: int, span: timedelta) -> bool:
    """Whether `size` of the (ordered) moments lie within `span`."""
    ordered = list(moments)
    return any(
        later - earlier <= span
        for earlier, later in zip(ordered, ordered[size - 1 :], strict=False)
    )


def user_logins(told: list[Told], by_id: dict[str, Person]) -> dict[str, list[Told]]:
    logins: dict[str, list[Told]] = defaultdict(list)
    for entry in told:
        if entry.event.user_id in by_id and entry.event.ip_address is not None:
            logins[entry.event.user_id].append(entry)
    return logins


@pytest.mark.parametrize("seed", [1, 2026])
@pytest.mark.parametrize("weeks", range(0, 52, 3))
def test_one_of_each_kind_in_the_last_thirty_days(weeks: int, seed: int) -> None:
    now = NOW + timedelta(weeks=weeks, hours=5 * weeks)
    notes = incidents(now, seed)
    assert {note.kind for note in notes} == set(IncidentKind)
    assert len({note.user_id for note in notes}) == len(notes) == len(IncidentKind)
    for note in notes:
        assert now - timedelta(days=30) < note.starts < note.ends < now - timedelta(days=2)
        assert note.ends - note.starts < timedelta(hours=1)
    assert [note.starts for note in notes] == sorted(note.starts for note in notes)


def test_the_stream_opens_and_closes_each_incident_as_noted(told: list[Told]) -> None:
    moments = {at for at, _ in told}
    for note in NOTES.values():
        assert {note.starts, note.ends} <= moments, note.kind


def test_brute_force(told: list[Told]) -> None:
    note = NOTES[IncidentKind.BRUTE_FORCE]
    events = list(within(told, note))
    failures = [event for event in events if event.action == "LOGIN_FAILED"]
    assert len(failures) == note.count >= 20
    assert {event.user_email for event in failures} == set(note.accounts)
    assert len(note.accounts) == 5
    logins = [event for event in events if event.action == "LOGIN"]
    assert [event.user_id for event in logins] == [note.user_id]
    assert events.index(logins[0]) == len(failures)


def test_no_other_address_fails_often(told: list[Told]) -> None:
    failures: dict[str | None, list[datetime]] = defaultdict(list)
    for at, event in told:
        if event.action == "LOGIN_FAILED":
            failures[event.ip_address].append(at)
    suspects = [
        address
        for address, moments in failures.items()
        if crowds(moments, 6, timedelta(minutes=10))
    ]
    assert suspects == list(NOTES[IncidentKind.BRUTE_FORCE].addresses)


def test_new_country_is_the_only_one(told: list[Told], by_id: dict[str, Person]) -> None:
    strange = {
        (user, place(event.ip_address or "").country, event.ip_address)
        for user, entries in user_logins(told, by_id).items()
        for _, event in entries
        if place(event.ip_address or "").country != by_id[user].country
    }
    note = NOTES[IncidentKind.NEW_COUNTRY]
    assert strange == {(note.user_id, "PT", *note.addresses)}
    events = list(within(told, note))
    assert [event.action for event in events].count("LOGIN") == note.count == 1


def test_impossible_travel_is_the_only_one(told: list[Told], by_id: dict[str, Person]) -> None:
    jumps = set()
    for user, entries in user_logins(told, by_id).items():
        for before, after in pairwise(entries):
            here, there = (place(e.event.ip_address or "") for e in (before, after))
            hours = max((after.at - before.at).total_seconds() / 3600, 0.001)
            if kilometres(here, there) / hours > 500:
                jumps.add((user, here.city, there.city, here.country == there.country))
    user = NOTES[IncidentKind.IMPOSSIBLE_TRAVEL].user_id
    assert jumps == {(user, "New York", "San Francisco", True)}


def test_after_hours_deletion_is_the_only_one(told: list[Told], by_id: dict[str, Person]) -> None:
    found = []
    for at, event in told:
        person = by_id.get(event.user_id or "")
        if event.action != "DELETE" or person is None:
            continue
        local = at.astimezone(ZoneInfo(person.time_zone))
        hour = local.hour + local.minute / 60
        hour += 24 if person.is_night_owl and hour < 12 else 0
        if not person.starts - 1 <= hour <= person.ends + 1.5:
            found.append((event.user_id, event.resource_id))
    note = NOTES[IncidentKind.AFTER_HOURS_DELETION]
    assert found == [(note.user_id, resource) for resource in note.resources]
    assert len(found) == note.count == 3
    assert note.starts.astimezone(ZoneInfo("Europe/Berlin")).hour == 2


def test_bulk_deletion_is_the_only_one(told: list[Told]) -> None:
    deletions: dict[str | None, list[Told]] = defaultdict(list)
    for entry in told:
        if entry.event.action == "DELETE":
            deletions[entry.event.user_id].append(entry)
    note = NOTES[IncidentKind.BULK_DELETION]
    bulky = [
        user
        for user, entries in deletions.items()
        if crowds((entry.at for entry in entries), 10, timedelta(minutes=10))
    ]
    assert bulky == [note.user_id]
    gone = [entry for entry in deletions[note.user_id] if note.starts <= entry.at <= note.ends]
    assert set(note.resources) <= {entry.event.resource_id for entry in gone}
    assert note.count == len(note.resources) >= 30
    assert note.ends - note.starts < timedelta(minutes=6)


def test_permission_escalation_is_the_only_change_of_role(told: list[Told]) -> None:
    changes = [e for e in told if "role" in e.details.get("changed_fields", ())]
    note = NOTES[IncidentKind.PERMISSION_ESCALATION]
    assert len(changes) == note.count == 1
    event, details = changes[0].event, changes[0].details
    assert (details["old_value"], details["new_value"]) == ("DEVELOPER", "ADMIN")
    assert event.user_id == event.resource_id == note.user_id
    used = [event.action for event in within(told, note)]
    assert {"INVITE", "EXPORT", "CREATE"} <= set(used[used.index("UPDATE") :])


def test_a_window_that_is_too_short_leaves_incidents_out() -> None:
    now = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    told = list(generate(now, days=1, target_events=2_000))
    assert sum(event["action"] == "DELETE" for event in told) < 36
    assert all(event["action"] != "INVITE" or event["source"] == "UI" for event in told)


def test_a_larger_roster_has_the_same_incidents() -> None:
    larger = incidents(NOW, people_count=400)
    assert [(note.kind, note.user_id) for note in larger] == [
        (note.kind, note.user_id) for note in incidents(NOW)
    ]
