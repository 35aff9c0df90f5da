"""Why there is a detection, in sentences with their numbers; and where all of its events are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from trailkeeper.detect.detection import Detection
from trailkeeper.detect.form_filter import NotInForm, to_filter
from trailkeeper.detect.names import is_known
from trailkeeper.detect.rule import Comparison, Correlation, Kind, NamedField, Rule
from trailkeeper.errors import BadRequest
from trailkeeper.search.ast import Filter, any_of
from trailkeeper.search.scan import show_quoted
from trailkeeper.search.show import to_query

MAX_LINK_QUERY: Final = 1500
"""A longer condition is left out of the link: browsers and mails cut long addresses."""

_ASKED: Final = {
    Comparison.LT: "fewer than",
    Comparison.LTE: "at most",
    Comparison.GT: "more than",
    Comparison.GTE: "at least",
    Comparison.EQ: "exactly",
    Comparison.NEQ: "other than",
}
_MEASURES: Final = {
    Kind.VALUE_SUM: "sum",
    Kind.VALUE_AVG: "average",
    Kind.VALUE_MEDIAN: "median",
}


def reasons_of(
    rule: Rule, detection: Detection, grouped: tuple[tuple[str, str], ...]
) -> tuple[str, ...]:
    """What was seen against what the rule asks for, then how long it went on."""
    whose = "".join(f", {field} {value}" for field, value in grouped)
    return (
        f"{_seen(rule, detection)}{whose}.",
        f"{detection.count:,} event{'s' if detection.count != 1 else ''} from"
        f" {shown_time(detection.first_at)} to {shown_time(detection.last_at)} UTC.",
    )


def shown_time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def shown_span(span: timedelta) -> str:
    """`10 minutes`, `2 hours`: a whole number of the largest unit that it is made of."""
    seconds = int(span.total_seconds())
    for length, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= length and not seconds % length:
            return _plural(seconds // length, unit)
    return _plural(seconds, "second")


def search_link(
    rule: Rule, grouped: tuple[tuple[str, str], ...], first_at: datetime, last_at: datetime
) -> str:
    """The path and query, below the public address, that show the events."""
    terms = [f"{field}:{show_quoted(value)}" for field, value in grouped if is_known(field)]
    condition = _condition(rule)
    if condition and len(condition) <= MAX_LINK_QUERY:
        terms.append(f"({condition})")
    return link_to(" ".join(terms), first_at, last_at)


def link_to(query: str, first_at: datetime, last_at: datetime) -> str:
    """A search for the events of a time, its ends included."""
    end = last_at + timedelta(microseconds=1)
    asked = {"q": query, "start_date": _instant(first_at), "end_date": _instant(end)}
    return "/explorer?" + urlencode({name: value for name, value in asked.items() if value})


def _seen(rule: Rule, detection: Detection) -> str:
    watched = rule.correlation
    if watched is None:
        return f"{rule.title}: {_plural(int(detection.measured), 'event')}"
    span = shown_span(rule.timespan)
    measured = f"{detection.measured:,.10g}"
    asked = f"{_ASKED[watched.comparison]} {watched.threshold:,.10g}"
    if watched.kind is Kind.EVENT_COUNT:
        counted = _plural(int(detection.measured), "event")
        return f"{counted} within {span} (the rule asks for {asked})"
    if watched.kind is Kind.VALUE_COUNT:
        names = _names(watched.value)
        return f"{measured} different values of {names} within {span} (the rule asks for {asked})"
    if watched.kind in (Kind.TEMPORAL, Kind.TEMPORAL_ORDERED):
        return _together(watched, span)
    of = _names(watched.value)
    measure = _MEASURES.get(watched.kind, f"{watched.percentile}th percentile")
    return f"The {measure} of {of} within {span} is {measured} (the rule asks for {asked})"


def _together(watched: Correlation, span: str) -> str:
    names = ", ".join(f"“{part.name}”" for part in watched.parts)
    if watched.kind is Kind.TEMPORAL_ORDERED:
        return f"One after the other within {span}: {names}"
    return f"Within {span} of each other: {names}"


def _names(fields: tuple[NamedField, ...]) -> str:
    return ", ".join(named.name for named in fields)


def _condition(rule: Rule) -> str:
    """The events that the rule watches as a search; "" where no search asks for them."""
    try:
        found: list[Filter] = [to_filter(part.condition) for part in rule.watched.parts]
        return to_query(any_of(found))
    except (NotInForm, BadRequest):
        return ""


def _plural(count: int, unit: str) -> str:
    return f"{count:,} {unit}{'' if count == 1 else 's'}"


def _instant(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
