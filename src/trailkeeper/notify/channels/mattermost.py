"""Mattermost: one POST to an incoming webhook, with an attachment.

Mattermost reads Markdown and mentions everywhere, so in words of others both are taken apart.
https://developers.mattermost.com/integrate/reference/message-attachments/
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from trailkeeper.notify.alert import Alert, Severity
from trailkeeper.notify.channels.base import Receipt, post
from trailkeeper.notify.message import Message
from trailkeeper.notify.targets import MattermostTarget
from trailkeeper.notify.text import facts, in_short
from trailkeeper.outbound.http import OutboundClient

COLORS: Final[dict[Severity, str]] = {
    Severity.INFORMATIONAL: "#6b7280",
    Severity.LOW: "#2563eb",
    Severity.MEDIUM: "#d97706",
    Severity.HIGH: "#dc2626",
    Severity.CRITICAL: "#7f1d1d",
}
SHORT: Final = 40
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()#+\-!|>~<.:])")


@dataclass(frozen=True)
class MattermostChannel:
    outbound: OutboundClient
    target: MattermostTarget

    async def send(self, message: Message) -> Receipt:
        """Raises ChannelError."""
        body = to_mattermost(message)
        if self.target.channel is not None:
            body["channel"] = self.target.channel
        return await post(self.outbound, self.target.url, message.sent_at, json=body)


def to_mattermost(message: Message) -> dict[str, Any]:
    """One attachment: its fields for one alert, a list for several."""
    attachment: dict[str, Any] = {
        "fallback": _disarmed(message.title),
        "color": COLORS[message.severity],
        "title": _plain(message.title),
        "footer": _disarmed(message.footer),
    }
    alert = message.single
    if alert is not None:
        attachment["title_link"] = message.link(alert)
        attachment["fields"] = [
            {"title": label, "value": _plain(value), "short": len(value) <= SHORT}
            for label, value in facts(alert)
        ]
    else:
        lines = [_listed(message, each) for each in message.alerts]
        attachment["text"] = "\n".join([*lines, _plain(message.rest)]).rstrip()
    return {"username": "Trailkeeper", "attachments": [attachment]}


def _listed(message: Message, alert: Alert) -> str:
    link = message.link(alert).replace("(", "%28").replace(")", "%29")
    return f"- {_plain(in_short(alert))} ([events]({link}))"


def _plain(text: str) -> str:
    return _disarmed(_MARKDOWN.sub(r"\\\1", text))


def _disarmed(text: str) -> str:
    """Without mentions: an invisible space parts the @ from the name."""
    return text.replace("@", "@\u200b")
