"""A source that goes silent is told once for each silence."""

from __future__ import annotations

from datetime import timedelta

from tests.detect.service.room import Room, a_room, at
from tests.engine import Service
from trailkeeper.detect.silence import look_for_silence

TITLE = "A source has gone silent"
HOUR = 60


async def look(service: Service) -> None:
    services = service.services
    await look_for_silence(services.engine, services.metadata, services.clock)


async def send(room: Room, user: str, first_hour: int, last_hour: int, step: int = 1) -> None:
    await room.commit(
        at(hour * HOUR, action="RUN", source="SDK", user_id=user)
        for hour in range(first_hour, last_hour, step)
    )


async def test_only_what_sent_steadily_and_has_stopped_is_silent(service: Service) -> None:
    room = await a_room(service)
    await send(room, "steady", -240, 0)
    await send(room, "stopped", -240, -8)
    await send(room, "daily", -240, -20, step=24)
    await send(room, "new", -60, -30)
    await room.commit(
        at(hour * HOUR, action="VIEW", source="UI", user_id="person") for hour in range(-240, -30)
    )
    await look(service)
    await look(service)

    story = await room.told()

    [detection] = story.of(TITLE)
    assert dict(detection.grouped) == {"user_id": "stopped"}
    assert detection.reasons == (
        "Nothing for 9.0 h: the last event was at 2026-03-04 03:00:00 UTC.",
        "Before, the longest pause in 14 days was 1 h, with 232 events on 11 days.",
    )
    assert len(story.alerts) == 1


async def test_the_next_silence_is_another_detection(service: Service) -> None:
    room = await a_room(service)
    await send(room, "job", -240, -8)
    await look(service)
    await send(room, "job", 0, 1)
    service.clock.advance(timedelta(hours=30))
    await look(service)

    assert len((await room.told()).of(TITLE)) == 2
