"""Events of the service itself, written in the transaction of what they tell about.

A room below capture cannot call it; it leaves a job row instead, and capture delivers the
event to the organization's log. The row names the event's id, so it is stored once, however
often the delivery is tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.principal import Tenant
from trailkeeper.store.jobs import enqueue

RECORD_EVENT: Final = "record_event"


async def record_later(
    session: AsyncSession, tenant: Tenant, event: Mapping[str, Any], *, event_id: str, now: datetime
) -> None:
    """Queues an event (fields of `NewEvent`, JSON-ready) for the organization's own log.

    MUST be called in the transaction that makes the change which the event reports.
    """
    await enqueue(
        session,
        RECORD_EVENT,
        {"timestamp": now.isoformat(), "source": "SYSTEM", **event, "id": event_id},
        now=now,
        organization=tenant.organization,
        dedupe_key=f"{RECORD_EVENT}:{tenant.organization}:{event_id}",
    )
