"""HTTP of the directory: everyone of an organization, and one of them."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from trailkeeper.access import examples
from trailkeeper.access.guard import requires
from trailkeeper.access.operation import answering
from trailkeeper.access.people.busiest import list_busiest, recent_events
from trailkeeper.access.people.listing import (
    SortOrder,
    UserFilter,
    UserSort,
    directory_user,
    list_directory,
)
from trailkeeper.access.people.members import MemberStatus, find_member
from trailkeeper.access.people.roles import permissions_of
from trailkeeper.access.people.user_views import (
    ProfileView,
    UserPage,
    to_profile,
    to_user_views,
)
from trailkeeper.access.requesting import (
    DENIED,
    PeopleRequest,
    UserId,
    engine_of,
    metadata_of,
    now_of,
)
from trailkeeper.access.roles import with_implied
from trailkeeper.errors import BadRequest, NotFound
from trailkeeper.principal import Permission
from trailkeeper.problem import errors

Search = Annotated[
    str | None, QueryParameter(description="Part of the name, e-mail or id.", max_length=200)
]
Roles = Annotated[
    list[str] | None, QueryParameter(name="role", description="Only users with one of these roles.")
]
Statuses = Annotated[
    list[MemberStatus] | None,
    QueryParameter(name="status", description="Only users with one of these statuses."),
]
Sort = Annotated[UserSort, QueryParameter(description="What to sort by.")]
Order = Annotated[
    SortOrder | None, QueryParameter(description="By default `asc` for names, else `desc`.")
]
Limit = Annotated[int, QueryParameter(description="Users per page.", ge=1, le=500)]
Cursor = Annotated[
    str | None, QueryParameter(description="`next_cursor` of the page before.", max_length=4096)
]


@get(
    "/users/",
    guards=[requires(Permission.USER_VIEW)],
    operation_class=answering(examples.USERS),
    responses=errors(BadRequest, *DENIED),
    summary="List users",
    tags=["Access"],
)
async def get_users(
    request: PeopleRequest,
    search: Search = None,
    roles: Roles = None,
    statuses: Statuses = None,
    sort: Sort = UserSort.LAST_SEEN,
    order: Order = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> UserPage:
    """The directory: people with an account, users told of by the platform, and whoever an
    event named, in one list. The last seen come first, unless told.
    """
    tenant, engine, now = request.user.tenant, engine_of(request), now_of(request)
    wanted = UserFilter(search, frozenset(roles or ()), frozenset(statuses or ()))
    usual = SortOrder.ASC if sort is UserSort.NAME else SortOrder.DESC
    async with metadata_of(request).reading() as session:
        if sort is UserSort.EVENTS_30D:
            page = await list_busiest(
                session,
                engine,
                tenant,
                now,
                wanted=wanted,
                order=order or usual,
                limit=limit,
                cursor=cursor,
            )
        else:
            page = await list_directory(
                session,
                tenant,
                wanted=wanted,
                sort=sort,
                order=order or usual,
                limit=limit,
                cursor=cursor,
            )
    recent = await recent_events(engine, tenant, [user.user_id for user in page.users], now)
    return UserPage(items=to_user_views(page.users, recent), next_cursor=page.next_cursor)


@get(
    "/users/{user_id:str}",
    guards=[requires(Permission.USER_VIEW, or_own="user_id")],
    operation_class=answering(examples.PROFILE),
    responses=errors(BadRequest, NotFound, *DENIED),
    summary="Show a user",
    tags=["Access"],
)
async def get_user(request: PeopleRequest, user_id: UserId) -> ProfileView:
    """A user's profile. Everyone may see their own."""
    return await profile_of(request, user_id)


async def profile_of(request: PeopleRequest, user_id: str) -> ProfileView:
    """Raises NotFound(USER_NOT_FOUND)."""
    tenant = request.user.tenant
    async with metadata_of(request).reading() as session:
        user = await directory_user(session, tenant, user_id)
        if user is None:
            raise NotFound("USER_NOT_FOUND", "There is no such user.")
        member = await find_member(session, tenant, user_id)
        permissions: frozenset[Permission] = frozenset()
        if member is not None and member.status is MemberStatus.ACTIVE:
            permissions = with_implied(await permissions_of(session, tenant, member.role))
    recent = await recent_events(engine_of(request), tenant, [user_id], now_of(request))
    return to_profile(user, recent.get(user_id, 0), member, permissions)


ROUTES: list[HTTPRouteHandler] = [get_users, get_user]
