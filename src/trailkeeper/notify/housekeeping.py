"""What was told long ago is forgotten: the detections themselves stay."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.notify.tables import AlertRow, DeliveryRow, EscalationRow, NotificationRow

KEPT_FOR: Final = timedelta(days=90)


async def forget_old_notifications(session: AsyncSession, now: datetime) -> None:
    """Alerts with their deliveries and inbox lines, in whatever state, after 90 days.

    In one transaction: a delivery is made with its alert and goes with it.
    """
    before = now - KEPT_FOR
    await session.execute(
        delete(DeliveryRow).where(  # tenant-scope: housekeeping of the whole table
            DeliveryRow.created_at < before
        )
    )
    await session.execute(
        delete(NotificationRow).where(  # tenant-scope: housekeeping of the whole table
            NotificationRow.created_at < before
        )
    )
    await session.execute(
        delete(EscalationRow).where(  # tenant-scope: housekeeping of the whole table
            EscalationRow.due_at < before
        )
    )
    await session.execute(
        delete(AlertRow).where(  # tenant-scope: housekeeping of the whole table
            AlertRow.created_at < before
        )
    )
