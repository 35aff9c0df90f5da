"""The filter back to the text of `q`: the counterpart of `parse_query`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

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
    FieldLeaf,
    Filter,
    FreeText,
    Like,
    Match,
    Not,
    Operator,
    Or,
    Scalar,
)
from trailkeeper.search.details import escape_literal, parse_number
from trailkeeper.search.fields import NAMES
from trailkeeper.search.scan import show_path, show_quoted
from trailkeeper.search.values import LITERALS, show_network

_BARE_VALUE: Final = re.compile(r"[A-Za-z0-9_.@/+:-]+")
_BARE_WORD: Final = re.compile(r"[A-Za-z0-9_.@/+][A-Za-z0-9_.@/+-]*")
_KEYWORDS: Final = frozenset({"AND", "OR", "NOT"})
_PAIRS: Final = {fields: name for name, fields in NAMES.items() if len(fields) == 2}


def to_query(node: Filter) -> str:
    """The text that `parse_query` reads as this filter; "" matches everything."""
    match node:
        case Everything():
            return ""
        case And(parts):
            return " ".join(map(_term, parts))
        case Or(parts):
            return _either(parts)
        case _:
            return _term(node)


def _term(node: Filter) -> str:
    match node:
        case Everything():
            return "*"
        case And():
            return f"({to_query(node)})"
        case Or(parts):
            text = _either(parts)
            return text if len(_alternatives(parts)) == 1 else f"({text})"
        case Not(part):
            return f"-{_term(part)}"
        case FreeText(text):
            is_bare = _BARE_WORD.fullmatch(text) is not None and text not in _KEYWORDS
            return text if is_bare else show_quoted(text)
        case _:
            name, value = _named_value(node)
            return f"{name}:{value}"


def _either(parts: Sequence[Filter]) -> str:
    return " OR ".join(_alternatives(parts))


def _alternatives(parts: Sequence[Filter]) -> list[str]:
    """The alternatives as text, those of one field as one list of values."""
    shown: list[str] = []
    for name, group in groupby(_paired(parts), key=lambda pair: pair[0]):
        values = [value for _, value in group]
        if not name:
            shown.extend(values)
        elif len(values) == 1:
            shown.append(f"{name}:{values[0]}")
        else:
            shown.append(f"{name}:({' OR '.join(values)})")
    return shown


def _paired(parts: Sequence[Filter]) -> list[tuple[str, str]]:
    """Name and value of each alternative, both halves of `user` or `resource` as one.

    What is not a field with a value has no name.
    """
    pairs: list[tuple[str, str]] = []
    waiting = list(parts)
    while waiting:
        part = waiting.pop(0)
        both = _both_halves(part, waiting[0]) if waiting else None
        if both is not None:
            waiting.pop(0)
            pairs.append(both)
        elif isinstance(part, Everything | And | Or | Not | FreeText):
            pairs.append(("", _term(part)))
        else:
            pairs.append(_named_value(part))
    return pairs


def _both_halves(first: Filter, second: Filter) -> tuple[str, str] | None:
    if not isinstance(first, FieldLeaf) or type(second) is not type(first):
        return None
    name = _PAIRS.get((first.field, second.field))
    value = _named_value(first)[1]
    if name is None or value != _named_value(second)[1] or value == '""':
        return None
    return name, value


Leaf = FieldLeaf | DetailsMatch | DetailsLike | DetailsExists | DetailsCompare


def _named_value(leaf: Leaf) -> tuple[str, str]:
    match leaf:
        case Match(field, value):
            return field.column, _text(value)
        case Like(field, parts):
            return field.column, "*".join(_piece(part) for part in parts)
        case Exists(field):
            return field.column, "*"
        case Compare(field, operator, number):
            return field.column, f"{_sign(operator)}{number}"
        case AddressIn(field, network):
            return field.column, show_network(network)
        case DetailsMatch(path, value):
            return show_path(path), _typed(value)
        case DetailsLike(path, parts):
            return show_path(path), "*".join(_piece(part) for part in parts)
        case DetailsExists(path):
            return show_path(path), "*"
        case DetailsCompare(path, operator, number):
            return show_path(path), f"{operator.value}{escape_literal(number)}"


def _sign(operator: Operator) -> str:
    return "" if operator is Operator.EQUAL else operator.value


def _text(value: str) -> str:
    return value if _BARE_VALUE.fullmatch(value) else show_quoted(value)


def _piece(part: str) -> str:
    return _text(part) if part else ""


def _typed(value: Scalar) -> str:
    if not isinstance(value, str):
        return escape_literal(value)
    is_typed = value in LITERALS or _looks_like_number(value)
    return show_quoted(value) if is_typed else _text(value)


def _looks_like_number(text: str) -> bool:
    try:
        return parse_number(text) is not None
    except OverflowError:
        return True
