"""HTTP of access at a moment, and of who looked at a user's activity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter, QueryParameter

from trailkeeper.access.guard import requires, signed_in
from trailkeeper.access.operation import answering
from trailkeeper.access.requesting import DENIED
from trailkeeper.errors import BadRequest, NotFound
from trailkeeper.principal import Permission
from trailkeeper.problem import errors
from trailkeeper.search.access_at import examples
from trailkeeper.search.access_at.answer import answer_resource_access
from trailkeeper.search.access_at.read import Stores, read_emails, read_user_access
from trailkeeper.search.access_at.schema import ResourceAccessView, UserAccessView, to_user_view
from trailkeeper.search.noted import USER, note_view
from trailkeeper.search.params import TimeRange
from trailkeeper.search.request import ReadRequest
from trailkeeper.search.times import FIRST_YEAR
from trailkeeper.search.viewers import read_viewers
from trailkeeper.search.viewers_schema import ViewerList, to_viewer_view

DEFAULT_DAYS: Final = 90
MAX_DAYS: Final = 3660
MAX_VIEWERS: Final = 1000


UserIdPath = Annotated[str, PathParameter(description="The user's id, as in events.")]
TypePath = Annotated[str, PathParameter(description="The type, as in events, e.g. PROJECT.")]
ResourcePath = Annotated[str, PathParameter(description="The resource's id; a `/` as `%2F`.")]
At = Annotated[
    str | None,
    QueryParameter(
        description="The moment: an RFC 3339 time with its offset. Default: now.", max_length=40
    ),
]
AskedUser = Annotated[
    str | None,
    QueryParameter(description="Only what concerns this user, and their account.", max_length=512),
]
Days = Annotated[int, QueryParameter(description="How many days to look back.", ge=1, le=MAX_DAYS)]


@get(
    "/users/{user_id:str}/access",
    guards=[requires(Permission.USER_VIEW, or_own="user_id")],
    operation_class=answering(examples.USER_ACCESS),
    responses=errors(BadRequest, NotFound, *DENIED),
    summary="Show what a user could do at a moment",
    tags=["Access"],
)
async def show_user_access(
    request: ReadRequest, user_id: UserIdPath, at: At = None
) -> UserAccessView:
    """Role, status, permissions and keys, rebuilt from the log, each with the event behind it."""
    stores = _stores(request)
    moment = parse_moment(at, stores.now)
    found = await read_user_access(stores, request.user.tenant, user_id, moment)
    if not found.is_known:
        raise NotFound("USER_NOT_FOUND", "Neither the log nor the directory knows this user.")
    note_view(request, USER, user_id, _noted("access", at))
    return to_user_view(user_id, moment, found)


@get(
    "/resources/{resource_type:str}/{resource_id:str}/access",
    guards=[requires(Permission.USER_VIEW)],
    operation_class=answering(examples.RESOURCE_ACCESS),
    responses=errors(BadRequest, NotFound, *DENIED),
    summary="Show who had access to a resource at a moment",
    tags=["Access"],
)
async def show_resource_access(
    request: ReadRequest,
    resource_type: TypePath,
    resource_id: ResourcePath,
    at: At = None,
    user_id: AskedUser = None,
) -> ResourceAccessView:
    """Who had what, and what changed it, when and by whom, as the platform recorded it.

    With `user_id` it answers why a user cannot get at something: `lost_by`.
    """
    stores = _stores(request)
    moment = parse_moment(at, stores.now)
    kind = resource_type.strip().upper()
    view = await answer_resource_access(
        stores, request.user.tenant, (kind, resource_id), moment, user_id
    )
    told = _noted("access", at)
    if user_id is not None:
        told["subjects"] = [user_id]
    note_view(request, kind, resource_id, told)
    return view


@get(
    "/users/{user_id:str}/viewers",
    guards=[requires(Permission.USER_VIEW, or_own="user_id")],
    operation_class=answering(examples.VIEWERS),
    responses=errors(BadRequest, *DENIED),
    summary="Show who looked at a user's activity",
    tags=["Access"],
)
async def show_viewers(
    request: ReadRequest, user_id: UserIdPath, days: Days = DEFAULT_DAYS
) -> ViewerList:
    """Who searched for, viewed or exported this user's activity, how often, and when."""
    return await _answer_viewers(request, user_id, days)


@get(
    "/me/viewers",
    guards=[signed_in()],
    operation_class=answering(examples.VIEWERS),
    responses=errors(BadRequest, *DENIED),
    summary="Show who looked at your activity",
    tags=["Access"],
)
async def show_own_viewers(request: ReadRequest, days: Days = DEFAULT_DAYS) -> ViewerList:
    """Who searched for, viewed or exported your activity, how often, and when."""
    return await _answer_viewers(request, request.user.user_id, days)


ROUTES: list[HTTPRouteHandler] = [
    show_user_access,
    show_resource_access,
    show_viewers,
    show_own_viewers,
]


def parse_moment(text: str | None, now: datetime) -> datetime:
    """The asked moment in UTC. Raises BadRequest(INVALID_DATE)."""
    if text is None:
        return now
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or moment.year <= FIRST_YEAR:
        raise BadRequest(
            "INVALID_DATE",
            "`at` is no time with an offset.",
            hint="Write it as 2025-01-15T14:30:00Z; a `+` in a URL is `%2B`.",
            field="at",
        )
    if moment > now:
        raise BadRequest("INVALID_DATE", "`at` is yet to come.", field="at")
    return moment.astimezone(UTC)


async def _answer_viewers(request: ReadRequest, user_id: str, days: int) -> ViewerList:
    stores = _stores(request)
    tenant = request.user.tenant
    emails = await read_emails(stores.engine, tenant, user_id)
    range_ = TimeRange(stores.now - timedelta(days=days), None)
    found = await read_viewers(stores.engine, tenant, user_id, emails, range_, MAX_VIEWERS)
    note_view(request, USER, user_id, {"of": "viewers", "rows": len(found)})
    return ViewerList(
        items=[to_viewer_view(each, user_id) for each in found],
        start=range_.start,
        end=range_.end,
    )


def _noted(of: str, at: str | None) -> dict[str, Any]:
    return {"of": of} if at is None else {"of": of, "at": at}


def _stores(request: ReadRequest) -> Stores:
    state: Mapping[str, Any] = request.app.state
    clock: Callable[[], datetime] = state["clock"]
    return Stores(state["engine"], state["metadata"], clock())
