"""An organization on a service in the process, its events written as capture would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.detect.service.demo import Story, told
from tests.engine import NOON, Service, an_event, insert
from trailkeeper.detect.follow import DetectFollower
from trailkeeper.event import NodeId, StoredEvent
from trailkeeper.store.heads import CommittedHeads

NODE = NodeId(900)
FAILED = "Many failed logins from one address"


@dataclass
class Room:
    """Commits events to a stream of its own, and detects them with followers that it makes."""

    service: Service
    organization: str
    token: str
    seq: int = 0
    events: list[StoredEvent] = field(default_factory=list)

    def follower(self) -> DetectFollower:
        """One that has just been started: it remembers nothing."""
        services = self.service.services
        heads = CommittedHeads(services.engine)
        return DetectFollower(
            services.engine, heads, services.metadata, self.service.clock, lambda: True
        )

    async def commit(self, events: Iterable[StoredEvent]) -> None:
        batch = list(events)
        for event in batch:
            self.seq += 1
            event.organization = self.organization
            event.node, event.node_seq = NODE, self.seq
        self.events += batch
        await insert(self.service.services.engine, batch)

    async def told(self) -> Story:
        return await told(self.service, self.organization)


async def a_room(service: Service, **settings: Any) -> Room:
    organization, token = await service.new_organization(**settings)
    return Room(service, organization, token)


def failed(
    minute: float, address: str = "203.0.113.7", email: str = "ann@acme.io", **changes: Any
) -> StoredEvent:
    """A failed sign-in so many minutes after noon."""
    return at(
        minute,
        action="LOGIN_FAILED",
        status="FAILED",
        user_email=email,
        ip_address=f"::ffff:{address}",
        **changes,
    )


def at(minute: float, **changes: Any) -> StoredEvent:
    moment = moment_of(minute)
    return an_event(
        **{
            "timestamp": moment,
            "received_at": moment,
            "local_hour": moment.hour,
            "local_weekday": moment.isoweekday(),
            **changes,
        }
    )


def moment_of(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)
