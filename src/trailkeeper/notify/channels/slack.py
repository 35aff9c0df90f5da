"""Slack: one POST to an incoming webhook, in Block Kit.

Words of others stand in `plain_text` objects alone, where nothing is a mention, a link or an
emoji. https://docs.slack.dev/reference/block-kit
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from trailkeeper.notify.alert import Alert
from trailkeeper.notify.channels.base import Receipt, post
from trailkeeper.notify.message import Message
from trailkeeper.notify.targets import SlackTarget
from trailkeeper.notify.text import clean, facts, in_short
from trailkeeper.outbound.http import OutboundClient

MAX_HEADER: Final = 150
MAX_TEXT: Final = 3000
MAX_FIELDS: Final = 10


@dataclass(frozen=True)
class SlackChannel:
    outbound: OutboundClient
    target: SlackTarget

    async def send(self, message: Message) -> Receipt:
        """Raises ChannelError."""
        return await post(self.outbound, self.target.url, message.sent_at, json=to_slack(message))


def to_slack(message: Message) -> dict[str, Any]:
    """`text` is what a notification shows; the blocks are what the channel shows."""
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": _plain(clean(message.title, MAX_HEADER))}
    ]
    alert = message.single
    if alert is not None:
        blocks += _whole(message, alert)
    else:
        for each in message.alerts:
            blocks.append(_linked(message, each))
    if message.rest:
        blocks.append({"type": "section", "text": _plain(message.rest)})
    blocks.append({"type": "context", "elements": [_plain(message.footer)]})
    return {"text": _escaped(message.title), "blocks": blocks, "unfurl_links": False}


def _whole(message: Message, alert: Alert) -> list[dict[str, Any]]:
    pairs = facts(alert)
    short = [f"{label}: {value}" for label, value in pairs if label != "Why"]
    reasons = "\n".join(value for label, value in pairs if label == "Why")
    blocks: list[dict[str, Any]] = [
        {"type": "section", "fields": [_plain(each) for each in short[:MAX_FIELDS]]}
    ]
    if reasons:
        blocks.append({"type": "section", "text": _plain(reasons)})
    blocks.append({"type": "section", "text": _link(message.link(alert), "Show the events")})
    return blocks


def _linked(message: Message, alert: Alert) -> dict[str, Any]:
    return {
        "type": "section",
        "fields": [_plain(in_short(alert)), _link(message.link(alert), "Show the events")],
    }


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text[:MAX_TEXT], "emoji": False}


def _link(url: str, label: str) -> dict[str, Any]:
    """A link is not a button: those ask the app for an answer, and a webhook has none."""
    safe = _escaped(url).replace("|", "%7C")
    return {"type": "mrkdwn", "text": f"<{safe}|{label}>", "verbatim": True}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
