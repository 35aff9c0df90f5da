"""Detections about one user: what other rooms ask of them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.detect.detections import ACTIVE
from trailkeeper.detect.tables import DetectionRow
from trailkeeper.principal import Tenant

MAX_LOOKED_AT: Final = 2000
"""Detections that nobody closed; an organization with more looks at none of them."""


async def active_severities(
    session: AsyncSession, tenant: Tenant, user_id: str, email: str
) -> list[str]:
    """The severity of each open or acknowledged detection about the user, the newest first.

    Of the newest `MAX_LOOKED_AT` active ones. Suppressed ones are expected and left out.
    """
    rows = await session.execute(
        select(DetectionRow.severity, DetectionRow.grouped)
        .where(
            tenant.owns(DetectionRow.organization),
            DetectionRow.state.in_(sorted(ACTIVE)),
            DetectionRow.suppressed_by.is_(None),
        )
        .order_by(DetectionRow.opened_at.desc(), DetectionRow.id.desc())
        .limit(MAX_LOOKED_AT)
    )
    meant = {("user_id", user_id)} | ({("user_email", email)} if email else set())
    return [
        severity
        for severity, grouped in rows
        if any((each["field"], each["value"]) in meant for each in grouped)
    ]
