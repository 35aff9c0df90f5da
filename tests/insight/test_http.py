"""The routes: their numbers, who may, what another organization sees, what is on the record."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import msgspec
import pytest

from tests.access.trail.reading import own_events
from tests.api.people import add_person, sign_in
from tests.engine import NOON, Service, an_event, insert
from tests.insight.house import DAY, HOUR, House, Json, did, signed_in
from trailkeeper.access.people.editor import operating
from trailkeeper.access.people.members import MemberStatus, add_member
from trailkeeper.detect.tables import DetectionRow
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant

ROUTES = (
    "/insight/dashboard",
    "/insight/team",
    "/insight/users/ann",
    "/insight/resources",
    "/insight/places",
)


async def test_the_dashboard_compares_with_the_period_before(house: House) -> None:
    await house.record(
        signed_in("ann"),
        signed_in("ann", 2 * HOUR),
        signed_in("bob", 40 * DAY),
        signed_in("eve", 2 * HOUR, status="FAILED"),
        did("UPDATE", "ann"),
        did("DELETE", "bob", 40 * DAY),
    )
    told = await house.get("/insight/dashboard")
    assert told["time_zone"] == "Asia/Kolkata"
    assert told["total"] == {"count": 4, "before": 2}
    assert told["active_users"] == {"count": 1, "before": 1}
    assert told["resource_changes"] == {"count": 1, "before": 1}
    assert told["failed_sign_ins"] == {"count": 1, "before": 0}
    assert told["actions"] == [
        {"value": "LOGIN", "count": 3, "before": 1},
        {"value": "UPDATE", "count": 1, "before": 0},
        {"value": "DELETE", "count": 0, "before": 1},
    ]
    assert told["distinct_actions"] == 2
    assert (told["timeline"]["interval"], told["timeline"]["step_seconds"]) == ("day", 86400)
    counted = [bucket["counts"] for bucket in told["timeline"]["buckets"] if bucket["counts"]]
    assert counted == [{"LOGIN": 3, "UPDATE": 1}]
    mine = await house.get("/insight/dashboard", user_id="bob")
    assert mine["total"] == {"count": 0, "before": 2}


async def test_the_team(house: House) -> None:
    await house.record(
        signed_in("ann"),
        signed_in("bob", DAY),
        did("UPDATE", "ann", resource_id="p1", resource_name="First"),
        did("UPDATE", "bob", DAY, resource_id="p1"),
        did("VIEW", "bob", resource_id="p2"),
        did("INVOKE", "bob", kind="ENDPOINT", resource_id="e1"),
    )
    told = await house.get("/insight/team", start_date="2026-03-02", end_date="2026-03-04")
    assert told["days"] == ["2026-03-02", "2026-03-03", "2026-03-04"]
    assert [each["count"] for each in told["active_users"]["daily"]] == [0, 1, 1]
    assert told["active_users"]["weekly"] == [{"date": "2026-03-02", "count": 2}]
    assert told["active_users"]["monthly"] == [{"date": "2026-03-01", "count": 2}]
    assert told["total_actions"] == {"count": 6, "before": 0}
    assert told["resource_changes"]["UPDATE"] == {"count": 2, "before": 0}
    # 12:00 and 11:00 UTC are 17:30 on Tuesday and 16:30 on Wednesday in Kolkata.
    busy = [
        (day, hour)
        for day, hours in enumerate(told["peak_times"])
        for hour, count in enumerate(hours)
        if count
    ]
    assert busy == [(1, 17), (2, 16)]
    feature = next(each for each in told["features"] if each["action"] == "UPDATE")
    assert (feature["count"], feature["trend"]) == (2, [0, 1, 1])
    assert [(each["user_id"], each["count"]) for each in told["power_users"]] == [
        ("bob", 4),
        ("ann", 2),
    ]
    assert told["most_changed_projects"] == [
        {
            "resource_type": "PROJECT",
            "resource_id": "p1",
            "resource_name": "First",
            "count": 2,
            "before": 0,
            "users": 2,
        }
    ]
    assert [each["resource_id"] for each in told["most_used_endpoints"]] == ["e1"]
    assert told["most_accessed_models"] == told["active_clusters"] == []


async def test_inactive_people_are_members_who_did_not_sign_in(house: House) -> None:
    tenant = system_tenant(OrganizationId(house.organization))
    statuses = {
        "late": MemberStatus.OBSERVED,
        "recent": MemberStatus.OBSERVED,
        "never": MemberStatus.INVITED,
        "gone": MemberStatus.DELETED,
    }
    async with house.service.services.metadata.transaction() as session:
        for user_id, status in statuses.items():
            await add_member(
                session,
                tenant,
                user_id=user_id,
                editor=operating(),
                now=NOON,
                status=status,
                name=user_id.title(),
                email=f"{user_id}@acme.example",
            )
    await house.record(
        signed_in("late", 31 * DAY + HOUR),
        signed_in("late", DAY, status="FAILED"),
        signed_in("recent", 29 * DAY),
        signed_in("merely-acting", 60 * DAY),
    )
    told = await house.get("/insight/team")
    assert (told["inactive_count"], told["never_signed_in_count"]) == (2, 1)
    late, never = told["inactive_users"]
    assert (late["user_id"], late["name"], late["days"]) == ("late", "Late", 31)
    assert datetime.fromisoformat(late["last_sign_in"]) == NOON - 31 * DAY - HOUR
    assert (never["user_id"], never["status"]) == ("never", "invited")
    assert (never["last_sign_in"], never["days"]) == (None, None)
    longer = await house.get("/insight/team", inactive_days=32)
    assert [each["user_id"] for each in longer["inactive_users"]] == ["never"]


async def test_one_person(house: House) -> None:
    await house.record(
        signed_in("ann", ip_address="203.0.113.7"),
        signed_in("ann", 2 * HOUR),
        did("UPDATE", "ann", resource_id="p1", resource_name="First"),
        did("UPDATE", "bob", kind="USER", resource_id="ann", details={"changed_fields": ["role"]}),
        *(did("LOGIN_FAILED", None, kind="USER", resource_id="ann") for _ in range(3)),
        did(
            "LOGIN_FAILED",
            None,
            kind="USER",
            user_email="eve@evil.example",
            details={"attempted_email": "ann@acme.example"},
        ),
    )
    told = await house.get("/insight/users/ann")
    assert told["total"] == {"count": 3, "before": 0}
    assert told["failed_sign_ins"] == {"count": 3, "before": 0}
    assert sum(map(sum, told["hours"])) == 3
    assert told["usual_hours"] == [None] * 7
    assert (told["sparkline"][-1], len(told["sparkline"])) == (3, 30)
    assert [each["ip_address"] for each in told["addresses"]] == ["203.0.113.7"]
    assert [each["resource_name"] for each in told["resources"]] == ["First"]
    codes = {signal["code"]: signal for signal in told["risk"]["signals"]}
    assert codes.keys() == {"FAILED_SIGN_INS", "ROLE_CHANGED"}
    assert (told["risk"]["score"], told["risk"]["level"]) == (25, "medium")
    # With the account's e-mail known, attempts that name nothing else count too.
    await house.record(signed_in("ann", user_email="ann@acme.example"))
    told = await house.get("/insight/users/ann")
    assert told["failed_sign_ins"]["count"] == 4
    assert await house.refused("/insight/users/nobody") == (404, "USER_NOT_FOUND")


async def test_active_detections_count_for_who_may_see_them(house: House) -> None:
    await house.record(signed_in("ann"))
    await add_detection(house, "open", "user_id", "ann")
    await add_detection(house, "resolved", "user_id", "ann")
    await add_detection(house, "open", "user_id", "bob")
    told = await house.get("/insight/users/ann")
    [signal] = told["risk"]["signals"]
    assert (signal["code"], signal["count"], signal["weight"]) == ("OPEN_DETECTIONS", 1, 50)
    assert signal["facts"] == {"severity": "high"}
    ann = await add_person(house.service, house.organization, "ann", "TESTER")
    headers = await sign_in(house.service, ann)
    async with house.service.client("") as client:
        client.headers.pop("Authorization")
        own = (await client.get("/insight/users/ann", headers=headers)).json()
    assert "OPEN_DETECTIONS" not in {each["code"] for each in own["risk"]["signals"]}


async def add_detection(house: House, state: str, field: str, value: str) -> None:
    id = uuid.uuid4().hex
    async with house.service.services.metadata.transaction() as session:
        session.add(
            DetectionRow(
                id=id,
                organization=house.organization,
                key=id,
                rule_id="rule",
                rule_version="1",
                rule_title="A rule",
                severity="high",
                tags=[],
                grouped=[{"field": field, "value": value}],
                group_key=id,
                window_start=NOON,
                hot_at=NOON,
                first_at=NOON,
                last_at=NOON,
                count=1,
                told_count=1,
                measured=1.0,
                evidence=[],
                reasons=[],
                search_link="",
                state=state,
                assignee=None,
                suppressed_by=None,
                opened_at=NOON,
                updated_at=NOON,
                closed_at=None,
            )
        )


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"cursor": "nonsense"}, "INVALID_CURSOR"),
        ({"sort": "size"}, "INVALID_PARAMETER"),
        ({"action": "LOGIN"}, "UNKNOWN_PARAMETER"),
        ({"start_date": "soon"}, "INVALID_DATE"),
        ({"time_zone": "Moon/Tycho"}, "INVALID_TIME_ZONE"),
        ({"start_date": "2026-03-05"}, "INVALID_RANGE"),
    ],
)
async def test_what_is_refused(house: House, parameters: Json, code: str) -> None:
    assert await house.refused("/insight/resources", **parameters) == (400, code)


async def test_places(house: House) -> None:
    placed = {"country": "DE", "city": "Berlin", "latitude": 52.5, "longitude": 13.5}
    made = [
        an_event(organization=house.organization, user_id="ann", **placed),
        an_event(organization=house.organization, user_id="bob", status="FAILED", **placed),
        an_event(organization=house.organization, action="LOGIN_FAILED", status="FAILED"),
    ]
    early = [msgspec.structs.replace(each, timestamp=NOON - HOUR) for each in made]
    await insert(house.service.services.engine, early)
    told = await house.get("/insight/places")
    assert told["items"] == [
        {**placed, "succeeded": 1, "failed": 1, "users": 2},
    ]
    assert told["without_place"] == {"succeeded": 0, "failed": 1}
    assert told["distinct"] == 1


async def test_coverage_says_what_retention_may_have_taken(house: House) -> None:
    fresh = (await house.get("/insight/dashboard"))["coverage"]
    assert (fresh["kept_from"], fresh["is_partial"]) == (None, False)
    house.service.clock.advance(100 * DAY)
    told = (await house.get("/insight/dashboard"))["coverage"]
    now = house.service.clock()
    assert datetime.fromisoformat(told["kept_from"]) == now - 90 * DAY
    assert (told["is_partial"], told["is_before_partial"]) == (False, False)
    long = (await house.get("/insight/dashboard", start_date="2026-04-01"))["coverage"]
    assert (long["is_partial"], long["is_before_partial"]) == (False, True)
    longer = (await house.get("/insight/dashboard", start_date="2026-01-01"))["coverage"]
    assert (longer["is_partial"], longer["is_before_partial"]) == (True, True)


async def test_another_organization_counts_nothing_of_it(house: House, service: Service) -> None:
    event = did("UPDATE", "ann", resource_id="p1", resource_name="Secret")
    await house.record(signed_in("ann"), event)
    _, token = await service.new_organization()
    async with service.client(token) as client:
        stranger = House(service, "", client)
        assert (await stranger.get("/insight/dashboard"))["total"] == {"count": 0, "before": 0}
        team = await stranger.get("/insight/team")
        assert (team["power_users"], team["features"]) == ([], [])
        assert (await stranger.get("/insight/resources", search="Secret"))["items"] == []
        assert (await stranger.get("/insight/places"))["without_place"]["succeeded"] == 0
        assert await stranger.refused("/insight/users/ann") == (404, "USER_NOT_FOUND")
    cursor = (await house.get("/insight/resources", limit=1))["next_cursor"]
    assert cursor is None


async def test_everyone_sees_their_own_and_nothing_else(house: House) -> None:
    await house.record(signed_in("bob"))
    ann = await add_person(house.service, house.organization, "ann", "TESTER")
    headers = await sign_in(house.service, ann)
    async with house.service.client("") as client:
        client.headers.pop("Authorization")
        for path in ROUTES:
            answer = await client.get(path, headers=headers)
            is_own = path == "/insight/users/ann"
            assert answer.status_code == (200 if is_own else 403), path
        other = await client.get("/insight/users/bob", headers=headers)
    assert (other.status_code, other.json()["code"]) == (403, "PERMISSION_MISSING")


async def test_reads_are_on_the_record_and_counted_like_others(house: House) -> None:
    await house.record(signed_in("ann"))
    for path in ROUTES:
        await house.get(path)
    await house.get("/insight/dashboard", user_id="ann")
    made = await own_events(house.service, house.organization, "SEARCH", "VIEW")
    told = {(each["action"], each["resource_type"], each["details"]["of"]) for each in made}
    assert told == {
        ("SEARCH", "AUDIT_LOG", "dashboard"),
        ("SEARCH", "USER", "dashboard"),
        ("SEARCH", "AUDIT_LOG", "team"),
        ("VIEW", "USER", "insight"),
        ("SEARCH", "AUDIT_LOG", "resources"),
        ("SEARCH", "AUDIT_LOG", "places"),
    }
    view = next(each for each in made if each["action"] == "VIEW")
    assert (view["resource_id"], view["details"]["subjects"]) == ("ann", ["ann"])
    house.service.clock.advance(timedelta(seconds=1))
    counted = {
        each["value"]: each["count"] for each in (await house.get("/insight/dashboard"))["actions"]
    }
    assert (counted["SEARCH"], counted["VIEW"]) == (5, 1)
