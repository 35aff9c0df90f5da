"""A channel's rate bounds its calls; what is too much goes out together, nothing is dropped."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.notify.conftest import Far
from tests.notify.room import Room
from trailkeeper.notify.bucket import Bucket
from trailkeeper.notify.targets import EmailTarget, SlackTarget, WebhookTarget

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def test_the_last_call_takes_all_that_waits(room: Room, far: Far) -> None:
    far.web.answers_with("/hook")
    await room.through(SlackTarget(room.url("/hook")), per_minute=9)
    for _ in range(59):
        await room.raise_alert()
    await room.notifier.run_until_idle()
    # A bucket of three: two alone, and 57 of which 20 are listed.
    assert len(far.web.seen) == 3
    last = json.loads(far.web.seen[-1].body)
    assert last["text"] == "57 alerts, the worst high"
    assert "… and 37 more" in json.dumps(last, ensure_ascii=False)
    rows = await room.deliveries()
    assert [row.state for row in rows] == ["delivered"] * 59
    assert len({row.message for row in rows}) == 3


async def test_a_flood_is_told_with_few_calls_and_whole(room: Room, far: Far) -> None:
    far.web.answers_with("/hook", 204)
    await room.through(WebhookTarget(room.url("/hook")), per_minute=6)
    for _ in range(5):
        for _ in range(30):
            await room.raise_alert()
        await room.notifier.run_until_idle()
        room.clock.advance(seconds=10)
    await room.notifier.run_until_idle()
    assert set(await room.states()) == {"delivered"}
    assert len(far.web.seen) <= 2 + 6
    bodies = [json.loads(seen.body)["data"] for seen in far.web.seen]
    assert sum(len(body["alerts"]) + body["more"] for body in bodies) == 150


async def test_a_folded_message_that_fails_is_the_same_when_tried_again(
    room: Room, far: Far
) -> None:
    far.web.answers_with("/hook", 503)
    await room.through(WebhookTarget(room.url("/hook")), per_minute=1)
    for _ in range(3):
        await room.raise_alert()
    await room.notifier.run_until_idle()
    room.clock.advance(minutes=2)
    await room.notifier.run_until_idle()
    room.clock.advance(minutes=2)
    await room.raise_alert()
    far.web.answers_with("/hook", 204)
    await room.notifier.run_until_idle()
    room.clock.advance(minutes=5)
    await room.notifier.run_until_idle()
    assert set(await room.states()) == {"delivered"}
    by_id: dict[str, set[bytes]] = {}
    for seen in far.web.seen:
        by_id.setdefault(seen.headers["webhook-id"], set()).add(seen.body)
    assert all(len(bodies) == 1 for bodies in by_id.values())
    told = [json.loads(body)["data"] for bodies in by_id.values() for body in bodies]
    assert sum(len(each["alerts"]) for each in told) == 4


async def test_mail_is_folded_for_each_recipient_alone(room: Room, far: Far) -> None:
    await room.through(EmailTarget(["a@acme.example", "b@acme.example"]), per_minute=2)
    for _ in range(5):
        await room.raise_alert()
    for _ in range(20):
        await room.notifier.run_until_idle()
        room.clock.advance(seconds=30)
    assert set(await room.states()) == {"delivered"}
    rows = await room.deliveries()
    for address in ("a@acme.example", "b@acme.example"):
        mine = {row.message for row in rows if row.recipient == address}
        theirs = {row.message for row in rows if row.recipient != address}
        assert mine
        assert mine.isdisjoint(theirs)
        assert len([m for m in far.mail.mails if m["To"] == address]) == len(mine)


@given(
    per_minute=st.integers(1, 6000),
    steps=st.lists(st.floats(0, 120), min_size=1, max_size=200),
)
def test_no_more_calls_than_a_full_bucket_and_the_rate(per_minute: int, steps: list[float]) -> None:
    bucket = Bucket(per_minute, 0, NOON)
    bucket = Bucket(per_minute, bucket.capacity, NOON)
    now, calls = NOON, 0
    for step in steps:
        now += timedelta(seconds=step)
        bucket = bucket.refilled(now)
        while not bucket.is_empty:
            bucket = bucket.taken()
            calls += 1
        assert bucket.tokens >= 0
        assert bucket.next_at > now
        assert not bucket.refilled(bucket.next_at + timedelta(milliseconds=1)).is_empty
    passed = (now - NOON).total_seconds()
    assert calls <= bucket.capacity + passed * per_minute / 60 + 0.001


def test_a_clock_that_is_set_back_gives_nothing_away() -> None:
    bucket = Bucket(60, 5, NOON).refilled(NOON - timedelta(hours=1))
    assert bucket.tokens == 5
