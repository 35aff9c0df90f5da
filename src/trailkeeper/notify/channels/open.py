"""A channel's sealed target, opened to send through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from trailkeeper.access.seal import Sealer
from trailkeeper.notify.channels.base import ChannelError, Transport
from trailkeeper.notify.channels.email import EmailChannel
from trailkeeper.notify.channels.mattermost import MattermostChannel
from trailkeeper.notify.channels.pagerduty import PagerDutyChannel
from trailkeeper.notify.channels.slack import SlackChannel
from trailkeeper.notify.channels.teams import TeamsChannel
from trailkeeper.notify.channels.webhook import WebhookChannel
from trailkeeper.notify.targets import (
    EmailTarget,
    MattermostTarget,
    PagerDutyTarget,
    SealedTarget,
    SlackTarget,
    TeamsTarget,
    WebhookTarget,
)
from trailkeeper.outbound.http import OutboundClient
from trailkeeper.outbound.mail import Mailer


@dataclass(frozen=True)
class WaysOut:
    """All that a message may leave by."""

    outbound: OutboundClient
    mailer: Mailer

    def open(self, sealed: SealedTarget, now: datetime) -> Transport:
        """Raises ChannelError for what nothing is sent through: the inbox."""
        match sealed.target:
            case EmailTarget():
                return EmailChannel(self.mailer)
            case MattermostTarget() as target:
                return MattermostChannel(self.outbound, target)
            case PagerDutyTarget() as target:
                return PagerDutyChannel(self.outbound, target)
            case SlackTarget() as target:
                return SlackChannel(self.outbound, target)
            case TeamsTarget() as target:
                return TeamsChannel(self.outbound, target)
            case WebhookTarget():
                return WebhookChannel.open(self.outbound, sealed, now)
            case _:
                raise ChannelError("NOT_SENT", "An inbox is not sent to.", is_permanent=True)


def seal_target(sealer: Sealer, owner: str, sealed: SealedTarget) -> str:
    return sealer.seal(msgspec.json.encode(sealed).decode(), owner)


def open_target(sealer: Sealer, owner: str, text: str) -> SealedTarget:
    """Raises Unavailable(SECRET_UNREADABLE)."""
    return msgspec.json.decode(sealer.open(text, owner), type=SealedTarget)


def target_owner(organization: str, channel_id: str) -> str:
    """Whose secret it is, as the seal says it."""
    return f"channel:{organization}:{channel_id}"
