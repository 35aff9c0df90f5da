"""Sessions on the record: how they began, and how they ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.people.tables import MemberRow
from trailkeeper.access.signin.tables import SessionRow
from trailkeeper.access.trail import Requester, record
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Tenant, system_tenant


async def record_login(
    session: AsyncSession,
    tenant: Tenant,
    member: MemberRow,
    requester: Requester,
    details: Mapping[str, Any],
    now: datetime,
) -> None:
    await record(
        session,
        tenant,
        replace(requester, user_id=member.user_id, email=member.email),
        "LOGIN",
        now=now,
        resource_type="USER",
        resource_id=member.user_id,
        resource_name=member.name,
        details=details,
    )


async def record_logout(
    session: AsyncSession,
    row: SessionRow,
    requester: Requester,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """In the organization that the session was in, under the id that the person has there."""
    await record(
        session,
        system_tenant(OrganizationId(row.organization)),
        replace(requester, user_id=row.user_id),
        "LOGOUT",
        now=now,
        resource_type="USER",
        resource_id=row.user_id,
        details={**_told(row), **(details or {})},
    )


async def record_revoke(
    session: AsyncSession, tenant: Tenant, row: SessionRow, requester: Requester, now: datetime
) -> None:
    """Somebody ended another person's session."""
    await record(
        session,
        tenant,
        requester,
        "REVOKE",
        now=now,
        resource_type="SESSION",
        resource_id=row.id,
        resource_name=row.device,
        details={"user_id": row.user_id, **_told(row)},
    )


def _told(row: SessionRow) -> dict[str, str]:
    return {"session": row.id, "address": row.address, "began_at": row.created_at.isoformat()}
