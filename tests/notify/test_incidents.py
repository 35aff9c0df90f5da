"""What a pager was told of is resolved there when it is closed here."""

from __future__ import annotations

import json
from typing import Any

from tests.notify.conftest import Far
from tests.notify.room import Room
from trailkeeper.notify.plan import QuietHours
from trailkeeper.notify.targets import PagerDutyTarget, SlackTarget

ROUTING_KEY = "R" * 32


def pager(room: Room, path: str = "/pager") -> PagerDutyTarget:
    return PagerDutyTarget(ROUTING_KEY, room.url(path))


def events(far: Far) -> list[tuple[str, str]]:
    """Action and key of each event that the pager was sent."""
    bodies: list[dict[str, Any]] = [json.loads(seen.body) for seen in far.web.seen]
    return [(body["event_action"], body["dedup_key"]) for body in bodies]


async def test_who_was_told_hears_that_it_is_closed_and_open_again(room: Room, far: Far) -> None:
    far.web.answers_with("/pager", 202)
    await room.through(pager(room))
    detection = await room.tell()
    key = f"acme/{detection}"
    await room.tell(detection_id=detection, what="closed")
    assert events(far) == [("trigger", key), ("resolve", key)]
    resolve = json.loads(far.web.seen[-1].body)
    assert resolve == {"event_action": "resolve", "dedup_key": key, "routing_key": ROUTING_KEY}
    await room.tell(detection_id=detection, what="reopened")
    await room.tell(detection_id=detection, what="closed")
    assert events(far)[2:] == [("trigger", key), ("resolve", key)]


async def test_only_pagers_that_were_told_hear_of_it(room: Room, far: Far) -> None:
    for path in ("/pager", "/other", "/chat"):
        far.web.answers_with(path, 202)
    told = await room.channel(pager(room))
    untold = await room.channel(pager(room, "/other"))
    chat = await room.channel(SlackTarget(room.url("/chat")))
    await room.setting(channels=[told.channel.id, chat.channel.id])
    await room.setting(channels=[untold.channel.id], min_severity="critical")
    detection = await room.tell(severity="high")
    await room.tell(detection_id=detection, what="closed")
    assert sorted(seen.path for seen in far.web.seen) == ["/chat", "/pager", "/pager"]


async def test_quiet_hours_do_not_hold_the_end_of_an_incident(room: Room, far: Far) -> None:
    far.web.answers_with("/pager", 202)
    issued = await room.channel(pager(room))
    quiet = QuietHours(start="22:00", end="07:00")
    await room.setting(channels=[issued.channel.id], quiet_hours=quiet)
    room.clock.now = room.clock.now.replace(hour=23)
    detection = await room.tell(severity="critical")
    await room.tell(detection_id=detection, what="closed", severity="critical")
    assert events(far)[-1] == ("resolve", f"acme/{detection}")


async def test_what_is_closed_before_its_turn_wakes_nobody(room: Room, far: Far) -> None:
    far.web.answers_with("/pager", 202)
    issued = await room.channel(pager(room))
    await room.setting(channels=[issued.channel.id], digest_minutes=60)
    detection = await room.tell()
    await room.tell(detection_id=detection, what="closed")
    room.clock.advance(hours=2)
    await room.notifier.run_until_idle()
    assert far.web.seen == []
    [row] = await room.deliveries()
    assert (row.state, (row.error or "").split(":")[0]) == ("dead", "DETECTION_CLOSED")


async def test_a_try_that_failed_does_not_open_what_was_closed_since(room: Room, far: Far) -> None:
    await room.through(pager(room))
    far.web.answers_with("/pager", 503)
    detection = await room.tell()
    far.web.answers_with("/pager", 202)
    await room.raise_alert(detection_id=detection, what="closed")
    room.clock.advance(minutes=2)
    await room.notifier.run_until_idle()
    room.clock.advance(hours=2)
    await room.notifier.run_until_idle()
    key = f"acme/{detection}"
    assert events(far)[0] == ("trigger", key)
    assert events(far)[-1] == ("resolve", key)
    assert "failed" not in await room.states()


async def test_an_end_that_failed_does_not_end_what_is_open_again(room: Room, far: Far) -> None:
    await room.through(pager(room))
    far.web.answers_with("/pager", 202)
    detection = await room.tell()
    far.web.answers_with("/pager", 503)
    await room.tell(detection_id=detection, what="closed")
    far.web.answers_with("/pager", 202)
    await room.raise_alert(detection_id=detection, what="reopened")
    room.clock.advance(hours=2)
    await room.notifier.run_until_idle()
    room.clock.advance(hours=2)
    await room.notifier.run_until_idle()
    assert events(far)[-1] == ("trigger", f"acme/{detection}")
    assert "failed" not in await room.states()


async def test_an_incident_of_several_ends_with_the_last_of_them(room: Room, far: Far) -> None:
    far.web.answers_with("/pager", 202)
    issued = await room.channel(pager(room))
    await room.setting(channels=[issued.channel.id], digest_minutes=60)
    one, two = await room.raise_alert(), await room.raise_alert()
    await room.notifier.run_until_idle()
    room.clock.advance(hours=1)
    await room.notifier.run_until_idle()
    [(action, key)] = events(far)
    assert action == "trigger"
    await room.tell(detection_id=one, what="closed")
    assert len(far.web.seen) == 1, "the other one is open"
    await room.tell(detection_id=two, what="closed")
    assert events(far)[1:] == [("resolve", key)]
