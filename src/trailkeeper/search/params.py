"""URL parameters to a filter: each is a field, repeated ones mean OR, different ones AND."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from trailkeeper.errors import BadRequest
from trailkeeper.search.ast import Filter, Path, all_of, any_of
from trailkeeper.search.faults import QUERY, invalid_value, too_complex
from trailkeeper.search.fields import FIELDS, PARAMETERS
from trailkeeper.search.parse import MAX_QUERY_LENGTH, MAX_TERMS, parse_query
from trailkeeper.search.scan import parse_path, unescape
from trailkeeper.search.times import TimeRange, parse_time_range
from trailkeeper.search.values import Value, details_filter, field_filter, split_wildcards

__all__ = ["TimeRange", "parse_parameters", "parse_time_range"]

_DETAILS_PREFIX: Final = "details."
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)


def parse_parameters(parameters: Iterable[tuple[str, str]], others: Collection[str] = ()) -> Filter:
    """The filter that the parameters ask for together; without any, everything.

    `others` are names that the caller reads itself and that are passed over here. Values of
    fields are literal; those of `details.<path>` are read as `q` reads them, so that 5 is a
    number, "5" in quotes is text, and `*` alone asks for existence.

    Raises BadRequest(UNKNOWN_PARAMETER, INVALID_VALUE, QUERY_TOO_COMPLEX) and, for `q`, as
    `parse_query` does.
    """
    grouped: dict[str, list[str]] = {}
    count = 0
    for name, value in parameters:
        if name in others:
            continue
        count += 1
        grouped.setdefault(name, []).append(_checked(name, value))
    if count > MAX_TERMS:
        raise too_complex(
            "There are too many parameters.",
            f"There may be {MAX_TERMS}.",
            field=next(iter(grouped)),
        )
    return all_of(
        any_of(_filter(name, value, others) for value in values) for name, values in grouped.items()
    )


def _checked(name: str, value: str) -> str:
    try:
        value.encode()
        name.encode()
    except UnicodeEncodeError:
        raise invalid_value(
            "A parameter is not Unicode text.", "Encode it as UTF-8.", "parameters"
        ) from None
    if name != QUERY and len(value) > MAX_QUERY_LENGTH:
        raise too_complex(
            "The value is too long.",
            f"A value has at most {MAX_QUERY_LENGTH:,} characters.",
            field=name,
        )
    return value


def _filter(name: str, value: str, others: Collection[str]) -> Filter:
    if name == QUERY:
        return parse_query(value)
    if name in PARAMETERS:
        literal = Value((value,), is_quoted=True, source=name)
        return field_filter(FIELDS[name], literal)
    path = parse_path(name) if name.startswith(_DETAILS_PREFIX) else None
    if path is None:
        raise _unknown_parameter(name, others)
    return _details_filter(path, value, name)


def _details_filter(path: Path, value: str, name: str) -> Filter:
    quoted = _QUOTED.fullmatch(value)
    if quoted is not None:
        return details_filter(path, Value((unescape(quoted.group(1)),), True, source=name))
    return details_filter(path, Value(split_wildcards(value), source=name))


def _unknown_parameter(name: str, others: Collection[str]) -> BadRequest:
    return BadRequest(
        "UNKNOWN_PARAMETER",
        f"{name!r} is not a parameter here.",
        hint="Values in details are named by their path, as in details.reason.",
        field=name,
        expected=sorted({*PARAMETERS, QUERY, "details.<path>", *others}),
    )
