"""HTTP of sessions: one's own, and those of a user whom one manages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from litestar import delete, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter

from trailkeeper.access.guard import requires, signed_in
from trailkeeper.access.operation import answering
from trailkeeper.access.people.editor import Editor
from trailkeeper.access.requesting import DENIED, metadata_of, now_of
from trailkeeper.access.signin import examples
from trailkeeper.access.signin.asking import PersonRequest, sessions_of
from trailkeeper.access.signin.schema import SessionList, to_session_view
from trailkeeper.access.signin.session_list import (
    end_own_session,
    end_user_sessions,
    sessions_of_person,
    sessions_of_user,
)
from trailkeeper.access.signin.tables import SessionRow
from trailkeeper.access.trail import requester_of
from trailkeeper.errors import BadRequest, NotFound, StorageFull
from trailkeeper.principal import Permission
from trailkeeper.problem import errors

SessionId = Annotated[str, PathParameter(description="The session's id, as in the list.")]
UserId = Annotated[
    str, PathParameter(description="The user's id, as events have it; a `/` in it as `%2F`.")
]


@get(
    "/me/sessions",
    guards=[signed_in()],
    operation_class=answering(examples.SESSIONS),
    responses=errors(*DENIED),
    summary="List the own sessions",
    tags=["Access"],
)
async def get_own_sessions(request: PersonRequest) -> SessionList:
    """Where the person is signed in, in all their organizations; the last used first."""
    rows = await sessions_of_person(
        metadata_of(request),
        request.user,
        sessions_of(request).policy,
        now_of(request),
    )
    return _listed(request, rows)


@delete(
    "/me/sessions/{session_id:str}",
    guards=[signed_in()],
    responses=errors(BadRequest, NotFound, *DENIED, StorageFull),
    summary="End an own session",
    tags=["Access"],
)
async def delete_own_session(request: PersonRequest, session_id: SessionId) -> None:
    """Signs the person out there; at once here, within 5 s in other processes."""
    async with metadata_of(request).transaction() as session:
        await end_own_session(
            session, request.user, session_id, requester_of(request, request.user), now_of(request)
        )
    sessions_of(request).forget(session_id)


@get(
    "/users/{user_id:str}/sessions",
    guards=[requires(Permission.USER_MANAGE)],
    operation_class=answering(examples.SESSIONS),
    responses=errors(BadRequest, NotFound, *DENIED),
    summary="List a user's sessions",
    tags=["Access"],
)
async def get_user_sessions(request: PersonRequest, user_id: UserId) -> SessionList:
    """Where a user is signed in to this organization; the last used first."""
    rows = await sessions_of_user(
        metadata_of(request),
        request.user.tenant,
        user_id,
        sessions_of(request).policy,
        now_of(request),
    )
    return _listed(request, rows)


@delete(
    "/users/{user_id:str}/sessions",
    guards=[requires(Permission.USER_MANAGE)],
    responses=errors(BadRequest, NotFound, *DENIED, StorageFull),
    summary="End a user's sessions",
    tags=["Access"],
)
async def delete_user_sessions(request: PersonRequest, user_id: UserId) -> None:
    """Signs a user out of this organization everywhere."""
    await _end(request, user_id, None)


@delete(
    "/users/{user_id:str}/sessions/{session_id:str}",
    guards=[requires(Permission.USER_MANAGE)],
    responses=errors(BadRequest, NotFound, *DENIED, StorageFull),
    summary="End one of a user's sessions",
    tags=["Access"],
)
async def delete_user_session(
    request: PersonRequest, user_id: UserId, session_id: SessionId
) -> None:
    """Signs a user out of this organization in one place."""
    await _end(request, user_id, session_id)


ROUTES: list[HTTPRouteHandler] = [
    get_own_sessions,
    delete_own_session,
    get_user_sessions,
    delete_user_sessions,
    delete_user_session,
]


def _listed(request: PersonRequest, rows: Sequence[SessionRow]) -> SessionList:
    sessions, current = sessions_of(request), request.user.session_id
    return SessionList(
        items=[to_session_view(row, current, sessions.last_seen_at(row.id)) for row in rows]
    )


async def _end(request: PersonRequest, user_id: str, session_id: str | None) -> None:
    editor = Editor(requester_of(request, request.user), request.user)
    async with metadata_of(request).transaction() as session:
        person_id = await end_user_sessions(
            session, request.user.tenant, user_id, editor, now_of(request), session_id
        )
    if person_id is not None:
        sessions_of(request).forget_person(person_id)
