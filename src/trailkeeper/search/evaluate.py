"""The filter as a function of an event in memory: the live counterpart of `sql`.

Both evaluators select the same events; a property test compares them on the real engine.
"""

from __future__ import annotations

import operator as operators
from collections.abc import Callable, Iterator
from functools import cached_property
from ipaddress import IPv6Address, IPv6Network
from operator import attrgetter
from typing import Any, Final, TypeAlias

import msgspec

from trailkeeper.event import IPV4_MAPPED_PREFIX, NO_ADDRESS, StoredEvent, displayed_address
from trailkeeper.search.ast import (
    AddressIn,
    And,
    Compare,
    DetailsCompare,
    DetailsExists,
    DetailsLike,
    DetailsMatch,
    Everything,
    Exists,
    Filter,
    FreeText,
    Like,
    Match,
    Not,
    Number,
    Operator,
    Or,
    Path,
    Scalar,
)
from trailkeeper.search.details import (
    MISSING,
    comparable,
    comparable_number,
    escape_literal,
    value_at,
)
from trailkeeper.search.fields import SEARCHED_COLUMNS, Field, Kind
from trailkeeper.search.text import fold, fold_ascii, fold_needle, fold_parts

OPERATORS: Final[dict[Operator, Callable[[Any, Any], bool]]] = {
    Operator.EQUAL: operators.eq,
    Operator.LESS: operators.lt,
    Operator.AT_MOST: operators.le,
    Operator.MORE: operators.gt,
    Operator.AT_LEAST: operators.ge,
}

_searched_columns = attrgetter(*SEARCHED_COLUMNS)


class _Subject:
    """An event under test; what is dear to work out is worked out once, when asked for."""

    def __init__(self, event: StoredEvent) -> None:
        self.event = event

    @cached_property
    def details(self) -> Any:
        return msgspec.json.decode(self.event.details)

    @cached_property
    def texts(self) -> list[str]:
        """All that free text looks into, as written."""
        shown = displayed_address(stored_address(self.event.ip_address))
        texts: list[str] = [*_searched_columns(self.event), shown or ""]
        texts.extend(_scalar_texts(self.details))
        return texts

    @cached_property
    def ascii_texts(self) -> list[str]:
        return [fold_ascii(text) for text in self.texts]

    @cached_property
    def folded_texts(self) -> list[str]:
        return [fold(text) for text in self.texts]


_Test: TypeAlias = Callable[[_Subject], bool]


def compile_filter(node: Filter) -> Callable[[StoredEvent], bool]:
    """A function that tells whether an event matches; compile once, call often."""
    test = _compile(node)
    return lambda event: test(_Subject(event))


def _compile(node: Filter) -> _Test:
    match node:
        case Everything():
            return lambda subject: True
        case And(parts):
            all_tests = tuple(map(_compile, parts))
            return lambda subject: all(test(subject) for test in all_tests)
        case Or(parts):
            any_tests = tuple(map(_compile, parts))
            return lambda subject: any(test(subject) for test in any_tests)
        case Not(part):
            test = _compile(part)
            return lambda subject: not test(subject)
        case FreeText(text):
            return _free_text_test(fold_needle(text))
        case Match(field, value):
            return _column_test(field, _match_test(field, value))
        case Like(field, parts):
            return _column_test(field, _like_test(field, parts))
        case Exists(field):
            return _column_test(field, _exists_test(field))
        case Compare(field, operator, number):
            compare = OPERATORS[operator]
            return _column_test(field, lambda stored: compare(stored, number))
        case AddressIn(field, network):
            return _column_test(field, _address_test(network))
        case DetailsMatch(path, value):
            return _details_match_test(path, comparable(value))
        case DetailsLike(path, parts):
            return _details_like_test(path, parts)
        case DetailsCompare(path, operator, number):
            return _details_compare_test(path, operator, comparable_number(number))
        case DetailsExists(path):
            return lambda subject: value_at(subject.details, path) is not MISSING


def _column_test(field: Field, test: Callable[[Any], bool]) -> _Test:
    get = attrgetter(field.column)
    return lambda subject: test(get(subject.event))


def _match_test(field: Field, value: str) -> Callable[[str], bool]:
    if field.kind is Kind.VOCABULARY:
        value = value.upper()
    if field.kind in (Kind.VOCABULARY, Kind.EXACT) or not value:
        return lambda stored: stored == value
    needle = fold_needle(value)
    folding = fold_ascii if needle.isascii() else fold
    if field.kind is Kind.PART:
        return lambda stored: needle in folding(stored)
    return lambda stored: folding(stored) == needle


def _like_test(field: Field, parts: tuple[str, ...]) -> Callable[[str], bool]:
    if field.kind is Kind.VOCABULARY:
        return _pattern_test(tuple(map(str.upper, parts)))
    if field.kind is Kind.EXACT:
        return _pattern_test(parts)
    folding = fold_ascii if "".join(parts).isascii() else fold
    test = _pattern_test(fold_parts(field, parts))
    return lambda stored: test(folding(stored))


def _pattern_test(parts: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether the parts follow each other; found from the left, so the time is linear."""
    first, *inner, last = parts

    def test(stored: str) -> bool:
        if len(stored) < len(first) + len(last):
            return False
        if not (stored.startswith(first) and stored.endswith(last)):
            return False
        place, end = len(first), len(stored) - len(last)
        for part in inner:
            place = stored.find(part, place, end)
            if place < 0:
                return False
            place += len(part)
        return True

    return test


def _exists_test(field: Field) -> Callable[[str], bool]:
    absent = NO_ADDRESS if field.kind is Kind.ADDRESS else ""
    return lambda stored: stored != absent


def _address_test(network: IPv6Network) -> Callable[[str], bool]:
    return lambda stored: stored != NO_ADDRESS and IPv6Address(stored) in network


def stored_address(text: str) -> str:
    """An address in IPv6 notation as the engine writes it, which Python writes otherwise."""
    address = IPv6Address(text)
    if address.ipv4_mapped is not None:
        return f"{IPV4_MAPPED_PREFIX}{address.ipv4_mapped}"
    low = int(address)
    if 0xFFFF < low <= 0xFFFFFFFF:
        return f"::{IPv6Address(low | 0xFFFF << 32).ipv4_mapped}"
    return str(address)


def _free_text_test(needle: str) -> _Test:
    if needle.isascii():
        return lambda subject: any(needle in text for text in subject.ascii_texts)
    return lambda subject: any(needle in text for text in subject.folded_texts)


def _scalar_texts(value: Any) -> Iterator[str]:
    """The values within decoded JSON as text, at any depth; not the keys."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
        else:
            yield each if isinstance(each, str) else escape_literal(each)


def _values_at(subject: _Subject, path: Path) -> list[Any]:
    found = value_at(subject.details, path)
    if found is MISSING:
        return []
    return found if isinstance(found, list) else [found]


def _details_match_test(path: Path, value: Scalar) -> _Test:
    if isinstance(value, bool) or value is None:
        return lambda subject: any(each is value for each in _values_at(subject, path))
    if isinstance(value, str):
        return lambda subject: any(
            each == value for each in _comparable_values(subject, path) if isinstance(each, str)
        )
    return _details_compare_test(path, Operator.EQUAL, value)


def _details_like_test(path: Path, parts: tuple[str, ...]) -> _Test:
    test = _pattern_test(parts)
    return lambda subject: any(
        test(each) for each in _comparable_values(subject, path) if isinstance(each, str)
    )


def _details_compare_test(path: Path, operator: Operator, number: Number) -> _Test:
    compare = OPERATORS[operator]
    return lambda subject: any(
        compare(each, number)
        for each in _comparable_values(subject, path)
        if isinstance(each, int | float) and not isinstance(each, bool)
    )


def _comparable_values(subject: _Subject, path: Path) -> Iterator[Scalar]:
    for each in _values_at(subject, path):
        if not isinstance(each, dict | list):
            yield comparable(each)
