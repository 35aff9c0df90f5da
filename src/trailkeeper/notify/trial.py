"""The test button: one message, at once, and what the far end said to it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.organizations import get_organization
from trailkeeper.access.trail import Requester, record
from trailkeeper.errors import TooManyRequests, Unprocessable
from trailkeeper.ids import new_event_id
from trailkeeper.notify.bucket import Bucket
from trailkeeper.notify.channel_changes import (
    NOTIFICATION_CHANNEL,
    Channel,
    channel_row,
    to_channel,
)
from trailkeeper.notify.channels.base import ChannelError
from trailkeeper.notify.channels.in_app import put_in_inboxes
from trailkeeper.notify.channels.open import open_target, target_owner
from trailkeeper.notify.deliveries import keep_alert
from trailkeeper.notify.message import Message, alert_for_test
from trailkeeper.notify.notifier import Notifier
from trailkeeper.notify.targets import ChannelKind, SealedTarget
from trailkeeper.principal import Principal
from trailkeeper.store.metadata import Metadata


@dataclass(frozen=True, slots=True)
class Trial:
    """`said` is the far end's own answer, shortened; `error` a code where it was not taken."""

    is_delivered: bool
    response_code: int | None
    said: str
    error: str | None
    elapsed_ms: int


async def try_channel(
    notifier: Notifier, principal: Principal, requester: Requester, channel_id: str
) -> Trial:
    """Sends a test message through a channel, also one that is off; on the record.

    Raises NotFound(CHANNEL_NOT_FOUND), TooManyRequests(CHANNEL_BUSY), Unavailable, and
    Unprocessable(TEST_NEEDS_RECIPIENT) where mail or inbox have nobody to go to.
    """
    metadata, tenant = notifier.metadata, principal.tenant
    async with metadata.transaction() as session:
        row = await channel_row(session, tenant, channel_id)
        channel = to_channel(row)
        owner = target_owner(tenant.organization, channel.id)
        sealed = open_target(notifier.sealer, owner, row.sealed_target)
        recipient = _recipient(channel, principal)
        bucket = Bucket(row.per_minute, row.tokens, row.tokens_at).refilled(notifier.clock())
        if bucket.is_empty:
            raise TooManyRequests("CHANNEL_BUSY", "This channel is at its rate: wait a little.")
        row.tokens, row.tokens_at = bucket.taken().tokens, bucket.at
        message = await _message(session, notifier, principal, channel, recipient)
    began = time.perf_counter()
    if channel.kind is ChannelKind.IN_APP:
        trial = await _put(metadata, notifier, principal, message)
    else:
        trial = await _send(notifier, sealed, message, began)
    async with metadata.transaction() as session:
        await record(
            session,
            tenant,
            requester,
            "TEST",
            now=notifier.clock(),
            resource_type=NOTIFICATION_CHANNEL,
            resource_id=channel.id,
            resource_name=channel.name,
            details={"is_delivered": trial.is_delivered, "response_code": trial.response_code},
        )
    return trial


def _recipient(channel: Channel, principal: Principal) -> str:
    """Whoever presses the button; for a key the first address of the channel."""
    if channel.kind is ChannelKind.EMAIL:
        found = principal.email or next(iter(channel.to), "")
    elif channel.kind is ChannelKind.IN_APP:
        found = principal.user_id
    else:
        return ""
    if not found:
        raise Unprocessable(
            "TEST_NEEDS_RECIPIENT",
            "The test would go to whoever asks for it, and an API key is nobody.",
            hint="Press the button as a signed-in person, or give the channel an address.",
        )
    return found


async def _message(
    session: AsyncSession,
    notifier: Notifier,
    principal: Principal,
    channel: Channel,
    recipient: str,
) -> Message:
    now = notifier.clock()
    organization = await get_organization(session, principal.organization)
    return Message(
        id=new_event_id(),
        organization=organization.name,
        alerts=(alert_for_test(principal.organization, channel.name, now),),
        more=0,
        public_url=notifier.public_url,
        created_at=now,
        sent_at=now,
        recipient=recipient,
    )


async def _send(notifier: Notifier, sealed: SealedTarget, message: Message, began: float) -> Trial:
    try:
        receipt = await notifier.ways.open(sealed, message.sent_at).send(message)
    except ChannelError as error:
        return Trial(False, error.status, error.detail, error.code, _since(began))
    return Trial(True, receipt.code, receipt.said, None, _since(began))


async def _put(
    metadata: Metadata, notifier: Notifier, principal: Principal, message: Message
) -> Trial:
    began = time.perf_counter()
    now = notifier.clock()
    [alert] = message.alerts
    async with metadata.transaction() as session:
        alert_id = await keep_alert(session, principal.tenant, alert, now)
        await put_in_inboxes(session, principal.tenant, alert_id, alert, [principal.user_id], now)
    return Trial(True, None, "It is in your inbox.", None, _since(began))


def _since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)
