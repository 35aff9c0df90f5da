"""Sessions: one sign-in of a person to one organization, kept on the server, ended at will.

    async with metadata.transaction() as session:
        opened = await sessions.open_session(session, Opening(...), now)
    return await signed_in_answer(request, opened)

The last of these (`me.py`) sets the cookies.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from litestar.datastructures import Cookie
from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.people.members import MemberStatus
from trailkeeper.access.people.roles import permissions_of
from trailkeeper.access.people.tables import MemberRow, PersonRow
from trailkeeper.access.recent import Recent
from trailkeeper.access.signin import cookies
from trailkeeper.access.signin.cookies import SESSION_COOKIE, Browser, browser_of
from trailkeeper.access.signin.devices import Locate, Whereabouts, note_sighting, nowhere
from trailkeeper.access.signin.factors import enrolment_due, second_factors_of
from trailkeeper.access.signin.opening import (
    FIRST_TIME,
    OpenedSession,
    Opening,
    SessionPolicy,
    SignInMethod,
)
from trailkeeper.access.signin.session_trail import record_login, record_logout
from trailkeeper.access.signin.tables import SessionRow
from trailkeeper.access.tables import OrganizationRow
from trailkeeper.access.tokens import hash_token, new_token
from trailkeeper.access.trail import Requester
from trailkeeper.errors import Unauthenticated
from trailkeeper.event import OrganizationId
from trailkeeper.outbound.jobs import mail_later
from trailkeeper.outbound.links import link_to
from trailkeeper.outbound.templates import NewSignIn, Occurrence, new_sign_in_mail
from trailkeeper.principal import Principal, Tenant, system_tenant
from trailkeeper.store.metadata import Metadata

CSRF_CONTEXT: Final = b"trailkeeper csrf v1"
SESSIONS_PAGE: Final = "/settings/security"
KEEP_ENDED: Final = timedelta(days=30)

__all__ = [
    "SESSION_COOKIE",
    "Browser",
    "OpenedSession",
    "Opening",
    "SessionPolicy",
    "SignInMethod",
    "browser_of",
]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is remembered of a token; without a principal it opens nothing (any more)."""

    session_id: str = ""
    person_id: str = ""
    principal: Principal | None = None
    expires_at: datetime | None = None
    last_seen_at: datetime | None = None


class Sessions:
    """Opens sessions and authenticates their tokens.

    A session ended elsewhere, or a person's changed role, MUST count here within `TTL`
    seconds, and one of this process as soon as `forget` or `forget_person` has returned.
    """

    TTL: Final = 5.0

    def __init__(
        self,
        metadata: Metadata,
        secret_key: str,
        clock: Callable[[], datetime],
        *,
        policy: SessionPolicy,
        locate: Locate = nowhere,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.policy = policy
        self._metadata = metadata
        self._clock = clock
        self._locate = locate
        self._csrf_key = hmac.digest(secret_key.encode(), CSRF_CONTEXT, "sha256")
        self._known = Recent(self._read, seconds=self.TTL, monotonic=monotonic)
        self._seen: dict[str, datetime] = {}

    async def authenticate(self, token: str, now: datetime) -> Principal:
        """The principal of a session's token, with the permissions of their role as it is now.

        Raises Unauthenticated: SESSION_INVALID (unknown, ended, of a person who may no longer
        sign in), SESSION_EXPIRED (too old, or unused for too long).
        """
        known = await self._known.get(hash_token(token))
        if known.principal is None or known.expires_at is None or known.last_seen_at is None:
            raise Unauthenticated(
                "SESSION_INVALID", "You are not signed in (any more).", hint="Sign in again."
            )
        last_seen = max(known.last_seen_at, self._seen.get(known.session_id, known.last_seen_at))
        if known.expires_at <= now or last_seen + self.policy.idle <= now:
            raise Unauthenticated(
                "SESSION_EXPIRED", "Your session has expired.", hint="Sign in again."
            )
        self._seen[known.session_id] = now
        return known.principal

    def last_seen_at(self, session_id: str) -> datetime | None:
        """When a session was last used here, if that is not written yet."""
        return self._seen.get(session_id)

    def csrf_token(self, session_id: str) -> str:
        """What unsafe requests of the session have to bring along in `X-CSRF-Token`."""
        return hmac.digest(self._csrf_key, session_id.encode(), "sha256").hex()

    def forget(self, session_id: str) -> None:
        """Drops what is remembered of a session; to be called once its end is committed."""
        self._known.forget_where(lambda known: known.session_id == session_id)

    def forget_person(self, person_id: str) -> None:
        """The same for all sessions of a person, after a change of role, status or factors."""
        self._known.forget_where(lambda known: known.person_id == person_id)

    def forget_all(self) -> None:
        """The same for all, after a change that is about many: an own role, an organization."""
        self._known.forget_where(lambda known: True)

    async def open_session(
        self, session: AsyncSession, opening: Opening, now: datetime
    ) -> OpenedSession:
        """Signs a person in, in the caller's transaction: LOGIN goes on the record, and mail
        to the person where device or place are new. A session in the browser's cookie ends.
        """
        where = self._locate(opening.requester.address, opening.requester.user_agent)
        token, session_id = new_token(), uuid4().hex
        sighting = await note_sighting(
            session, opening.person_id, opening.browser.device_token, where, now
        )
        replaced = await _replace(session, opening.browser.session_token, opening.requester, now)
        session.add(self._to_row(opening, session_id, token, where, now))
        tenant = system_tenant(opening.organization)
        member = await _signed_in_member(session, tenant, opening.user_id, now)
        await session.flush()
        await record_login(
            session,
            tenant,
            member,
            opening.requester,
            {
                "method": opening.method,
                "second_factor": opening.has_second_factor,
                "session": session_id,
                "new_device": sighting.is_new_device,
                "new_place": sighting.is_new_place,
                **opening.details,
            },
            now,
        )
        if sighting.is_new and opening.method not in FIRST_TIME:
            occurrence = Occurrence(
                now, opening.requester.address, where.city, where.country, where.device
            )
            link = link_to(self.policy.public_url, SESSIONS_PAGE)
            # To the account's address: the member's is what the organization says of them.
            email = (await session.get_one(PersonRow, opening.person_id)).email
            mail = new_sign_in_mail(NewSignIn(email, link, occurrence))
            await mail_later(session, mail, now=now, organization=opening.organization)
        return OpenedSession(session_id, token, sighting.device_token, replaced)

    def cookies(self, opened: OpenedSession) -> list[Cookie]:
        """What the answer to a sign-in sets."""
        return [self.session_cookie(opened.token), cookies.device_cookie(opened.device_token)]

    def session_cookie(self, token: str) -> Cookie:
        return cookies.session_cookie(token, self.policy.lifetime)

    async def flush_last_seen(self) -> None:
        """Writes when sessions were last used. To be called every 30 s or so.

        Where the write fails, it is kept for the next call and the error is raised.
        """
        seen, self._seen = self._seen, {}
        if not seen:
            return
        at = bindparam("at", type_=SessionRow.last_seen_at.type)
        statement = (
            update(SessionRow)  # tenant-scope: each session by its id, once authenticated
            .where(SessionRow.id == bindparam("session"), SessionRow.last_seen_at < at)
            .values(last_seen_at=at)
        )
        is_written = False
        try:
            async with self._metadata.transaction() as session:
                connection = await session.connection()
                rows = [{"session": each, "at": moment} for each, moment in seen.items()]
                await connection.execute(statement, rows)
            is_written = True
        finally:
            if not is_written:
                self._seen = {**seen, **self._seen}

    def _to_row(
        self, opening: Opening, session_id: str, token: str, where: Whereabouts, now: datetime
    ) -> SessionRow:
        latest = now + self.policy.lifetime
        return SessionRow(
            id=session_id,
            token_hash=hash_token(token),
            person=opening.person_id,
            organization=opening.organization,
            user_id=opening.user_id,
            method=opening.method,
            has_second_factor=opening.has_second_factor,
            created_at=now,
            last_seen_at=now,
            expires_at=min(opening.expires_at or latest, latest),
            address=opening.requester.address or "",
            country=where.country[:64],
            city=where.city[:200],
            user_agent=opening.requester.user_agent,
            device=where.device[:200],
        )

    async def _read(self, token_hash: str) -> _Known:
        async with self._metadata.reading() as session:
            found = (
                await session.execute(
                    select(SessionRow, MemberRow, OrganizationRow.second_factor_required_from)
                    .join(  # tenant-scope: finds whose session it is
                        MemberRow,
                        (MemberRow.organization == SessionRow.organization)
                        & (MemberRow.user_id == SessionRow.user_id)
                        & (MemberRow.person == SessionRow.person),
                    )
                    .join(OrganizationRow, OrganizationRow.id == SessionRow.organization)
                    .where(
                        SessionRow.token_hash == token_hash,
                        SessionRow.ended_at.is_(None),
                        MemberRow.status == MemberStatus.ACTIVE,
                    )
                )
            ).one_or_none()
            if found is None:
                return _Known()
            row, member, required_from = found
            principal = await self._principal(session, row, member, required_from)
        return _Known(row.id, row.person, principal, row.expires_at, row.last_seen_at)

    async def _principal(
        self,
        session: AsyncSession,
        row: SessionRow,
        member: MemberRow,
        required_from: datetime | None,
    ) -> Principal:
        organization = OrganizationId(row.organization)
        factors = await second_factors_of(session, row.person)
        return Principal(
            organization=organization,
            key_id=None,
            name=member.name,
            permissions=await permissions_of(session, system_tenant(organization), member.role),
            user_id=member.user_id,
            email=member.email,
            person_id=row.person,
            session_id=row.id,
            must_enroll=enrolment_due(required_from, factors, row.method, self._clock()),
        )


async def end_sessions(
    session: AsyncSession,
    person_id: str,
    *,
    now: datetime,
    organization: OrganizationId | None = None,
    session_id: str | None = None,
    except_session: str | None = None,
) -> list[str]:
    """Ends a person's sessions, all or those meant, and returns the ids of those that lived.

    `forget` or `forget_person` is to be called once this is committed.
    """
    statement = update(SessionRow).where(  # tenant-scope: of one person, wherever they signed in
        SessionRow.person == person_id,
        SessionRow.ended_at.is_(None),
        SessionRow.expires_at > now,
    )
    if organization is not None:
        statement = statement.where(SessionRow.organization == organization)
    if session_id is not None:
        statement = statement.where(SessionRow.id == session_id)
    if except_session is not None:
        statement = statement.where(SessionRow.id != except_session)
    ended = await session.scalars(statement.values(ended_at=now).returning(SessionRow.id))
    return list(ended)


async def forget_old_sessions(session: AsyncSession, now: datetime) -> None:
    """Housekeeping, for all organizations: what ended long ago is told by the log alone."""
    before = now - KEEP_ENDED
    await session.execute(
        delete(SessionRow).where(  # tenant-scope: ended long ago, of all
            or_(SessionRow.expires_at < before, SessionRow.ended_at < before)
        )
    )


async def _replace(
    session: AsyncSession, token: str | None, requester: Requester, now: datetime
) -> tuple[str, ...]:
    """A sign-in in a browser that is signed in takes the place of the earlier one."""
    if token is None:
        return ()
    found = await session.scalars(
        update(SessionRow)  # tenant-scope: by its holder's token
        .where(
            SessionRow.token_hash == hash_token(token),
            SessionRow.ended_at.is_(None),
            SessionRow.expires_at > now,
        )
        .values(ended_at=now)
        .returning(SessionRow)
        .execution_options(synchronize_session=False)
    )
    rows = found.all()
    for row in rows:
        await record_logout(session, row, requester, now, {"is_replaced": True})
    return tuple(row.id for row in rows)


async def _signed_in_member(
    session: AsyncSession, tenant: Tenant, user_id: str, now: datetime
) -> MemberRow:
    member = (
        await session.scalars(
            select(MemberRow).where(
                tenant.owns(MemberRow.organization), MemberRow.user_id == user_id
            )
        )
    ).one()
    member.last_sign_in_at = now
    return member
