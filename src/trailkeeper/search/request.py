"""From a request's parameters to a question: shared by every route that reads the log."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final
from zoneinfo import ZoneInfo

from litestar import Request
from litestar.datastructures import State
from litestar.openapi.spec import OpenAPIType, Schema
from litestar.openapi.spec import Parameter as ParameterSpec

from trailkeeper.errors import BadRequest
from trailkeeper.principal import Principal
from trailkeeper.search.ast import all_of
from trailkeeper.search.fields import FIELDS, PARAMETERS
from trailkeeper.search.params import parse_parameters, parse_time_range
from trailkeeper.search.question import Question
from trailkeeper.search.times import parse_timezone

ReadRequest = Request[Principal, Any, State]

RANGE_NAMES: Final = frozenset({"start_date", "end_date", "time_zone"})

MAX_FILTER_VALUES: Final = 200


def read_question(
    request: ReadRequest, own_names: Iterable[str], fixed: dict[str, str] | None = None
) -> Question:
    """The question that a request asks; `own_names` are the route's other parameters.

    `fixed` are filters that the path gives; they cannot be given again. Raises BadRequest for
    unknown parameters, wrong values and ranges.
    """
    for name in fixed or {}:
        if name in request.query_params:
            raise BadRequest(
                "INVALID_PARAMETER",
                f"`{name}` is given by the path already.",
                hint="Search /audit-logs/ to ask for several.",
                field=name,
            )
    filters = read_filters(request, own_names, fixed)
    if len(filters) > MAX_FILTER_VALUES:
        raise BadRequest(
            "QUERY_TOO_COMPLEX",
            f"More than {MAX_FILTER_VALUES} filter values.",
            hint="Use fewer, or a wildcard in `q`.",
        )
    confined = parse_parameters(request.user.confined_to)
    return Question(
        request.user.tenant,
        # Two filters that both have to match: what is asked for cannot widen the other.
        all_of((confined, parse_parameters(filters))),
        parse_time_range(
            one(request, "start_date"), one(request, "end_date"), read_zone(request).key
        ),
    )


def read_filters(
    request: ReadRequest, own_names: Iterable[str], fixed: dict[str, str] | None = None
) -> list[tuple[str, str]]:
    """The filters as names and values, sorted: the order they are asked in says nothing."""
    reserved = {*own_names, *RANGE_NAMES}
    asked = ((name, str(value)) for name, value in request.query_params.items())
    return sorted(
        [*(fixed or {}).items(), *((name, value) for name, value in asked if name not in reserved)]
    )


def read_zone(request: ReadRequest) -> ZoneInfo:
    """The time zone for calendar dates and buckets, UTC unless asked for another."""
    return parse_timezone(one(request, "time_zone") or "UTC")


def one(request: ReadRequest, name: str) -> str | None:
    """A parameter that may be given once. Raises BadRequest(REPEATED_PARAMETER)."""
    values = request.query_params.getall(name, [])
    if len(values) > 1:
        raise BadRequest("REPEATED_PARAMETER", f"`{name}` is given more than once.", field=name)
    return str(values[0]) if values else None


def whole_number(request: ReadRequest, name: str, default: int, low: int, high: int) -> int:
    """A bounded whole number. Raises BadRequest(INVALID_PARAMETER)."""
    text = one(request, name)
    if text is None:
        return default
    number = to_number(text)
    if number is None or not low <= number <= high:
        raise BadRequest(
            "INVALID_PARAMETER",
            f"`{name}` is a whole number from {low:,} to {high:,}.",
            field=name,
        )
    return number


def to_number(text: str) -> int | None:
    """What ASCII digits say, None for other text. Beyond twelve digits it is just large."""
    if not (text.isascii() and text.isdigit()):
        return None
    return int(text.lstrip("0")[:12] or "0")


def choice(request: ReadRequest, name: str, default: str, allowed: Iterable[str]) -> str:
    """One of a few words, in any case. Raises BadRequest(INVALID_PARAMETER)."""
    text = (one(request, name) or default).lower()
    words = list(allowed)
    if text not in words:
        raise BadRequest(
            "INVALID_PARAMETER",
            f"`{name}` is one of {', '.join(words)}.",
            field=name,
            expected=words,
        )
    return text


def filter_parameters(fixed: Collection[str] = ()) -> list[ParameterSpec]:
    """What OpenAPI says of the parameters that every search takes, but for `fixed`."""
    told = {
        "q": 'A query, e.g. `action:DELETE -status:FAILED "prod api"`. See docs/search.md.',
        "start_date": "From this RFC 3339 time or date on.",
        "end_date": "Up to this RFC 3339 time, or to the end of this date.",
        "time_zone": "IANA time zone of dates and buckets. Default: UTC.",
    }
    told |= {
        name: f"Only events with this {FIELDS[name].column}; repeated: any of them."
        for name in sorted(PARAMETERS.difference(fixed))
    }
    single = {*RANGE_NAMES}
    return [
        ParameterSpec(
            name=name,
            param_in="query",
            description=text,
            required=False,
            schema=Schema(type=OpenAPIType.STRING)
            if name in single
            else Schema(type=OpenAPIType.ARRAY, items=Schema(type=OpenAPIType.STRING)),
        )
        for name, text in told.items()
    ]
