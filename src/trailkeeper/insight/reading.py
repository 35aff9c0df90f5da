"""From a request to what is asked of the counts: its period, its organization, its stores."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from litestar.openapi.spec import Parameter as ParameterSpec

from trailkeeper.access.organizations import Organization, get_organization
from trailkeeper.access.requesting import engine_of, metadata_of, now_of
from trailkeeper.errors import BadRequest
from trailkeeper.insight.answers import Asked
from trailkeeper.insight.coverage import to_coverage
from trailkeeper.insight.period import Period, read_period
from trailkeeper.search.operation import text
from trailkeeper.search.request import RANGE_NAMES, ReadRequest, one
from trailkeeper.store.heads import CommittedHeads

MAX_TEXT: Final = 512
MAX_WORDS: Final = 50


def period_parameters() -> list[ParameterSpec]:
    """What OpenAPI says of the parameters that every count takes."""
    return [
        text("start_date", "From this RFC 3339 time or date on. Default: 30 days before the end."),
        text("end_date", "Up to this RFC 3339 time, or to the end of this date. Default: now."),
        text("time_zone", "IANA time zone of dates, days and hours. Default: the organization's."),
    ]


async def read_asked(request: ReadRequest, own_names: Collection[str] = ()) -> Asked:
    """What a request asks for; `own_names` are the route's other parameters.

    Raises BadRequest for unknown parameters, dates, time zones and ranges.
    """
    _check_names(request, own_names)
    tenant = request.user.tenant
    async with metadata_of(request).reading() as session:
        organization = await get_organization(session, tenant.organization)
    period = read_period(
        tenant,
        one(request, "start_date"),
        one(request, "end_date"),
        one(request, "time_zone") or organization.time_zone,
        now_of(request),
    )
    return asked_of(request, organization, period)


def asked_of(request: ReadRequest, organization: Organization, period: Period) -> Asked:
    """The same about another period. To be made before the store is read."""
    heads: CommittedHeads = request.app.state["heads"]
    now = now_of(request)
    return Asked(
        engine=engine_of(request),
        metadata=metadata_of(request),
        organization=organization,
        period=period,
        coverage=to_coverage(period, organization, heads, now),
        now=now,
    )


def read_text(request: ReadRequest, name: str) -> str:
    """A parameter's text, '' without it. Raises BadRequest(INVALID_VALUE)."""
    return _checked(name, one(request, name) or "")


def read_words(request: ReadRequest, name: str) -> list[str]:
    """The words that a repeated parameter gives, in upper case.

    Raises BadRequest(INVALID_VALUE, QUERY_TOO_COMPLEX).
    """
    given = [_checked(name, str(each)) for each in request.query_params.getall(name, [])]
    words = {each.strip().upper() for each in given} - {""}
    if len(words) > MAX_WORDS:
        raise BadRequest("QUERY_TOO_COMPLEX", f"More than {MAX_WORDS} values.", field=name)
    return sorted(words)


def _checked(name: str, value: str) -> str:
    if len(value) > MAX_TEXT:
        raise BadRequest(
            "INVALID_VALUE", f"`{name}` has at most {MAX_TEXT} characters.", field=name
        )
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadRequest(
            "INVALID_VALUE", f"`{name}` is not Unicode text.", hint="Encode as UTF-8.", field=name
        ) from None
    return value


def _check_names(request: ReadRequest, own_names: Collection[str]) -> None:
    known = {*RANGE_NAMES, *own_names}
    for name in request.query_params:
        if name not in known:
            raise BadRequest(
                "UNKNOWN_PARAMETER",
                f"{name!r} is not a parameter here.",
                hint="Filters go with /audit-logs/; what is counted here is all of a period.",
                field=name,
                expected=sorted(known),
            )
