"""Values in `details`: how paths reach them, and how they compare.

Both evaluators follow these rules, which are the engine's where it leaves no choice:

- A whole number is exact from -2^63 to 2^64 - 1. Beyond that the engine knows it by its digits
  only: it equals itself, and it equals a string of the same digits, but it has no order.
- A fractional number is a 64-bit float; one without a fraction is the whole number that it
  is written as, so 5, 5.0 and 5e0 are equal.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

import msgspec

from trailkeeper.search.ast import Number, Path, Scalar

MIN_INTEGER: Final = -(2**63)
MAX_INTEGER: Final = 2**64 - 1

MAX_PATH_SEGMENTS: Final = 32
MAX_INDEX_SEGMENTS: Final = 3
"""Each such segment doubles the query: it is an index in an array, but a key in an object."""

_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")

MISSING: Final = object()


def is_index(segment: str) -> bool:
    """Whether a path's segment can be the index of an array's element."""
    return _INDEX.fullmatch(segment) is not None


def parse_number(text: str) -> Number | None:
    """A number written as JSON writes it, or None. Raises OverflowError past 64-bit floats."""
    if _NUMBER.fullmatch(text) is None:
        return None
    if text.lstrip("-").isdigit():
        return int(text)
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise OverflowError(text)
    return number


def comparable(value: Scalar) -> Scalar:
    """The value as it compares: see the rules above."""
    if isinstance(value, float) and value.is_integer():
        # The engine hands numbers out in their shortest decimal form.
        whole = int(Decimal(repr(value)))
        return whole if MIN_INTEGER <= whole <= MAX_INTEGER else value
    if isinstance(value, int) and not MIN_INTEGER <= value <= MAX_INTEGER:
        return str(value)
    return value


def comparable_number(number: Number) -> Number:
    """A number to compare with: past 64 bits the nearest float stands for it."""
    compared = comparable(number)
    return float(number) if isinstance(compared, str | None) else compared


def value_at(details: Any, path: Path) -> Any:
    """What is at the path in decoded details, or MISSING."""
    found = details
    for segment in path:
        if isinstance(found, dict):
            found = found.get(segment, MISSING)
        elif isinstance(found, list) and is_index(segment):
            index = int(segment)
            found = found[index] if index < len(found) else MISSING
        else:
            return MISSING
    return found


def escape_json(text: str) -> str:
    """The text as it stands between the quotes of a JSON string in stored details."""
    return msgspec.json.encode(text).decode()[1:-1]


def escape_literal(value: Scalar) -> str:
    """The value as stored details write it."""
    return msgspec.json.encode(value).decode()
