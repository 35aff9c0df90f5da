"""Alert settings and deliveries over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tests.notify.conftest import Far
from tests.notify.room import OTHER, Room
from trailkeeper.notify.targets import InAppTarget, SlackTarget
from trailkeeper.store.outbox import RECORD_EVENT
from trailkeeper.store.tables import JobRow


async def test_a_setting_is_made_changed_listed_and_deleted(room: Room) -> None:
    channel = (await room.channel(InAppTarget())).channel.id
    async with room.client(await room.signed_in("ann")) as client:
        plan = {
            "min_severity": "low",
            "channels": [channel],
            "people": ["ann"],
            "roles": ["ADMIN"],
            "quiet_hours": {"start": "22:00", "end": "07:00"},
            "escalation": {"after_minutes": 10, "roles": ["SUPER_ADMIN"], "channels": [channel]},
        }
        made = await client.post("/alert-settings/", json={"name": "all", "plan": plan})
        assert made.status_code == 201, made.text
        body = made.json()
        assert body["plan"]["quiet_hours"]["days"] == [1, 2, 3, 4, 5, 6, 7]
        assert body["plan"]["on"] == ["opened", "reopened"]
        path = f"/alert-settings/{body['id']}"
        assert (await client.get(path)).json() == body
        assert (await client.get("/alert-settings/")).json()["items"] == [body]
        changed = await client.patch(path, json={"name": "renamed", "is_enabled": False})
        assert (changed.json()["name"], changed.json()["is_enabled"]) == ("renamed", False)
        assert changed.json()["plan"] == body["plan"]
        assert (await client.delete(path)).status_code == 204
        assert (await client.get(path)).status_code == 404
    async with room.metadata.reading() as session:
        rows = await session.scalars(
            select(JobRow).where(JobRow.kind == RECORD_EVENT).order_by(JobRow.id)
        )
        events = [row.payload for row in rows if row.payload["resource_type"] == "ALERT_SETTING"]
    assert [each["action"] for each in events] == ["CREATE", "UPDATE", "DELETE"]
    assert events[1]["details"]["changed_fields"] == ["is_enabled", "name"]


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ({"channels": ["nope"]}, "CHANNEL_UNKNOWN"),
        ({"channels": ["\0"]}, "CHANNEL_UNKNOWN"),
        ({"people": ["nobody"]}, "USER_UNKNOWN"),
        ({"roles": ["KING"]}, "ROLE_UNKNOWN"),
        ({"rule_id": ""}, "INVALID_RULE_ID"),
        ({"quiet_hours": {"start": "25:00", "end": "07:00"}}, "INVALID_QUIET_HOURS"),
        ({"escalation": {"after_minutes": 5, "channels": ["nope"]}}, "CHANNEL_UNKNOWN"),
        ({"escalation": {"after_minutes": 5, "people": ["nobody"]}}, "USER_UNKNOWN"),
        ({"escalation": {"after_minutes": 5, "roles": ["KING"]}}, "ROLE_UNKNOWN"),
        ({"escalation": {"after_minutes": 5, "setting": "nope"}}, "ALERT_SETTING_UNKNOWN"),
        ({"escalation": {"after_minutes": 0}}, "INVALID_REQUEST"),
        ({"min_severity": "awful"}, "INVALID_REQUEST"),
        ({"on": ["test"]}, "INVALID_REQUEST"),
        ({"digest_minutes": True}, "INVALID_REQUEST"),
        ({"colour": "red"}, "INVALID_REQUEST"),
    ],
)
async def test_a_plan_that_cannot_be_is_refused(
    room: Room, plan: dict[str, Any], code: str
) -> None:
    async with room.client(await room.key()) as client:
        answer = await client.post("/alert-settings/", json={"name": "x", "plan": plan})
        assert (await client.get("/alert-settings/")).json()["items"] == []
    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_another_organizations_channel_is_unknown(room: Room) -> None:
    theirs = (await room.channel(InAppTarget(), OTHER)).channel.id
    async with room.client(await room.key()) as client:
        plan = {"channels": [theirs]}
        answer = await client.post("/alert-settings/", json={"name": "x", "plan": plan})
    assert answer.json()["code"] == "CHANNEL_UNKNOWN"


async def test_a_setting_that_another_escalates_to_stays(room: Room) -> None:
    async with room.client(await room.key()) as client:
        first = (await client.post("/alert-settings/", json={"name": "a", "plan": {}})).json()
        plan = {"escalation": {"after_minutes": 5, "setting": first["id"]}}
        second = (await client.post("/alert-settings/", json={"name": "b", "plan": plan})).json()
        refused = await client.delete(f"/alert-settings/{first['id']}")
        assert (refused.status_code, refused.json()["code"]) == (409, "ALERT_SETTING_IN_USE")
        own = {"plan": {"escalation": {"after_minutes": 5, "setting": second["id"]}}}
        answer = await client.patch(f"/alert-settings/{second['id']}", json=own)
        assert answer.json()["code"] == "ALERT_SETTING_UNKNOWN"
        for each in (second, first):
            assert (await client.delete(f"/alert-settings/{each['id']}")).status_code == 204


async def test_deliveries_are_paged_and_filtered(room: Room, far: Far) -> None:
    far.web.answers_with("/ok")
    good = await room.channel(SlackTarget(room.url("/ok")), name="good")
    bad = await room.channel(SlackTarget(room.url("/gone")), name="bad")
    await room.setting(channels=[good.channel.id, bad.channel.id])
    for _ in range(7):
        await room.tell()
    async with room.client(await room.key()) as client:
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            asked = {"limit": "3", **({"cursor": cursor} if cursor else {})}
            page = (await client.get("/deliveries/", params=asked)).json()
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        dead = (await client.get("/deliveries/", params={"state": "dead"})).json()["items"]
        by_channel = await client.get("/deliveries/", params={"channel": good.channel.id})
        wrong = await client.get("/deliveries/", params={"cursor": "x"})
    assert len({each["id"] for each in found}) == len(found) == 14
    assert [each["id"] for each in found] == sorted((e["id"] for e in found), reverse=True)
    assert {each["channel_name"] for each in dead} == {"bad"}
    assert len(dead) == 7
    assert {each["state"] for each in by_channel.json()["items"]} == {"delivered"}
    assert (wrong.status_code, wrong.json()["code"]) == (400, "INVALID_CURSOR")
