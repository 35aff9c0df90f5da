"""A history read from the log is the one that was kept up event by event."""

from __future__ import annotations

import random
from dataclasses import replace

from tests.detect.service.room import NODE, Room, a_room, at, failed
from tests.engine import Service
from trailkeeper.detect.detection import to_micros
from trailkeeper.detect.profile_failures import Failures, failure_of, is_failure, load_failures
from trailkeeper.detect.profile_load import load_exports, load_people
from trailkeeper.detect.profiles import Exports, Person
from trailkeeper.event import NodeSeq, OrganizationId, StoredEvent
from trailkeeper.principal import Tenant, system_tenant

PLACES = ((52.5, 13.25, "DE", "Berlin"), (38.75, -9.0, "PT", "Lisbon"), (None, None, "", ""))


def tenant_of(room: Room) -> Tenant:
    return system_tenant(OrganizationId(room.organization))


def some_events(rng: random.Random, count: int) -> list[StoredEvent]:
    """Two persons' doings, in no order, some of them failed, some from nowhere."""
    events = []
    for _ in range(count):
        latitude, longitude, country, city = rng.choice(PLACES)
        events.append(
            at(
                # Some long before 1970.
                rng.choice((rng.uniform(-90_000, 0), rng.uniform(-32_000_000, -30_000_000))),
                action=rng.choice(("LOGIN", "VIEW", "EXPORT", "DELETE")),
                resource_type=rng.choice(("USER", "MODEL")),
                status=rng.choice(("SUCCESS", "SUCCESS", "FAILED")),
                user_id=rng.choice(("ann", "bob", "")),
                ip_address=rng.choice(("::ffff:203.0.113.7", "2001:db8::7")),
                latitude=latitude,
                longitude=longitude,
                country=country,
                city=city,
                details=rng.choice(("{}", '{"rows":70}', '{"rows":7}', '{"rows":"x"}')),
            )
        )
    return events


async def test_people(service: Service) -> None:
    room = await a_room(service)
    events = some_events(random.Random(3), 400)
    await room.commit(events)
    half = 250
    for upto in (half, len(events)):
        kept = {"ann": Person(), "bob": Person(), "new": Person()}
        for event in events[:upto]:
            if event.user_id:
                kept[event.user_id].add(event, to_micros(event.timestamp))
        loaded = await load_people(
            service.services.engine, tenant_of(room), list(kept), {NODE: NodeSeq(upto)}
        )
        assert loaded == {user: replace(person, day=-1) for user, person in kept.items()}


async def test_failures_and_exports(service: Service) -> None:
    room = await a_room(service)
    tries = [failed(each, f"203.0.113.{each % 3}", f"p{each % 2}@acme.io") for each in range(150)]
    exports = [
        at(150, action="EXPORT", user_id="ann", details=f'{{"rows":{rows}}}') for rows in (5, 9)
    ]
    await room.commit([*tries, *exports])
    engine, places = service.services.engine, {NODE: NodeSeq(room.seq)}

    loaded = await load_failures(engine, tenant_of(room), places)

    kept = Failures()
    for event in tries:
        assert is_failure(event)
        kept.add(failure_of(event, to_micros(event.timestamp)))
    start, end = to_micros(at(95).timestamp), to_micros(at(150).timestamp)
    for address in ("203.0.113.0", "203.0.113.1", "203.0.113.2"):
        assert loaded.of_address(address, start, end) == kept.of_address(address, start, end)
        assert loaded.of_address(address, start, end)
    assert loaded.of_account("P1@acme.io", start, end) == kept.of_account("p1@acme.io", start, end)
    assert await load_exports(engine, tenant_of(room), places) == Exports(2, 9)
    assert await load_exports(engine, tenant_of(room), {NODE: NodeSeq(0)}) == Exports()
