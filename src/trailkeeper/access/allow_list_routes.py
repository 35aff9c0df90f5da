"""HTTP of the organization's allow-list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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
from trailkeeper.access.requesting import DENIED, clock_of, metadata_of
from trailkeeper.access.trail import requester_of
from trailkeeper.errors import (
    BadRequest,
    Conflict,
    StorageFull,
    TooLarge,
)
from trailkeeper.principal import Permission, Principal
from trailkeeper.problem import errors

AuthenticatedRequest = Request[Principal, Any, State]


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
    async with metadata_of(request).reading() as session:
        entries = await get_allow_list(session, request.user.tenant)
    return list_view(request, entries)


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
    clock = clock_of(request)
    async with metadata_of(request).transaction() as session:
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
    return list_view(request, change.new)


ALLOW_LIST_ROUTES: list[HTTPRouteHandler] = [get_own_allow_list, put_own_allow_list]


def list_view(request: AuthenticatedRequest, entries: Sequence[AllowedNetwork]) -> AllowListView:
    address = requester_of(request, request.user).address
    return AllowListView(entries=list(entries), your_address=address)
