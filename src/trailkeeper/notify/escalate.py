"""Escalation: what nobody acknowledged in time goes on to others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.organizations import get_organization
from trailkeeper.event import OrganizationId
from trailkeeper.notify.alert import AlertKind, from_payload
from trailkeeper.notify.deliveries import keep_alert
from trailkeeper.notify.fanout import Telling
from trailkeeper.notify.fanout import escalate as tell_others
from trailkeeper.notify.setting_changes import list_settings
from trailkeeper.notify.tables import AlertRow, EscalationRow
from trailkeeper.principal import Tenant, system_tenant
from trailkeeper.store.metadata import Metadata

BATCH: Final = 20

IsUnacknowledged = Callable[[AsyncSession, Tenant, str], Awaitable[bool]]
"""Whether a detection is open and nobody has acknowledged it."""


async def escalate_due(
    metadata: Metadata, is_unacknowledged: IsUnacknowledged, now: datetime
) -> int:
    """Judges up to `BATCH` escalations that are due, in one transaction.

    Returns how many those were. Each is judged once: whoever acknowledges later hears nothing
    more of it.
    """
    async with metadata.transaction() as session:
        rows = list(
            await session.scalars(
                select(EscalationRow)  # tenant-scope: the worker serves every organization
                .where(EscalationRow.done_at.is_(None), EscalationRow.due_at <= now)
                .order_by(EscalationRow.due_at)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            )
        )
        for row in rows:
            row.done_at = now
            tenant = system_tenant(OrganizationId(row.organization))
            if await is_unacknowledged(session, tenant, row.detection_id):
                await _escalate(session, tenant, row, now)
    return len(rows)


async def _escalate(
    session: AsyncSession, tenant: Tenant, row: EscalationRow, now: datetime
) -> None:
    organization = await get_organization(session, tenant.organization)
    settings = await list_settings(session, tenant)
    setting = next((each for each in settings if each.id == row.setting), None)
    content = await session.scalar(
        select(AlertRow.content).where(tenant.owns(AlertRow.organization), AlertRow.id == row.alert)
    )
    if setting is None or not setting.is_enabled or content is None:
        return
    escalation = setting.plan.escalation
    if escalation is None:
        return
    alert = from_payload(content)
    why = f"Nobody acknowledged it within {escalation.after_minutes} minutes."
    told = msgspec.structs.replace(
        alert,
        what=AlertKind.ESCALATION,
        reasons=[why, *(each for each in alert.reasons if each != why)],
    )
    alert_id = await keep_alert(session, tenant, told, now)
    telling = Telling(session, tenant, alert_id, told, now, organization.time_zone)
    await tell_others(telling, setting, escalation, settings)
