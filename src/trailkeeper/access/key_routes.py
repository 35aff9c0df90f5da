"""HTTP of API keys."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Final

from litestar import Request, delete, get, patch, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import UNSET

from trailkeeper.access import key_examples
from trailkeeper.access.allow_list import check_not_locked_out
from trailkeeper.access.guard import requires
from trailkeeper.access.key_changes import KeyPlan, change_key, issue_key, revoke_key, rotate_key
from trailkeeper.access.key_schema import (
    IssuedKeyView,
    KeyChanges,
    KeyList,
    KeyView,
    NewKey,
    Rotation,
    to_issued_view,
    to_key_view,
)
from trailkeeper.access.keyring import KeyRing
from trailkeeper.access.keys import get_key, list_keys
from trailkeeper.access.operation import answering
from trailkeeper.access.people.editor import Editor
from trailkeeper.access.requesting import DENIED, metadata_of, now_of
from trailkeeper.access.trail import requester_of
from trailkeeper.errors import (
    BadRequest,
    Conflict,
    NotFound,
    StorageFull,
    TooLarge,
)
from trailkeeper.principal import Permission, Principal
from trailkeeper.problem import errors

AuthenticatedRequest = Request[Principal, Any, State]

MAX_ACTOR_LENGTH: Final = 600

KeyId = Annotated[str, PathParameter(description="The key's id, as in the list of keys.")]
CreatedBy = Annotated[
    str | None,
    QueryParameter(
        description="Only keys that this actor made: a user's id, or `api-key:<id>`.",
        max_length=MAX_ACTOR_LENGTH,
    ),
]


@get(
    "/api-keys/",
    guards=[requires(Permission.KEY_MANAGE)],
    operation_class=answering(key_examples.KEYS),
    responses=errors(BadRequest, *DENIED),
    summary="List API keys",
    tags=["Access"],
)
async def get_keys(request: AuthenticatedRequest, created_by: CreatedBy = None) -> KeyList:
    """All keys of the organization, also revoked and expired ones, the newest first."""
    _check_actor(created_by)
    async with metadata_of(request).reading() as session:
        keys = await list_keys(session, request.user.tenant, created_by=created_by)
    return KeyList(items=[to_key_view(key) for key in keys])


@get(
    "/api-keys/{key_id:str}",
    guards=[requires(Permission.KEY_MANAGE)],
    operation_class=answering(key_examples.KEY),
    responses=errors(BadRequest, NotFound, *DENIED),
    summary="Show an API key",
    tags=["Access"],
)
async def get_one_key(request: AuthenticatedRequest, key_id: KeyId) -> KeyView:
    """One key, without its secret."""
    async with metadata_of(request).reading() as session:
        return to_key_view(await get_key(session, request.user.tenant, key_id))


@post(
    "/api-keys/",
    guards=[requires(Permission.KEY_MANAGE)],
    operation_class=answering(key_examples.ISSUED_KEY, status=201),
    responses=errors(BadRequest, TooLarge, *DENIED, StorageFull),
    summary="Create an API key",
    tags=["Access"],
)
async def post_key(request: AuthenticatedRequest, data: JSONBody[NewKey]) -> IssuedKeyView:
    """Makes a key; `key` in the answer is shown this once. It can do no more than you."""
    plan = KeyPlan(data.name, data.permissions, data.expires_at, data.allow_list)
    async with metadata_of(request).transaction() as session:
        issued = await issue_key(
            session,
            _keys(request).hasher,
            request.user.tenant,
            _editor(request),
            plan,
            now_of(request),
        )
    return to_issued_view(issued)


@patch(
    "/api-keys/{key_id:str}",
    guards=[requires(Permission.KEY_MANAGE)],
    operation_class=answering(key_examples.KEY),
    responses=errors(BadRequest, NotFound, Conflict, TooLarge, *DENIED, StorageFull),
    summary="Change an API key",
    tags=["Access"],
)
async def patch_key(
    request: AuthenticatedRequest, key_id: KeyId, data: JSONBody[KeyChanges]
) -> KeyView:
    """Changes a key's name or allow-list, where you may do all that the key may.

    A key that would lock itself out needs `confirm_lock_out`.
    """
    async with metadata_of(request).transaction() as session:
        changed = await change_key(
            session,
            request.user.tenant,
            _editor(request),
            key_id,
            now_of(request),
            name=data.name,
            allow_list=data.allow_list,
        )
        if key_id == request.user.key_id and data.allow_list is not UNSET:
            address = requester_of(request, request.user).address
            check_not_locked_out(changed.allow_list, address, is_confirmed=data.confirm_lock_out)
    _keys(request).forget(key_id)
    return to_key_view(changed)


@post(
    "/api-keys/{key_id:str}/rotate",
    guards=[requires(Permission.KEY_MANAGE)],
    operation_class=answering(key_examples.ISSUED_KEY, status=201),
    responses=errors(BadRequest, NotFound, Conflict, TooLarge, *DENIED, StorageFull),
    summary="Rotate an API key",
    tags=["Access"],
)
async def post_rotation(
    request: AuthenticatedRequest, key_id: KeyId, data: JSONBody[Rotation]
) -> IssuedKeyView:
    """Makes a key with the name, permissions and allow-list of this one, which works for
    `overlap_hours` more. `key` in the answer is shown this once."""
    async with metadata_of(request).transaction() as session:
        issued = await rotate_key(
            session,
            _keys(request).hasher,
            request.user.tenant,
            _editor(request),
            key_id,
            now_of(request),
            overlap=timedelta(hours=data.overlap_hours),
            expires_at=data.expires_at,
        )
    _keys(request).forget(key_id)
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
    async with metadata_of(request).transaction() as session:
        await revoke_key(session, request.user.tenant, _editor(request), key_id, now_of(request))
    _keys(request).forget(key_id)


KEY_ROUTES: list[HTTPRouteHandler] = [
    get_keys,
    get_one_key,
    post_key,
    patch_key,
    post_rotation,
    delete_key,
]


def _check_actor(created_by: str | None) -> None:
    # PostgreSQL refuses a NUL in any text.
    if created_by is not None and "\0" in created_by:
        raise BadRequest("INVALID_ACTOR", "An actor has no NUL in it.", field="created_by")


def _editor(request: AuthenticatedRequest) -> Editor:
    return Editor(requester_of(request, request.user), request.user)


def _keys(request: AuthenticatedRequest) -> KeyRing:
    keys: KeyRing = request.app.state["keys"]
    return keys
