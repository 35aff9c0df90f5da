"""Whether any event can meet a condition: sound where it says no, silent where it cannot tell.

The condition is spread out into alternatives. In each, what is asked of one column is tried on
the column's possible values: all of them where they are few (hours, statuses), else those that
the condition itself names. Where none passes, the alternative is impossible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import product
from typing import Any, Final

from trailkeeper.detect.condition import (
    AllOf,
    Always,
    AnyOf,
    Asked,
    Condition,
    Leaf,
    Negation,
    Pattern,
    SameAs,
    Text,
)
from trailkeeper.detect.keys import Details
from trailkeeper.detect.match import compile_condition
from trailkeeper.detect.text import is_vocabulary
from trailkeeper.event import Source, Status, StoredEvent
from trailkeeper.search.ast import Compare, Exists, Operator
from trailkeeper.search.fields import FIELDS, Field, Kind

MAX_ALTERNATIVES: Final = 512

_FEW: Final[dict[str, tuple[Any, ...]]] = {
    "local_hour": tuple(range(24)),
    "local_weekday": tuple(range(1, 8)),
    "status": tuple(Status),
    "source": tuple(Source),
}
_PRESENT: Final = frozenset({"action", "resource_type", "id", "status", "source"})
"""Columns that every event has a value in."""

_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)

_Literal = tuple[Leaf, bool]
"""A leaf, and whether it is to hold."""


def can_match(condition: Condition) -> bool:
    """Whether an event can meet it; True where that cannot be told."""
    alternatives = _alternatives(condition, True)
    if alternatives is None:
        return True
    return any(_is_possible(literals) for literals in alternatives)


def _alternatives(condition: Condition, holds: bool) -> list[tuple[_Literal, ...]] | None:
    """The condition (or its opposite) as alternatives of literals; None if they are too many."""
    match condition:
        case Always():
            return [()] if holds else []
        case Negation(part):
            return _alternatives(part, not holds)
        case AllOf(parts) | AnyOf(parts):
            found = [_alternatives(part, holds) for part in parts]
            known = [each for each in found if each is not None]
            if len(known) < len(found):
                return None
            if isinstance(condition, AllOf) is holds:
                return _together(known)
            flat = [literals for each in known for literals in each]
            return flat if len(flat) <= MAX_ALTERNATIVES else None
        case _:
            return [((condition, holds),)]


def _together(
    alternatives: Iterable[list[tuple[_Literal, ...]]],
) -> list[tuple[_Literal, ...]] | None:
    joined: list[tuple[_Literal, ...]] = [()]
    for each in alternatives:
        if len(joined) * len(each) > MAX_ALTERNATIVES:
            return None
        joined = [first + second for first, second in product(joined, each)]
    return joined


def _is_possible(literals: tuple[_Literal, ...]) -> bool:
    if any((leaf, not holds) in literals for leaf, holds in literals):
        return False
    by_column: dict[str, list[_Literal]] = {}
    for leaf, holds in literals:
        column = _column_of(leaf)
        if column is not None:
            by_column.setdefault(column, []).append((leaf, holds))
    return all(_is_column_possible(column, asked) for column, asked in by_column.items())


def _column_of(leaf: Leaf) -> str | None:
    match leaf:
        case Text(Field() as field) | Pattern(Field() as field) if field.kind is not Kind.ADDRESS:
            return field.column
        case Asked(Compare(field) | Exists(field)):
            return field.column
        case SameAs() | _:
            return None


def _is_column_possible(column: str, asked: list[_Literal]) -> bool:
    """Whether one value of the column is as asked."""
    candidates = _FEW.get(column)
    if candidates is None:
        named = list(_named_values(asked))
        if named:
            candidates = tuple(named)
        else:
            is_absence_asked = any(_asks_absence(leaf, holds) for leaf, holds in asked)
            return not (column in _PRESENT and is_absence_asked)
    tests = [(compile_condition(leaf, Details()), holds) for leaf, holds in asked]
    events = [_an_event(column, value) for value in candidates]
    return any(all(test(event) is holds for test, holds in tests) for event in events)


def _named_values(asked: list[_Literal]) -> Iterator[Any]:
    """The values that an equality which must hold leaves, as they are stored."""
    minds_case = any(isinstance(leaf, Pattern) or _is_cased(leaf) for leaf, _ in asked)
    for leaf, holds in asked:
        match leaf:
            case Text(subject, (str() as text,), is_cased) if holds:
                if is_vocabulary(subject):
                    yield text.upper()
                elif is_cased or not minds_case:
                    yield text
            case Asked(Compare(_, Operator.EQUAL, number)) if holds:
                yield number


def _is_cased(leaf: Leaf) -> bool:
    return isinstance(leaf, Text) and leaf.is_cased


def _asks_absence(leaf: Leaf, holds: bool) -> bool:
    return isinstance(leaf, Asked) and isinstance(leaf.filter, Exists) and not holds


def _an_event(column: str, value: Any) -> StoredEvent:
    given = {"organization": "", "id": "", "action": "", "resource_type": ""}
    return StoredEvent(
        **{**given, "timestamp": _LONG_AGO, "received_at": _LONG_AGO, FIELDS[column].column: value}
    )
