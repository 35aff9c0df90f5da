"""An alert setting: which alerts, to whom, by which channels, and when."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

import msgspec

from trailkeeper.errors import BadRequest
from trailkeeper.notify.alert import Alert, AlertKind, Severity

MAX_CHANNELS: Final = 20
MAX_PEOPLE: Final = 200
MAX_TAGS: Final = 50
EVERY_DAY: Final = (1, 2, 3, 4, 5, 6, 7)
CLOCK_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")

Ids = Annotated[list[str], msgspec.Meta(max_length=MAX_CHANNELS)]
People = Annotated[list[str], msgspec.Meta(max_length=MAX_PEOPLE)]
Minutes = Annotated[int, msgspec.Meta(ge=1, le=7 * 24 * 60)]
Told = Literal["opened", "reopened", "grew"]


class QuietHours(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """When channels are silent, in the organization's time zone; what comes is sent at the end.

    `start` and `end` are HH:MM; an end at or before the start lies on the next day. `days` are
    1 (Monday) to 7, those on which the quiet begins.
    """

    start: str
    end: str
    days: list[int] = msgspec.field(default_factory=lambda: list(EVERY_DAY))
    critical_breaks_through: bool = True


class Escalation(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Who hears of it where nobody has acknowledged it in time: these, or those of a setting."""

    after_minutes: Minutes
    channels: Ids = []
    people: People = []
    roles: Ids = []
    setting: str | None = None


class AlertPlan(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """An alert is meant where all that is given holds: at least `min_severity`, one of `tags`,
    the very rule. `people` (user ids) and `roles` are reached by mail and inbox channels.
    """

    min_severity: Severity = Severity.MEDIUM
    tags: Annotated[list[str], msgspec.Meta(max_length=MAX_TAGS)] = []
    rule_id: str | None = None
    on: list[Told] = msgspec.field(default_factory=lambda: ["opened", "reopened"])
    channels: Ids = []
    people: People = []
    roles: Ids = []
    quiet_hours: QuietHours | None = None
    digest_minutes: Minutes | None = None
    escalation: Escalation | None = None

    def means(self, alert: Alert) -> bool:
        """An escalation that detection asks for is meant whatever `on` says."""
        return (
            (alert.what is AlertKind.ESCALATION or str(alert.what) in self.on)
            and alert.severity.rank >= self.min_severity.rank
            and (not self.tags or not set(self.tags).isdisjoint(alert.tags))
            and self.rule_id in (None, alert.rule_id)
        )


def check_quiet_hours(quiet: QuietHours) -> None:
    """Raises BadRequest(INVALID_QUIET_HOURS)."""
    for name, value in (("start", quiet.start), ("end", quiet.end)):
        if not CLOCK_TIME.fullmatch(value):
            raise _wrong(f"quiet_hours.{name}", f"{value[:16]!r} is no time: write e.g. 22:00.")
    if not quiet.days or not all(1 <= day <= 7 for day in quiet.days):
        raise _wrong("quiet_hours.days", "Write days from 1 (Monday) to 7 (Sunday).")
    if quiet.start == quiet.end and set(quiet.days) == set(EVERY_DAY):
        raise _wrong("quiet_hours.end", "It would be quiet for ever: turn the setting off instead.")


def _wrong(field: str, detail: str) -> BadRequest:
    return BadRequest("INVALID_QUIET_HOURS", detail, field=field)
