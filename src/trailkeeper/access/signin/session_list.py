"""Sessions as people see them: where one is signed in, and the end of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.people.editor import Editor
from trailkeeper.access.people.members import get_member
from trailkeeper.access.people.roles import permissions_of
from trailkeeper.access.signin.opening import SignInMethod
from trailkeeper.access.signin.session_trail import record_logout, record_revoke
from trailkeeper.access.signin.sessions import SessionPolicy
from trailkeeper.access.signin.tables import SessionRow
from trailkeeper.access.trail import Requester
from trailkeeper.errors import NotFound
from trailkeeper.principal import Principal, Tenant
from trailkeeper.store.metadata import Metadata


async def sessions_of_person(
    metadata: Metadata, principal: Principal, policy: SessionPolicy, now: datetime
) -> Sequence[SessionRow]:
    """A person's own living sessions, in all their organizations; the last used first.

    A single sign-on is answered for by one organization's provider: it sees that one alone.
    """
    async with metadata.reading() as session:
        is_own = await _is_own(session, principal)
    return await _list(metadata, is_own, policy, now)


async def _is_own(session: AsyncSession, principal: Principal) -> ColumnElement[bool]:
    method = await session.scalar(
        select(SessionRow.method).where(
            principal.tenant.owns(SessionRow.organization), SessionRow.id == principal.session_id
        )
    )
    is_own = SessionRow.person == principal.person_id
    if method == SignInMethod.OIDC:
        is_own &= principal.tenant.owns(SessionRow.organization)
    return is_own


async def sessions_of_user(
    metadata: Metadata, tenant: Tenant, user_id: str, policy: SessionPolicy, now: datetime
) -> Sequence[SessionRow]:
    """One user's living sessions in one organization. Raises NotFound(USER_NOT_FOUND)."""
    async with metadata.reading() as session:
        await get_member(session, tenant, user_id)
    is_theirs = tenant.owns(SessionRow.organization) & (SessionRow.user_id == user_id)
    return await _list(metadata, is_theirs, policy, now)


async def end_own_session(
    session: AsyncSession,
    principal: Principal,
    session_id: str,
    requester: Requester,
    now: datetime,
) -> None:
    """Ends one of those that `sessions_of_person` lists.

    Raises NotFound(SESSION_NOT_FOUND).
    """
    is_meant = (await _is_own(session, principal)) & (SessionRow.id == session_id)
    ended = await _end(session, is_meant, now)
    if not ended:
        raise session_not_found()
    for row in ended:
        await record_logout(session, row, requester, now)


async def end_user_sessions(
    session: AsyncSession,
    tenant: Tenant,
    user_id: str,
    editor: Editor,
    now: datetime,
    session_id: str | None = None,
) -> str | None:
    """Ends all sessions of a user in this organization, or one; returns the person's id.

    Raises NotFound (USER_NOT_FOUND, SESSION_NOT_FOUND), or Forbidden(PERMISSIONS_TOO_WIDE) for
    someone who may do more than the editor.
    """
    member = await get_member(session, tenant, user_id)
    editor.check_covers(await permissions_of(session, tenant, member.role), field="user_id")
    is_meant = tenant.owns(SessionRow.organization) & (SessionRow.user_id == user_id)
    if session_id is not None:
        is_meant &= SessionRow.id == session_id
    ended = await _end(session, is_meant, now)
    if session_id is not None and not ended:
        raise session_not_found()
    for row in ended:
        await record_revoke(session, tenant, row, editor.requester, now)
    return member.person


async def _list(
    metadata: Metadata, is_meant: ColumnElement[bool], policy: SessionPolicy, now: datetime
) -> Sequence[SessionRow]:
    async with metadata.reading() as session:
        rows = await session.scalars(
            select(SessionRow)  # tenant-scope: of one person or of one organization's user
            .where(
                is_meant,
                SessionRow.ended_at.is_(None),
                SessionRow.expires_at > now,
                SessionRow.last_seen_at > now - policy.idle,
            )
            .order_by(SessionRow.last_seen_at.desc(), SessionRow.id)
        )
        return rows.all()


async def _end(
    session: AsyncSession, is_meant: ColumnElement[bool], now: datetime
) -> Sequence[SessionRow]:
    rows = await session.scalars(
        update(SessionRow)  # tenant-scope: of one person or of one organization's user
        .where(is_meant, SessionRow.ended_at.is_(None), SessionRow.expires_at > now)
        .values(ended_at=now)
        .returning(SessionRow)
        .execution_options(synchronize_session=False)
    )
    return rows.all()


def session_not_found() -> NotFound:
    return NotFound("SESSION_NOT_FOUND", "There is no such session, or it has ended.")
