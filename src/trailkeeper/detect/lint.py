"""Warnings about rules that can be read but hardly mean what they say.

A rule that can never match, one that matches everything, names of fields that there are not.
What cannot be told for sure is not warned of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from trailkeeper.detect.condition import Negation
from trailkeeper.detect.faults import Place
from trailkeeper.detect.names import hint_for, is_known
from trailkeeper.detect.possible import can_match
from trailkeeper.detect.rule import Comparison, Correlation, Kind, Rule


class WarningCode(StrEnum):
    NEVER_MATCHES = "RULE_NEVER_MATCHES"
    MATCHES_EVERYTHING = "RULE_MATCHES_EVERYTHING"
    UNREACHABLE_COUNT = "RULE_UNREACHABLE_COUNT"
    ALWAYS_REACHED = "RULE_ALWAYS_REACHED"
    UNKNOWN_FIELD = "RULE_UNKNOWN_FIELD"
    NO_GROUP = "RULE_NO_GROUP"


@dataclass(frozen=True, slots=True)
class RuleWarning:
    """What is doubtful about a rule, and where it begins."""

    code: WarningCode
    place: Place
    title: str
    detail: str


def lint(rules: Iterable[Rule]) -> tuple[RuleWarning, ...]:
    """Everything doubtful about the rules."""
    return tuple(
        RuleWarning(code, rule.place, rule.title, detail)
        for rule in rules
        for code, detail in _doubts(rule)
    )


def _doubts(rule: Rule) -> Iterator[tuple[WarningCode, str]]:
    if rule.condition is not None:
        if not can_match(rule.condition):
            yield WarningCode.NEVER_MATCHES, "No event can meet the condition."
        elif not can_match(Negation(rule.condition)):
            yield WarningCode.MATCHES_EVERYTHING, "Every event meets the condition."
    if rule.correlation is not None:
        yield from _doubts_of_count(rule.correlation)
    for name in rule.fields:
        if not is_known(name):
            yield (
                WarningCode.UNKNOWN_FIELD,
                f"fields names {name!r}, which is not a field. {hint_for(name)}",
            )


def _doubts_of_count(watched: Correlation) -> Iterator[tuple[WarningCode, str]]:
    reachable = _most(watched)
    asked = f"{watched.comparison}: {watched.threshold}"
    if _is_above(watched, reachable):
        detail = f"{asked} cannot be reached" + (
            "." if reachable is None else f": there are {reachable} at most."
        )
        yield WarningCode.UNREACHABLE_COUNT, detail
    elif watched.kind in (Kind.EVENT_COUNT, Kind.VALUE_COUNT) and _is_always(watched):
        detail = f"{asked} is reached by the first event."
        yield WarningCode.ALWAYS_REACHED, detail
    if not any(part.group_by for part in watched.parts):
        yield WarningCode.NO_GROUP, "Without group-by, what everybody does counts together."


def _most(watched: Correlation) -> int | None:
    """The most that can be counted; None where there is no limit."""
    if watched.kind in (Kind.TEMPORAL, Kind.TEMPORAL_ORDERED):
        return len(watched.parts)
    if watched.kind is Kind.VALUE_COUNT:
        grouped = {named.subjects for named in watched.parts[0].group_by}
        if all(named.subjects in grouped for named in watched.value):
            return 1
    return None


def _is_above(watched: Correlation, most: int | None) -> bool:
    """Whether what is asked lies outside of what can be counted, which is 1 at least."""
    if watched.kind not in (Kind.EVENT_COUNT, Kind.VALUE_COUNT, Kind.TEMPORAL):
        return False
    if watched.expression is not None:
        return False
    threshold = watched.threshold
    match watched.comparison:
        case Comparison.LT:
            return threshold <= 1
        case Comparison.LTE:
            return threshold < 1
        case Comparison.GT:
            return most is not None and threshold >= most
        case Comparison.GTE:
            return most is not None and threshold > most
        case Comparison.EQ:
            return (
                threshold < 1
                or threshold != int(threshold)
                or (most is not None and threshold > most)
            )
        case Comparison.NEQ:
            return most == 1 and threshold == 1


def _is_always(watched: Correlation) -> bool:
    threshold = watched.threshold
    match watched.comparison:
        case Comparison.GT:
            return threshold < 1
        case Comparison.GTE:
            return threshold <= 1
        case Comparison.NEQ:
            return threshold < 1
        case _:
            return False
