"""HTTP of the organization's deny-list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final

import msgspec
from litestar import delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, QueryParameter

from trailkeeper.access import key_examples
from trailkeeper.access.allow_list import AllowedNetwork, AllowLists
from trailkeeper.access.allow_list_routes import AuthenticatedRequest, list_view
from trailkeeper.access.deny_list import (
    block,
    check_not_blocked,
    get_deny_list,
    record_blocked,
    unblock,
)
from trailkeeper.access.guard import requires
from trailkeeper.access.key_schema import AllowListView
from trailkeeper.access.networks import MAX_NETWORKS
from trailkeeper.access.operation import answering
from trailkeeper.access.requesting import DENIED, metadata_of, now_of
from trailkeeper.access.trail import requester_of
from trailkeeper.errors import BadRequest, Conflict, NotFound, StorageFull, TooLarge
from trailkeeper.principal import Permission
from trailkeeper.problem import errors

Network = Annotated[
    str, QueryParameter(description="An address or a network on the list.", max_length=64)
]


class Blocked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What to block: addresses or networks, each with why."""

    entries: Annotated[list[AllowedNetwork], msgspec.Meta(min_length=1, max_length=MAX_NETWORKS)]


EXAMPLE: Final[dict[str, Any]] = {
    **key_examples.ALLOW_LIST,
    "entries": [{"network": "198.51.100.42", "note": "guessed passwords"}],
}


@get(
    "/organization/deny-list",
    guards=[requires(Permission.SECURITY_MANAGE)],
    operation_class=answering(EXAMPLE),
    responses=errors(*DENIED),
    summary="Show the deny-list",
    tags=["Access"],
)
async def get_own_deny_list(request: AuthenticatedRequest) -> AllowListView:
    """From where the organization may not be used, neither by people nor by keys."""
    async with metadata_of(request).reading() as session:
        entries = await get_deny_list(session, request.user.tenant)
    return list_view(request, entries)


@post(
    "/organization/deny-list",
    guards=[requires(Permission.SECURITY_MANAGE)],
    operation_class=answering(EXAMPLE),
    responses=errors(BadRequest, Conflict, TooLarge, *DENIED, StorageFull),
    summary="Block addresses",
    status_code=200,
    tags=["Access"],
)
async def post_blocked(request: AuthenticatedRequest, data: JSONBody[Blocked]) -> AllowListView:
    """Adds to the list, at once here and within 5 s in other processes. Your own address is
    refused."""
    requester, now, tenant = (
        requester_of(request, request.user),
        now_of(request),
        request.user.tenant,
    )
    async with metadata_of(request).transaction() as session:
        change = await block(session, tenant, data.entries, now)
        check_not_blocked(change, requester.address)
        await record_blocked(session, tenant, requester, change, now)
    return _changed(request, change.new)


@delete(
    "/organization/deny-list",
    guards=[requires(Permission.SECURITY_MANAGE)],
    operation_class=answering(EXAMPLE),
    responses=errors(BadRequest, NotFound, *DENIED, StorageFull),
    summary="Unblock an address",
    status_code=200,
    tags=["Access"],
)
async def delete_blocked(request: AuthenticatedRequest, network: Network) -> AllowListView:
    """Takes one entry off the list."""
    requester, now, tenant = (
        requester_of(request, request.user),
        now_of(request),
        request.user.tenant,
    )
    async with metadata_of(request).transaction() as session:
        change = await unblock(session, tenant, [network], now)
        await record_blocked(session, tenant, requester, change, now)
    return _changed(request, change.new)


DENY_LIST_ROUTES: list[HTTPRouteHandler] = [get_own_deny_list, post_blocked, delete_blocked]


def _changed(request: AuthenticatedRequest, entries: Sequence[AllowedNetwork]) -> AllowListView:
    allow_lists: AllowLists = request.app.state["allow_lists"]
    allow_lists.forget(request.user.organization)
    return list_view(request, entries)
