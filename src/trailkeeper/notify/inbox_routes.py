"""HTTP of a person's own inbox: no permission but to be signed in."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter, QueryParameter
from litestar.status_codes import HTTP_200_OK

from trailkeeper.access.guard import signed_in
from trailkeeper.access.operation import answering
from trailkeeper.access.requesting import DENIED, metadata_of, now_of
from trailkeeper.errors import BadRequest, NotFound, StorageFull
from trailkeeper.notify import examples
from trailkeeper.notify.inbox import mark_all_read, mark_read, read_inbox
from trailkeeper.notify.requesting import Cursor, Limit, NotifyRequest
from trailkeeper.notify.schema import (
    Inbox,
    NotificationView,
    UnreadCount,
    to_notification_view,
)
from trailkeeper.problem import errors

NotificationId = Annotated[str, PathParameter(description="The notification's id.")]
Unread = Annotated[bool, QueryParameter(description="Only those that are unread.")]


@get(
    "/me/notifications",
    guards=[signed_in()],
    operation_class=answering(examples.INBOX),
    responses=errors(BadRequest, *DENIED),
    summary="Read your inbox",
    tags=["Notify"],
)
async def get_inbox(
    request: NotifyRequest, unread: Unread = False, limit: Limit = 50, cursor: Cursor = None
) -> Inbox:
    """Your notifications, unread ones first, each part the newest first; and how many are
    unread. `limit=1` is the cheapest way to the count."""
    async with metadata_of(request).reading() as session:
        page = await read_inbox(
            session,
            request.user.tenant,
            request.user.user_id,
            limit=limit,
            cursor=cursor,
            unread_only=unread,
        )
    return Inbox(
        items=[to_notification_view(each) for each in page.items],
        unread=page.unread,
        next_cursor=page.next_cursor,
    )


@post(
    "/me/notifications/{notification_id:str}/read",
    guards=[signed_in()],
    status_code=HTTP_200_OK,
    operation_class=answering({**examples.NOTIFICATION, "is_read": True}),
    responses=errors(BadRequest, NotFound, *DENIED, StorageFull),
    summary="Mark a notification read",
    tags=["Notify"],
)
async def post_read(request: NotifyRequest, notification_id: NotificationId) -> NotificationView:
    """Marks one of your notifications as read; a second time changes nothing."""
    async with metadata_of(request).transaction() as session:
        notification = await mark_read(
            session,
            request.user.tenant,
            request.user.user_id,
            notification_id,
            now_of(request),
        )
    return to_notification_view(notification)


@post(
    "/me/notifications/read-all",
    guards=[signed_in()],
    status_code=HTTP_200_OK,
    operation_class=answering(examples.UNREAD),
    responses=errors(*DENIED, StorageFull),
    summary="Mark all notifications read",
    tags=["Notify"],
)
async def post_read_all(request: NotifyRequest) -> UnreadCount:
    """Marks all of your notifications as read."""
    async with metadata_of(request).transaction() as session:
        await mark_all_read(session, request.user.tenant, request.user.user_id, now_of(request))
    return UnreadCount(unread=0)


INBOX_ROUTES: list[HTTPRouteHandler] = [get_inbox, post_read, post_read_all]
