"""Microsoft Teams: an adaptive card to a workflow that is started by a webhook request.

Words of others stand in text runs, which know no Markdown. https://adaptivecards.io/explorer
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from trailkeeper.notify.alert import Severity
from trailkeeper.notify.channels.base import Receipt, post
from trailkeeper.notify.message import Message
from trailkeeper.notify.targets import TeamsTarget
from trailkeeper.notify.text import facts, in_short
from trailkeeper.outbound.http import OutboundClient

SCHEMA: Final = "http://adaptivecards.io/schemas/adaptive-card.json"
VERSION: Final = "1.4"
COLORS: Final[dict[Severity, str]] = {
    Severity.INFORMATIONAL: "default",
    Severity.LOW: "accent",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "attention",
    Severity.CRITICAL: "attention",
}


@dataclass(frozen=True)
class TeamsChannel:
    outbound: OutboundClient
    target: TeamsTarget

    async def send(self, message: Message) -> Receipt:
        """Raises ChannelError."""
        return await post(self.outbound, self.target.url, message.sent_at, json=to_teams(message))


def to_teams(message: Message) -> dict[str, Any]:
    """The envelope that the workflow's trigger takes, with one card."""
    card = {
        "$schema": SCHEMA,
        "type": "AdaptiveCard",
        "version": VERSION,
        "body": _body(message),
        "actions": [
            {"type": "Action.OpenUrl", "title": "Show the events", "url": message.link(alert)}
            for alert in message.alerts[:1]
        ],
        "msteams": {"width": "Full"},
    }
    return {
        "type": "message",
        "attachments": [
            {
                "contentType": "application/vnd.microsoft.card.adaptive",
                "contentUrl": None,
                "content": card,
            }
        ],
    }


def _body(message: Message) -> list[dict[str, Any]]:
    color = COLORS[message.severity]
    parts = [_line(_run(message.title, size="large", weight="bolder", color=color))]
    alert = message.single
    if alert is not None:
        parts += [
            _line(_run(f"{label}: ", weight="bolder"), _run(value)) for label, value in facts(alert)
        ]
    else:
        parts += [_line(_run(in_short(each))) for each in message.alerts]
    if message.rest:
        parts.append(_line(_run(message.rest)))
    parts.append(_line(_run(message.footer, size="small", isSubtle=True)))
    return parts


def _line(*runs: dict[str, Any]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": list(runs)}


def _run(text: str, **style: Any) -> dict[str, Any]:
    return {"type": "TextRun", "text": text, **style}
