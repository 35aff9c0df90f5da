"""What detection hands over: one thing to tell about a detection.

It is the payload of a job of the kind `alert`, written in the detection's own transaction, and
fanned out to channels and inboxes by this room:

    await enqueue(session, "alert", payload, now=now, organization=organization,
                  dedupe_key=f"alert:{organization}:{detection_id}:{what}:{…}")

`payload` has the fields of `Alert`, JSON-ready; fields that this version does not know are left
out. What is no `Alert` is told to nobody and dies in sight, in the job table.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

ALERT: Final = "alert"
"""The kind of job."""


class Severity(StrEnum):
    """How bad it may be, the least first."""

    INFORMATIONAL = "informational"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 (informational) to 4 (critical)."""
        return list(Severity).index(self)


class AlertKind(StrEnum):
    """What is told: `closed` to incidents, `undelivered` of a channel, `test` by its button."""

    OPENED = "opened"
    REOPENED = "reopened"
    GREW = "grew"
    ESCALATION = "escalation"
    CLOSED = "closed"
    UNDELIVERED = "undelivered"
    TEST = "test"


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to tell about one detection.

    `group` says whom or what it is about (`ip_address 203.0.113.7`), `count` how many events it
    has. `reasons` are sentences with their numbers. `evidence_ids` are events' ids, the first
    by time; `search_link` is a path below the public address that shows all of them, with what
    needs it percent-encoded. `is_daily` is there, and true, where the rule's alerts are told
    once a day, together.
    """

    organization: str
    detection_id: str
    what: AlertKind
    rule_id: str
    rule_title: str
    severity: Severity
    tags: list[str] = []
    group: str = ""
    count: int
    first_at: datetime
    last_at: datetime
    reasons: list[str] = []
    evidence_ids: list[str] = []
    search_link: str = "/"
    is_daily: bool | UnsetType = UNSET


def to_payload(alert: Alert) -> dict[str, object]:
    """As it stands in a job or a row."""
    payload: dict[str, object] = msgspec.to_builtins(alert)
    return payload


def from_payload(payload: object) -> Alert:
    """Raises msgspec.ValidationError."""
    return msgspec.convert(payload, Alert)
