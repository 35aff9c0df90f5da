"""The filter: one tree, made by `parse` and `params`, read by exactly two evaluators.

Everything                      matches every event
And, Or, Not                    of other filters
Match, Like, Exists             a text or vocabulary field
Compare                         a number field
AddressIn                       an address field
DetailsMatch, DetailsLike,      a path in `details`
DetailsExists, DetailsCompare
FreeText                        every text field, and every value in `details`
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv6Network
from typing import TypeAlias

from trailkeeper.search.fields import DETAILS, SEARCHED_COLUMNS, Field

Scalar: TypeAlias = str | int | float | bool | None
"""A value in `details`; True is never 1, and "5" is never 5."""

Number: TypeAlias = int | float

Path: TypeAlias = tuple[str, ...]
"""Segments of a path in `details`: a key of an object, or a 0-based index of an array."""


class Operator(StrEnum):
    EQUAL = "="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class Everything:
    """Matches every event."""


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Filter


@dataclass(frozen=True, slots=True)
class Match:
    """The field has this value, as its kind compares. The empty value is an absent field."""

    field: Field
    value: str


@dataclass(frozen=True, slots=True)
class Like:
    """The parts follow each other in the value, with any text (or none) between them.

    The first part begins the value and the last one ends it.
    """

    field: Field
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exists:
    """The field is not absent."""

    field: Field


@dataclass(frozen=True, slots=True)
class Compare:
    field: Field
    operator: Operator
    number: int


@dataclass(frozen=True, slots=True)
class AddressIn:
    """The address is in the network; IPv4 networks are given as IPv4-mapped ones."""

    field: Field
    network: IPv6Network


@dataclass(frozen=True, slots=True)
class DetailsMatch:
    """The value at the path, or an element of the array there, is this one, type and all."""

    path: Path
    value: Scalar


@dataclass(frozen=True, slots=True)
class DetailsLike:
    """As Like, of a string at the path or in the array there; case matters."""

    path: Path
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DetailsExists:
    """There is something at the path, be it null."""

    path: Path


@dataclass(frozen=True, slots=True)
class DetailsCompare:
    """A number at the path, or in the array there, compares so."""

    path: Path
    operator: Operator
    number: Number


@dataclass(frozen=True, slots=True)
class FreeText:
    """The text occurs in a text field or in a value in `details`, whatever its case."""

    text: str


DetailsLeaf: TypeAlias = DetailsMatch | DetailsLike | DetailsExists | DetailsCompare
FieldLeaf: TypeAlias = Match | Like | Exists | Compare | AddressIn
Filter: TypeAlias = Everything | And | Or | Not | FieldLeaf | DetailsLeaf | FreeText


def all_of(filters: Iterable[Filter]) -> Filter:
    """Matches where all do; no filter at all matches everything."""
    parts = [
        part
        for each in filters
        for part in (each.parts if isinstance(each, And) else (each,))
        if not isinstance(part, Everything)
    ]
    if not parts:
        return Everything()
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def any_of(filters: Iterable[Filter]) -> Filter:
    """Matches where one of at least one filter does."""
    parts = [part for each in filters for part in (each.parts if isinstance(each, Or) else (each,))]
    return parts[0] if len(parts) == 1 else Or(tuple(parts))


def conjuncts(node: Filter) -> tuple[Filter, ...]:
    """The filters that must all match, as far as that can be seen from the top."""
    match node:
        case And(parts):
            return parts
        case Everything():
            return ()
        case _:
            return (node,)


def leaves(node: Filter) -> Iterator[Filter]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case Everything():
            return
        case _:
            yield node


def columns_of(node: Filter) -> frozenset[str]:
    """The columns that the filter reads."""
    columns: set[str] = set()
    for leaf in leaves(node):
        if isinstance(leaf, FieldLeaf):
            columns.add(leaf.field.column)
        elif isinstance(leaf, FreeText):
            columns.update(SEARCHED_COLUMNS, ("ip_address", DETAILS))
        else:
            columns.add(DETAILS)
    return frozenset(columns)


def without_column(node: Filter, column: str) -> Filter:
    """The filter without those of its conjuncts that are about this column alone."""
    return all_of(part for part in conjuncts(node) if columns_of(part) != {column})
