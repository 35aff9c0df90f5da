"""A condition as a function of an event in memory: the live counterpart of `condition_sql`."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address
from operator import attrgetter
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
    Subject,
    Text,
)
from trailkeeper.detect.keys import Details, column_text
from trailkeeper.detect.regex import compile_pattern, compile_regex
from trailkeeper.detect.text import Folding, Plan, Shape, plan
from trailkeeper.event import NO_ADDRESS, StoredEvent
from trailkeeper.search.ast import AddressIn, Compare, Exists, Match, columns_of
from trailkeeper.search.details import MISSING, comparable, value_at
from trailkeeper.search.evaluate import OPERATORS, compile_filter
from trailkeeper.search.fields import Field, Kind
from trailkeeper.search.text import fold, fold_ascii

Test = Callable[[StoredEvent], bool]
TextTest = Callable[[str], bool]

REMEMBERED: Final = 2048

_FOLDS: Final = {Folding.ASCII: fold_ascii, Folding.UNICODE: fold}


def compile_condition(condition: Condition, details: Details) -> Test:
    """A function that tells whether an event matches; compile once, call often."""
    match condition:
        case Always():
            return lambda event: True
        case AllOf(parts):
            return _all([compile_condition(part, details) for part in parts])
        case AnyOf(parts):
            return _any([compile_condition(part, details) for part in parts])
        case Negation(part):
            test = compile_condition(part, details)
            return lambda event: not test(event)
        case Text(subject):
            return _subject_test(subject, text_test(plan(condition)), details)
        case Pattern(subject, regex):
            return _subject_test(subject, compile_regex(regex), details)
        case SameAs():
            return _same_test(condition)
        case Asked():
            return _asked_test(condition)


def text_test(how: Plan) -> TextTest:
    """Whether a text is as planned."""
    needle = how.needle
    match how.shape:
        case Shape.EQUAL:
            test: TextTest = needle.__eq__
        case Shape.PREFIX:
            test = lambda text: text.startswith(needle)  # noqa: E731
        case Shape.SUFFIX:
            test = lambda text: text.endswith(needle)  # noqa: E731
        case Shape.CONTAINS:
            test = lambda text: needle in text  # noqa: E731
        case Shape.REGEX:
            test = compile_pattern(needle)
    folding = _FOLDS.get(how.folding)
    if folding is None:
        return test
    return lambda text: test(folding(text))


def _all(tests: list[Test]) -> Test:
    if len(tests) == 2:
        first, second = tests
        return lambda event: first(event) and second(event)
    return lambda event: all(test(event) for test in tests)


def _any(tests: list[Test]) -> Test:
    if len(tests) == 2:
        first, second = tests
        return lambda event: first(event) or second(event)
    return lambda event: any(test(event) for test in tests)


def _subject_test(subject: Subject, test: TextTest, details: Details) -> Test:
    if isinstance(subject, Field):
        get = column_text(subject)
        cached = test if subject.kind is Kind.VOCABULARY else remembered(test)
        return lambda event: cached(get(event))
    path = subject

    def at_path(event: StoredEvent) -> bool:
        found = value_at(details.of(event), path)
        if isinstance(found, str):
            return test(found)
        if found is MISSING:
            return False
        values = found if isinstance(found, list) else [found]
        return any(test(text) for text in map(_text, values) if text is not None)

    return at_path


def _text(value: Any) -> str | None:
    """The text that a value in details is: a number past 64 bits is known by its digits."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        return None
    compared = comparable(value)
    return compared if isinstance(compared, str) else None


def _same_test(same: SameAs) -> Test:
    get, get_other = attrgetter(same.field.column), attrgetter(same.other.column)
    compare: Callable[[str, str], bool]
    if same.may_go_on and same.may_begin_before:
        compare = lambda text, other: other in text  # noqa: E731
    elif same.may_go_on:
        compare = lambda text, other: text.startswith(other)  # noqa: E731
    elif same.may_begin_before:
        compare = lambda text, other: text.endswith(other)  # noqa: E731
    else:
        compare = lambda text, other: text == other  # noqa: E731

    def test(event: StoredEvent) -> bool:
        text, other = get(event), get_other(event)
        return bool(text) and bool(other) and compare(fold(text), fold(other))

    return test


def _asked_test(asked: Asked) -> Test:
    match asked.filter:
        case Compare(field, operator, number):
            get, compare = attrgetter(field.column), OPERATORS[operator]
            return lambda event: compare(get(event), number)
        case Exists(field) if field.kind is not Kind.ADDRESS:
            get_text = attrgetter(field.column)
            return lambda event: get_text(event) != ""
        case AddressIn(field, network):
            get_address = attrgetter(field.column)
            is_within = remembered(
                lambda stored: stored != NO_ADDRESS and IPv6Address(stored) in network
            )
            return lambda event: is_within(get_address(event))
        case filter_:
            return compile_filter(filter_)


def remembered(test: TextTest) -> TextTest:
    """The same test; what it said of the last few thousand texts is remembered. Columns repeat
    themselves, and folding, matching or parsing costs more than a look-up."""
    return lru_cache(maxsize=REMEMBERED)(test)


def given_action(condition: Condition, action: str) -> Condition | None:
    """What of the condition is left to check where the action is known; None: nothing matches."""
    match condition:
        case AllOf(parts):
            kept: list[Condition] = []
            for part in parts:
                left = given_action(part, action)
                if left is None:
                    return None
                if not isinstance(left, Always):
                    kept.append(left)
            return _joined(AllOf, kept) if kept else Always()
        case AnyOf(parts):
            kept = [rest for part in parts if (rest := given_action(part, action)) is not None]
            if any(isinstance(rest, Always) for rest in kept):
                return Always()
            return _joined(AnyOf, kept) if kept else None
        case Negation(part):
            left = given_action(part, action)
            if left is None:
                return Always()
            return None if isinstance(left, Always) else Negation(left)
        case Always():
            return condition
        case _:
            if _is_about_action(condition):
                return Always() if _holds(condition, action) else None
            return condition


def _joined(kind: type[AllOf] | type[AnyOf], parts: list[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


def _is_about_action(leaf: Leaf) -> bool:
    match leaf:
        case Text(subject) | Pattern(subject):
            return isinstance(subject, Field) and subject.column == "action"
        case Asked(filter_):
            return isinstance(filter_, Match | Exists) and columns_of(filter_) == {"action"}
        case SameAs():
            return False


def _holds(leaf: Any, action: str) -> bool:
    match leaf:
        case Text():
            return text_test(plan(leaf))(action)
        case Pattern(_, regex):
            return compile_regex(regex)(action)
        case _:
            return action != "" if isinstance(leaf.filter, Exists) else leaf.filter.value == action
