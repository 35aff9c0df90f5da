"""HTTP of users: created or replaced by the platform, changed, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final

from litestar import delete, patch, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody, QueryParameter
from msgspec import UNSET
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access import examples
from trailkeeper.access.guard import requires
from trailkeeper.access.keyring import KeyRing
from trailkeeper.access.operation import answering
from trailkeeper.access.people.directory_routes import profile_of
from trailkeeper.access.people.members import get_member, set_role, update_member
from trailkeeper.access.people.standing import delete_member, disable_member, enable_member
from trailkeeper.access.people.sync import CHUNK_USERS, Synced, SyncUser, UserData, sync_user
from trailkeeper.access.people.sync import sync_users as sync_chunk
from trailkeeper.access.people.user_schema import (
    BulkOperation,
    NewStatus,
    SyncReceipt,
    UserChanges,
    parse_user,
    split_users,
    to_receipt,
)
from trailkeeper.access.people.user_views import DeletedUser, ProfileView, to_key_left
from trailkeeper.access.requesting import (
    DENIED,
    PeopleRequest,
    UserId,
    editor_of,
    metadata_of,
    now_of,
)
from trailkeeper.access.signin.sessions import Sessions
from trailkeeper.errors import (
    BadRequest,
    Conflict,
    NotFound,
    StorageFull,
    TooLarge,
    TrailkeeperError,
    UnsupportedMedia,
)
from trailkeeper.principal import Permission
from trailkeeper.problem import errors

MAX_BULK_BYTES: Final = 32 * 1024 * 1024
LINE_TYPES: Final = ("application/x-ndjson", "application/jsonl", "application/ndjson")

RevokeKeys = Annotated[
    bool, QueryParameter(description="Revoke the keys that they made; needs `key:manage`.")
]


@put(
    "/users/{user_id:str}",
    guards=[requires(Permission.USER_MANAGE)],
    operation_class=answering(examples.PROFILE),
    responses=errors(BadRequest, Conflict, TooLarge, *DENIED, StorageFull),
    summary="Create or replace a user",
    tags=["Access"],
)
async def put_user(
    request: PeopleRequest, user_id: UserId, data: JSONBody[UserData]
) -> ProfileView:
    """Tells of a user of the platform. Sent again, it changes nothing.

    A user without an account here is only told about: the role is what an invitation would
    propose, and gives nothing. For whoever has an account it is their role from now on.
    """
    user = SyncUser(user_id=user_id, name=data.name, email=data.email, role=data.role)
    async with metadata_of(request).transaction() as session:
        await sync_user(
            session, request.user.tenant, user, editor=editor_of(request), now=now_of(request)
        )
        member = await get_member(session, request.user.tenant, user_id)
    _forget(request, member.person)
    return await profile_of(request, user_id)


@put(
    "/users/",
    guards=[requires(Permission.USER_MANAGE)],
    operation_class=BulkOperation,
    responses=errors(BadRequest, TooLarge, UnsupportedMedia, *DENIED, StorageFull),
    request_max_body_size=MAX_BULK_BYTES,
    summary="Create or replace many users",
    tags=["Access"],
)
async def put_users(request: PeopleRequest) -> SyncReceipt:
    """Up to 10,000 users of the platform, each judged alone: a bad one never sinks the rest.

    They are kept 500 at a time; where the answer is an error, send all of it again.
    """
    is_array = _content_type(request) not in LINE_TYPES
    raws = split_users(await request.body(), is_array=is_array)
    results: list[Synced | TrailkeeperError] = []
    for start in range(0, len(raws), CHUNK_USERS):
        users = [parse_user(raw) for raw in raws[start : start + CHUNK_USERS]]
        results += await _sync(request, users)
    sessions: Sessions = request.app.state["sessions"]
    sessions.forget_all()
    return to_receipt(results)


async def _sync(
    request: PeopleRequest, parsed: Sequence[SyncUser | TrailkeeperError]
) -> list[Synced | TrailkeeperError]:
    """One chunk in one transaction; what could not be parsed keeps its place."""
    users = [each for each in parsed if isinstance(each, SyncUser)]
    async with metadata_of(request).transaction() as session:
        synced = await sync_chunk(
            session, request.user.tenant, users, editor=editor_of(request), now=now_of(request)
        )
    in_order = iter(synced)
    return [each if isinstance(each, TrailkeeperError) else next(in_order) for each in parsed]


@patch(
    "/users/{user_id:str}",
    guards=[requires(Permission.USER_MANAGE)],
    operation_class=answering(examples.PROFILE),
    responses=errors(BadRequest, NotFound, Conflict, TooLarge, *DENIED, StorageFull),
    summary="Change a user",
    tags=["Access"],
)
async def patch_user(
    request: PeopleRequest, user_id: UserId, data: JSONBody[UserChanges]
) -> ProfileView:
    """Changes name, e-mail, role or status, all or nothing. The address that someone signs in
    with is their account's and stays as it is.
    """
    async with metadata_of(request).transaction() as session:
        person = await _change(session, request, user_id, data)
    _forget(request, person)
    return await profile_of(request, user_id)


async def _change(
    session: AsyncSession, request: PeopleRequest, user_id: str, changes: UserChanges
) -> str | None:
    """The person whose sessions are to be forgotten."""
    tenant, editor, now = request.user.tenant, editor_of(request), now_of(request)
    if changes.name is not UNSET or changes.email is not UNSET:
        await update_member(
            session,
            tenant,
            user_id,
            editor=editor,
            now=now,
            name=None if changes.name is UNSET else changes.name,
            email=None if changes.email is UNSET else changes.email,
        )
    if changes.role is not UNSET:
        await set_role(session, tenant, user_id, changes.role, editor=editor, now=now)
    if changes.status is NewStatus.DISABLED:
        await disable_member(session, tenant, user_id, editor=editor, now=now)
    if changes.status is NewStatus.ACTIVE:
        await enable_member(session, tenant, user_id, editor=editor, now=now)
    return (await get_member(session, tenant, user_id)).person


@delete(
    "/users/{user_id:str}",
    guards=[requires(Permission.USER_MANAGE)],
    operation_class=answering(examples.DELETED_USER),
    responses=errors(BadRequest, NotFound, Conflict, *DENIED, StorageFull),
    status_code=200,
    summary="Delete a user",
    tags=["Access"],
)
async def delete_user(
    request: PeopleRequest, user_id: UserId, revoke_keys: RevokeKeys = False
) -> DeletedUser:
    """Ends their sessions and their role. They stay named in the log and in the directory.

    The keys that they made and that still work are listed: keys belong to the organization.
    """
    async with metadata_of(request).transaction() as session:
        departure = await delete_member(
            session,
            request.user.tenant,
            user_id,
            editor=editor_of(request),
            now=now_of(request),
            revokes_keys=revoke_keys,
        )
    _forget(request, departure.member.person)
    keys: KeyRing = request.app.state["keys"]
    for key in departure.keys if revoke_keys else ():
        keys.forget(key.id)
    return DeletedUser(
        user_id=departure.member.user_id,
        status=departure.member.status,
        sessions_ended=departure.sessions_ended,
        keys=[to_key_left(key) for key in departure.keys],
    )


def _forget(request: PeopleRequest, person: str | None) -> None:
    if person is not None:
        sessions: Sessions = request.app.state["sessions"]
        sessions.forget_person(person)


def _content_type(request: PeopleRequest) -> str:
    headers: Any = request.headers
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedMedia(
            "UNSUPPORTED_ENCODING", "A packed body is not supported here.", field="Content-Encoding"
        )
    content_type = str(headers.get("content-type", "")).partition(";")[0].strip().lower()
    if content_type not in (*LINE_TYPES, "application/json", ""):
        raise UnsupportedMedia(
            "UNSUPPORTED_MEDIA_TYPE",
            f"Content-Type {content_type[:60]!r} is not supported here.",
            hint="Use application/json or application/x-ndjson.",
            field="Content-Type",
        )
    return content_type


ROUTES: list[HTTPRouteHandler] = [put_user, put_users, patch_user, delete_user]
