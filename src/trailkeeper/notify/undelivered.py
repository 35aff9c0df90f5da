"""What a channel gave up is told in the inboxes of those who can mend it, never through channels.

Once for each channel until it delivers again. Nothing of it is recorded in an organization's
log, so that no rule can find it there.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper import telemetry
from trailkeeper.notify.alert import AlertKind, Severity
from trailkeeper.notify.channels.in_app import put_content
from trailkeeper.notify.deliveries import DeliveryState
from trailkeeper.notify.inbox import Content
from trailkeeper.notify.people import addressees, managing_roles
from trailkeeper.notify.tables import ChannelRow, DeliveryRow
from trailkeeper.notify.text import clean
from trailkeeper.principal import Tenant

LINK: Final = "/settings/channels?tab=deliveries&state=dead"
NEXT: Final = "Alert settings lead nowhere while it fails. Dead deliveries can be retried by hand."


async def tell_of_undelivered(
    session: AsyncSession, tenant: Tenant, channel_id: str, error: str, now: datetime
) -> None:
    """In the transaction that gave a delivery up; `error` is why."""
    name = await session.scalar(
        select(ChannelRow.name).where(
            tenant.owns(ChannelRow.organization), ChannelRow.id == channel_id
        )
    )
    if name is None:
        return
    roles = await managing_roles(session, tenant)
    people = await addressees(session, tenant, [], roles)
    content = Content(
        title=f"The channel {clean(name, 80)} has given up a delivery",
        what=AlertKind.UNDELIVERED,
        severity=Severity.HIGH,
        detection_id="",
        rule_id="",
        rule_title="",
        group="",
        count=0,
        reasons=[clean(error), NEXT],
        link=LINK,
    )
    key = await _failing_since(session, tenant, channel_id)
    await put_content(session, tenant, key, content, [each.user_id for each in people], now)


async def observe_dead(session: AsyncSession) -> None:
    """Tells the metrics how many dead letters stand, of all organizations together."""
    rows = await session.execute(
        select(ChannelRow.kind, func.count())  # tenant-scope: a metric of all organizations
        .join(DeliveryRow, DeliveryRow.channel == ChannelRow.id)
        .where(DeliveryRow.state == DeliveryState.DEAD)
        .group_by(ChannelRow.kind)
    )
    telemetry.DELIVERIES_DEAD.clear()
    for kind, count in rows:
        telemetry.DELIVERIES_DEAD.labels(kind=kind).set(count)


async def _failing_since(session: AsyncSession, tenant: Tenant, channel_id: str) -> str:
    """Names the time since the channel last delivered something: the same until it does again."""
    last = await session.scalar(
        select(func.max(DeliveryRow.sent_at)).where(
            tenant.owns(DeliveryRow.organization), DeliveryRow.channel == channel_id
        )
    )
    named = f"{channel_id} {last.timestamp() if last is not None else 0}"
    return hashlib.sha256(named.encode()).hexdigest()[:36]
