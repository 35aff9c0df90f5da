"""HTTP of the organization's allow-list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from litestar import Request, get, put
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from trailkeeper.access import key_examples
from trailkeeper.access.allow_list import (
    AllowedNetwork,
    AllowLists,
    check_not_locked_out,
    get_allow_list,
    record_saved,
    save_allow_list,
)
from trailkeeper.access.guard import requires
from trailkeeper.access.key_schema import AllowListView, NewAllowList
from trailkeeper.access.operation import answering
from trailkeeper.access.trail import requester_of
from trailkeeper.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    StorageFull,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from trailkeeper.principal import Permission, Principal
from trailkeeper.problem import errors
from trailkeeper.store.metadata import Metadata

AuthenticatedRequest = Request[Principal, Any, State]

DENIED: Final = (Unauthenticated, Forbidden, Unavailable)


@get(
    "/organization/allow-list",
    guards=[requires(Permission.SECURITY_MANAGE)],
    operation_class=answering(key_examples.ALLOW_LIST),
    responses=errors(*DENIED),
    summary="Show the allow-list",
    tags=["Access"],
)
async def get_own_allow_list(request: AuthenticatedRequest) -> AllowListView:
    """From where the organization may be used, by people and by keys."""
    async with _metadata(request).reading() as session:
        entries = await get_allow_list(session, request.user.tenant)
    return _view(request, entries)


@put(
    "/organization/allow-list",
    guards=[requires(Permission.SECURITY_MANAGE)],
    operation_class=answering(key_examples.ALLOW_LIST),
    responses=errors(BadRequest, Conflict, TooLarge, *DENIED, StorageFull),
    summary="Replace the allow-list",
    tags=["Access"],
)
async def put_own_allow_list(
    request: AuthenticatedRequest, data: JSONBody[NewAllowList]
) -> AllowListView:
    """Replaces the whole list, at once here and within 5 s in other processes.

    A list that does not hold your own address needs `confirm_lock_out`; only a command on the
    server undoes it then.
    """
    requester = requester_of(request, request.user)
    clock: Callable[[], datetime] = request.app.state["clock"]
    async with _metadata(request).transaction() as session:
        change = await save_allow_list(session, request.user.tenant, data.entries)
        is_locked_out = check_not_locked_out(
            [each.network for each in change.new],
            requester.address,
            is_confirmed=data.confirm_lock_out,
        )
        await record_saved(
            session,
            request.user.tenant,
            requester,
            change,
            clock(),
            details={"locks_out_author": True} if is_locked_out else None,
        )
    allow_lists: AllowLists = request.app.state["allow_lists"]
    allow_lists.forget(request.user.organization)
    return _view(request, change.new)


ALLOW_LIST_ROUTES: list[HTTPRouteHandler] = [get_own_allow_list, put_own_allow_list]


def _view(request: AuthenticatedRequest, entries: Sequence[AllowedNetwork]) -> AllowListView:
    address = requester_of(request, request.user).address
    return AllowListView(entries=list(entries), your_address=address)


def _metadata(request: AuthenticatedRequest) -> Metadata:
    metadata: Metadata = request.app.state["metadata"]
    return metadata
