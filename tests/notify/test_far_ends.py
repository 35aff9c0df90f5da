"""Far ends that fail, stall, ask for patience, lead inward: what becomes of the deliveries."""

from __future__ import annotations

import asyncio
import json
from asyncio import StreamWriter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from sqlalchemy import func, select

from tests.notify.conftest import Far
from tests.notify.room import Room
from trailkeeper.notify.channels.base import LONGEST_RETRY_AFTER, retry_after
from trailkeeper.notify.claims import MAX_ATTEMPTS, delay_after
from trailkeeper.notify.targets import EmailTarget, SlackTarget, WebhookTarget
from trailkeeper.store.outbox import RECORD_EVENT
from trailkeeper.store.tables import JobRow

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 425, 429])
async def test_what_may_pass_is_tried_again_under_the_same_id(
    room: Room, far: Far, status: int
) -> None:
    await room.through(WebhookTarget(room.url("/hook")))
    far.web.answers_with("/hook", status)
    await room.tell()
    [row] = await room.deliveries()
    assert (row.state, row.attempts, row.response_code) == ("failed", 1, status)
    assert room.clock() + timedelta(seconds=2.5) <= row.next_at
    assert row.next_at <= room.clock() + timedelta(seconds=5)
    await room.notifier.run_until_idle()
    assert len(far.web.seen) == 1, "it was tried again at once"
    far.web.answers_with("/hook", 204)
    room.clock.advance(seconds=5)
    await room.notifier.run_until_idle()
    [row] = await room.deliveries()
    assert (row.state, row.attempts, row.response_code) == ("delivered", 2, 204)
    assert row.sent_at == room.clock()
    first, second = far.web.seen
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert first.headers["webhook-timestamp"] < second.headers["webhook-timestamp"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 301, 302, 307])
async def test_what_will_not_pass_is_dead_at_once(room: Room, far: Far, status: int) -> None:
    await room.through(SlackTarget(room.url("/hook")))
    far.web.answers_with("/hook", status, b"no_service")
    await room.tell()
    [row] = await room.deliveries()
    assert (row.state, row.attempts, row.response_code) == ("dead", 1, status)
    assert (row.error or "").startswith("FAR_END_REFUSED: ")
    room.clock.advance(days=2)
    await room.notifier.run_until_idle()
    assert len(far.web.seen) == 1


async def test_a_redirect_inward_is_not_followed(room: Room, far: Far) -> None:
    await room.through(SlackTarget(room.url("/hook")))
    far.web.redirects("/hook", f"http://127.0.0.1:{far.inside.port}/admin", 307)
    far.inside.answers_with("/admin")
    await room.tell()
    assert await room.states() == ["dead"]
    assert len(far.web.seen) == 1
    assert far.inside.connections == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "inside.test", "169.254.169.254", "[::1]"])
async def test_an_inner_address_is_never_reached(room: Room, far: Far, host: str) -> None:
    await room.through(WebhookTarget(f"http://{host}:{far.inside.port}/hook"))
    await room.tell()
    [row] = await room.deliveries()
    assert row.state == "dead"
    assert (row.error or "").startswith("OUTBOUND_ADDRESS_REFUSED")
    assert far.inside.connections == 0


async def test_retry_after_holds_the_whole_channel(room: Room, far: Far) -> None:
    await room.through(SlackTarget(room.url("/hook")))
    far.web.answers_with("/hook", 429, headers=[("Retry-After", "120")])
    await room.tell()
    far.web.answers_with("/hook", 200)
    room.clock.advance(seconds=119)
    await room.tell()
    assert await room.states() == ["failed", "ready"]
    assert len(far.web.seen) == 1
    room.clock.advance(seconds=1)
    await room.notifier.run_until_idle()
    assert await room.states() == ["delivered", "delivered"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("17", 17),
        ("99999999999999999999", LONGEST_RETRY_AFTER.total_seconds()),
        (format_datetime(NOON + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOON - timedelta(days=1), usegmt=True), 0),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("\u0663", None),
        ("Sun, 01 Mar 2026 12:00:00 -0000", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: float | None) -> None:
    found = retry_after({"retry-after": text}, NOON)
    assert (None if found is None else found.total_seconds()) == seconds


async def test_a_stalled_far_end_holds_its_own_channel_alone(room: Room, far: Far) -> None:
    stalled = asyncio.Event()

    async def stall(writer: StreamWriter) -> None:
        stalled.set()
        await asyncio.sleep(3600)

    far.web.answers["/slow"] = stall
    far.web.answers_with("/quick")
    slow = await room.channel(SlackTarget(room.url("/slow")))
    quick = await room.channel(SlackTarget(room.url("/quick")))
    await room.setting(channels=[slow.channel.id, quick.channel.id])
    running = asyncio.create_task(room.notifier.run())
    try:
        await room.raise_alert()
        await asyncio.wait_for(stalled.wait(), 5)
        began = asyncio.get_running_loop().time()
        for _ in range(3):
            await room.raise_alert()
        while [seen.path for seen in far.web.seen].count("/quick") < 4:
            assert asyncio.get_running_loop().time() < began + 5
            await asyncio.sleep(0.02)
        states = {(row.channel, row.state) for row in await room.deliveries()}
        assert (slow.channel.id, "sending") in states
        assert (slow.channel.id, "ready") in states
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_far_end_that_takes_no_connection_is_tried_again(room: Room) -> None:
    await room.through(SlackTarget("http://far.test:65333/hook"))
    await room.tell()
    [row] = await room.deliveries()
    assert (row.state, row.response_code) == ("failed", None)
    assert (row.error or "").startswith("OUTBOUND_CONNECT_FAILED")


async def test_after_many_tries_it_is_dead_and_can_be_retried_by_hand(room: Room, far: Far) -> None:
    await room.through(WebhookTarget(room.url("/hook")))
    far.web.answers_with("/hook", 500)
    await room.tell()
    for _ in range(MAX_ATTEMPTS - 1):
        assert await room.states() == ["failed"]
        room.clock.advance(hours=1)
        await room.notifier.run_until_idle()
    [row] = await room.deliveries()
    assert (row.state, row.attempts) == ("dead", MAX_ATTEMPTS)
    far.web.answers_with("/hook", 200)
    async with room.client(await room.key()) as client:
        listed = (await client.get("/deliveries/", params={"state": "dead"})).json()
        assert [each["id"] for each in listed["items"]] == [row.id]
        answer = await client.post(f"/deliveries/{row.id}/retry")
        assert (answer.status_code, answer.json()["state"]) == (200, "ready")
        again = await client.post(f"/deliveries/{row.id}/retry")
        assert (again.status_code, again.json()["code"]) == (409, "DELIVERY_NOT_DEAD")
    await room.notifier.run_until_idle()
    assert await room.states() == ["delivered"]
    assert {seen.headers["webhook-id"] for seen in far.web.seen} == {row.message}


async def test_a_mailbox_that_is_refused_holds_up_no_other(room: Room, far: Far) -> None:
    far.mail.replies = {
        "gone@acme.example": "550 no such user",
        "full@acme.example": "452 mailbox full",
    }
    await room.through(EmailTarget(["gone@acme.example", "full@acme.example", "ok@acme.example"]))
    await room.tell()
    states = {row.recipient.split("@")[0]: row.state for row in await room.deliveries()}
    assert states == {"gone": "dead", "full": "failed", "ok": "delivered"}


async def test_a_failing_delivery_makes_nothing_that_a_rule_could_see(room: Room, far: Far) -> None:
    await room.through(SlackTarget(room.url("/gone")))
    await room.through(SlackTarget(room.url("/busy")))
    far.web.answers_with("/busy", 500)

    async def events() -> int:
        async with room.metadata.reading() as session:
            found = await session.scalar(
                select(func.count()).select_from(JobRow).where(JobRow.kind == RECORD_EVENT)
            )
        return found or 0

    before = await events()
    await room.tell()
    room.clock.advance(minutes=5)
    await room.notifier.run_until_idle()
    assert sorted(await room.states()) == ["dead", "failed"]
    assert await events() == before


def test_delays_double_with_jitter_up_to_an_hour() -> None:
    for attempts in range(1, MAX_ATTEMPTS + 1):
        whole = min(5 * 2 ** (attempts - 1), 3600)
        found = {delay_after(attempts).total_seconds() for _ in range(50)}
        assert min(found) >= whole / 2
        assert max(found) <= whole
        assert len(found) > 1


async def test_what_waits_for_a_channel_that_is_off_is_sent_when_it_is_on(
    room: Room, far: Far
) -> None:
    far.web.answers_with("/hook")
    issued = await room.through(SlackTarget(room.url("/hook")))
    await room.raise_alert()
    await room.notifier.fan_out_all()
    async with room.client(await room.key()) as client:
        path = f"/channels/{issued.channel.id}"
        assert (await client.patch(path, json={"is_enabled": False})).status_code == 200
        await room.notifier.run_until_idle()
        assert await room.states() == ["ready"]
        await room.tell()
        assert await room.states() == ["ready"], "nothing new is made due while it is off"
        assert (await client.patch(path, json={"is_enabled": True})).status_code == 200
    await room.notifier.run_until_idle()
    assert await room.states() == ["delivered"]
    assert json.loads(far.web.seen[0].body)["text"].startswith("High")
