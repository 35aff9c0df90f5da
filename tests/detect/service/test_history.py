"""The comparisons with history, one kind after the other, at their edges."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.detect.service.room import Room, a_room, at
from tests.engine import NOON, Service
from trailkeeper.access.people.editor import operating
from trailkeeper.access.people.members import MemberStatus, add_member
from trailkeeper.access.people.standing import disable_member
from trailkeeper.access.roles import BuiltInRole
from trailkeeper.detect.detections import StoredDetection
from trailkeeper.detect.profile_looks import distance_km
from trailkeeper.event import OrganizationId, StoredEvent
from trailkeeper.principal import system_tenant

DAY = 24 * 60
COUNTRY = "Sign-in from a country that is new for this person"
TRAVEL = "Impossible travel"
HOURS = "Changes outside of working hours"
BERLIN: dict[str, Any] = {"latitude": 52.52, "longitude": 13.405, "city": "Berlin", "country": "DE"}
LISBON: dict[str, Any] = {
    "latitude": 38.722,
    "longitude": -9.139,
    "city": "Lisbon",
    "country": "PT",
}


def login(minute: float, address: str = "203.0.113.7", **changes: Any) -> StoredEvent:
    where = {
        "action": "LOGIN",
        "user_id": "ann",
        "user_email": "ann@acme.io",
        "ip_address": f"::ffff:{address}",
    }
    return at(minute, **{**where, **changes})


async def told(room: Room, *batches: list[StoredEvent]) -> list[StoredDetection]:
    """Each batch is detected by a follower that has just been started."""
    for batch in batches:
        await room.commit(batch)
        await room.follower().catch_up()
    return (await room.told()).detections


def past(days: int, per_day: int = 3, **changes: Any) -> list[StoredEvent]:
    return [
        login(-day * DAY + step * 10, **changes)
        for day in range(days, 0, -1)
        for step in range(per_day)
    ]


async def test_a_new_country_needs_history_and_is_told_once(service: Service) -> None:
    room, new = await a_room(service), await a_room(service)
    abroad = [login(0, **LISBON), login(5 * DAY, **LISBON)]
    [found] = [
        each for each in await told(room, past(10, **BERLIN), abroad) if each.rule_title == COUNTRY
    ]
    assert found.reasons[0] == "First sign of this person from Lisbon, PT."
    assert found.reasons[1].startswith("Before: DE, in 30 located events since 2026-02-22")
    new.seq = room.seq
    newcomer = await told(new, past(3, **BERLIN), [login(0, **LISBON)])
    assert [each for each in newcomer if each.rule_title == COUNTRY] == []


async def test_travel_tells_places_kilometres_and_speed(service: Service) -> None:
    room = await a_room(service)
    [found] = await told(room, [login(0, **BERLIN)], [login(60, "198.51.100.9", **LISBON)])
    assert found.rule_title == TRAVEL
    assert found.reasons == (
        "Signed in from Berlin, DE (203.0.113.7) at 2026-03-04 12:00:00 UTC, then from"
        " Lisbon, PT (198.51.100.9) at 2026-03-04 13:00:00 UTC.",
        "2,312 km in 60 min: 2,312 km/h (the rule allows 1,000 km/h).",
    )


async def test_travel_is_possible_within_a_network_in_time_and_without_places(
    service: Service,
) -> None:
    room = await a_room(service)
    nowhere: dict[str, Any] = {"country": "PT"}
    found = await told(
        room,
        [login(0, **BERLIN), login(10, "203.0.113.99", **LISBON)],
        [login(20, "198.51.100.9", **nowhere)],
        [login(20 + 4 * 60, "192.0.2.1", **BERLIN)],
    )
    assert found == []


def test_distance() -> None:
    assert round(distance_km((52.52, 13.405), (38.722, -9.139))) == 2312
    assert distance_km((0, 0), (0, 0)) == 0
    assert round(distance_km((0, 0), (0, 180))) == 20015


async def test_after_hours_is_one_digest_a_day_and_knows_the_person_s_own_hours(
    service: Service,
) -> None:
    room = await a_room(service)
    by_day = past(30, 4, action="UPDATE", source="UI")
    owl = [
        login(-day * DAY + 13 * 60, action="UPDATE", source="UI", user_id="owl")
        for day in range(120, 0, -1)
    ]
    night = [
        login(13 * 60 + step, action="DELETE", source="UI", user_id=user)
        for step in range(3)
        for user in ("ann", "owl")
    ]
    found = [each for each in await told(room, by_day + owl, night) if each.rule_title == HOURS]
    assert [(dict(each.grouped)["user_id"], each.count) for each in found] == [("ann", 3)]
    assert found[0].reasons[0].startswith("Activity at 01:00 on Thursday, 2026-03-05 (UTC)")
    assert "0.0% of this person's 120 events on 30 days" in found[0].reasons[1]


async def test_a_holiday_is_outside_of_working_hours(service: Service) -> None:
    hours = {"holidays": ["2026-03-04"]}
    room = await a_room(service, working_hours=hours)
    found = await told(
        room,
        past(30, 4, action="UPDATE", source="UI", local_hour=20),
        [login(0, action="DELETE", source="UI")],
    )
    assert [each.rule_title for each in found if each.rule_title == HOURS] == [HOURS]


async def test_dormant_accounts_and_first_uses(service: Service) -> None:
    room = await a_room(service)
    long_ago = [login(-(50 + day) * DAY, action="VIEW") for day in range(3, 0, -1)]
    steady = [login(-day * DAY / 6, action="VIEW", user_id="bob") for day in range(240, 0, -1)]
    export = login(1, action="EXPORT", resource_type="AUDIT_LOG", user_id="bob")
    again = login(2 * DAY, action="EXPORT", resource_type="AUDIT_LOG", user_id="bob")
    found = await told(room, long_ago + steady, [login(0, action="VIEW"), export], [again])
    titles = [each.rule_title for each in found]
    assert titles == ["Dormant account awake", "First use of a sensitive action by this person"]
    assert found[0].reasons[0].startswith("First sign of this person after 51 days of silence")
    assert found[1].reasons[0] == "First EXPORT of a AUDIT_LOG by this person."


async def test_an_export_is_unusual_against_those_before(service: Service) -> None:
    room = await a_room(service)

    def export(minute: float, rows: int) -> StoredEvent:
        return login(minute, action="EXPORT", resource_type="MODEL", details=f'{{"rows":{rows}}}')

    usual = [export(-60 + each, 10_000) for each in range(5)]
    found = await told(room, usual, [export(0, 29_999)], [export(1, 90_000)], [export(2, 90_000)])
    [unusual] = found
    assert unusual.reasons == (
        "90,000 rows were exported.",
        "The largest of 6 exports before had 29,999 rows.",
    )


async def test_what_a_disabled_person_does_is_told(service: Service) -> None:
    room = await a_room(service)
    tenant = system_tenant(OrganizationId(room.organization))
    async with service.services.metadata.transaction() as session:
        await add_member(
            session,
            tenant,
            user_id="ann",
            name="Ann",
            email="ann@acme.io",
            role=BuiltInRole.DEVELOPER,
            status=MemberStatus.OBSERVED,
            editor=operating(),
            now=NOON - timedelta(days=9),
        )
        await disable_member(session, tenant, "ann", editor=operating(), now=NOON)
    found = await told(room, [login(-5, action="VIEW")], [login(5, action="VIEW")])
    [detection] = found
    assert detection.severity == "critical"
    assert detection.reasons[0].startswith("This person is disabled since 2026-03-04 12:00:00 UTC")


async def test_a_sign_in_after_failures_and_a_wider_allow_list(service: Service) -> None:
    room = await a_room(service)
    tries = [login(each, action="LOGIN_FAILED", status="FAILED", user_id="") for each in range(5)]
    few = [
        login(
            each, "192.0.2.9", action="LOGIN_FAILED", status="FAILED", user_id="", user_email="b@c"
        )
        for each in range(4)
    ]
    ok = login(5, "192.0.2.9", user_id="bob", user_email="b@c")
    found = await told(room, tries + few, [login(5), ok])
    [burst] = [each for each in found if each.rule_title.startswith("Sign-in right after")]
    assert burst.reasons[0].startswith("5 failed sign-ins from 203.0.113.7 in the 5 min before")
    assert burst.count == 6

    def saved(minute: float, old: str, new: str) -> StoredEvent:
        details = f'{{"changed_fields":["entries"],"old_value":{old},"new_value":{new}}}'
        return login(minute, action="UPDATE", resource_type="ALLOW_LIST", details=details)

    narrow, wide = '["10.0.0.0/8 (office)"]', '["10.0.0.0/8 (office)","192.0.2.0/24"]'
    await told(room, [saved(10, "[]", narrow), saved(11, wide, narrow)])
    assert len((await room.told()).of("Allow-list widened")) == 0
    await told(room, [saved(12, narrow, wide)])
    [widened] = (await room.told()).of("Allow-list widened")
    assert widened.reasons == (
        "Let in from now on: 192.0.2.0/24.",
        "Let in before: 10.0.0.0/8.",
    )
