"""A search's filter as a Sigma detection, and back.

Each condition of the search has a line in Sigma that asks the same; the tree above becomes
named selections and a condition. The way back knows these lines and no others.
"""

from __future__ import annotations

from typing import Any, Final

from trailkeeper.detect.condition import (
    AllOf,
    Always,
    AnyOf,
    Asked,
    Condition,
    Negation,
    Text,
    Wildcard,
)
from trailkeeper.errors import BadRequest
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
    Operator,
    Or,
    all_of,
    any_of,
)
from trailkeeper.search.fields import Field, Kind
from trailkeeper.search.scan import show_path
from trailkeeper.search.values import show_network

MAX_SELECTIONS: Final = 60

_OPERATORS: Final = {
    Operator.LESS: "lt",
    Operator.AT_MOST: "lte",
    Operator.MORE: "gt",
    Operator.AT_LEAST: "gte",
}


class NotInForm(Exception):
    """The condition asks what no search asks."""


def to_detection(node: Filter) -> dict[str, Any]:
    """The detection section for a filter. Raises BadRequest(INVALID_FORM)."""
    writer = _Writer()
    joined = writer.joined(node)
    return {**writer.selections, "condition": joined}


class _Writer:
    def __init__(self) -> None:
        self.selections: dict[str, Any] = {}

    def joined(self, node: Filter) -> str:
        match node:
            case And(parts):
                return " and ".join(map(self._operand, parts))
            case Or(parts):
                return " or ".join(map(self._operand, parts))
            case Not(part):
                return f"not {self._operand(part)}"
            case Everything():
                return self._named({"action|exists": True})
            case FreeText(text):
                return self._named([_escape(text)])
            case _:
                return self._named(_line(node))

    def _operand(self, node: Filter) -> str:
        text = self.joined(node)
        return f"({text})" if isinstance(node, And | Or | Not) else text

    def _named(self, selection: Any) -> str:
        if len(self.selections) >= MAX_SELECTIONS:
            raise BadRequest(
                "INVALID_FORM",
                "The search has too many terms for a form.",
                hint=f"At most {MAX_SELECTIONS}; write the rule as YAML.",
                field="query",
            )
        name = f"s{len(self.selections) + 1}"
        self.selections[name] = selection
        return name


def _line(leaf: Filter) -> dict[str, Any]:
    match leaf:
        case Match(field, ""):
            return {f"{field.column}|exists": False}
        case Match(field, value):
            return {f"{field.column}{_modifiers(field)}": _escape(value)}
        case Like(field, parts):
            return {f"{field.column}{_modifiers(field)}": "*".join(map(_escape, parts))}
        case Exists(field):
            return {f"{field.column}|exists": True}
        case Compare(field, Operator.EQUAL, number):
            return {field.column: number}
        case Compare(field, operator, number):
            return {f"{field.column}|{_OPERATORS[operator]}": number}
        case AddressIn(field, network):
            return {f"{field.column}|cidr": show_network(network)}
        case DetailsMatch(path, str() as text):
            return {f"{show_path(path)}|cased": _escape(text)}
        case DetailsMatch(path, None):
            # `null` alone would ask for absence, too.
            return {f"{show_path(path)}|exists": True, show_path(path): None}
        case DetailsMatch(path, value):
            return {show_path(path): value}
        case DetailsLike(path, parts):
            return {f"{show_path(path)}|cased": "*".join(map(_escape, parts))}
        case DetailsExists(path):
            return {f"{show_path(path)}|exists": True}
        case DetailsCompare(path, operator, number):
            return {f"{show_path(path)}|{_OPERATORS[operator]}": number}
    raise TypeError(f"{type(leaf).__name__} is no single condition")


def _modifiers(field: Field) -> str:
    """How Sigma is told to compare as the search does."""
    if field.kind is Kind.EXACT:
        return "|cased"
    return "|contains" if field.kind is Kind.PART else ""


def _escape(text: str) -> str:
    """The text as a value in which nothing is a wildcard."""
    return "".join(f"\\{each}" if each in "\\*?" else each for each in text)


def to_filter(node: Condition) -> Filter:
    """The filter that asks the same. Raises NotInForm."""
    match node:
        case Always():
            return Everything()
        case AllOf(parts):
            return _without_null(all_of(map(to_filter, parts)))
        case AnyOf(parts):
            return any_of(map(to_filter, parts))
        case Negation(part):
            return _absence(to_filter(part))
        case Asked(Exists(field)) if field.column == "action":
            return Everything()
        case Asked(filter_):
            return filter_
        case Text():
            return _text_filter(node)
        case _:
            raise NotInForm


def _absence(part: Filter) -> Filter:
    """An absent text is the empty text, to the search."""
    if isinstance(part, Exists) and part.field.kind is not Kind.ADDRESS:
        return Match(part.field, "")
    return Not(part)


def _without_null(node: Filter) -> Filter:
    """Undoes what a null in details needs two lines for."""
    if not isinstance(node, And):
        return node
    parts = list(node.parts)
    for part in node.parts:
        match part:
            case Or((Not(DetailsExists(path)), DetailsMatch(same, None))) if path == same:
                if DetailsExists(path) in parts:
                    parts.remove(DetailsExists(path))
                    parts[parts.index(part)] = DetailsMatch(path, None)
    return all_of(parts)


def _text_filter(text: Text) -> Filter:
    subject, pieces = text.subject, text.pieces
    parts = [""]
    for piece in pieces:
        if piece is Wildcard.ONE:
            raise NotInForm
        if isinstance(piece, str):
            parts[-1] += piece
        else:
            parts.append("")
    if not isinstance(subject, Field):
        if not text.is_cased:
            raise NotInForm
        value = tuple(parts)
        return DetailsMatch(subject, parts[0]) if len(parts) == 1 else DetailsLike(subject, value)
    if subject.kind is Kind.PART and not text.is_cased:
        return _part_filter(subject, parts)
    if text.is_cased is not (subject.kind is Kind.EXACT) or subject.kind is Kind.ADDRESS:
        raise NotInForm
    return Match(subject, parts[0]) if len(parts) == 1 else Like(subject, tuple(parts))


def _part_filter(field: Field, parts: list[str]) -> Filter:
    """The search looks for any part of such a field: a wildcard on either side is its own."""
    if len(parts) < 3 or parts[0] or parts[-1]:
        raise NotInForm
    inner = parts[1:-1]
    return Match(field, inner[0]) if len(inner) == 1 else Like(field, tuple(inner))
