"""Filters as keyword arguments, to the query string that the API reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import TypedDict

Moment = str | date | datetime | None
Words = str | Sequence[str] | None
Scalar = str | int | float | bool


class ActivityFields(TypedDict, total=False):
    """The API's filters, but the user.

    A list means OR, None is no filter; `details` goes by path below it. `end_date` as a date
    includes that whole day of `time_zone` (IANA name, default UTC); moments need a zone.
    `ip_address` may be a network such as 10.0.0.0/8.
    """

    start_date: Moment
    end_date: Moment
    time_zone: str | None
    action: Words
    resource_type: Words
    resource_id: Words
    resource_name: Words
    user_email: Words
    on_behalf_of: Words
    status: Words
    source: Words
    ip_address: Words
    country: Words
    city: Words
    browser: Words
    os: Words
    device: Words
    user_agent: Words
    details: Mapping[str, Scalar | Sequence[Scalar]]


class FilterFields(ActivityFields, total=False):
    """The API's filters."""

    user_id: Words


def to_query(filters: Mapping[str, object]) -> list[tuple[str, str]]:
    """Name and text of each condition.

    None is left out, a sequence is repeated (the API reads that as OR), a mapping becomes
    dotted names: `details={"reason": "x"}` is `details.reason=x`. Raises ValueError for a
    moment without time zone: what the server should take it for would be a guess.
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


def _text(name: str, value: object) -> str:
    match value:
        case Enum():
            return str(value.value)
        case bool():
            return "true" if value else "false"
        case datetime() if value.tzinfo is None:
            raise ValueError(f"{name}: {value!r} has no time zone")
        case date():
            return value.isoformat()
        case _:
            return str(value)
