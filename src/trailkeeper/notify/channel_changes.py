"""Channels: made, changed, listed, deleted; each change is on the record, no secret is."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.organization_settings import checked_name
from trailkeeper.access.people.lock import lock_people
from trailkeeper.access.seal import Sealer
from trailkeeper.access.trail import Requester, record
from trailkeeper.errors import BadRequest, Conflict, NotFound
from trailkeeper.notify.bucket import Bucket
from trailkeeper.notify.channels.open import open_target, seal_target, target_owner
from trailkeeper.notify.deliveries import DELIVERIES, DeliveryState
from trailkeeper.notify.setting_changes import list_settings
from trailkeeper.notify.tables import ChannelRow, DeliveryRow
from trailkeeper.notify.targets import (
    ChannelKind,
    SealedTarget,
    Target,
    WebhookTarget,
    checked_target,
    kind_of,
    new_webhook_secret,
    shown_of,
)
from trailkeeper.principal import Tenant
from trailkeeper.store.base import by_id
from trailkeeper.store.metadata import announce

NOTIFICATION_CHANNEL: Final = "NOTIFICATION_CHANNEL"
ID_BYTES: Final = 8
MAX_CHANNELS: Final = 50
UNDELIVERED: Final = (DeliveryState.READY, DeliveryState.FAILED, DeliveryState.SENDING)

PER_MINUTE: Final[dict[ChannelKind, int]] = {
    ChannelKind.EMAIL: 60,
    ChannelKind.IN_APP: 600,
    ChannelKind.MATTERMOST: 60,
    ChannelKind.PAGERDUTY: 60,
    ChannelKind.SLACK: 60,
    ChannelKind.TEAMS: 30,
    ChannelKind.WEBHOOK: 300,
}
"""Calls in a minute, unless told. Slack takes about one a second."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to tell. `hint` is the host of what is called, `to` are addresses of mail.

    `held_until`: nothing is sent before, because the far end or the rate said so.
    """

    id: str
    name: str
    kind: ChannelKind
    hint: str | None
    to: list[str]
    is_enabled: bool
    per_minute: int
    held_until: datetime | None
    created_by: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class IssuedChannel:
    """A channel, with the secret of a webhook where it is shown: once."""

    channel: Channel
    secret: str | None = field(repr=False)


async def list_channels(session: AsyncSession, tenant: Tenant) -> list[Channel]:
    """All of the organization, the oldest first."""
    rows = await session.scalars(
        select(ChannelRow)
        .where(tenant.owns(ChannelRow.organization))
        .order_by(ChannelRow.created_at, ChannelRow.id)
    )
    return [to_channel(row) for row in rows]


async def get_channel(session: AsyncSession, tenant: Tenant, channel_id: str) -> Channel:
    """Raises NotFound(CHANNEL_NOT_FOUND)."""
    return to_channel(await channel_row(session, tenant, channel_id, is_locked=False))


async def create_channel(
    session: AsyncSession,
    sealer: Sealer,
    tenant: Tenant,
    requester: Requester,
    name: str,
    target: Target,
    *,
    created_by: str,
    per_minute: int | None = None,
    is_enabled: bool = True,
    now: datetime,
) -> IssuedChannel:
    """Raises BadRequest (INVALID_NAME, INVALID_CHANNEL), Conflict(TOO_MANY_CHANNELS)."""
    await lock_people(session, tenant)
    checked = checked_target(target)
    count = await session.scalar(
        select(func.count()).select_from(ChannelRow).where(tenant.owns(ChannelRow.organization))
    )
    if (count or 0) >= MAX_CHANNELS:
        raise Conflict("TOO_MANY_CHANNELS", f"An organization has at most {MAX_CHANNELS} of them.")
    channel_id = secrets.token_hex(ID_BYTES)
    kind = kind_of(checked)
    owner = target_owner(tenant.organization, channel_id)
    rate = per_minute or PER_MINUTE[kind]
    row = ChannelRow(
        id=channel_id,
        organization=tenant.organization,
        name=checked_name(name),
        kind=kind,
        shown=shown_of(checked),
        sealed_target=seal_target(sealer, owner, SealedTarget(checked)),
        is_enabled=is_enabled,
        per_minute=rate,
        tokens=Bucket(rate, 0, now).capacity,
        tokens_at=now,
        created_by=created_by,
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    await session.flush()
    await record(
        session,
        tenant,
        requester,
        "CREATE",
        now=now,
        resource_type=NOTIFICATION_CHANNEL,
        resource_id=row.id,
        resource_name=row.name,
        details={"kind": str(kind), "shown": row.shown, "is_enabled": is_enabled},
    )
    is_made = isinstance(target, WebhookTarget) and target.secret is None
    return IssuedChannel(to_channel(row), _secret(checked) if is_made else None)


async def change_channel(
    session: AsyncSession,
    sealer: Sealer,
    tenant: Tenant,
    requester: Requester,
    channel_id: str,
    *,
    now: datetime,
    name: str | UnsetType = UNSET,
    is_enabled: bool | UnsetType = UNSET,
    per_minute: int | UnsetType = UNSET,
    target: Target | UnsetType = UNSET,
) -> Channel:
    """Changes what is given; `target` as a whole, but a webhook keeps its secret unless told.

    Raises NotFound(CHANNEL_NOT_FOUND), BadRequest (INVALID_NAME, INVALID_CHANNEL).
    """
    await lock_people(session, tenant)
    row = await channel_row(session, tenant, channel_id)
    before = _told(row)
    if name is not UNSET:
        row.name = checked_name(name)
    if is_enabled is not UNSET:
        row.is_enabled = is_enabled
    if per_minute is not UNSET:
        row.per_minute = per_minute
    is_target_replaced = target is not UNSET
    if target is not UNSET:
        _replace_target(row, sealer, target)
    if _told(row) == before and not is_target_replaced:
        return to_channel(row)
    if is_target_replaced or per_minute is not UNSET:
        # What was held for the old far end or rate may go.
        row.held_until = None
    row.updated_at = now
    await session.flush()
    await record(
        session,
        tenant,
        requester,
        "UPDATE",
        now=now,
        resource_type=NOTIFICATION_CHANNEL,
        resource_id=row.id,
        resource_name=row.name,
        details={"target_replaced": True} if is_target_replaced else {},
        changes={key: (before[key], value) for key, value in _told(row).items()},
    )
    announce(session, DELIVERIES)
    return to_channel(row)


async def rotate_secret(
    session: AsyncSession,
    sealer: Sealer,
    tenant: Tenant,
    requester: Requester,
    channel_id: str,
    *,
    overlap: timedelta,
    now: datetime,
) -> IssuedChannel:
    """A new secret for a webhook; for `overlap` the one before signs as well.

    Raises NotFound(CHANNEL_NOT_FOUND), Conflict(CHANNEL_HAS_NO_SECRET).
    """
    row = await channel_row(session, tenant, channel_id)
    owner = target_owner(row.organization, row.id)
    target = open_target(sealer, owner, row.sealed_target).target
    if not isinstance(target, WebhookTarget):
        raise Conflict("CHANNEL_HAS_NO_SECRET", "Only a webhook has a secret of ours to rotate.")
    renewed = WebhookTarget(target.url, new_webhook_secret())
    until = now + overlap
    row.sealed_target = seal_target(sealer, owner, SealedTarget(renewed, target.secret, until))
    row.updated_at = now
    await session.flush()
    await record(
        session,
        tenant,
        requester,
        "ROTATE",
        now=now,
        resource_type=NOTIFICATION_CHANNEL,
        resource_id=row.id,
        resource_name=row.name,
        details={"previous_until": until.isoformat()},
    )
    return IssuedChannel(to_channel(row), renewed.secret)


async def delete_channel(
    session: AsyncSession, tenant: Tenant, requester: Requester, channel_id: str, now: datetime
) -> None:
    """What was still to be sent is dead. Raises NotFound(CHANNEL_NOT_FOUND),
    Conflict(CHANNEL_IN_USE) where an alert setting names it.
    """
    await lock_people(session, tenant)
    row = await channel_row(session, tenant, channel_id)
    users = [
        each.name
        for each in await list_settings(session, tenant)
        if channel_id in each.plan.channels
        or (each.plan.escalation is not None and channel_id in each.plan.escalation.channels)
    ]
    if users:
        raise Conflict("CHANNEL_IN_USE", f"Alert settings use it: {', '.join(users[:10])}.")
    await session.execute(
        update(DeliveryRow)
        .where(
            tenant.owns(DeliveryRow.organization),
            DeliveryRow.channel == channel_id,
            DeliveryRow.state.in_(UNDELIVERED),
        )
        .values(
            state=DeliveryState.DEAD,
            lease_expires_at=None,
            error="CHANNEL_DELETED: The channel was deleted.",
        )
    )
    await session.delete(row)
    await session.flush()
    await record(
        session,
        tenant,
        requester,
        "DELETE",
        now=now,
        resource_type=NOTIFICATION_CHANNEL,
        resource_id=row.id,
        resource_name=row.name,
        details={"kind": row.kind, "shown": row.shown},
    )


async def channel_row(
    session: AsyncSession, tenant: Tenant, channel_id: str, *, is_locked: bool = True
) -> ChannelRow:
    """The row, locked until the transaction's end unless told. Raises NotFound as above."""
    rows = select(ChannelRow).where(tenant.owns(ChannelRow.organization))
    row = await by_id(
        session, rows.with_for_update() if is_locked else rows, ChannelRow.id, channel_id
    )
    if row is None:
        raise NotFound("CHANNEL_NOT_FOUND", "There is no such channel.")
    return row


def to_channel(row: ChannelRow) -> Channel:
    return Channel(
        id=row.id,
        name=row.name,
        kind=ChannelKind(row.kind),
        hint=row.shown.get("hint"),
        to=list(row.shown.get("to", [])),
        is_enabled=row.is_enabled,
        per_minute=row.per_minute,
        held_until=row.held_until,
        created_by=row.created_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _replace_target(row: ChannelRow, sealer: Sealer, target: Target) -> None:
    if kind_of(target) != row.kind:
        raise BadRequest(
            "INVALID_CHANNEL",
            f"This channel is of the kind {row.kind}, which stays.",
            hint="Create another channel.",
            field="target.kind",
        )
    owner = target_owner(row.organization, row.id)
    sealed = SealedTarget(target)
    if isinstance(target, WebhookTarget) and target.secret is None:
        kept = open_target(sealer, owner, row.sealed_target)
        assert isinstance(kept.target, WebhookTarget)
        renewed = WebhookTarget(target.url, kept.target.secret)
        sealed = msgspec.structs.replace(kept, target=renewed)
    checked = checked_target(sealed.target)
    row.shown = shown_of(checked)
    row.sealed_target = seal_target(sealer, owner, msgspec.structs.replace(sealed, target=checked))


def _told(row: ChannelRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "is_enabled": row.is_enabled,
        "per_minute": row.per_minute,
        "shown": row.shown,
    }


def _secret(target: Target) -> str | None:
    return target.secret if isinstance(target, WebhookTarget) else None
