"""Filters as keyword arguments, to the query string that the API reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum

Scalar = str | int | float | bool | date | datetime
FilterValue = Scalar | Sequence[Scalar] | Mapping[str, "FilterValue"] | None


def to_query(filters: Mapping[str, FilterValue]) -> list[tuple[str, str]]:
    """Name and text of each condition.

    None is left out, a sequence is repeated (the API reads that as OR), a mapping becomes
    dotted names: `details={"reason": "x"}` is `details.reason=x`. Raises ValueError for a
    moment without time zone, for what the server should take it for would be a guess.
    """
    pairs: list[tuple[str, str]] = []
    for name, value in filters.items():
        if value is None:
            continue
        if isinstance(value, Mapping):
            pairs += to_query({f"{name}.{key}": inner for key, inner in value.items()})
        elif isinstance(value, Sequence) and not isinstance(value, str):
            pairs += [(name, _text(name, each)) for each in value]
        else:
            pairs.append((name, _text(name, value)))
    return pairs


def _text(name: str, value: Scalar) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{name}: {value!r} has no time zone")
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
