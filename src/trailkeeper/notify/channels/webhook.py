"""Any receiver: JSON with a signature of Standard Webhooks (version 1, symmetric).

`webhook-id` is the message's id, the same for each try; `webhook-timestamp` is the try's moment.
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from trailkeeper.notify.alert import Alert, AlertKind, to_payload
from trailkeeper.notify.channels.base import Receipt, post
from trailkeeper.notify.message import Message
from trailkeeper.notify.targets import SealedTarget, WebhookTarget, secret_bytes
from trailkeeper.outbound.http import OutboundClient

DIGEST: Final = "detection.digest"
TEST: Final = "channel.test"


@dataclass(frozen=True)
class WebhookChannel:
    outbound: OutboundClient
    target: WebhookTarget
    secrets: tuple[str, ...]

    @classmethod
    def open(cls, outbound: OutboundClient, sealed: SealedTarget, now: datetime) -> WebhookChannel:
        """While a secret is being rotated, both sign."""
        assert isinstance(sealed.target, WebhookTarget)
        found = [sealed.target.secret or ""]
        is_overlap = sealed.previous_until is not None and sealed.previous_until > now
        if is_overlap and sealed.previous_secret is not None:
            found.append(sealed.previous_secret)
        return cls(outbound, sealed.target, tuple(found))

    async def send(self, message: Message) -> Receipt:
        """Raises ChannelError."""
        body = msgspec.json.encode(to_webhook(message))
        headers = {
            "content-type": "application/json",
            **signed(message.id, message.sent_at, body, self.secrets),
        }
        return await post(
            self.outbound, self.target.url, message.sent_at, body=body, headers=headers
        )


def signed(message_id: str, at: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The three headers; a signature for each secret, the newest first."""
    timestamp = str(int(at.timestamp()))
    content = f"{message_id}.{timestamp}.".encode() + body
    signatures = [
        "v1," + b64encode(hmac.digest(secret_bytes(each), content, "sha256")).decode()
        for each in secrets
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(signatures),
    }


def to_webhook(message: Message) -> dict[str, Any]:
    """The same bytes for each try. `alerts` lists at most 20, `more` counts the others."""
    return {
        "type": _type(message),
        "timestamp": message.created_at.isoformat(),
        "data": {
            "title": message.title,
            "organization_name": message.organization,
            "alerts": [_alert(message, each) for each in message.alerts],
            "more": message.more,
        },
    }


def _type(message: Message) -> str:
    alert = message.single
    if alert is None:
        return DIGEST
    return TEST if alert.what is AlertKind.TEST else f"detection.{alert.what}"


def _alert(message: Message, alert: Alert) -> dict[str, Any]:
    return {**to_payload(alert), "search_link": message.link(alert)}
