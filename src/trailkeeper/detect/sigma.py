"""pySigma, as a parser and nothing else: the only module that imports it.

Each function reads one small piece, so that one piece's fault hides no other's, and answers in
plain nouns. None of its back ends, pipelines or loaders is used: those for SQL drop the time
span and let field names into the query.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, TypeVar

from pyparsing import ParseBaseException
from sigma.conditions import (
    ConditionAND,
    ConditionIdentifier,
    ConditionItem,
    ConditionNOT,
    ConditionOR,
    ConditionSelector,
    SigmaCondition,
)
from sigma.correlations import (
    CorrelationConditionAND,
    CorrelationConditionItem,
    CorrelationConditionNOT,
    CorrelationConditionOR,
    SigmaCorrelationCondition,
    SigmaCorrelationTimespan,
    SigmaCorrelationType,
    SigmaExtendedCorrelationCondition,
    SigmaRuleReference,
)
from sigma.exceptions import SigmaError
from sigma.rule import SigmaDetection, SigmaDetectionItem, SigmaDetections
from sigma.types import (
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SigmaType,
    SpecialChars,
)

from trailkeeper.detect.condition import Piece, Wildcard
from trailkeeper.detect.document import Scalar
from trailkeeper.detect.rule import Comparison, Kind

REGEX_FLAGS: Final = {"i": "i", "ignorecase": "i", "m": "m", "multiline": "m"} | {
    "s": "s",
    "dotall": "s",
}

Read = TypeVar("Read")

_PLACE: Final = re.compile(r"\(at char (\d+)\)")
_WILDCARDS: Final = {
    SpecialChars.WILDCARD_MULTI: Wildcard.ANY,
    SpecialChars.WILDCARD_SINGLE: Wildcard.ONE,
}


class Refused(Exception):
    """pySigma does not take it; `offset` is the place in a condition's text, where known."""

    def __init__(self, detail: str, offset: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Glob:
    """Text with wildcards."""

    pieces: tuple[Piece, ...]
    is_cased: bool


@dataclass(frozen=True, slots=True)
class Regex:
    text: str


@dataclass(frozen=True, slots=True)
class Network:
    text: str


@dataclass(frozen=True, slots=True)
class Presence:
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Compared:
    operator: str
    number: int | float


@dataclass(frozen=True, slots=True)
class Reference:
    """Another field's value; `starts` where this one begins with it, `ends` where it ends so."""

    name: str
    starts: bool
    ends: bool


ItemValue: TypeAlias = Glob | Regex | Network | Presence | Compared | Reference | Scalar


def read_values(key: str, values: list[Any]) -> tuple[ItemValue, ...]:
    """The values of one detection item after its modifiers. Raises Refused."""
    try:
        item = SigmaDetectionItem.from_mapping(key, values)
        return tuple(map(_exact, map(_item_value, item.value), values))
    except SigmaError as error:
        raise Refused(_sentence(error)) from None


def _item_value(value: SigmaType) -> ItemValue:
    match value:
        case SigmaString():
            return Glob(_pieces(value), isinstance(value, SigmaCasedString))
        case SigmaRegularExpression():
            return Regex(value.regexp.original)
        case SigmaCIDRExpression():
            return Network(value.cidr)
        case SigmaExists():
            return Presence(value.exists)
        case SigmaCompareExpression():
            return Compared(value.op.name.lower(), value.number.number)
        case SigmaFieldReference():
            return Reference(value.field, value.starts_with, value.ends_with)
        case SigmaBool():
            return value.boolean
        case SigmaNumber():
            return value.number
        case SigmaNull():
            return None
    raise Refused(f"A value of the type {type(value).__name__} has no meaning here.")


def _exact(read: ItemValue, written: Any) -> ItemValue:
    """The value with its number as written: pySigma takes whole numbers for floats and back."""
    if not isinstance(written, int | float) or isinstance(written, bool):
        return read
    match read:
        case Compared(operator, _):
            return Compared(operator, written)
        case int() | float():
            return written
    return read


def _pieces(value: SigmaString) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for part in value.s:
        piece = part if isinstance(part, str) else _wildcard(part)
        if piece is Wildcard.ANY and pieces and pieces[-1] is Wildcard.ANY:
            continue
        pieces.append(piece)
    return tuple(pieces)


def _wildcard(part: Any) -> Wildcard:
    try:
        return _WILDCARDS[part]
    except (KeyError, TypeError):
        raise Refused("Placeholders have no meaning here.") from None


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Tree


Tree: TypeAlias = Name | All | OneOf | Not
"""A condition's text as a tree of the names in it."""


def read_condition(text: str, names: Collection[str]) -> Tree:
    """The condition over detections of these names. Raises Refused."""
    stand_in = SigmaDetectionItem("action", [], [SigmaString("")])
    detections = SigmaDetections({name: SigmaDetection([stand_in]) for name in names}, [text])
    try:
        parsed = SigmaCondition(text, detections).parse(postprocess=False)
        return _tree(parsed, detections)
    except (SigmaError, ParseBaseException) as error:
        found = _PLACE.search(str(error))
        if found is None:
            raise Refused(_sentence(error)) from None
        raise Refused(
            f"something is missing or wrong at character {int(found.group(1)) + 1}.",
            int(found.group(1)),
        ) from None
    except RecursionError:
        raise Refused("It is nested too deep.") from None


def _tree(item: Any, detections: SigmaDetections) -> Tree:
    match item:
        case ConditionIdentifier():
            return Name(item.identifier)
        case ConditionSelector():
            selected = item.resolve_referenced_detections(detections)
            if not selected:
                raise Refused(f"No selection is named as in {' of '.join(item.args)!r}.")
            named = tuple(Name(each.identifier) for each in selected)
            return All(named) if item.cond_class is ConditionAND else OneOf(named)
        case ConditionItem():
            parts = tuple(_tree(each, detections) for each in item.args)
            return _joined(item, parts, ConditionNOT, ConditionAND, ConditionOR)
    raise Refused("This is no condition.")


def _joined(item: Any, parts: tuple[Tree, ...], not_: type, and_: type, or_: type) -> Tree:
    if isinstance(item, not_):
        return Not(parts[0])
    if isinstance(item, and_):
        return All(parts)
    if isinstance(item, or_):
        return OneOf(parts)
    raise Refused("This is no condition.")


def read_expression(text: str) -> Tree:
    """The extended condition of a temporal correlation, over names of rules. Raises Refused."""

    def tree(item: Any) -> Tree:
        if isinstance(item, SigmaRuleReference):
            return Name(item.reference)
        if not isinstance(item, CorrelationConditionItem):
            raise Refused("This is no condition.")
        return _joined(
            item,
            tuple(map(tree, item.args)),
            CorrelationConditionNOT,
            CorrelationConditionAND,
            CorrelationConditionOR,
        )

    return _read(lambda: tree(SigmaExtendedCorrelationCondition(text).parsed))


def read_kind(text: str) -> Kind:
    """Raises Refused."""
    try:
        return Kind(SigmaCorrelationType[text.upper()].name.lower())
    except (KeyError, ValueError):
        raise Refused(f"There is no correlation of the type {text!r}.") from None


def read_timespan(text: str) -> int:
    """Seconds. Raises Refused."""
    return _read(lambda: SigmaCorrelationTimespan(text).seconds)


@dataclass(frozen=True, slots=True)
class Threshold:
    comparison: Comparison
    number: int | float
    fields: tuple[str, ...]
    percentile: int | None


def read_threshold(plain: Mapping[str, Any]) -> Threshold:
    """The condition of a correlation: `gte: 5` and the like. Raises Refused."""
    read = _read(lambda: SigmaCorrelationCondition.from_dict(dict(plain)))
    named = read.fieldref
    fields = (named,) if isinstance(named, str) else tuple(named or ())
    return Threshold(Comparison(read.op.name.lower()), read.count, fields, read.percentile)


def _read(read: Callable[[], Read]) -> Read:
    try:
        return read()
    except (SigmaError, ParseBaseException) as error:
        raise Refused(_sentence(error)) from None
    except (TypeError, ValueError, RecursionError):
        raise Refused("It cannot be read.") from None


def _sentence(error: Exception) -> str:
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return text if text.endswith(".") else f"{text}."
