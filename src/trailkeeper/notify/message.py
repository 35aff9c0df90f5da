"""One message as a channel sends it: one alert, or several that go out together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from trailkeeper.event import OrganizationId
from trailkeeper.ids import new_event_id
from trailkeeper.notify.alert import Alert, AlertKind, Severity
from trailkeeper.notify.text import clean, headline

MAX_SHOWN: Final = 20
"""Alerts that a message of many lists; the others are counted."""

_PATH: Final = re.compile(r"/(?!/)[!-\[\]-~]*")


@dataclass(frozen=True, slots=True)
class Message:
    """What to tell. `id` is the same for each try, so that a receiver can tell a repetition.

    `alerts` has at least one, the worst first; `more` counts those that are not listed.
    `organization` is the organization's name. `sent_at` is the moment of this try,
    `recipient` an e-mail address, or the incident that it ends, else ''.
    """

    id: str
    organization: str
    alerts: tuple[Alert, ...]
    more: int
    public_url: str
    created_at: datetime
    sent_at: datetime
    recipient: str = ""

    @property
    def single(self) -> Alert | None:
        """The alert, where it is the only one."""
        return self.alerts[0] if len(self.alerts) == 1 and not self.more else None

    @property
    def severity(self) -> Severity:
        return max((alert.severity for alert in self.alerts), key=lambda each: each.rank)

    @property
    def title(self) -> str:
        alert = self.single
        if alert is not None:
            return headline(alert)
        count = len(self.alerts) + self.more
        return f"{count} alerts, the worst {self.severity}"

    @property
    def footer(self) -> str:
        return f"{clean(self.organization, 100)} · Trailkeeper"

    @property
    def rest(self) -> str:
        """`… and 37 more`; '' where all are listed."""
        return f"… and {self.more} more" if self.more else ""

    def link(self, alert: Alert) -> str:
        """Where the alert's events are; the start page where the path is none."""
        path = alert.search_link
        return self.public_url + (path if _PATH.fullmatch(path) else "/")


def ordered(alerts: Sequence[Alert]) -> tuple[Alert, ...]:
    """The worst first, else as given; at most `MAX_SHOWN`."""
    return tuple(sorted(alerts, key=lambda each: -each.severity.rank)[:MAX_SHOWN])


def alert_for_test(organization: OrganizationId, channel: str, now: datetime) -> Alert:
    """What the test button of a channel sends."""
    return Alert(
        organization=organization,
        detection_id=new_event_id(),
        what=AlertKind.TEST,
        rule_id="test",
        rule_title=f"Test of the channel {clean(channel, 80)}",
        severity=Severity.INFORMATIONAL,
        count=0,
        first_at=now,
        last_at=now,
        reasons=["Someone pressed the test button."],
    )
