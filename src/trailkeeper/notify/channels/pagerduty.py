"""PagerDuty's Events API v2, and what understands the same events.

All alerts about one detection have one `dedup_key`, so that they join one incident; a message
of several has its own id. A message to a recipient ends the incident of that key.
https://developer.pagerduty.com/docs/send-alert-event
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from trailkeeper.notify.alert import Severity
from trailkeeper.notify.channels.base import Receipt, post
from trailkeeper.notify.message import Message
from trailkeeper.notify.targets import PagerDutyTarget
from trailkeeper.notify.text import clean, facts, in_short
from trailkeeper.outbound.http import OutboundClient

MAX_SUMMARY: Final = 1024
MAX_KEY: Final = 255
SEVERITIES: Final[dict[Severity, str]] = {
    Severity.INFORMATIONAL: "info",
    Severity.LOW: "info",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "critical",
}


@dataclass(frozen=True)
class PagerDutyChannel:
    outbound: OutboundClient
    target: PagerDutyTarget

    async def send(self, message: Message) -> Receipt:
        """Raises ChannelError."""
        event = to_resolve(message) if message.recipient else to_pagerduty(message)
        body = {"routing_key": self.target.routing_key, **event}
        return await post(self.outbound, self.target.url, message.sent_at, json=body)


def to_pagerduty(message: Message) -> dict[str, Any]:
    """The event without its routing key."""
    alert = message.single
    summary = message.title if alert is None else in_short(alert)
    worst = message.alerts[0]
    return {
        "event_action": "trigger",
        "dedup_key": dedup_key(message),
        "client": "Trailkeeper",
        "client_url": message.public_url,
        "payload": {
            "summary": clean(summary, MAX_SUMMARY),
            "source": clean(message.organization, 100) or "Trailkeeper",
            "severity": SEVERITIES[message.severity],
            "timestamp": worst.last_at.isoformat(),
            "class": clean(worst.rule_id, 200),
            "group": clean(worst.group, 200),
            "custom_details": _details(message),
        },
        "links": [
            {"href": message.link(each), "text": clean(in_short(each), 200)}
            for each in message.alerts
        ],
    }


def to_resolve(message: Message) -> dict[str, Any]:
    """What ends an incident, without the routing key; one that there is not is no error."""
    return {"event_action": "resolve", "dedup_key": message.recipient}


def dedup_key(message: Message) -> str:
    alert = message.single
    return message.id if alert is None else incident_of(alert.organization, alert.detection_id)


def incident_of(organization: str, detection_id: str) -> str:
    """The key of the incident that all alerts about one detection join."""
    return f"{organization}/{detection_id}"[:MAX_KEY]


def _details(message: Message) -> dict[str, Any]:
    alert = message.single
    if alert is None:
        lines = [in_short(each) for each in message.alerts]
        return {"alerts": [*lines, message.rest] if message.rest else lines}
    pairs = facts(alert)
    told: dict[str, Any] = {label.lower(): value for label, value in pairs if label != "Why"}
    told["reasons"] = [value for label, value in pairs if label == "Why"]
    told["evidence_ids"] = alert.evidence_ids
    return told
