"""The next message of a channel: claimed before the call, settled after it.

A channel sends one message at a time, whichever process does, and several channels beside each
other: a far end that stalls holds its own channel alone. A claim is a lease; it ends by itself
where the process dies, and the same message is then sent again under the same id.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, CursorResult, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.event import OrganizationId
from trailkeeper.notify.alert import Alert, from_payload
from trailkeeper.notify.bucket import Bucket
from trailkeeper.notify.channels.base import ChannelError, Receipt
from trailkeeper.notify.deliveries import WAITING, DeliveryState
from trailkeeper.notify.incidents import withdraw_overtaken
from trailkeeper.notify.tables import AlertRow, ChannelRow, DeliveryRow
from trailkeeper.notify.targets import ChannelKind
from trailkeeper.notify.undelivered import tell_of_undelivered
from trailkeeper.principal import system_tenant

LEASE: Final = timedelta(minutes=1)
"""Longer than a call may take: mail gives up after 25 s, HTTP after 10 s."""

MAX_TOGETHER: Final = 500
MAX_ATTEMPTS: Final = 30
FIRST_DELAY: Final = timedelta(seconds=5)
LONGEST_DELAY: Final = timedelta(hours=1)
LONGEST_HOLD: Final = timedelta(minutes=1)
MAX_ERROR: Final = 1000
LEASE_EXPIRED: Final = "LEASE_EXPIRED: The last try did not end: its process stopped or hung."


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that is ours to send until `lease_expires_at`; `attempts` counts this one too.

    `is_digest`: it waited on purpose.
    """

    message: str
    organization: OrganizationId
    channel: str
    kind: ChannelKind
    sealed_target: str
    recipient: str
    alerts: tuple[Alert, ...]
    attempts: int
    is_digest: bool
    created_at: datetime
    lease_expires_at: datetime


async def channels_with_work(session: AsyncSession, now: datetime) -> list[str]:
    """Channels that may send now, and have something to."""
    rows = await session.scalars(
        select(DeliveryRow.channel)  # tenant-scope: the worker serves every organization
        .join(ChannelRow, ChannelRow.id == DeliveryRow.channel)
        .where(
            _is_due(now),
            ChannelRow.is_enabled.is_(True),
            or_(ChannelRow.held_until.is_(None), ChannelRow.held_until <= now),
        )
        .distinct()
    )
    return list(rows)


async def claim_next(session: AsyncSession, channel_id: str, now: datetime) -> Claim | None:
    """The message that has been due for longest, marked as being sent.

    None where there is none, another one is on its way, or the channel has to wait.
    """
    channel = await session.scalar(
        select(ChannelRow)  # tenant-scope: the worker serves every organization
        .where(ChannelRow.id == channel_id, ChannelRow.is_enabled.is_(True))
        .with_for_update()
    )
    if channel is None or (channel.held_until is not None and channel.held_until > now):
        return None
    first = await _first_due(session, channel, now)
    if first is None:
        return None
    bucket = Bucket(channel.per_minute, channel.tokens, channel.tokens_at).refilled(now)
    if bucket.is_empty:
        channel.held_until = bucket.next_at
        return None
    rows = await _together(session, first, now, is_last=bucket.is_last)
    if channel.kind == ChannelKind.PAGERDUTY:
        tenant = system_tenant(OrganizationId(channel.organization))
        await withdraw_overtaken(session, tenant, channel_id, rows)
    channel.tokens, channel.tokens_at, channel.held_until = bucket.taken().tokens, now, None
    message, attempts = first.message or first.id, first.attempts + 1
    for row in rows:
        row.state = DeliveryState.SENDING
        row.message = message
        row.attempts = attempts
        row.lease_expires_at = now + LEASE
    await session.flush()
    return await _to_claim(session, channel, rows, message, now)


async def mark_delivered(
    session: AsyncSession, claim: Claim, receipt: Receipt, now: datetime
) -> bool:
    """False where another process has taken over: it settles the message."""
    return await _settle(
        session,
        claim,
        state=DeliveryState.DELIVERED,
        response_code=receipt.code,
        error=receipt.said[:MAX_ERROR] if receipt.code is None and receipt.said else None,
        sent_at=now,
    )


async def mark_failed(
    session: AsyncSession, claim: Claim, error: ChannelError, now: datetime
) -> DeliveryState | None:
    """Tried again later, or dead: for good, or after `MAX_ATTEMPTS`.

    The channel waits along where others would fare alike; who may manage channels hears of what
    is dead. None where another process has taken over.
    """
    is_dead = error.is_permanent or claim.attempts >= MAX_ATTEMPTS
    delay = max(delay_after(claim.attempts), error.retry_after or timedelta(0))
    state = DeliveryState.DEAD if is_dead else DeliveryState.FAILED
    told = f"{error.code}: {error.detail}"[:MAX_ERROR]
    is_settled = await _settle(
        session,
        claim,
        state=state,
        response_code=error.status,
        error=told,
        next_at=now + delay,
    )
    if is_settled and is_dead:
        tenant = system_tenant(claim.organization)
        await tell_of_undelivered(session, tenant, claim.channel, told, now)
    if is_settled and error.holds:
        hold = error.retry_after or min(delay, LONGEST_HOLD)
        await session.execute(
            update(ChannelRow)  # tenant-scope: one channel, by the worker that sends for it
            .where(ChannelRow.id == claim.channel)
            .values(held_until=now + hold)
        )
    return state if is_settled else None


async def release_claims(session: AsyncSession, now: datetime) -> None:
    """Ends all leases. MUST be called only where no other process sends: at the start of one
    that is alone.
    """
    await session.execute(
        update(DeliveryRow)  # tenant-scope: the worker serves every organization
        .where(DeliveryRow.state == DeliveryState.SENDING)
        .values(lease_expires_at=now)
    )


def delay_after(attempts: int) -> timedelta:
    """How long to wait after so many tries: doubling from 5 s to 1 h, up to half of it jitter."""
    delay = min(FIRST_DELAY * (1 << min(attempts - 1, 16)), LONGEST_DELAY)
    return delay * random.uniform(0.5, 1.0)


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(DeliveryRow.state.in_(WAITING), DeliveryRow.next_at <= now),
        and_(DeliveryRow.state == DeliveryState.SENDING, DeliveryRow.lease_expires_at <= now),
    )


async def _first_due(
    session: AsyncSession, channel: ChannelRow, now: datetime
) -> DeliveryRow | None:
    on_its_way = await session.scalar(
        select(DeliveryRow.id)  # tenant-scope: one channel, by the worker that sends for it
        .where(
            DeliveryRow.channel == channel.id,
            DeliveryRow.state == DeliveryState.SENDING,
            DeliveryRow.lease_expires_at > now,
        )
        .limit(1)
    )
    if on_its_way is not None:
        return None
    given_up = await session.execute(
        update(DeliveryRow)  # tenant-scope: one channel, by the worker that sends for it
        .where(
            DeliveryRow.channel == channel.id,
            DeliveryRow.state == DeliveryState.SENDING,
            DeliveryRow.attempts >= MAX_ATTEMPTS,
        )
        .values(state=DeliveryState.DEAD, lease_expires_at=None, error=LEASE_EXPIRED)
        .returning(DeliveryRow.id)
    )
    if given_up.first() is not None:
        tenant = system_tenant(OrganizationId(channel.organization))
        await tell_of_undelivered(session, tenant, channel.id, LEASE_EXPIRED, now)
    return await session.scalar(
        select(DeliveryRow)  # tenant-scope: one channel, by the worker that sends for it
        .where(DeliveryRow.channel == channel.id, _is_due(now))
        .order_by(DeliveryRow.next_at, DeliveryRow.id)
        .limit(1)
    )


async def _together(
    session: AsyncSession, first: DeliveryRow, now: datetime, *, is_last: bool
) -> list[DeliveryRow]:
    """What goes out with the first: the same message as before, the digest, or by itself.

    With the channel's last token goes all that waits for this recipient: the rate bounds the
    calls, and nothing is dropped.
    """
    if first.message is not None:
        condition: ColumnElement[bool] = DeliveryRow.message == first.message
    elif first.is_digest or is_last:
        condition = and_(
            DeliveryRow.message.is_(None),
            DeliveryRow.recipient == first.recipient,
            DeliveryRow.state == DeliveryState.READY,
            DeliveryRow.next_at <= now,
        )
        if not is_last:
            condition = and_(condition, DeliveryRow.is_digest.is_(True))
    else:
        return [first]
    rows = await session.scalars(
        select(DeliveryRow)  # tenant-scope: one channel, by the worker that sends for it
        .where(DeliveryRow.channel == first.channel, condition)
        .order_by(DeliveryRow.next_at, DeliveryRow.id)
        .limit(MAX_TOGETHER)
    )
    return list(rows)


async def _to_claim(
    session: AsyncSession,
    channel: ChannelRow,
    rows: Sequence[DeliveryRow],
    message: str,
    now: datetime,
) -> Claim:
    contents = await session.execute(
        select(AlertRow.id, AlertRow.content).where(  # tenant-scope: alerts of claimed deliveries
            AlertRow.id.in_([row.alert for row in rows])
        )
    )
    known: dict[str, Any] = {row.id: row.content for row in contents}
    in_order = sorted(rows, key=lambda row: row.id)
    return Claim(
        message=message,
        organization=OrganizationId(channel.organization),
        channel=channel.id,
        kind=ChannelKind(channel.kind),
        sealed_target=channel.sealed_target,
        recipient=rows[0].recipient,
        alerts=tuple(from_payload(known[row.alert]) for row in in_order),
        attempts=rows[0].attempts,
        is_digest=any(row.is_digest for row in rows),
        created_at=min(row.created_at for row in rows),
        lease_expires_at=now + LEASE,
    )


async def _settle(session: AsyncSession, claim: Claim, **values: Any) -> bool:
    # The channel first, as a claim does: whoever locks in another order may wait for ever.
    await session.execute(
        select(ChannelRow.id)  # tenant-scope: one channel, by the worker that sends for it
        .where(ChannelRow.id == claim.channel)
        .with_for_update()
    )
    result = await session.execute(
        update(DeliveryRow)  # tenant-scope: one message, by the worker that claimed it
        .where(
            DeliveryRow.message == claim.message,
            DeliveryRow.channel == claim.channel,
            DeliveryRow.state == DeliveryState.SENDING,
            DeliveryRow.attempts == claim.attempts,
        )
        .values(lease_expires_at=None, **values)
    )
    return isinstance(result, CursorResult) and result.rowcount > 0
