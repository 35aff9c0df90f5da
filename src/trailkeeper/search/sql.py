"""The filter as a condition of the events engine: bound values only, columns from the catalogue.

What is written into the text is a catalogue column, a placeholder, or a word of this module.
Every condition is 0 or 1 and never NULL, so that NOT means what it says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from ipaddress import IPv6Network
from typing import Any, Final

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
    comparable,
    comparable_number,
    escape_json,
    escape_literal,
    is_index,
)
from trailkeeper.search.fields import SEARCHED_COLUMNS, Field, Kind
from trailkeeper.search.text import (
    FINAL_SIGMA,
    SIGMA,
    details_pattern,
    fold_ascii,
    fold_needle,
    fold_parts,
    indexed_part,
    like_escape,
    may_be_in_address,
)
from trailkeeper.store.schema import TEXT_EXPRESSION, id_condition

OPERATORS: Final = {operator: operator.value for operator in Operator}

MAX_SIGNED: Final = 2**63 - 1

SHOWN_ADDRESS: Final = (
    "multiIf(ip_address = toIPv6('::'), '',"
    " startsWith(toString(ip_address), '::ffff:') AND position(toString(ip_address), '.') > 0,"
    " substring(toString(ip_address), 8), toString(ip_address))"
)


def index_covers(expression: str) -> bool:
    """Whether free text can be nowhere but in this expression, which the text index is on."""
    words = set(re.findall(r"\w+", expression))
    return words.issuperset((*SEARCHED_COLUMNS, "ip_address", "details"))


_CAN_USE_INDEX: Final = index_covers(TEXT_EXPRESSION)


class Binder:
    """Hands out placeholders; `parameters` are the values bound to them."""

    def __init__(self) -> None:
        self.parameters: dict[str, Any] = {}

    def bind(self, value: Any, type_: str) -> str:
        """A placeholder of an engine's type for the value."""
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f"{{{name}:{type_}}}"


def condition(node: Filter, binder: Binder) -> str:
    """The condition for the rows of the events table that the filter matches."""
    match node:
        case Everything():
            return "1"
        case And(parts):
            ordered = sorted(parts, key=_is_costly)
            return " AND ".join(f"({condition(part, binder)})" for part in ordered)
        case Or(parts):
            return " OR ".join(f"({condition(part, binder)})" for part in parts)
        case Not(part):
            return f"NOT ({condition(part, binder)})"
        case FreeText(text):
            return _free_text_condition(fold_needle(text), binder)
        case Match(field, value):
            return _match_condition(field, value, binder)
        case Like(field, parts):
            return _like_condition(field, parts, binder)
        case Exists(field):
            return _exists_condition(field)
        case Compare(field, operator, number):
            column_sql = field.column
            return f"{column_sql} {OPERATORS[operator]} {_number_sql(number, binder)}"
        case AddressIn(field, network):
            return _address_condition(field, network, binder)
        case DetailsMatch(path, value):
            return _details_match_condition(path, comparable(value), binder)
        case DetailsLike(path, parts):
            return _details_like_condition(path, parts, binder)
        case DetailsCompare(path, operator, number):
            number_condition = _number_condition(operator, comparable_number(number), binder)
            return any_value_condition(path, number_condition, binder)
        case DetailsExists(path):
            found_condition = at_path_sql(path, binder, _has_sql)
            return f"{_has_key_condition(path, binder)} AND {found_condition}"


def _is_costly(node: Filter) -> int:
    """Cheap conditions first: the engine reads the columns of later ones for fewer rows."""
    match node:
        case Match() | Compare() | AddressIn() | Exists() | Like():
            return 0
        case FreeText():
            return 2
        case _:
            return 1


def _match_condition(field: Field, value: str, binder: Binder) -> str:
    column_sql = field.column
    if field.kind is Kind.VOCABULARY:
        return f"{column_sql} = {binder.bind(value.upper(), 'String')}"
    if column_sql == "id":
        return id_condition(binder.bind(value, "String"))
    if field.kind is Kind.EXACT or not value:
        return f"{column_sql} = {binder.bind(value, 'String')}"
    needle = fold_needle(value)
    needle_sql = binder.bind(needle, "String")
    if field.kind is Kind.PART:
        return _contains_condition(column_sql, needle_sql, needle.isascii())
    return f"{case_folded_sql(column_sql, needle.isascii())} = {needle_sql}"


def _like_condition(field: Field, parts: tuple[str, ...], binder: Binder) -> str:
    column_sql = field.column
    if field.kind is Kind.VOCABULARY:
        return f"{column_sql} LIKE {_pattern_sql(map(str.upper, parts), binder)}"
    if field.kind is Kind.EXACT:
        return f"{column_sql} LIKE {_pattern_sql(parts, binder)}"
    folded_sql = case_folded_sql(column_sql, "".join(parts).isascii())
    return f"{folded_sql} LIKE {_pattern_sql(fold_parts(field, parts), binder)}"


def _exists_condition(field: Field) -> str:
    column_sql = field.column
    if field.kind is Kind.ADDRESS:
        return f"{column_sql} != toIPv6('::')"
    return f"{column_sql} != ''"


def _address_condition(field: Field, network: IPv6Network, binder: Binder) -> str:
    column_sql = field.column
    first_sql = binder.bind(str(network[0]), "IPv6")
    last_sql = binder.bind(str(network[-1]), "IPv6")
    within_condition = f"{column_sql} >= {first_sql} AND {column_sql} <= {last_sql}"
    return f"{within_condition} AND {_exists_condition(field)}"


def _free_text_condition(needle: str, binder: Binder) -> str:
    if not needle:
        return "1"
    is_ascii = needle.isascii()
    needle_sql = binder.bind(needle, "String")
    conditions = [_contains_condition(column, needle_sql, is_ascii) for column in SEARCHED_COLUMNS]
    if may_be_in_address(needle):
        conditions.append(_contains_condition(SHOWN_ADDRESS, needle_sql, is_ascii))
    escaped_sql = binder.bind(escape_json(needle), "String")
    pattern_sql = binder.bind(details_pattern(needle), "String")
    contains_condition = _contains_condition("details", escaped_sql, is_ascii)
    details_sql = "details" if is_ascii else case_folded_sql("details", is_ascii)
    conditions.append(f"{contains_condition} AND match({details_sql}, {pattern_sql})")
    found_condition = " OR ".join(conditions)
    return f"({found_condition}){_index_condition(needle, binder)}"


def _index_condition(needle: str, binder: Binder) -> str:
    """` AND` what is true of all events with this folded text, and what the index can tell."""
    part = indexed_part(needle) if _CAN_USE_INDEX else None
    return f" AND {TEXT_EXPRESSION} LIKE {_pattern_sql(('', part, ''), binder)}" if part else ""


def _contains_condition(column_sql: str, needle_sql: str, is_ascii: bool) -> str:
    if is_ascii:
        return f"positionCaseInsensitive({column_sql}, {needle_sql}) > 0"
    return f"position({case_folded_sql(column_sql, is_ascii)}, {needle_sql}) > 0"


def case_folded_sql(column_sql: str, is_ascii: bool) -> str:
    if is_ascii:
        return f"lower({column_sql})"
    return f"replaceAll(lowerUTF8({column_sql}), '{FINAL_SIGMA}', '{SIGMA}')"


def _pattern_sql(parts: Iterable[str], binder: Binder) -> str:
    return binder.bind("%".join(map(like_escape, parts)), "String")


def _details_match_condition(path: Path, value: Scalar, binder: Binder) -> str:
    match value:
        case None | bool():
            literal_sql = binder.bind(escape_literal(value), "String")
            return any_value_condition(path, f"v = {literal_sql}", binder)
        case str():
            text_sql = binder.bind(value, "String")
            escaped_sql = binder.bind(escape_json(value), "String")
            equal_condition = f"startsWith(v, '\"') AND JSONExtractString(v) = {text_sql}"
            value_condition = any_value_condition(path, equal_condition, binder)
            found_condition = f"position(details, {escaped_sql}) > 0 AND {value_condition}"
            return found_condition + _index_condition(fold_ascii(value), binder)
        case _:
            number_condition = _number_condition(Operator.EQUAL, value, binder)
            return any_value_condition(path, number_condition, binder)


def _details_like_condition(path: Path, parts: tuple[str, ...], binder: Binder) -> str:
    like_condition = f"JSONExtractString(v) LIKE {_pattern_sql(parts, binder)}"
    text_condition = f"startsWith(v, '\"') AND {like_condition}"
    return any_value_condition(path, text_condition, binder)


def _number_condition(operator: Operator, number: Number, binder: Binder) -> str:
    """Whether the JSON text `v` is a number that compares so, as `comparable` says."""
    number_sql = _number_sql(number, binder)
    return (
        "match(v, '^-?[0-9]') AND coalesce("
        f"toInt64OrNull(v) {OPERATORS[operator]} {number_sql},"
        f" toUInt64OrNull(v) {OPERATORS[operator]} {number_sql},"
        f" JSONExtractFloat(v) {OPERATORS[operator]} {number_sql})"
    )


def _number_sql(number: Number, binder: Binder) -> str:
    if isinstance(number, int):
        return binder.bind(number, "Int64" if number <= MAX_SIGNED else "UInt64")
    return f"JSONExtractFloat({binder.bind(repr(number), 'String')})"


def any_value_condition(path: Path, value_condition: str, binder: Binder) -> str:
    """Whether a value at the path, as JSON text `v`, satisfies the condition."""
    values_sql = at_path_sql(path, binder, _values_sql)
    any_condition = f"arrayExists(v -> {value_condition}, {values_sql})"
    return f"{_has_key_condition(path, binder)} AND {any_condition}"


def _has_key_condition(path: Path, binder: Binder) -> str:
    """What all details with such a path have, and what costs little to find out."""
    keys = [segment for segment in path if not is_index(segment)] or [path[0]]
    key = f'"{escape_json(keys[-1])}":'
    key_sql = binder.bind(key, "String")
    return f"position(details, {key_sql}) > 0"


def at_path_sql(
    path: Path, binder: Binder, leaf_sql: Callable[[str], str], arguments_sql: str = "details"
) -> str:
    """What `leaf_sql` makes of the JSON functions' arguments that lead to the path.

    A segment that can be an index is one where there is an array, and a key elsewhere: given
    an index, the engine would count an object's members, too.
    """
    for place, segment in enumerate(path):
        key_sql = binder.bind(segment, "String")
        if arguments_sql != "details" and is_index(segment):
            index_sql = binder.bind(int(segment) + 1, "Int64")
            rest = path[place + 1 :]
            in_array_sql = at_path_sql(rest, binder, leaf_sql, f"{arguments_sql}, {index_sql}")
            in_object_sql = at_path_sql(rest, binder, leaf_sql, f"{arguments_sql}, {key_sql}")
            return f"if(JSONType({arguments_sql}) = 'Array', {in_array_sql}, {in_object_sql})"
        arguments_sql = f"{arguments_sql}, {key_sql}"
    return leaf_sql(arguments_sql)


def _values_sql(arguments_sql: str) -> str:
    return (
        f"if(JSONType({arguments_sql}) = 'Array',"
        f" JSONExtractArrayRaw({arguments_sql}), [JSONExtractRaw({arguments_sql})])"
    )


def _has_sql(arguments_sql: str) -> str:
    return f"JSONHas({arguments_sql})"
