"""What is about an account, on the record of each organization that it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.people.members import memberships_of
from trailkeeper.access.trail import Requester, record
from trailkeeper.event import Status
from trailkeeper.principal import system_tenant


async def record_everywhere(
    session: AsyncSession,
    person_id: str,
    requester: Requester,
    action: str,
    *,
    now: datetime,
    is_by_person: bool,
    status: Status = Status.SUCCESS,
    details: Mapping[str, Any] | None = None,
) -> None:
    """One event about the user in each organization where the person is active.

    `is_by_person`: they have proven who they are, and are the event's actor; otherwise nobody
    is.
    """
    for member in await memberships_of(session, person_id):
        actor = replace(requester, user_id=member.user_id, email=member.email)
        await record(
            session,
            system_tenant(member.organization),
            actor if is_by_person else replace(requester, user_id="", email=""),
            action,
            now=now,
            resource_type="USER",
            resource_id=member.user_id,
            resource_name=member.name,
            status=status,
            details=details,
        )
