"""HTTP of search: pages, one event, its context, facets, histogram."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import Parameter

from trailkeeper import telemetry
from trailkeeper.access.embed_tokens import EMBEDDABLE
from trailkeeper.access.guard import requires
from trailkeeper.access.operation import answering
from trailkeeper.access.requesting import DENIED
from trailkeeper.errors import BadRequest, NotFound
from trailkeeper.event import Event, to_event
from trailkeeper.principal import Permission
from trailkeeper.problem import errors
from trailkeeper.search import examples
from trailkeeper.search.answer import answer_page
from trailkeeper.search.context import read_context, read_event
from trailkeeper.search.facets import DEFAULT_FACETS, FACET_COLUMNS, read_facets
from trailkeeper.search.histogram import (
    SPLIT_COLUMNS,
    Interval,
    choose_interval,
    read_histogram,
)
from trailkeeper.search.noted import note_event_view, note_search
from trailkeeper.search.operation import PAGING, number, reading, word, words
from trailkeeper.search.params import TimeRange
from trailkeeper.search.question import Question
from trailkeeper.search.request import (
    ReadRequest,
    choice,
    one,
    read_question,
    read_zone,
    whole_number,
)
from trailkeeper.search.schema import (
    ContextView,
    EventPage,
    FacetList,
    Histogram,
    to_context_view,
    to_coverage,
)
from trailkeeper.store.engine import EventsEngine
from trailkeeper.store.heads import CommittedHeads

DEFAULT_HISTOGRAM_RANGE: Final = timedelta(days=7)
FACET_NAMES: Final = ("field", "limit")
HISTOGRAM_NAMES: Final = ("interval", "by")


EventIdPath = Annotated[str, Parameter(description="The event's id.")]
UserIdPath = Annotated[str, Parameter(description="The user's id.")]


@get(
    "/audit-logs/",
    guards=[requires(Permission.USER_VIEW)],
    opt={EMBEDDABLE: True},
    operation_class=reading(PAGING, example=examples.PAGE),
    responses=errors(BadRequest, *DENIED),
    summary="Search events",
    tags=["Search"],
)
async def search_events(request: ReadRequest) -> EventPage:
    """A page of events that match all filters; `details.<path>=value` is a filter too."""
    return await answer_page(request)


@get(
    "/users/{user_id:str}/activity",
    guards=[requires(Permission.USER_VIEW, or_own="user_id")],
    operation_class=reading(PAGING, fixed=("user_id",), example=examples.PAGE),
    responses=errors(BadRequest, *DENIED),
    summary="Search one user's events",
    tags=["Search"],
)
async def search_user_activity(request: ReadRequest, user_id: UserIdPath) -> EventPage:
    """A page of what one user did. Takes the same filters as the search of all events."""
    return await answer_page(request, {"user_id": user_id})


@get(
    "/audit-logs/{event_id:str}",
    guards=[requires(Permission.USER_VIEW)],
    operation_class=answering(examples.EVENT),
    responses=errors(BadRequest, NotFound, *DENIED),
    summary="Show an event",
    tags=["Search"],
)
async def show_event(request: ReadRequest, event_id: EventIdPath) -> Event:
    """One event by its id."""
    event = await read_event(_engine(request), request.user.tenant, event_id)
    note_event_view(request, event, of="event")
    return to_event(event)


@get(
    "/audit-logs/{event_id:str}/context",
    guards=[requires(Permission.USER_VIEW)],
    operation_class=reading(
        lambda: [number("limit", "Events on each side.", 5, 1, 50)],
        filters=False,
        example=examples.CONTEXT,
    ),
    responses=errors(BadRequest, NotFound, *DENIED),
    summary="Show what happened around an event",
    tags=["Search"],
)
async def show_context(request: ReadRequest, event_id: EventIdPath) -> ContextView:
    """What the same user, address and resource did just before and after.

    The address's neighbours are looked for within 24 hours.
    """
    coverage = to_coverage(TimeRange(None, None), _heads(request))
    limit = whole_number(request, "limit", 5, 1, 50)
    with telemetry.READ_SECONDS.labels(kind="context").time():
        context = await read_context(_engine(request), request.user.tenant, event_id, limit)
    note_event_view(request, context.event, of="context", rows=context.size)
    return to_context_view(context, coverage)


@get(
    "/audit-logs/facets",
    guards=[requires(Permission.USER_VIEW)],
    operation_class=reading(
        lambda: [
            words("field", "Fields to count; repeated. Default: a choice.", list(FACET_COLUMNS)),
            number("limit", "Values per field.", 10, 1, 1000),
        ],
        example=examples.FACETS,
    ),
    responses=errors(BadRequest, *DENIED),
    summary="Count events by their fields' values",
    tags=["Search"],
)
async def show_facets(request: ReadRequest) -> FacetList:
    """Each field's most frequent values. A facet ignores the filter on its own field."""
    question = read_question(request, FACET_NAMES)
    limit = whole_number(request, "limit", 10, 1, 1000)
    fields = [str(each) for each in request.query_params.getall("field", list(DEFAULT_FACETS))]
    if len(fields) > len(FACET_COLUMNS):
        raise BadRequest("REPEATED_PARAMETER", "Too many facets.", field="field")
    coverage = to_coverage(question.range, _heads(request))
    with telemetry.READ_SECONDS.labels(kind="facets").time():
        facets = await read_facets(_engine(request), question, fields, limit)
    note_search(request, question.filter, of="facets", own_names=FACET_NAMES, rows=len(facets))
    return FacetList(facets=facets, coverage=coverage)


@get(
    "/audit-logs/histogram",
    guards=[requires(Permission.USER_VIEW)],
    operation_class=reading(
        lambda: [
            word(
                "interval",
                "Width of a bucket; `auto` gives up to 120 of them.",
                "auto",
                ["auto", *Interval],
            ),
            word("by", "Splits each bucket by this field.", None, list(SPLIT_COLUMNS)),
        ],
        example=examples.HISTOGRAM,
    ),
    responses=errors(BadRequest, *DENIED),
    summary="Count events over time",
    tags=["Search"],
)
async def show_histogram(request: ReadRequest) -> Histogram:
    """Buckets on calendar boundaries of `time_zone`. Without a range: the last 7 days."""
    asked = read_question(request, HISTOGRAM_NAMES)
    question = Question(asked.tenant, asked.filter, _closed(asked.range))
    zone = read_zone(request)
    name = choice(request, "interval", "auto", ["auto", *Interval])
    interval = choose_interval(question.range) if name == "auto" else Interval(name)
    coverage = to_coverage(question.range, _heads(request))
    with telemetry.READ_SECONDS.labels(kind="histogram").time():
        buckets = await read_histogram(
            _engine(request), question, interval=interval, zone=zone, split_by=one(request, "by")
        )
    note_search(
        request, question.filter, of="histogram", own_names=HISTOGRAM_NAMES, rows=len(buckets)
    )
    return Histogram(
        interval=interval,
        time_zone=zone.key,
        buckets=buckets,
        total=sum(bucket.count for bucket in buckets),
        coverage=coverage,
    )


ROUTES: list[HTTPRouteHandler] = [
    search_events,
    search_user_activity,
    show_event,
    show_context,
    show_facets,
    show_histogram,
]


def _closed(range_: TimeRange) -> TimeRange:
    end = range_.end or datetime.now(UTC)
    return TimeRange(range_.start or end - DEFAULT_HISTOGRAM_RANGE, end)


def _engine(request: ReadRequest) -> EventsEngine:
    engine: EventsEngine = request.app.state["engine"]
    return engine


def _heads(request: ReadRequest) -> CommittedHeads:
    heads: CommittedHeads = request.app.state["heads"]
    return heads
