"""HTTP of saved views."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, patch, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter
from msgspec import UNSET, structs
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.directory import stored_id
from trailkeeper.access.guard import requires
from trailkeeper.access.operation import answering
from trailkeeper.access.people.listing import users_by_id
from trailkeeper.access.requesting import DENIED, metadata_of, now_of
from trailkeeper.access.trail import requester_of
from trailkeeper.errors import BadRequest, Conflict, NotFound, StorageFull, TooLarge
from trailkeeper.principal import Permission
from trailkeeper.problem import errors
from trailkeeper.search.request import ReadRequest
from trailkeeper.search.views import examples
from trailkeeper.search.views.saved import (
    SavedView,
    add_view,
    change_view,
    list_views,
    remove_view,
    star_view,
)
from trailkeeper.search.views.schema import NewView, ViewList, ViewPatch, ViewView, to_view_view

ViewId = Annotated[str, PathParameter(description="The view's id.")]


@get(
    "/views/",
    guards=[requires(Permission.USER_VIEW)],
    operation_class=answering(examples.VIEWS),
    responses=errors(*DENIED),
    summary="List saved views",
    tags=["Search"],
)
async def get_views(request: ReadRequest) -> ViewList:
    """Your own views and those that others share: the starred first, then by name."""
    who = request.user.actor
    async with metadata_of(request).reading() as session:
        views = await list_views(session, request.user.tenant, who)
        return ViewList(items=await _shown(session, request, views))


@post(
    "/views/",
    guards=[requires(Permission.USER_VIEW)],
    operation_class=answering(examples.VIEW, status=201),
    responses=errors(BadRequest, Conflict, TooLarge, *DENIED, StorageFull),
    summary="Save a view",
    tags=["Search"],
)
async def post_view(request: ReadRequest, data: JSONBody[NewView]) -> ViewView:
    """Keeps a search of the Explorer under a name: for you, or shared."""
    tenant, who = request.user.tenant, request.user.actor
    async with metadata_of(request).transaction() as session:
        view = await add_view(
            session,
            tenant,
            requester_of(request, request.user),
            name=data.name,
            query=data.query,
            is_shared=data.is_shared,
            now=now_of(request),
        )
        if data.is_starred:
            await star_view(session, tenant, who, view.id, is_starred=True)
        return await _one(session, request, view, is_starred=data.is_starred)


@patch(
    "/views/{view_id:str}",
    guards=[requires(Permission.USER_VIEW)],
    operation_class=answering(examples.VIEW),
    responses=errors(BadRequest, NotFound, TooLarge, *DENIED, StorageFull),
    summary="Change a view",
    tags=["Search"],
)
async def patch_view(request: ReadRequest, view_id: ViewId, data: JSONBody[ViewPatch]) -> ViewView:
    """Only its author changes a view; anybody who sees it may star it."""
    tenant, who = request.user.tenant, request.user.actor
    requester = requester_of(request, request.user)
    async with metadata_of(request).transaction() as session:
        view = await change_view(
            session, tenant, requester, view_id, data.to_changes(), now_of(request)
        )
        is_starred = view.is_starred
        if data.is_starred is not UNSET:
            is_starred = data.is_starred
            await star_view(session, tenant, who, view_id, is_starred=is_starred)
        return await _one(session, request, view, is_starred=is_starred)


@delete(
    "/views/{view_id:str}",
    guards=[requires(Permission.USER_VIEW)],
    responses=errors(BadRequest, NotFound, *DENIED, StorageFull),
    summary="Delete a view",
    tags=["Search"],
)
async def delete_view(request: ReadRequest, view_id: ViewId) -> None:
    """For everyone, if it was shared. Only its author may."""
    async with metadata_of(request).transaction() as session:
        await remove_view(
            session,
            request.user.tenant,
            requester_of(request, request.user),
            view_id,
            now_of(request),
        )


ROUTES: list[HTTPRouteHandler] = [get_views, post_view, patch_view, delete_view]


async def _one(
    session: AsyncSession, request: ReadRequest, view: SavedView, *, is_starred: bool
) -> ViewView:
    [shown] = await _shown(session, request, [view])
    return structs.replace(shown, is_starred=is_starred)


async def _shown(
    session: AsyncSession, request: ReadRequest, views: list[SavedView]
) -> list[ViewView]:
    """The views with their authors' names, as the directory has them."""
    authors = {stored_id(view.author) for view in views}
    known = await users_by_id(session, request.user.tenant, authors) if authors else {}
    names = {user_id: user.name or user.user_email or None for user_id, user in known.items()}
    who = request.user.actor
    return [to_view_view(view, who, names.get(stored_id(view.author))) for view in views]
