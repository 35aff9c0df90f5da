"""HTTP of the access room: API keys, the organization's settings, the directory."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import Request, delete, get, patch, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter

from trailkeeper.access import examples
from trailkeeper.access.directory import list_directory
from trailkeeper.access.guard import requires
from trailkeeper.access.keyring import KeyRing
from trailkeeper.access.keys import create_key, list_keys, revoke_key
from trailkeeper.access.operation import answering
from trailkeeper.access.organizations import (
    OrganizationChanges,
    get_organization,
    update_organization,
)
from trailkeeper.access.schema import (
    IssuedKeyView,
    KeyList,
    NewKey,
    OrganizationView,
    UserPage,
    to_issued_view,
    to_key_view,
    to_organization_view,
    to_user_page,
)
from trailkeeper.errors import (
    BadRequest,
    Forbidden,
    NotFound,
    StorageFull,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from trailkeeper.principal import Permission, Principal
from trailkeeper.problem import errors
from trailkeeper.store.metadata import Metadata

AuthenticatedRequest = Request[Principal, Any, State]

DENIED = (Unauthenticated, Forbidden, Unavailable)

KeyId = Annotated[str, PathParameter(description="The key's id, as in the list of keys.")]
Search = Annotated[
    str | None, QueryParameter(description="Part of the user's id or e-mail.", max_length=200)
]
Limit = Annotated[int, QueryParameter(description="Users per page.", ge=1, le=500)]
Cursor = Annotated[
    str | None, QueryParameter(description="`next_cursor` of the page before.", max_length=4096)
]


@get(
    "/api-keys/",
    guards=[requires(Permission.KEY_MANAGE)],
    operation_class=answering(examples.KEYS),
    responses=errors(*DENIED),
    summary="List API keys",
    tags=["Access"],
)
async def get_keys(request: AuthenticatedRequest) -> KeyList:
    """All keys of the organization, also revoked and expired ones, the newest first."""
    async with _metadata(request).reading() as session:
        keys = await list_keys(session, request.user.tenant)
    return KeyList(items=[to_key_view(key) for key in keys])


@post(
    "/api-keys/",
    guards=[requires(Permission.KEY_MANAGE)],
    operation_class=answering(examples.ISSUED_KEY, status=201),
    responses=errors(BadRequest, TooLarge, *DENIED, StorageFull),
    summary="Create an API key",
    tags=["Access"],
)
async def post_key(request: AuthenticatedRequest, data: JSONBody[NewKey]) -> IssuedKeyView:
    """Makes a key; `key` in the answer is shown this once. It can do no more than yours."""
    async with _metadata(request).transaction() as session:
        issued = await create_key(
            session,
            _keys(request).hasher,
            request.user.tenant,
            data.name,
            data.permissions,
            now=datetime.now(UTC),
            maker=request.user,
            expires_at=data.expires_at,
        )
    return to_issued_view(issued)


@delete(
    "/api-keys/{key_id:str}",
    guards=[requires(Permission.KEY_MANAGE)],
    responses=errors(BadRequest, NotFound, *DENIED, StorageFull),
    summary="Revoke an API key",
    tags=["Access"],
)
async def delete_key(request: AuthenticatedRequest, key_id: KeyId) -> None:
    """Revokes a key for good, at once here and within 5 s in other processes."""
    async with _metadata(request).transaction() as session:
        await revoke_key(session, request.user.tenant, key_id, datetime.now(UTC))
    _keys(request).forget(key_id)


@get(
    "/organization",
    guards=[requires(Permission.SETTINGS_VIEW)],
    operation_class=answering(examples.ORGANIZATION),
    responses=errors(*DENIED),
    summary="Show the organization's settings",
    tags=["Access"],
)
async def get_own_organization(request: AuthenticatedRequest) -> OrganizationView:
    """The settings of the organization that the key belongs to."""
    async with _metadata(request).reading() as session:
        organization = await get_organization(session, request.user.organization)
    return to_organization_view(organization)


@patch(
    "/organization",
    guards=[requires(Permission.SETTINGS_MANAGE)],
    operation_class=answering(examples.ORGANIZATION),
    responses=errors(BadRequest, TooLarge, *DENIED, StorageFull),
    summary="Change the organization's settings",
    tags=["Access"],
)
async def patch_own_organization(
    request: AuthenticatedRequest, data: JSONBody[OrganizationChanges]
) -> OrganizationView:
    """Changes what is given and leaves the rest; a list replaces the whole list."""
    async with _metadata(request).transaction() as session:
        organization = await update_organization(session, request.user.organization, data)
    return to_organization_view(organization)


@get(
    "/users/",
    guards=[requires(Permission.USER_VIEW)],
    operation_class=answering(examples.USERS),
    responses=errors(BadRequest, *DENIED),
    summary="List the users seen in events",
    tags=["Access"],
)
async def get_users(
    request: AuthenticatedRequest,
    search: Search = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> UserPage:
    """The directory: every user that an event named, the last seen first."""
    async with _metadata(request).reading() as session:
        page = await list_directory(
            session, request.user.tenant, search=search, limit=limit, cursor=cursor
        )
    return to_user_page(page)


ROUTES: list[HTTPRouteHandler] = [
    get_keys,
    post_key,
    delete_key,
    get_own_organization,
    patch_own_organization,
    get_users,
]


def _metadata(request: AuthenticatedRequest) -> Metadata:
    metadata: Metadata = request.app.state["metadata"]
    return metadata


def _keys(request: AuthenticatedRequest) -> KeyRing:
    keys: KeyRing = request.app.state["keys"]
    return keys
