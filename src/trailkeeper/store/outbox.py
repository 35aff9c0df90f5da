"""Events of the service itself, written in the transaction of what they tell about.

A room below capture cannot call it; it leaves a job row instead, and capture delivers the
event to the organization's log. The row names the event's id, so it is stored once, however
often the delivery is tried.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.principal import Tenant
from trailkeeper.store.jobs import NewJob, enqueue, enqueue_all

RECORD_EVENT: Final = "record_event"


async def record_later(
    session: AsyncSession, tenant: Tenant, event: Mapping[str, Any], *, event_id: str, now: datetime
) -> None:
    """Queues an event (fields of `NewEvent`, JSON-ready) for the organization's own log.

    MUST be called in the transaction that makes the change which the event reports.
    """
    job = OwnEvent(tenant, event_id, event, now).to_job()
    await enqueue(
        session,
        job.kind,
        job.payload,
        now=now,
        organization=job.organization,
        dedupe_key=job.dedupe_key,
    )


@dataclass(frozen=True, slots=True)
class OwnEvent:
    """An event of the service itself that waits for its transaction."""

    tenant: Tenant
    event_id: str
    event: Mapping[str, Any]
    at: datetime
    size_bytes: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size_bytes", len(msgspec.json.encode(self.event)))

    def to_job(self) -> NewJob:
        return NewJob(
            RECORD_EVENT,
            {
                "timestamp": self.at.isoformat(),
                "source": "SYSTEM",
                **self.event,
                "id": self.event_id,
            },
            organization=self.tenant.organization,
            dedupe_key=f"{RECORD_EVENT}:{self.tenant.organization}:{self.event_id}",
            at=self.at,
        )


async def record_all_later(session: AsyncSession, events: Sequence[OwnEvent]) -> None:
    """Queues many events at once, of any organizations. One that is queued already stays."""
    await enqueue_all(session, [each.to_job() for each in events])
