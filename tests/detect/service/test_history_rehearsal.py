"""Rules that compare with history, rehearsed: what the follower would have found, live."""

from __future__ import annotations

from typing import Any

from tests.detect.service.room import Room, a_room
from tests.detect.service.test_history import BERLIN, COUNTRY, DAY, LISBON, TRAVEL, login, past
from tests.engine import Service
from trailkeeper.detect import history_rehearsal
from trailkeeper.detect.rehearsals import run_rehearsal
from trailkeeper.detect.watched import built_in_watched

PAGES = 7
"""Events a page, so that a few dozen are many pages."""


async def rehearse(service: Service, room: Room, title: str, days: int) -> dict[str, Any]:
    rule = next(each.rule for each in built_in_watched().values() if each.rule.title == title)
    services = service.services
    async with service.client(room.token) as client:
        asked = await client.post("/rules/rehearse", json={"rule_id": rule.id, "days": days})
        assert asked.status_code == 202, asked.text
        assert await run_rehearsal(services.engine, services.metadata, services.clock)
        shown = (await client.get(f"/rules/rehearsals/{asked.json()['id']}")).json()
    assert shown["state"] == "done", shown
    result: dict[str, Any] = shown["result"]
    return result


async def test_it_finds_what_the_follower_finds(service: Service, monkeypatch: Any) -> None:
    monkeypatch.setattr(history_rehearsal, "PAGE", PAGES)
    room = await a_room(service)
    story = [
        *past(10, **BERLIN),
        login(-300, **BERLIN),
        login(-240, "198.51.100.9", **LISBON),
    ]
    await room.commit(story)
    await room.follower().catch_up()
    live = (await room.told()).detections
    for title in (COUNTRY, TRAVEL):
        result = await rehearse(service, room, title, days=5)
        of_title = [each for each in live if each.rule_title == title]
        assert len(of_title) == 1
        assert result["detections"] == 1
        assert result["first"][0]["reasons"] == list(of_title[0].reasons)


async def test_days_before_are_history_alone(service: Service) -> None:
    room = await a_room(service)
    await room.commit([*past(20, **BERLIN), login(-10 * DAY, **LISBON), login(-60, **BERLIN)])
    assert (await rehearse(service, room, COUNTRY, days=15))["detections"] == 1
    assert (await rehearse(service, room, COUNTRY, days=5))["detections"] == 0
