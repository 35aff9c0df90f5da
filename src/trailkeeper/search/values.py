"""Values: what a value written in `q` or in a parameter asks of a field."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from trailkeeper.errors import BadRequest
from trailkeeper.search.ast import (
    AddressIn,
    Compare,
    DetailsCompare,
    DetailsExists,
    DetailsLike,
    DetailsMatch,
    Exists,
    Filter,
    Like,
    Match,
    Not,
    Number,
    Operator,
    Path,
    any_of,
)
from trailkeeper.search.details import parse_number
from trailkeeper.search.faults import QUERY, invalid_value
from trailkeeper.search.fields import Field, Kind

MAX_COMPARED: Final = 2**63 - 1

_ADDRESS: Final = re.compile(r"[0-9a-fA-F:.]+(?:/[0-9]{1,3})?")
_OPERATOR: Final = re.compile(r"(?:<=|>=|<|>)")
LITERALS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_MAPPED: Final = 0xFFFF << 32


@dataclass(frozen=True, slots=True)
class Value:
    """A value as written: its text, cut where a wildcard `*` stood.

    One part has no wildcard in it. What was quoted is text, whatever it looks like.
    `source` is the name of the parameter that it came in.
    """

    parts: tuple[str, ...]
    is_quoted: bool = False
    position: int | None = None
    source: str = QUERY

    @property
    def is_any(self) -> bool:
        return len(self.parts) > 1 and not any(self.parts)

    @property
    def is_empty(self) -> bool:
        return self.parts == ("",)

    @property
    def text(self) -> str:
        return "*".join(self.parts)

    def fault(self, detail: str, hint: str) -> BadRequest:
        return invalid_value(detail, hint, self.source, self.position)


def split_wildcards(text: str) -> tuple[str, ...]:
    """The parts of unquoted text between its wildcards; two in a row are one."""
    first, *rest = text.split("*")
    if not rest:
        return (first,)
    *inner, last = rest
    return (first, *(part for part in inner if part), last)


def fields_filter(fields: tuple[Field, ...], value: Value) -> Filter:
    """One of the fields has the value; for the empty value, all of them are absent.

    Raises BadRequest(INVALID_VALUE), as all functions here do.
    """
    if value.is_empty and len(fields) > 1:
        return Not(any_of(Exists(field) for field in fields))
    return any_of(field_filter(field, value) for field in fields)


def field_filter(field: Field, value: Value) -> Filter:
    """The field has the value."""
    if field.kind is Kind.NUMBER:
        return _number_filter(field, value)
    if value.is_any:
        return Exists(field)
    if field.kind is Kind.ADDRESS:
        return _address_filter(field, value)
    if not value.is_quoted and _OPERATOR.match(value.text):
        raise value.fault(
            f"{field.column} is text: it has no order.",
            f'Quote the value if it begins so: {field.column}:"{value.text}".',
        )
    return Match(field, value.text) if len(value.parts) == 1 else Like(field, value.parts)


def details_filter(path: Path, value: Value) -> Filter:
    """The value at the path is this one, with the type that it is written as."""
    if not value.is_quoted:
        compared = _comparison(value)
        if compared is not None:
            operator, text = compared
            return DetailsCompare(path, operator, _compared_number(value, text))
    if value.is_any:
        return DetailsExists(path)
    if len(value.parts) > 1:
        return DetailsLike(path, value.parts)
    if value.is_quoted:
        return DetailsMatch(path, value.text)
    if value.text in LITERALS:
        return DetailsMatch(path, LITERALS[value.text])
    number = _number(value, value.text)
    return DetailsMatch(path, value.text if number is None else number)


def _comparison(value: Value) -> tuple[Operator, str] | None:
    found = _OPERATOR.match(value.text)
    return (Operator(found.group()), value.text[found.end() :]) if found else None


def _number(value: Value, text: str) -> Number | None:
    try:
        return parse_number(text)
    except OverflowError:
        raise value.fault(
            f"{text} is too large a number.", "Numbers go to about 1.8e308; quote it as text."
        ) from None


def _compared_number(value: Value, text: str) -> Number:
    number = _number(value, text)
    if number is not None and abs(number) <= sys.float_info.max:
        return number
    raise value.fault(
        f"{text!r} is not a number to compare with.",
        "Write it right after the sign, as in details.count:>5; to look for this text, quote it.",
    )


def _number_filter(field: Field, value: Value) -> Filter:
    operator, text = (None if value.is_quoted else _comparison(value)) or (
        Operator.EQUAL,
        value.text,
    )
    number = _number(value, text)
    if not isinstance(number, int) or abs(number) > MAX_COMPARED:
        raise value.fault(
            f"{text!r} is not a whole number.",
            f"Write {field.column}:9, {field.column}:>=9 or the like.",
        )
    return Compare(field, operator, number)


def _address_filter(field: Field, value: Value) -> Filter:
    if value.is_empty:
        return Not(Exists(field))
    network = parse_network(value.text)
    if network is None:
        raise value.fault(
            f"{value.text!r} is neither an address nor a network.",
            "Write 203.0.113.7, 10.0.0.0/8, 2001:db8::1 or 2001:db8::/32.",
        )
    return AddressIn(field, network)


def parse_network(text: str) -> IPv6Network | None:
    """The network of an address or CIDR text; IPv4 becomes IPv4-mapped. None where invalid."""
    if _ADDRESS.fullmatch(text) is None:
        return None
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return None
    if isinstance(network, IPv4Network):
        return IPv6Network((_MAPPED | int(network.network_address), 96 + network.prefixlen))
    return network


def show_network(network: IPv6Network) -> str:
    """The network as people write it: the counterpart of `parse_network`."""
    start, length = int(network.network_address), network.prefixlen
    if start >> 32 == _MAPPED >> 32 and length >= 96:
        shown = IPv4Network((start & 0xFFFFFFFF, length - 96))
        return str(shown.network_address if length == 128 else shown)
    return str(network.network_address if length == 128 else network)
