"""Recent proof: who changes how an account signs in shows again that it is theirs.

A session alone may be a thief's. What counts is that this very session began with a sign-in, or
was given the password, in the last ten minutes; or the password beside the request.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, not_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from trailkeeper.access.people.tables import PersonRow
from trailkeeper.access.requesting import metadata_of, now_of
from trailkeeper.access.signin.asking import PersonRequest
from trailkeeper.access.signin.attempts import Attempts, Kind, Subject
from trailkeeper.access.signin.opening import SignInMethod
from trailkeeper.access.signin.passwords import Passwords
from trailkeeper.access.signin.reset import wrong_current_password
from trailkeeper.access.signin.tables import SessionRow, TicketRow
from trailkeeper.access.tokens import hash_token
from trailkeeper.errors import Forbidden, Unavailable
from trailkeeper.principal import Tenant
from trailkeeper.store.base import insert_into

RECENT: Final = timedelta(minutes=10)
PROOF: Final = "recent_proof"
"""Kind of a row among the tickets, which nobody holds: it is found by the session's id."""


async def check_recent_proof(request: PersonRequest, password: str | None = None) -> None:
    """To be called before the transaction of the change: a password takes its time.

    Raises Forbidden(RECENT_SIGN_IN_NEEDED), and with a password what `prove` raises.
    """
    if password is not None:
        await prove(request, password)
    elif not await has_recent_proof(request):
        raise Forbidden(
            "RECENT_SIGN_IN_NEEDED",
            "Changing how you sign in needs your password, or a sign-in of the last "
            f"{RECENT.seconds // 60} minutes.",
            hint="Send the password to POST /me/proof first, or sign in again.",
        )


async def prove(request: PersonRequest, password: str) -> None:
    """The password of whoever is signed in, good for ten minutes of this session.

    Raises Unprocessable(WRONG_PASSWORD), TooManyRequests(TOO_MANY_TRIES): counted by session, so
    that a thief's tries do not keep the owner waiting; Unavailable(SIGN_IN_BUSY).
    """
    attempts = Attempts(metadata_of(request))
    passwords: Passwords = request.app.state["passwords"]
    subjects = [Subject(Kind.ACCOUNT, f"session:{request.user.session_id}")]
    await attempts.charge(subjects, now_of(request))
    async with metadata_of(request).reading() as session:
        password_hash = await session.scalar(
            select(PersonRow.password_hash).where(PersonRow.id == request.user.person_id)
        )
    try:
        check = await passwords.check(password, password_hash)
    except Unavailable:
        await attempts.take_back(subjects)
        raise
    if not check.is_right:
        raise wrong_current_password()
    await attempts.take_back(subjects)
    async with metadata_of(request).transaction() as session:
        await keep_proof(
            session, request.user.session_id or "", request.user.tenant, now_of(request)
        )


async def has_recent_proof(request: PersonRequest) -> bool:
    """Whether the request's session needs no other proof now."""
    now = now_of(request)
    tenant = request.user.tenant
    replaced = aliased(SessionRow)
    async with metadata_of(request).reading() as session:
        found = await session.scalar(
            select(
                exists().where(
                    tenant.owns(SessionRow.organization),
                    SessionRow.id == request.user.session_id,
                    SessionRow.created_at > now - RECENT,
                    # A provider vouches within its organization; the account is the person's.
                    SessionRow.method != SignInMethod.OIDC,
                    # What took an earlier session's place may owe everything to that one.
                    not_(
                        exists().where(
                            replaced.person == SessionRow.person,
                            replaced.ended_at == SessionRow.created_at,
                        )
                    ),
                )
                | exists().where(
                    tenant.owns(TicketRow.organization),
                    TicketRow.token_hash == _key(request.user.session_id or ""),
                    TicketRow.purpose == PROOF,
                    TicketRow.expires_at > now,
                )
            )
        )
    return bool(found)


async def keep_proof(session: AsyncSession, session_id: str, tenant: Tenant, now: datetime) -> None:
    """Whoever holds this session has just shown that it is they."""
    await session.execute(
        insert_into(session, TicketRow)
        .values(
            token_hash=_key(session_id),
            purpose=PROOF,
            organization=tenant.organization,
            payload={},
            expires_at=now + RECENT,
        )
        .on_conflict_do_update(
            index_elements=[TicketRow.token_hash], set_={"expires_at": now + RECENT}
        )
    )


def _key(session_id: str) -> str:
    return hash_token(f"{PROOF}:{session_id}")
