"""The simple form: a search, how many, in which time, by what; stored as Sigma.

"LOGIN_FAILED by ip_address more than 5 in 10 minutes" is such a form, and so is its sentence.
`to_yaml` writes it as two documents, the events and their count; `from_yaml` reads these back,
and answers None where the YAML says more than a form can.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import yaml

from trailkeeper.detect.document import Table, read_documents, to_plain
from trailkeeper.detect.faults import Faults, InvalidRules
from trailkeeper.detect.form_filter import NotInForm, to_detection, to_filter
from trailkeeper.detect.names import is_known
from trailkeeper.detect.parse import load_rule_text
from trailkeeper.detect.rule import MAX_TIMESPAN, Comparison, Correlation, Kind, Level, Rule
from trailkeeper.errors import BadRequest
from trailkeeper.search.parse import parse_query
from trailkeeper.search.show import to_query

MAX_GROUP_FIELDS: Final = 5
MAX_MORE_THAN: Final = 1_000_000
_NAMESPACE: Final = uuid.UUID("0b6f6a52-9e0c-5c0a-8a53-35d3f1f3a8a1")

_UNITS: Final = {
    "second": ("s", timedelta(seconds=1)),
    "minute": ("m", timedelta(minutes=1)),
    "hour": ("h", timedelta(hours=1)),
    "day": ("d", timedelta(days=1)),
}
_SENTENCE: Final = re.compile(
    r"(?P<query>.*?)(?:\s+by\s+(?P<group>[\w.,\s-]+?))?\s+more\s+than\s+(?P<count>\d{1,7})"
    r"\s+in\s+(?P<window>\d{1,7})\s+(?P<unit>second|minute|hour|day)s?",
    re.DOTALL,
)
_ACTION: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_FORM_KEYS: Final = frozenset({"title", "id", "name", "level", "description", "detection"})
_COUNT_KEYS: Final = frozenset(
    {"title", "id", "name", "level", "description", "correlation", "trailkeeper"}
)


@dataclass(frozen=True, slots=True)
class Form:
    """More than `more_than` events that `query` finds, within `window`, of one `group_by`.

    `query` is in the language of the search. `id` is the rule's; without one it is made from
    the title.
    """

    title: str
    query: str
    more_than: int
    window: timedelta
    group_by: tuple[str, ...] = ()
    level: Level = Level.MEDIUM
    description: str = ""
    suppression: timedelta = timedelta()
    id: str | None = None


def to_sentence(form: Form) -> str:
    """What the form asks, in words; `from_sentence` reads it."""
    by = f" by {', '.join(form.group_by)}" if form.group_by else ""
    number, unit = _in_units(form.window)
    plural = "" if number == 1 else "s"
    return f"{form.query or '*'}{by} more than {form.more_than} in {number} {unit}{plural}"


def from_sentence(text: str, title: str | None = None) -> Form:
    """The form that a sentence says: `LOGIN_FAILED by ip_address more than 5 in 10 minutes`.

    A single word in capitals is an action; anything else is a search.
    Raises BadRequest(INVALID_FORM) and what `parse_query` raises.
    """
    found = _SENTENCE.fullmatch(text.strip())
    if found is None:
        raise _invalid(
            "The sentence cannot be read.",
            "Write: LOGIN_FAILED by ip_address more than 5 in 10 minutes.",
        )
    query = found["query"].strip()
    group = tuple(filter(None, re.split(r"[,\s]+", found["group"] or "")))
    return checked(
        Form(
            title=title or text.strip(),
            query=f"action:{query}" if _ACTION.fullmatch(query) else query,
            more_than=int(found["count"]),
            window=int(found["window"]) * _UNITS[found["unit"]][1],
            group_by=tuple(dict.fromkeys(group)),
        )
    )


def checked(form: Form) -> Form:
    """The form with its query as the search would write it. Raises as `from_sentence`."""
    if not form.title.strip():
        raise _invalid("A rule has a title.", "Say in a few words what it finds.", "title")
    for name in form.group_by:
        if not is_known(name):
            raise _invalid(f"{name!r} is not a field.", "Group by user or ip_address.", "group_by")
    if len(form.group_by) > MAX_GROUP_FIELDS:
        raise _invalid("There are too many fields.", f"At most {MAX_GROUP_FIELDS}.", "group_by")
    if not 0 <= form.more_than <= MAX_MORE_THAN:
        raise _invalid("The count is out of range.", f"0 to {MAX_MORE_THAN:,}.", "more_than")
    for field, span in (("window", form.window), ("suppression", form.suppression)):
        if span % timedelta(seconds=1) or not timedelta() <= span <= MAX_TIMESPAN:
            hint = f"Whole seconds, at most {MAX_TIMESPAN.days} days."
            raise _invalid(f"The {field} is out of range.", hint, field)
    if not form.window:
        raise _invalid("The window is empty.", "Give a time.", "window")
    query = to_query(parse_query(form.query))
    return Form(
        form.title.strip(),
        query,
        form.more_than,
        form.window,
        form.group_by,
        form.level,
        form.description.strip(),
        form.suppression,
        form.id or str(uuid.uuid5(_NAMESPACE, form.title.strip())),
    )


def to_yaml(form: Form) -> str:
    """The form as Sigma: what it counts, and the count. Raises as `from_sentence`."""
    form = checked(form)
    identity = uuid.UUID(form.id)
    name = f"events_{identity.hex}"
    events: dict[str, Any] = {
        "title": f"{form.title}: the events",
        "id": str(uuid.uuid5(_NAMESPACE, str(identity))),
        "name": name,
        "level": "informational",
        "detection": to_detection(parse_query(form.query)),
    }
    correlation: dict[str, Any] = {"type": "event_count", "rules": name}
    if form.group_by:
        correlation["group-by"] = list(form.group_by)
    correlation["timespan"] = _spec(form.window)
    correlation["condition"] = {"gt": form.more_than}
    counted: dict[str, Any] = {"title": form.title, "id": str(identity)}
    if form.description:
        counted["description"] = form.description
    counted["level"] = str(form.level)
    counted["correlation"] = correlation
    if form.suppression:
        counted["trailkeeper"] = {"suppress": _spec(form.suppression)}
    return yaml.safe_dump_all([events, counted], sort_keys=False, allow_unicode=True)


def from_yaml(text: str) -> Form | None:
    """The form that the YAML is; None where it is richer than a form, or no rule at all."""
    tables = read_documents("form", text, Faults())
    if len(tables) != 2 or not _has_only(tables[0], _FORM_KEYS):
        return None
    if not _has_only(tables[1], _COUNT_KEYS):
        return None
    try:
        events, counted = load_rule_text(text)
        return _form_of(events, counted, to_plain(tables[1]))
    except (InvalidRules, NotInForm, BadRequest, ValueError):
        return None


def _form_of(events: Rule, counted: Rule, written: dict[str, Any]) -> Form | None:
    watched = counted.correlation
    if events.condition is None or watched is None or not _is_simple(watched, written):
        return None
    if events.is_raised or not counted.is_raised:
        return None
    return checked(
        Form(
            title=counted.title,
            query=to_query(to_filter(events.condition)),
            more_than=int(watched.threshold),
            window=counted.timespan,
            group_by=tuple(named.name for named in counted.group_by),
            level=counted.level,
            description=counted.description,
            suppression=counted.suppression,
            id=str(counted.id),
        )
    )


def _is_simple(watched: Correlation, written: dict[str, Any]) -> bool:
    return (
        watched.kind is Kind.EVENT_COUNT
        and watched.comparison is Comparison.GT
        and isinstance(watched.threshold, int)
        and len(watched.parts) == 1
        and not {"aliases", "generate"} & set(written["correlation"])
    )


def _has_only(table: Table, keys: frozenset[str]) -> bool:
    return keys.issuperset(table.keys())


def _in_units(span: timedelta) -> tuple[int, str]:
    """The span as a number of the largest unit that it is a whole number of."""
    for unit, (_, length) in reversed(_UNITS.items()):
        if span >= length and not span % length:
            return span // length, unit
    raise ValueError(f"{span} is not made of seconds")


def _spec(span: timedelta) -> str:
    number, unit = _in_units(span)
    return f"{number}{_UNITS[unit][0]}"


def _invalid(detail: str, hint: str, field: str | None = None) -> BadRequest:
    return BadRequest("INVALID_FORM", detail, hint=hint, field=field)
