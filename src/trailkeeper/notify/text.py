"""What channels say, as plain text: words of others are made fit to stand in it."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import Final

from trailkeeper.notify.alert import Alert, AlertKind

MAX_TITLE: Final = 140
MAX_VALUE: Final = 300
MAX_REASONS: Final = 8

MARKS: Final[dict[AlertKind, str]] = {
    AlertKind.OPENED: "",
    AlertKind.REOPENED: " (again)",
    AlertKind.GREW: " (goes on)",
    AlertKind.ESCALATION: " (not acknowledged)",
    AlertKind.CLOSED: " (closed)",
    AlertKind.UNDELIVERED: "",
    AlertKind.TEST: "",
}


def clean(text: str, limit: int = MAX_VALUE) -> str:
    """On one line, without invisible or direction-turning characters, at most `limit` long."""
    visible = "".join(
        each if each.isspace() or not unicodedata.category(each).startswith("C") else " "
        for each in text
    )
    line = " ".join(visible.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def headline(alert: Alert) -> str:
    """`High: Multiple failed logins (again)`."""
    if alert.what is AlertKind.TEST:
        return clean(alert.rule_title, MAX_TITLE)
    title = clean(f"{alert.severity.capitalize()}: {alert.rule_title}", MAX_TITLE - 24)
    return title + MARKS[alert.what]


def facts(alert: Alert) -> list[tuple[str, str]]:
    """Label and value: about whom, how many events, when, and each reason."""
    if alert.what is AlertKind.TEST:
        return [("Sent at", moment(alert.last_at))]
    found = [("About", clean(alert.group))] if alert.group else []
    found.append(("Events", f"{alert.count:,}"))
    found.append(("First", moment(alert.first_at)))
    found.append(("Last", moment(alert.last_at)))
    found += [("Why", clean(reason)) for reason in alert.reasons[:MAX_REASONS]]
    return found


def in_short(alert: Alert) -> str:
    """One line of a message of many: `High: Multiple failed logins: ip_address 203.0.113.7, 7`."""
    about = f": {clean(alert.group, 100)}" if alert.group else ""
    return f"{headline(alert)}{about}, {alert.count:,} {'event' if alert.count == 1 else 'events'}"


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
