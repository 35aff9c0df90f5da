"""What an organization may set, and what is refused before it can do harm."""

from __future__ import annotations

import re
from datetime import date
from typing import Final
from zoneinfo import available_timezones

import msgspec

from trailkeeper.errors import BadRequest

MAX_RETENTION_DAYS: Final = 36_500
MAX_RULES: Final = 200
MAX_NAME_LENGTH: Final = 200
MAX_PATTERNS: Final = 50
MAX_PATTERN_LENGTH: Final = 200
MAX_PATHS: Final = 500
MAX_PATH_LENGTH: Final = 500
MAX_HOLIDAYS: Final = 1000

CLOCK_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")

ESCAPE_OR_CLASS: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
REPEATED_GROUP: Final = re.compile(r"\)[*+{]")


class RetentionRule(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Another retention for events of an action, of a resource type, or of both together."""

    days: int
    action: str | None = None
    resource_type: str | None = None


class Redaction(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What to redact beyond the defaults. Patterns are regular expressions, searched for.

    Paths are dotted and start below `details`: `request.headers.cookie`. `allowed_paths`
    are never redacted.
    """

    key_patterns: list[str] = []
    value_patterns: list[str] = []
    paths: list[str] = []
    allowed_paths: list[str] = []


class WorkingHours(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """When people usually work, in the organization's time zone.

    `start` and `end` are HH:MM; an end before the start lies on the next day. `days` are 1
    (Monday) to 7. `holidays` are days off (YYYY-MM-DD).
    """

    start: str = "09:00"
    end: str = "18:00"
    days: list[int] = msgspec.field(default_factory=lambda: [1, 2, 3, 4, 5])
    holidays: list[str] = []


def checked_name(name: str, field: str = "name") -> str:
    """The name without outer blanks. Raises BadRequest(INVALID_NAME)."""
    name = name.strip()
    if not name or len(name) > MAX_NAME_LENGTH or not name.isprintable():
        raise BadRequest(
            "INVALID_NAME",
            f"A name has 1 to {MAX_NAME_LENGTH} printable characters.",
            field=field,
        )
    return name


def checked_time_zone(name: str) -> str:
    """The name of an IANA time zone. Raises BadRequest(INVALID_TIME_ZONE)."""
    if name not in available_timezones():
        raise BadRequest(
            "INVALID_TIME_ZONE",
            f"{name[:64]!r} is not an IANA time zone.",
            hint="Write e.g. Europe/Berlin, America/New_York or UTC.",
            field="time_zone",
        )
    return name


def checked_retention_days(days: int, field: str) -> int:
    """Raises BadRequest(INVALID_RETENTION)."""
    if not 1 <= days <= MAX_RETENTION_DAYS:
        raise BadRequest(
            "INVALID_RETENTION",
            f"{days} is not a retention.",
            hint=f"Write a number of days from 1 to {MAX_RETENTION_DAYS}.",
            field=field,
        )
    return days


def checked_retention_rules(rules: list[RetentionRule]) -> list[RetentionRule]:
    """Rules with their words folded to upper case, as events have them.

    Raises BadRequest(INVALID_RETENTION) for a rule about nothing, or two about the same.
    """
    if len(rules) > MAX_RULES:
        raise _invalid_rule("retention_rules", f"At most {MAX_RULES} rules are kept.")
    seen: set[tuple[str | None, str | None]] = set()
    checked = []
    for index, rule in enumerate(rules):
        field = f"retention_rules.{index}"
        checked_retention_days(rule.days, f"{field}.days")
        subject = (_folded(rule.action, field), _folded(rule.resource_type, field))
        if subject == (None, None):
            raise _invalid_rule(field, "A rule names an action, a resource type, or both.")
        if subject in seen:
            raise _invalid_rule(field, "An earlier rule is about the same events.")
        seen.add(subject)
        checked.append(RetentionRule(days=rule.days, action=subject[0], resource_type=subject[1]))
    return checked


def checked_redaction(redaction: Redaction) -> Redaction:
    """Raises BadRequest (INVALID_PATTERN, INVALID_PATH) naming the entry at fault."""
    for field in ("key_patterns", "value_patterns"):
        _check_patterns(getattr(redaction, field), f"redaction.{field}")
    for field in ("paths", "allowed_paths"):
        _check_paths(getattr(redaction, field), f"redaction.{field}")
    return redaction


def _check_patterns(patterns: list[str], field: str) -> None:
    if len(patterns) > MAX_PATTERNS:
        raise BadRequest("INVALID_PATTERN", f"At most {MAX_PATTERNS} are kept.", field=field)
    for index, pattern in enumerate(patterns):
        fault = pattern_fault(pattern)
        if fault is not None:
            raise BadRequest("INVALID_PATTERN", fault, field=f"{field}.{index}")


def pattern_fault(pattern: str) -> str | None:
    """Why a pattern is refused, or None. All of a kind are joined into one, by `|`.

    A repeated group can take time that doubles with each character of the value, and every
    event of the organization would pay it: `(a+)+` is the well-known case.
    """
    if not pattern or len(pattern) > MAX_PATTERN_LENGTH:
        return f"A pattern has 1 to {MAX_PATTERN_LENGTH} characters."
    try:
        # Behind another alternative, as it will be used: flags in front would fail there.
        compiled = re.compile(f"(?!)|{pattern}")
    except (re.error, RecursionError, OverflowError) as error:
        return f"Not a regular expression: {error}"
    if compiled.groups:
        return "Groups must not capture: write (?:…) instead of (…)."
    if REPEATED_GROUP.search(ESCAPE_OR_CLASS.sub("_", pattern)):
        return "A group must not be repeated; repeat a character class such as [a-z0-9]{1,64}."
    if compiled.search(""):
        return "The pattern matches the empty text, so it would redact everything."
    return None


def _check_paths(paths: list[str], field: str) -> None:
    if len(paths) > MAX_PATHS:
        raise BadRequest("INVALID_PATH", f"At most {MAX_PATHS} are kept.", field=field)
    for index, path in enumerate(paths):
        if not path or len(path) > MAX_PATH_LENGTH or "" in path.split("."):
            raise BadRequest(
                "INVALID_PATH",
                f"{path[:64]!r} is not a path below `details`.",
                hint="Write e.g. request.headers.cookie.",
                field=f"{field}.{index}",
            )


def _folded(word: str | None, field: str) -> str | None:
    if word is None:
        return None
    word = word.strip().upper()
    if not word or len(word) > MAX_NAME_LENGTH or not word.isprintable():
        raise _invalid_rule(field, "An action or resource type is a word, e.g. DELETE.")
    return word


def _invalid_rule(field: str, detail: str) -> BadRequest:
    return BadRequest("INVALID_RETENTION", detail, field=field)


def checked_working_hours(hours: WorkingHours) -> WorkingHours:
    """In order and without repetitions. Raises BadRequest(INVALID_WORKING_HOURS)."""
    for name, value in (("start", hours.start), ("end", hours.end)):
        if not CLOCK_TIME.fullmatch(value):
            raise _wrong_hours(f"working_hours.{name}", value, "Write e.g. 09:00.")
    if hours.start == hours.end:
        raise _wrong_hours("working_hours.end", hours.end, "Let it differ from the start.")
    for day in hours.days:
        if not 1 <= day <= 7:
            raise _wrong_hours("working_hours.days", str(day), "Write 1 (Monday) to 7 (Sunday).")
    if len(hours.holidays) > MAX_HOLIDAYS:
        raise _wrong_hours("working_hours.holidays", f"{len(hours.holidays)} days", "Leave some.")
    for holiday in hours.holidays:
        try:
            date.fromisoformat(holiday)
        except ValueError:
            raise _wrong_hours(
                "working_hours.holidays", holiday, "Write e.g. 2026-12-25."
            ) from None
    return WorkingHours(
        start=hours.start,
        end=hours.end,
        days=sorted(set(hours.days)),
        holidays=sorted({date.fromisoformat(each).isoformat() for each in hours.holidays}),
    )


def _wrong_hours(field: str, value: str, hint: str) -> BadRequest:
    return BadRequest(
        "INVALID_WORKING_HOURS", f"{value[:64]!r} does not do.", hint=hint, field=field
    )
