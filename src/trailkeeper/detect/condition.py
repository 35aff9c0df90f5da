"""The condition of a rule: one tree, made by `parse`, read by exactly two evaluators.

Always                      every event
AllOf, AnyOf, Negation      of other conditions
Text                        a text value is, holds, begins or ends as a pattern says
Pattern                     a text value matches a regular expression
SameAs                      two fields of the event hold the same text
Asked                       what the search's own filters ask: numbers, addresses, presence,
                            typed values in `details`, free text

Where Sigma and the search agree on what a value asks, the search's filter is used as it is;
the others exist because Sigma's text ignores case everywhere and knows a `?`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from trailkeeper.search.ast import Filter, Path
from trailkeeper.search.fields import Field

Subject: TypeAlias = Field | Path
"""What a condition looks at: a column of the event, or a path in its `details`."""


class Wildcard(Enum):
    """What stands for other text in a pattern."""

    ANY = "*"
    ONE = "?"


Piece: TypeAlias = str | Wildcard


@dataclass(frozen=True, slots=True)
class Always:
    """Matches every event."""


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Negation:
    part: Condition


@dataclass(frozen=True, slots=True)
class Text:
    """The whole value is these pieces in a row; of an array in `details`, one element is."""

    subject: Subject
    pieces: tuple[Piece, ...]
    is_cased: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """The regular expression is found in the value. It carries its flags: `(?i-ms)...`."""

    subject: Subject
    regex: str


@dataclass(frozen=True, slots=True)
class SameAs:
    """Both fields have a value, and `field` is, begins with, ends with or holds the other's."""

    field: Field
    other: Field
    may_go_on: bool = False
    may_begin_before: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    filter: Filter


Leaf: TypeAlias = Text | Pattern | SameAs | Asked
Condition: TypeAlias = Always | AllOf | AnyOf | Negation | Leaf


def all_of(conditions: Iterable[Condition]) -> Condition:
    """Matches where all do; none at all matches everything."""
    parts = [
        part
        for each in conditions
        for part in (each.parts if isinstance(each, AllOf) else (each,))
        if not isinstance(part, Always)
    ]
    if not parts:
        return Always()
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def any_of(conditions: Iterable[Condition]) -> Condition:
    """Matches where one of at least one condition does."""
    parts = [
        part for each in conditions for part in (each.parts if isinstance(each, AnyOf) else (each,))
    ]
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def leaves(condition: Condition) -> Iterator[Leaf]:
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Negation(part):
            yield from leaves(part)
        case Always():
            return
        case _:
            yield condition
