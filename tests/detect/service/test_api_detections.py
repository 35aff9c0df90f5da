"""Detections and suppressions over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx2

from tests.detect.service.room import FAILED, Room, a_room, at, failed
from tests.detect.service.test_api_rules import own_trail
from tests.engine import NOON, Service
from trailkeeper.detect.detections import is_open_and_unacknowledged
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant

SOON = (NOON + timedelta(days=1)).isoformat()


async def detected(service: Service, addresses: int = 1) -> Room:
    room = await a_room(service)
    for address in range(addresses):
        person = f"person{address}@acme.io"
        await room.commit(failed(each, f"203.0.113.{address}", person) for each in range(6))
    await room.follower().catch_up()
    return room


async def items(client: httpx2.AsyncClient, **parameters: Any) -> list[dict[str, Any]]:
    answer = await client.get("/detections/", params=parameters)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_pages_and_filters(service: Service) -> None:
    room = await detected(service, addresses=5)
    async with service.client(room.token) as client:
        everything = await items(client)
        pages, cursor = [], None
        while True:
            asked = {"limit": 2, **({"cursor": cursor} if cursor else {})}
            answer = (await client.get("/detections/", params=asked)).json()
            pages.append([each["id"] for each in answer["items"]])
            cursor = answer["next_cursor"]
            if cursor is None:
                break
        assert [len(page) for page in pages] == [2, 2, 1]
        assert [id for page in pages for id in page] == [each["id"] for each in everything]
        assert len(await items(client, severity="high", state="open")) == 5
        assert await items(client, severity=["low", "medium"]) == []
        assert len(await items(client, rule_id=everything[0]["rule_id"])) == 5
        assert await items(client, rule_id="other") == []
        assert await items(client, end_date="2026-03-03") == []
        first = (await client.get("/detections/", params={"limit": 2})).json()
        wrong = await client.get(
            "/detections/", params={"cursor": first["next_cursor"], "state": "open"}
        )
        assert (wrong.status_code, wrong.json()["code"]) == (400, "CURSOR_MISMATCH")


async def test_another_organization_s_detection_is_not_there(service: Service) -> None:
    room, other = await detected(service), await a_room(service)
    [detection] = (await room.told()).detections
    async with service.client(other.token) as client:
        assert await items(client) == []
        shown = await client.get(f"/detections/{detection.id}")
        changed = await client.patch(f"/detections/{detection.id}", json={"state": "resolved"})
        many = await client.post("/detections/bulk", json={"ids": [detection.id], "note": "x"})
    for answer in (shown, changed, many):
        assert (answer.status_code, answer.json()["code"]) == (404, "DETECTION_NOT_FOUND")


async def test_triage_is_kept_shown_and_on_the_record(service: Service) -> None:
    room = await detected(service)
    [stored] = (await room.told()).detections
    tenant = system_tenant(OrganizationId(room.organization))

    async def waits() -> bool:
        async with service.services.metadata.reading() as session:
            return await is_open_and_unacknowledged(session, tenant, stored.id)

    assert await waits()
    async with service.client(room.token) as client:
        path = f"/detections/{stored.id}"
        taken = await client.patch(
            path, json={"state": "acknowledged", "assignee": "ann", "note": "Looking at it"}
        )
        assert taken.status_code == 200, taken.text
        assert not await waits()
        assert len(await items(client, assignee="ann")) == 1
        assert await items(client, assignee="") == []
        await client.patch(path, json={"state": "false_positive", "assignee": ""})
        shown = (await client.get(path)).json()

    assert shown["state"] == "false_positive"
    assert shown["assignee"] is None
    assert shown["closed_at"] is not None
    assert [each["what"] for each in shown["history"]] == [
        *("opened", "state", "assignee", "note", "state", "assignee")
    ]
    assert shown["history"][0]["actor"] is None
    assert shown["history"][3]["content"] == {"text": "Looking at it"}
    events = await own_trail(room)
    assert [each["action"] for each in events] == ["UPDATE", "UPDATE"]
    assert events[0]["resource_id"] == stored.id
    assert events[0]["details"]["changed_fields"] == ["assignee", "state"]
    assert events[0]["user_id"].startswith("api-key:")


async def test_many_at_once_or_none(service: Service) -> None:
    room = await detected(service, addresses=3)
    ids = [each.id for each in (await room.told()).detections]
    async with service.client(room.token) as client:
        refused = await client.post(
            "/detections/bulk", json={"ids": [*ids, "x"], "state": "resolved"}
        )
        assert refused.status_code == 404
        assert len(await items(client, state="open")) == 3
        done = await client.post("/detections/bulk", json={"ids": ids, "state": "resolved"})
        assert done.json() == {"changed": 3}
        assert len(await items(client, state="resolved")) == 3


async def expect(room: Room, **body: Any) -> dict[str, Any]:
    async with room.service.client(room.token) as client:
        answer = await client.post(
            "/suppressions/", json={"reason": "Test, 4711", "ends_at": SOON, **body}
        )
    assert answer.status_code == 201, answer.text
    suppression: dict[str, Any] = answer.json()
    return suppression


async def test_what_is_expected_of_a_network_is_kept_but_not_told(service: Service) -> None:
    room = await a_room(service)
    expected = await expect(room, subject="network", value="203.0.113.0/24")
    follower = room.follower()
    await room.commit(failed(each) for each in range(6))
    await room.commit(failed(each, "198.51.100.9") for each in range(6))
    await follower.catch_up()

    story = await room.told()

    by_address = {dict(each.grouped)["ip_address"]: each for each in story.of(FAILED)}
    assert by_address["203.0.113.7"].suppressed_by == expected["id"]
    assert by_address["203.0.113.7"].state == "resolved"
    assert by_address["198.51.100.9"].suppressed_by is None
    assert [alert["group"] for alert in story.alerts] == ["ip_address 198.51.100.9"]
    events = await own_trail(room)
    assert events[0]["details"]["reason"] == "Test, 4711"


async def test_what_is_expected_of_a_person_ends_when_somebody_else_joins(
    service: Service,
) -> None:
    room = await a_room(service)
    await expect(room, subject="person", value="Ann@Acme.io")
    follower = room.follower()
    await room.commit(failed(each) for each in range(6))
    await follower.catch_up()
    assert (await room.told()).alerts == []
    await room.commit([failed(7, email="bob@acme.io")])
    await follower.catch_up()

    story = await room.told()

    assert [each.state for each in story.of(FAILED)] == ["open"]
    assert [(alert["what"], alert["count"]) for alert in story.alerts] == [("opened", 7)]


async def test_expectations_of_resources_and_groups_and_their_end(service: Service) -> None:
    room = await a_room(service)
    follower = room.follower()
    rule = next(
        each for each in (await rules_of(room)) if each["title"] == "Bulk deletions by one person"
    )
    group = await expect(room, subject="group", value="user u1", rule_id=rule["id"])
    await expect(room, subject="resource", value="m-1")
    for user, resource in (("u1", "m-2"), ("u2", "m-1"), ("u3", "m-2")):
        await room.commit(
            at(each / 10, action="DELETE", user_id=user, resource_id=resource) for each in range(11)
        )
    await follower.catch_up()
    told = {
        dict(each.grouped)["user"]: each.suppressed_by for each in (await room.told()).detections
    }
    assert told["u1"] == group["id"]
    assert told["u2"] is not None
    assert told["u3"] is None
    async with service.client(room.token) as client:
        assert (await client.delete(f"/suppressions/{group['id']}")).status_code == 204
        again = await client.delete(f"/suppressions/{group['id']}")
        assert (again.status_code, again.json()["code"]) == (404, "SUPPRESSION_NOT_FOUND")
        left = (await client.get("/suppressions/")).json()["items"]
        assert [each["subject"] for each in left] == ["resource"]
        for body in (
            {"subject": "group", "value": "user u1"},
            {"subject": "network", "value": "here"},
            {"subject": "person", "value": "x", "ends_at": NOON.isoformat()},
        ):
            refused = await client.post(
                "/suppressions/", json={"reason": "r", "ends_at": SOON, **body}
            )
            assert (refused.status_code, refused.json()["code"]) == (400, "INVALID_SUPPRESSION")


async def rules_of(room: Room) -> list[dict[str, Any]]:
    async with room.service.client(room.token) as client:
        found: list[dict[str, Any]] = (await client.get("/rules/")).json()["items"]
    return found
