"""Channels over HTTP: made, tested, rotated, changed, deleted; secrets are shown once at most."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from sqlalchemy import select, text
from standardwebhooks.webhooks import Webhook

from tests.notify.conftest import Far
from tests.notify.room import OTHER, Room
from trailkeeper.notify.channel_changes import MAX_CHANNELS
from trailkeeper.notify.targets import InAppTarget, SlackTarget
from trailkeeper.principal import Permission
from trailkeeper.store.outbox import RECORD_EVENT
from trailkeeper.store.tables import JobRow

SECRET_PATH = "/services/T000/B000/very-secret"
OVERLAP = {"overlap_hours": 2}


def slack(room: Room) -> dict[str, Any]:
    return {"name": "security", "target": {"kind": "slack", "url": room.url(SECRET_PATH)}}


async def made(client: httpx2.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post("/channels/", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def trail(room: Room) -> list[dict[str, Any]]:
    async with room.metadata.reading() as session:
        rows = await session.scalars(
            select(JobRow).where(JobRow.kind == RECORD_EVENT).order_by(JobRow.id)
        )
        return [
            row.payload
            for row in rows
            if row.payload["resource_type"] in ("NOTIFICATION_CHANNEL", "DELIVERY")
        ]


async def test_an_address_is_sealed_and_never_shown(room: Room, far: Far) -> None:
    far.web.answers_with(SECRET_PATH, 404, b"no_service")
    async with room.client(await room.key()) as client:
        channel = await made(client, slack(room))
        path = f"/channels/{channel['id']}"
        shown = [
            channel,
            (await client.get("/channels/")).json(),
            (await client.get(path)).json(),
            (await client.patch(path, json={"name": "renamed"})).json(),
            (await client.post(f"{path}/test")).json(),
            await trail(room),
        ]
    assert channel["hint"] == "far.test"
    assert channel["secret"] is None
    assert "very-secret" not in str(shown)
    async with room.metadata.reading() as session:
        rows = (await session.execute(text("SELECT * FROM channels"))).all()
    assert "very-secret" not in str(rows)


async def test_a_secret_that_was_made_is_shown_once(room: Room) -> None:
    async with room.client(await room.key()) as client:
        body = {"name": "own", "target": {"kind": "webhook", "url": room.url("/hook")}}
        channel = await made(client, body)
        assert channel["secret"].startswith("whsec_")
        listed = (await client.get("/channels/")).json()["items"]
        assert "secret" not in listed[0]
        assert channel["secret"] not in str(await trail(room))


async def test_while_a_secret_is_rotated_both_signatures_are_valid(room: Room, far: Far) -> None:
    far.web.answers_with("/hook", 204)
    async with room.client(await room.key()) as client:
        body = {"name": "own", "target": {"kind": "webhook", "url": room.url("/hook")}}
        channel = await made(client, body)
        path = f"/channels/{channel['id']}"
        answer = await client.post(f"{path}/rotate-secret", json=OVERLAP)
        assert answer.status_code == 201
        renewed = answer.json()["secret"]
        assert renewed != channel["secret"]
        # Another address keeps both secrets.
        target = {"kind": "webhook", "url": room.url("/hook")}
        assert (await client.patch(path, json={"target": target})).status_code == 200
        assert (await client.post(f"{path}/test")).json()["is_delivered"]
        room.clock.advance(hours=2)
        assert (await client.post(f"{path}/test")).json()["is_delivered"]
    during, after = far.web.seen
    assert len(during.headers["webhook-signature"].split(" ")) == 2
    for secret in (channel["secret"], renewed):
        assert Webhook(secret).verify(during.body, during.headers)["type"] == "channel.test"
    assert len(after.headers["webhook-signature"].split(" ")) == 1


async def test_only_a_webhook_has_a_secret_to_rotate(room: Room) -> None:
    async with room.client(await room.key()) as client:
        channel = await made(client, slack(room))
        answer = await client.post(f"/channels/{channel['id']}/rotate-secret", json=OVERLAP)
    assert (answer.status_code, answer.json()["code"]) == (409, "CHANNEL_HAS_NO_SECRET")


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [
        (200, b"ok", {"is_delivered": True, "response_code": 200, "said": "ok", "error": None}),
        (404, b"no_service", {"is_delivered": False, "response_code": 404}),
        (500, b"<h1>\x00oops</h1>", {"is_delivered": False, "error": "FAR_END_BUSY"}),
    ],
)
async def test_the_test_button_answers_what_the_far_end_said(
    room: Room, far: Far, status: int, said: bytes, expected: dict[str, Any]
) -> None:
    far.web.answers_with(SECRET_PATH, status, said)
    async with room.client(await room.key()) as client:
        channel = await made(client, {**slack(room), "is_enabled": False})
        answer = await client.post(f"/channels/{channel['id']}/test")
    assert answer.status_code == 200
    assert expected.items() <= answer.json().items()
    assert said.decode().replace("\x00", " ") in answer.json()["said"]
    assert len(far.web.seen) == 1
    assert await room.states() == []


async def test_the_test_button_cannot_look_inside(room: Room, far: Far) -> None:
    far.inside.answers_with("/", body=b"inner secret")
    async with room.client(await room.key()) as client:
        target = {"kind": "webhook", "url": f"http://127.0.0.1:{far.inside.port}/"}
        channel = await made(client, {"name": "x", "target": target})
        answer = (await client.post(f"/channels/{channel['id']}/test")).json()
    assert answer["error"] == "OUTBOUND_ADDRESS_REFUSED"
    assert far.inside.connections == 0


async def test_a_test_of_mail_and_inbox_reaches_whoever_asks(room: Room, far: Far) -> None:
    headers = await room.signed_in("ann")
    key = await room.key()
    async with room.client(headers) as person, room.client(key) as robot:
        mail = await made(person, {"name": "mail", "target": {"kind": "email"}})
        inbox = await made(person, {"name": "inbox", "target": {"kind": "in_app"}})
        for channel in (mail, inbox):
            answer = await person.post(f"/channels/{channel['id']}/test")
            assert answer.json()["is_delivered"], answer.text
            refused = await robot.post(f"/channels/{channel['id']}/test")
            code = refused.json()["code"]
            assert (refused.status_code, code) == (422, "TEST_NEEDS_RECIPIENT")
    assert [each["To"] for each in far.mail.mails] == ["ann@acme.example"]
    [told] = await room.inbox("ann")
    assert told.content.title == "Test of the channel inbox"


async def test_tests_are_bounded_by_the_channels_rate(room: Room, far: Far) -> None:
    far.web.answers_with(SECRET_PATH)
    async with room.client(await room.key()) as client:
        channel = await made(client, {**slack(room), "per_minute": 1})
        statuses = [
            (await client.post(f"/channels/{channel['id']}/test")).status_code for _ in range(3)
        ]
    assert statuses == [200, 200, 429]


async def test_each_change_is_on_the_record(room: Room, far: Far) -> None:
    far.web.answers_with(SECRET_PATH)
    async with room.client(await room.signed_in("ann")) as client:
        channel = await made(client, slack(room))
        path = f"/channels/{channel['id']}"
        await client.patch(path, json={"name": "renamed", "is_enabled": False})
        await client.patch(path, json={"name": "renamed"})
        await client.patch(path, json={"target": {"kind": "slack", "url": room.url("/new")}})
        await client.post(f"{path}/test")
        await client.delete(path)
    events = await trail(room)
    actions = [each["action"] for each in events]
    assert actions == ["CREATE", "UPDATE", "UPDATE", "TEST", "DELETE"]
    assert {each["user_id"] for each in events} == {"ann"}
    assert events[1]["details"]["new_value"] == {"is_enabled": False, "name": "renamed"}
    assert events[2]["details"] == {"target_replaced": True}


@pytest.mark.parametrize(
    ("target", "field"),
    [
        ({"kind": "slack", "url": "ftp://hooks.example/x"}, "target.url"),
        ({"kind": "teams", "url": "https://user:pw@hooks.example/x"}, "target.url"),
        ({"kind": "mattermost", "url": "nonsense"}, "target.url"),
        ({"kind": "email", "to": ["nobody"]}, "target.to"),
        ({"kind": "pagerduty", "routing_key": "short"}, "target.routing_key"),
        ({"kind": "webhook", "url": "https://h.example", "secret": "x"}, "target.secret"),
        ({"kind": "webhook", "url": "https://h.example", "secret": "whsec_YQ=="}, "target.secret"),
    ],
)
async def test_a_target_that_cannot_be_is_refused(
    room: Room, target: dict[str, Any], field: str
) -> None:
    async with room.client(await room.key()) as client:
        answer = await client.post("/channels/", json={"name": "x", "target": target})
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_CHANNEL")
    assert answer.json()["field"] == field


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x"},
        {"name": "x", "target": {"kind": "pigeon"}},
        {"name": "x", "target": {"kind": "in_app", "url": "https://h.example"}},
        {"name": "x", "target": {"kind": "in_app"}, "per_minute": 0},
        {"name": "x", "target": {"kind": "in_app"}, "colour": "red"},
        {"name": "", "target": {"kind": "in_app"}},
    ],
)
async def test_a_body_that_does_not_fit_is_refused(room: Room, body: dict[str, Any]) -> None:
    async with room.client(await room.key()) as client:
        answer = await client.post("/channels/", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_REQUEST")


async def test_a_channel_keeps_its_kind(room: Room) -> None:
    async with room.client(await room.key()) as client:
        channel = await made(client, slack(room))
        target = {"kind": "teams", "url": room.url("/x")}
        answer = await client.patch(f"/channels/{channel['id']}", json={"target": target})
    assert (answer.status_code, answer.json()["field"]) == (400, "target.kind")


async def test_a_channel_in_use_stays_and_a_deleted_ones_deliveries_are_dead(
    room: Room, far: Far
) -> None:
    issued = await room.channel(SlackTarget(room.url("/busy")))
    setting = await room.setting(channels=[issued.channel.id])
    far.web.answers_with("/busy", 500)
    await room.tell()
    async with room.client(await room.key()) as client:
        path = f"/channels/{issued.channel.id}"
        answer = await client.delete(path)
        assert (answer.status_code, answer.json()["code"]) == (409, "CHANNEL_IN_USE")
        assert (await client.delete(f"/alert-settings/{setting.id}")).status_code == 204
        assert (await client.delete(path)).status_code == 204
        [dead] = (await client.get("/deliveries/", params={"state": "dead"})).json()["items"]
        assert (dead["channel_name"], dead["error"][:15]) == (None, "CHANNEL_DELETED")
        retried = await client.post(f"/deliveries/{dead['id']}/retry")
        assert (retried.status_code, retried.json()["code"]) == (409, "CHANNEL_DELETED")


async def test_there_is_an_end_to_channels(room: Room) -> None:
    for _ in range(MAX_CHANNELS):
        await room.channel(InAppTarget())
    async with room.client(await room.key()) as client:
        answer = await client.post("/channels/", json=slack(room))
    assert (answer.status_code, answer.json()["code"]) == (409, "TOO_MANY_CHANNELS")


async def test_another_organizations_things_are_not_found(room: Room, far: Far) -> None:
    issued = await room.through(SlackTarget(room.url("/gone")))
    await room.tell()
    [row] = await room.deliveries()
    stranger = await room.key(organization=OTHER)
    path = f"/channels/{issued.channel.id}"
    async with room.client(stranger) as client:
        asked: list[tuple[str, str, Any]] = [
            ("GET", path, None),
            ("PATCH", path, {"name": "x"}),
            ("DELETE", path, None),
            ("POST", f"{path}/test", None),
            ("POST", f"{path}/rotate-secret", {}),
            ("POST", f"/deliveries/{row.id}/retry", None),
        ]
        for method, where, body in asked:
            answer = await client.request(method, where, json=body)
            assert answer.status_code == 404, (method, where, answer.text)
        for where in ("/channels/", "/alert-settings/", "/deliveries/"):
            assert (await client.get(where)).json()["items"] == []


async def test_it_needs_the_permission(room: Room) -> None:
    weak = await room.key(*(set(Permission) - {Permission.CHANNEL_MANAGE}))
    paths = ["/channels/", "/alert-settings/", "/deliveries/", "/channels/x"]
    async with room.client(weak) as client, room.client({}) as nobody:
        for path in paths:
            assert (await client.get(path)).status_code == 403
            assert (await nobody.get(path)).status_code == 401
