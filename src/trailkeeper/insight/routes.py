"""HTTP of what is counted: the dashboard, the team, one person, resources, places."""

from __future__ import annotations

from typing import Annotated, Final

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter

from trailkeeper import telemetry
from trailkeeper.access.guard import requires
from trailkeeper.access.requesting import DENIED
from trailkeeper.errors import BadRequest, NotFound
from trailkeeper.insight import examples
from trailkeeper.insight.answers import (
    Severities,
    answer_dashboard,
    answer_team,
    answer_user,
)
from trailkeeper.insight.places import read_sign_in_places
from trailkeeper.insight.reading import (
    asked_of,
    period_parameters,
    read_asked,
    read_text,
    read_words,
)
from trailkeeper.insight.resource_cursor import ResourceCursor, continued, from_text, to_text
from trailkeeper.insight.resources import read_places, read_views, wanted_resources
from trailkeeper.insight.schema import (
    Dashboard,
    PlaceList,
    ResourcePage,
    ResourceSort,
    Team,
    UserInsight,
)
from trailkeeper.principal import Permission
from trailkeeper.problem import errors
from trailkeeper.search.ast import Everything, Filter, Match
from trailkeeper.search.fields import FIELDS
from trailkeeper.search.noted import USER, note_search, note_view
from trailkeeper.search.operation import number, reading, text, word
from trailkeeper.search.request import ReadRequest, choice, one, whole_number

LISTED_PLACES: Final = 1000
MAX_INACTIVE_DAYS: Final = 3660
RESOURCE_NAMES: Final = ("search", "resource_type", "sort", "limit", "cursor")
PAGE_NAMES: Final = ("sort", "limit", "cursor")

UserIdPath = Annotated[str, PathParameter(description="The user's id, as in events.")]


@get(
    "/insight/dashboard",
    guards=[requires(Permission.USER_VIEW)],
    operation_class=reading(
        lambda: [*period_parameters(), text("user_id", "Only events of this user.")],
        filters=False,
        example=examples.DASHBOARD,
    ),
    responses=errors(BadRequest, *DENIED),
    summary="Count a period for the dashboard",
    tags=["Insight"],
)
async def show_dashboard(request: ReadRequest) -> Dashboard:
    """Totals, the timeline and the most frequent values, compared with the period before."""
    asked = await read_asked(request, ("user_id",))
    user_id = read_text(request, "user_id")
    wanted: Filter = Match(FIELDS["user_id"], user_id) if user_id else Everything()
    with telemetry.READ_SECONDS.labels(kind="dashboard").time():
        dashboard = await answer_dashboard(asked, wanted)
    note_search(
        request,
        wanted,
        of="dashboard",
        own_names=(),
        rows=len(dashboard.timeline.buckets),
        total=dashboard.total.count,
    )
    return dashboard


@get(
    "/insight/team",
    guards=[requires(Permission.USER_VIEW)],
    operation_class=reading(
        lambda: [
            *period_parameters(),
            number("inactive_days", "Days without a sign-in.", 30, 1, MAX_INACTIVE_DAYS),
        ],
        filters=False,
        example=examples.TEAM,
    ),
    responses=errors(BadRequest, *DENIED),
    summary="Count how a team works",
    tags=["Insight"],
)
async def show_team(request: ReadRequest) -> Team:
    """Active users, changes, peak times, features, power users, inactive people, resources."""
    asked = await read_asked(request, ("inactive_days",))
    inactive_days = whole_number(request, "inactive_days", 30, 1, MAX_INACTIVE_DAYS)
    with telemetry.READ_SECONDS.labels(kind="team").time():
        team = await answer_team(asked, inactive_days)
    note_search(
        request,
        Everything(),
        of="team",
        own_names=(),
        rows=len(team.power_users) + len(team.inactive_users),
        total=team.total_actions.count,
    )
    return team


@get(
    "/insight/users/{user_id:str}",
    guards=[requires(Permission.USER_VIEW, or_own="user_id")],
    operation_class=reading(period_parameters, filters=False, example=examples.USER),
    responses=errors(BadRequest, NotFound, *DENIED),
    summary="Count one person's period",
    tags=["Insight"],
)
async def show_user_insight(request: ReadRequest, user_id: UserIdPath) -> UserInsight:
    """Usual hours, places, resources, addresses, and what speaks for a second look.

    Everyone may see their own. Detections count only for whoever may see them
    (`detection:view`).
    """
    asked = await read_asked(request)
    severities_of: Severities | None = None
    if request.user.may(Permission.DETECTION_VIEW):
        severities_of = request.app.state["active_severities"]
    with telemetry.READ_SECONDS.labels(kind="user").time():
        insight = await answer_user(asked, user_id, severities_of)
    note_view(request, USER, user_id, {"of": "insight", "rows": insight.total.count})
    return insight


@get(
    "/insight/resources",
    guards=[requires(Permission.USER_VIEW)],
    operation_class=reading(
        lambda: [
            *period_parameters(),
            text("search", "Part of the id, or of a name it had in the period, in any case."),
            text("resource_type", "Only this type; repeated: any of them."),
            word("sort", "What to sort by.", "changes", list(ResourceSort)),
            number("limit", "Resources per page.", 50, 1, 200),
            text("cursor", "`next_cursor` of the page before, with the same parameters."),
        ],
        filters=False,
        example=examples.RESOURCES,
    ),
    responses=errors(BadRequest, *DENIED),
    summary="List resources by their activity",
    tags=["Insight"],
)
async def list_resources(request: ReadRequest) -> ResourcePage:
    """Everything with an id that events of the period are about; what was deleted, too."""
    asked = await read_asked(request, RESOURCE_NAMES)
    sort = ResourceSort(choice(request, "sort", ResourceSort.CHANGES, list(ResourceSort)))
    limit = whole_number(request, "limit", 50, 1, 200)
    search = read_text(request, "search")
    wanted = wanted_resources(read_words(request, "resource_type"))
    cursor = one(request, "cursor")
    after = from_text(cursor, sort) if cursor is not None else None
    if after is not None:
        is_open = one(request, "start_date") is None or one(request, "end_date") is None
        period = continued(asked.period, after, is_open=is_open)
        asked = asked_of(request, asked.organization, period)
    period, question = asked.period, asked.period.now(wanted)
    last = after.place if after is not None else None
    with telemetry.READ_SECONDS.labels(kind="resources").time():
        found = await read_places(asked.engine, question, search, sort, last, limit + 1)
        items = await read_views(asked.engine, period, found[:limit])
    next_cursor = None
    if len(found) > limit:
        next_cursor = to_text(ResourceCursor(sort, found[limit - 1], period.start, period.end))
    note_search(request, wanted, of="resources", own_names=PAGE_NAMES, rows=len(items))
    return ResourcePage(items=items, next_cursor=next_cursor, coverage=asked.coverage)


@get(
    "/insight/places",
    guards=[requires(Permission.USER_VIEW)],
    operation_class=reading(period_parameters, filters=False, example=examples.PLACES),
    responses=errors(BadRequest, *DENIED),
    summary="Count sign-ins by place",
    tags=["Insight"],
)
async def list_places(request: ReadRequest) -> PlaceList:
    """Where sign-ins succeeded and failed, the 1,000 busiest places at most."""
    asked = await read_asked(request)
    with telemetry.READ_SECONDS.labels(kind="places").time():
        found = await read_sign_in_places(asked.engine, asked.period, LISTED_PLACES)
    note_search(request, Everything(), of="places", own_names=(), rows=len(found.places))
    return PlaceList(
        items=found.places,
        distinct=found.distinct,
        without_place=found.unplaced,
        coverage=asked.coverage,
    )


ROUTES: list[HTTPRouteHandler] = [
    show_dashboard,
    show_team,
    show_user_insight,
    list_resources,
    list_places,
]
