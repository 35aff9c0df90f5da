"""Deliveries: alerts on their way through channels, made by the fan-out, looked at by people."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.errors import BadRequest, Conflict, NotFound
from trailkeeper.ids import new_event_id
from trailkeeper.notify.alert import Alert, from_payload
from trailkeeper.notify.schedule import Slot
from trailkeeper.notify.tables import AlertRow, ChannelRow, DeliveryRow
from trailkeeper.principal import Tenant
from trailkeeper.store.base import insert_into
from trailkeeper.store.metadata import announce

DELIVERIES: Final = "deliveries"
"""Announced with each commit that made something due."""

_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class DeliveryState(StrEnum):
    """`ready`: waits for its turn. `sending`: being handed over, or its process died then.
    `failed`: will be tried again at `next_at`. `dead`: given up, until someone retries it.
    """

    READY = "ready"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    DEAD = "dead"


WAITING: Final = (DeliveryState.READY, DeliveryState.FAILED)
"""States in which a delivery goes out when its time comes."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert through one channel. The channel's name is None where it was deleted."""

    id: str
    channel: str
    channel_name: str | None
    alert: Alert
    recipient: str
    state: DeliveryState
    message: str | None
    attempts: int
    next_at: datetime
    response_code: int | None
    error: str | None
    created_at: datetime
    sent_at: datetime | None


class DeliveryPage(NamedTuple):
    """The newest first. `next_cursor` is None on the last page."""

    items: list[Delivery]
    next_cursor: str | None


async def keep_alert(session: AsyncSession, tenant: Tenant, alert: Alert, now: datetime) -> str:
    """Writes down what is told; returns its id."""
    alert_id = new_event_id()
    session.add(
        AlertRow(
            id=alert_id,
            organization=tenant.organization,
            detection_id=alert.detection_id,
            content=msgspec.to_builtins(alert),
            created_at=now,
        )
    )
    await session.flush()
    return alert_id


async def make_due(
    session: AsyncSession,
    tenant: Tenant,
    alert_id: str,
    setting: str,
    to: Collection[tuple[str, str]],
    slot: Slot,
    now: datetime,
) -> None:
    """Adds deliveries to (channel, recipient), each once for an alert, the soonest slot."""
    rows: list[dict[str, Any]] = [
        {
            "id": new_event_id(),
            "organization": tenant.organization,
            "channel": channel,
            "setting": setting,
            "alert": alert_id,
            "recipient": recipient,
            "state": DeliveryState.READY,
            "is_digest": slot.is_digest,
            "attempts": 0,
            "next_at": slot.at,
            "created_at": now,
        }
        for channel, recipient in dict.fromkeys(to)
    ]
    if not rows:
        return
    statement = insert_into(session, DeliveryRow).values(rows)
    sooner = {"next_at": slot.at, "is_digest": slot.is_digest, "setting": setting}
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["alert", "channel", "recipient"],
            set_=sooner,
            where=DeliveryRow.next_at > slot.at,
        )
    )
    announce(session, DELIVERIES)


async def list_deliveries(
    session: AsyncSession,
    tenant: Tenant,
    *,
    state: DeliveryState | None,
    channel: str | None,
    limit: int,
    cursor: str | None,
) -> DeliveryPage:
    """Raises BadRequest(INVALID_CURSOR)."""
    statement = (
        select(DeliveryRow, AlertRow.content, ChannelRow.name)
        .join(AlertRow, AlertRow.id == DeliveryRow.alert)
        .outerjoin(ChannelRow, ChannelRow.id == DeliveryRow.channel)
        .where(tenant.owns(DeliveryRow.organization))
    )
    if state is not None:
        statement = statement.where(DeliveryRow.state == state)
    if channel is not None:
        statement = statement.where(DeliveryRow.channel == channel.replace("\0", ""))
    if cursor is not None:
        if not _ID.fullmatch(cursor):
            raise BadRequest(
                "INVALID_CURSOR",
                "This is not a cursor of deliveries.",
                hint="Pass `next_cursor` of the page before, unchanged.",
                field="cursor",
            )
        statement = statement.where(DeliveryRow.id < cursor)
    found = (
        await session.execute(statement.order_by(DeliveryRow.id.desc()).limit(limit + 1))
    ).all()
    items = [_to_delivery(row, content, name) for row, content, name in found[:limit]]
    return DeliveryPage(items, items[-1].id if len(found) > limit else None)


async def retry_dead(
    session: AsyncSession, tenant: Tenant, delivery_id: str, now: datetime
) -> Delivery:
    """Gives a dead delivery a fresh start, with all that goes out in the same message, at once:
    also where the channel is held after failures.

    Raises NotFound(DELIVERY_NOT_FOUND), Conflict (DELIVERY_NOT_DEAD, CHANNEL_DELETED).
    """
    found = None
    if _ID.fullmatch(delivery_id):
        found = (
            await session.execute(
                select(DeliveryRow, AlertRow.content, ChannelRow.name)
                .join(AlertRow, AlertRow.id == DeliveryRow.alert)
                .outerjoin(ChannelRow, ChannelRow.id == DeliveryRow.channel)
                .where(tenant.owns(DeliveryRow.organization), DeliveryRow.id == delivery_id)
            )
        ).one_or_none()
    if found is None:
        raise NotFound("DELIVERY_NOT_FOUND", "There is no such delivery.")
    row, content, name = found
    if row.state != DeliveryState.DEAD:
        raise Conflict(
            "DELIVERY_NOT_DEAD", f"This delivery is {row.state}: it needs no retry by hand."
        )
    if name is None:
        raise Conflict("CHANNEL_DELETED", "The channel of this delivery was deleted.")
    is_same = (
        DeliveryRow.message == row.message
        if row.message is not None
        else DeliveryRow.id == delivery_id
    )
    await session.execute(
        update(DeliveryRow)
        .where(
            tenant.owns(DeliveryRow.organization),
            DeliveryRow.state == DeliveryState.DEAD,
            is_same,
        )
        .values(state=DeliveryState.READY, attempts=0, next_at=now, error=None, response_code=None)
    )
    await session.execute(
        update(ChannelRow)
        .where(tenant.owns(ChannelRow.organization), ChannelRow.id == row.channel)
        .values(held_until=None)
    )
    announce(session, DELIVERIES)
    await session.refresh(row)
    return _to_delivery(row, content, name)


def _to_delivery(row: DeliveryRow, content: Any, channel_name: str | None) -> Delivery:
    return Delivery(
        id=row.id,
        channel=row.channel,
        channel_name=channel_name,
        alert=from_payload(content),
        recipient=row.recipient,
        state=DeliveryState(row.state),
        message=row.message,
        attempts=row.attempts,
        next_at=row.next_at,
        response_code=row.response_code,
        error=row.error,
        created_at=row.created_at,
        sent_at=row.sent_at,
    )
