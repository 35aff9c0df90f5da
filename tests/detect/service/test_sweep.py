"""Events that come too late to be seen live are found by the sweep, and change no identity."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from tests.detect.service.room import FAILED, Room, a_room, failed, moment_of
from tests.engine import Service
from trailkeeper.detect.sweep import sweep_late_days
from trailkeeper.detect.tables import LateDayRow


async def late_days(service: Service) -> int:
    async with service.services.metadata.reading() as session:
        return await session.scalar(select(func.count()).select_from(LateDayRow)) or 0


async def sweep(service: Service) -> int:
    services = service.services
    return await sweep_late_days(services.engine, services.metadata, services.clock)


async def late(room: Room, minutes: list[float], address: str) -> None:
    """Events of then that are received now, hours later."""
    now = moment_of(600)
    await room.commit(
        failed(minute, address, f"at-{address}@acme.io", received_at=now) for minute in minutes
    )


async def test_what_came_late_is_found_when_its_day_has_come_to_rest(service: Service) -> None:
    room = await a_room(service)
    follower = room.follower()
    await room.commit([failed(599, "192.0.2.1")])
    await follower.catch_up()
    await late(room, [0, 1, 2, 3, 4, 5, 6], "203.0.113.7")
    await follower.catch_up()
    assert (await room.told()).detections == []
    assert await late_days(service) == 1
    assert await sweep(service) == 0
    service.clock.advance(timedelta(minutes=3))
    assert await sweep(service) == 1

    story = await room.told()

    [detection] = story.of(FAILED)
    assert (detection.count, detection.state) == (7, "open")
    assert [alert["what"] for alert in story.alerts] == ["opened"]
    assert await late_days(service) == 0
    assert await sweep(service) == 0


async def test_late_events_of_a_known_detection_join_it_under_the_same_id(
    service: Service,
) -> None:
    room = await a_room(service)
    follower = room.follower()
    await room.commit(failed(10 + each, "203.0.113.7") for each in range(6))
    await room.commit([failed(599, "192.0.2.1")])
    await follower.catch_up()
    [before] = (await room.told()).of(FAILED)
    await late(room, [5 + each / 10 for each in range(8)], "203.0.113.7")
    await follower.catch_up()
    service.clock.advance(timedelta(minutes=3))
    await sweep(service)

    story = await room.told()

    [after] = story.of(FAILED)
    assert (after.id, after.count) == (before.id, 14)
    assert after.first_at == moment_of(5)
    assert after.key != before.key
    assert [alert["what"] for alert in story.alerts] == ["opened"]


async def test_a_sweep_of_what_was_seen_live_changes_nothing(service: Service) -> None:
    room = await a_room(service)
    follower = room.follower()
    await room.commit(failed(each / 2, f"203.0.113.{each % 3}") for each in range(60))
    await room.commit([failed(599, "192.0.2.1")])
    await follower.catch_up()
    before = await room.told()
    await late(room, [1], "192.0.2.2")
    await follower.catch_up()
    service.clock.advance(timedelta(minutes=3))
    assert await sweep(service) == 1

    after = await room.told()

    assert len(before.detections) >= 3
    assert after == before
