"""Incidents of pagers: what a detection opened there ends when the detection is closed here.

Alerts that go out by themselves join the incident of their detection. Those that went out
together have an incident of their own, which ends with the last of their detections.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.notify.alert import Alert, AlertKind
from trailkeeper.notify.channels.pagerduty import incident_of
from trailkeeper.notify.deliveries import WAITING, DeliveryState, keep_alert, make_due
from trailkeeper.notify.schedule import Slot
from trailkeeper.notify.tables import AlertRow, ChannelRow, DeliveryRow
from trailkeeper.notify.targets import ChannelKind
from trailkeeper.principal import Tenant

CLOSED: Final = "DETECTION_CLOSED: The detection was closed before this was delivered."
REOPENED: Final = "DETECTION_REOPENED: The detection was open again before this was delivered."


async def close_incidents(
    session: AsyncSession, tenant: Tenant, alert: Alert, now: datetime
) -> None:
    """Makes due, at once, the end of each incident that the alert's detection is part of.

    Only of pagers that were told, or may have been; from others what still waits is withdrawn.
    """
    pagers = await _lock_pagers(session, tenant)
    if not pagers:
        return
    rows = await _told_of(session, tenant, pagers, alert.detection_id)
    await _withdraw(session, [row.id for row in rows if row.message is None], CLOSED)
    tried = [row for row in rows if row.message is not None and row.state != DeliveryState.DEAD]
    if not rows:
        return
    # Kept also where nobody was told: incidents of several look at it.
    alert_id = await keep_alert(session, tenant, alert, now)
    ends = [
        (row.channel, key)
        for row in tried
        if (key := await _ended_key(session, tenant, row, alert.detection_id)) is not None
    ]
    await make_due(session, tenant, alert_id, "", ends, Slot(now, is_digest=False), now)


async def withdraw_overtaken(
    session: AsyncSession, tenant: Tenant, channel: str, rows: Sequence[DeliveryRow]
) -> None:
    """Of a pager's deliveries, those that waited until what goes out now made them untrue.

    An incident that ends is not opened by an older try, nor one that opens ended by one. The
    channel MUST be locked.
    """
    first = rows[0]
    older = DeliveryRow.id < (first.message or first.id)
    if not first.recipient:
        detections = await _detections_in(session, tenant, [row.alert for row in rows])
        if len(rows) == 1:
            [detection_id] = detections
            key = incident_of(tenant.organization, detection_id)
            ends = await _waiting(session, tenant, channel, older, DeliveryRow.recipient == key)
            await _withdraw(session, [row.id for row in ends], REOPENED)
        return
    is_trigger = DeliveryRow.recipient == ""
    joined = DeliveryRow.message == first.recipient
    by_message = await _waiting(session, tenant, channel, older, is_trigger, joined)
    [detection_id] = await _detections_in(session, tenant, [first.alert])
    of_detection = AlertRow.detection_id == detection_id
    by_itself = [
        row
        for row in await _waiting(session, tenant, channel, older, is_trigger, of_detection)
        if row.message is None or len(await _members(session, tenant, row)) == 1
    ]
    is_own = first.recipient == incident_of(tenant.organization, detection_id)
    gone = by_itself if is_own else by_message
    await _withdraw(session, [row.id for row in gone], CLOSED)


async def _lock_pagers(session: AsyncSession, tenant: Tenant) -> list[str]:
    """Locked, so that nothing is claimed meanwhile. Also those that are off: they may go on."""
    rows = await session.scalars(
        select(ChannelRow.id)
        .where(tenant.owns(ChannelRow.organization), ChannelRow.kind == ChannelKind.PAGERDUTY)
        .order_by(ChannelRow.id)
        .with_for_update()
    )
    return list(rows)


async def _told_of(
    session: AsyncSession, tenant: Tenant, pagers: Collection[str], detection_id: str
) -> list[DeliveryRow]:
    """Deliveries about the detection, but for those that end an incident."""
    rows = await session.scalars(
        select(DeliveryRow)
        .join(AlertRow, AlertRow.id == DeliveryRow.alert)
        .where(
            tenant.owns(AlertRow.organization),
            AlertRow.detection_id == detection_id,
            DeliveryRow.channel.in_(pagers),
            DeliveryRow.recipient == "",
        )
        .order_by(DeliveryRow.id)
    )
    return list(rows)


async def _ended_key(
    session: AsyncSession, tenant: Tenant, row: DeliveryRow, detection_id: str
) -> str | None:
    """The incident that a delivery opened; None where another detection keeps it open."""
    members = await _members(session, tenant, row)
    if len(members) == 1:
        return incident_of(tenant.organization, detection_id)
    others = await _detections_in(session, tenant, members) - {detection_id}
    return row.message if await _are_closed(session, tenant, others) else None


async def _members(session: AsyncSession, tenant: Tenant, row: DeliveryRow) -> list[str]:
    """The alerts that go out in the same message."""
    rows = await session.scalars(
        select(DeliveryRow.alert).where(
            tenant.owns(DeliveryRow.organization),
            DeliveryRow.channel == row.channel,
            DeliveryRow.message == row.message,
        )
    )
    return list(rows)


async def _detections_in(
    session: AsyncSession, tenant: Tenant, alerts: Collection[str]
) -> set[str]:
    rows = await session.scalars(
        select(AlertRow.detection_id).where(
            tenant.owns(AlertRow.organization), AlertRow.id.in_(alerts)
        )
    )
    return set(rows)


async def _are_closed(session: AsyncSession, tenant: Tenant, detections: Collection[str]) -> bool:
    """Whether the last that was told of each is that it was closed."""
    rows = await session.execute(
        select(AlertRow.detection_id, AlertRow.content)
        .where(tenant.owns(AlertRow.organization), AlertRow.detection_id.in_(detections))
        .order_by(AlertRow.created_at, AlertRow.id)
    )
    last: defaultdict[str, str] = defaultdict(str)
    for detection_id, content in rows:
        last[detection_id] = content["what"]
    return all(last[each] == AlertKind.CLOSED for each in detections)


async def _waiting(
    session: AsyncSession, tenant: Tenant, channel: str, *conditions: ColumnElement[bool]
) -> list[DeliveryRow]:
    rows = await session.scalars(
        select(DeliveryRow)
        .join(AlertRow, AlertRow.id == DeliveryRow.alert)
        .where(
            tenant.owns(DeliveryRow.organization),
            DeliveryRow.channel == channel,
            DeliveryRow.state.in_(WAITING),
            *conditions,
        )
    )
    return list(rows)


async def _withdraw(session: AsyncSession, deliveries: Collection[str], why: str) -> None:
    """Dead, with the reason in sight; nobody is told of these."""
    await session.execute(
        update(DeliveryRow)  # tenant-scope: deliveries that were just read within a tenant
        .where(DeliveryRow.id.in_(deliveries), DeliveryRow.state.in_(WAITING))
        .values(state=DeliveryState.DEAD, error=why)
    )
