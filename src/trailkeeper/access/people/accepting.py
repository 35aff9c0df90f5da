"""Accepting an invitation: a new account, or an existing one that proves itself.

The link alone never takes an existing account in: whoever reads a mailbox would have it. It
shows its password, or a session of that very person; its password is not changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.organizations import get_organization
from trailkeeper.access.people.checks import checked_person_name
from trailkeeper.access.people.editor import Editor
from trailkeeper.access.people.links import (
    Link,
    LinkPurpose,
    invalid_link,
    read_link,
    use_link,
)
from trailkeeper.access.people.lock import lock_people
from trailkeeper.access.people.members import (
    Member,
    MemberStatus,
    Person,
    create_person,
    find_member,
    find_person,
    member_of_person,
    member_row,
    save_changes,
    to_member,
)
from trailkeeper.access.signin.attempts import (
    Attempts,
    Kind,
    account_subject,
    address_subject,
    clear,
)
from trailkeeper.access.signin.cookies import Browser
from trailkeeper.access.signin.factors import second_factors_of
from trailkeeper.access.signin.failures import Reason, failed_sign_in, note_failure
from trailkeeper.access.signin.passwords import Passwords
from trailkeeper.access.signin.sessions import OpenedSession, Opening, Sessions, SignInMethod
from trailkeeper.access.signin.sign_in import (
    SecondFactorNeeded,
    closed_to_passwords,
    single_sign_on_required,
)
from trailkeeper.access.signin.tables import SessionRow
from trailkeeper.access.signin.tickets import TicketPurpose, issue_ticket
from trailkeeper.access.trail import Requester
from trailkeeper.errors import BadRequest, Conflict, Unauthenticated
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Principal, Tenant, system_tenant
from trailkeeper.store.metadata import Metadata


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """What the holder of a link may know before accepting. `organization` is its name."""

    organization: str
    member: Member
    has_account: bool
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What somebody brings along. `principal` is whom the request's own session shows."""

    token: str
    name: str | None
    password: str | None
    principal: Principal | None
    requester: Requester
    browser: Browser


@dataclass(frozen=True, slots=True)
class _Proof:
    """Whose account it will be: `person` as it was when it was proven, None for a new one."""

    person: Person | None
    new_hash: str | None = None
    session_id: str | None = None


@dataclass(frozen=True, slots=True)
class Invitations:
    """The receiving side of invitations, over the parts that it needs."""

    metadata: Metadata
    passwords: Passwords
    attempts: Attempts
    sessions: Sessions
    clock: Callable[[], datetime]

    async def read(self, token: str, requester: Requester) -> OpenInvitation:
        """Raises NotFound(LINK_INVALID), TooManyRequests(TOO_MANY_TRIES)."""
        tried = address_subject(requester.address, Kind.LINK)
        await self.attempts.charge([tried], self.clock())
        async with self.metadata.reading() as session:
            link, member = await self._invited(session, token)
            organization = await get_organization(session, member.organization)
            person = await find_person(session, link.email)
        await self.attempts.take_back([tried])
        return OpenInvitation(organization.name, member, person is not None, link.expires_at)

    async def accept(self, given: Acceptance) -> OpenedSession | SecondFactorNeeded:
        """Takes the member in and signs them in; asks for a second factor where they have one.

        Raises NotFound(LINK_INVALID), TooManyRequests(TOO_MANY_TRIES), BadRequest
        (PASSWORD_NEEDED, INVALID_NAME, and as `check_strength` does),
        Unauthenticated(ACCOUNT_PROOF_NEEDED), Conflict (ALREADY_MEMBER, PERSON_EXISTS) or
        Forbidden(SINGLE_SIGN_ON_REQUIRED).
        """
        tried = address_subject(given.requester.address, Kind.LINK)
        await self.attempts.charge([tried], self.clock())
        async with self.metadata.reading() as session:
            link, member = await self._invited(session, given.token)
            organization = await get_organization(session, member.organization)
            person = await find_person(session, link.email)
            if await closed_to_passwords(session, [member]):
                raise single_sign_on_required()
        name = checked_person_name(given.name) if given.name else member.name
        if person is None:
            words = [link.email, name, organization.name]
            proof = await self._new_account(given, words)
        else:
            proof = await self._existing_account(given, person, member.organization)
        async with self.metadata.transaction() as session:
            outcome = await self._take_in(session, given, proof, name)
            await clear(session, [tried])
        if isinstance(outcome, OpenedSession) and proof.session_id is not None:
            # The session that was shown is replaced by the new one.
            self.sessions.forget(proof.session_id)
        return outcome

    async def _invited(self, session: AsyncSession, token: str) -> tuple[Link, Member]:
        link = await read_link(session, LinkPurpose.INVITATION, token, self.clock())
        tenant = system_tenant(OrganizationId(link.organization or ""))
        member = await find_member(session, tenant, link.user_id or "")
        if member is None or member.status is not MemberStatus.INVITED:
            raise invalid_link()
        return link, member

    async def _new_account(self, given: Acceptance, words: list[str]) -> _Proof:
        if given.password is None:
            raise BadRequest("PASSWORD_NEEDED", "A new account needs a password.", field="password")
        await self.passwords.check_strength(given.password, words)
        return _Proof(None, new_hash=await self.passwords.hash(given.password))

    async def _existing_account(
        self, given: Acceptance, person: Person, organization: OrganizationId
    ) -> _Proof:
        principal = given.principal
        if principal is not None and principal.person_id == person.id:
            return _Proof(person, session_id=principal.session_id)
        if given.password is None:
            raise _proof_needed()
        subjects = [account_subject(person.email), address_subject(given.requester.address)]
        await self.attempts.charge(subjects, self.clock())
        check = await self.passwords.check(given.password, person.password_hash)
        if not check.is_right:
            failure = failed_sign_in(
                person.email,
                Reason.WRONG_PASSWORD,
                SignInMethod.INVITATION,
                organization,
                given.requester,
            )
            async with self.metadata.transaction() as session:
                await note_failure(session, failure, self.clock())
            raise _proof_needed()
        await self.attempts.take_back(subjects)
        return _Proof(person)

    async def _take_in(
        self, session: AsyncSession, given: Acceptance, proof: _Proof, name: str
    ) -> OpenedSession | SecondFactorNeeded:
        now = self.clock()
        link, _ = await self._invited(session, given.token)
        tenant = system_tenant(OrganizationId(link.organization or ""))
        await lock_people(session, tenant)
        link = await use_link(session, LinkPurpose.INVITATION, given.token, now)
        row = await member_row(session, tenant, link.user_id or "")
        before = to_member(row)
        if before.status is not MemberStatus.INVITED:
            raise invalid_link()
        person = await _account(session, link, proof, now)
        await _make_room(session, tenant, person, before)
        row.person, row.status, row.name = person.id, MemberStatus.ACTIVE, name
        by = replace(given.requester, user_id=before.user_id, email=link.email)
        member = await save_changes(
            session,
            tenant,
            row,
            before,
            editor=Editor(by),
            now=now,
            action="ACCEPT_INVITATION",
            details={"is_new_account": proof.person is None},
        )
        return await self._let_in(session, given, proof, member, now)

    async def _let_in(
        self,
        session: AsyncSession,
        given: Acceptance,
        proof: _Proof,
        member: Member,
        now: datetime,
    ) -> OpenedSession | SecondFactorNeeded:
        person_id = member.person or ""
        factors = await second_factors_of(session, person_id)
        has_shown = await _has_second_factor(session, person_id, proof.session_id)
        if factors and not has_shown:
            ticket = await issue_ticket(
                session,
                TicketPurpose.SECOND_FACTOR,
                now=now,
                person=person_id,
                organization=member.organization,
                payload={"user_id": member.user_id, "method": SignInMethod.INVITATION},
            )
            return SecondFactorNeeded(ticket, factors)
        opening = Opening(
            person_id=person_id,
            organization=member.organization,
            user_id=member.user_id,
            method=SignInMethod.INVITATION,
            has_second_factor=has_shown,
            requester=given.requester,
            browser=given.browser,
        )
        return await self.sessions.open_session(session, opening, now)


async def _account(session: AsyncSession, link: Link, proof: _Proof, now: datetime) -> Person:
    """The account as proven; raises where it became another one meanwhile."""
    if proof.person is None:
        return await create_person(session, link.email, now=now, password_hash=proof.new_hash)
    person = await find_person(session, link.email)
    if person != proof.person:
        raise _proof_needed()
    return person


async def _make_room(
    session: AsyncSession, tenant: Tenant, person: Person, invited: Member
) -> None:
    """A person is one member of an organization: a place they had and left is given up."""
    other = await member_of_person(session, tenant, person.id)
    if other is None or other.user_id == invited.user_id:
        return
    if other.status in (MemberStatus.ACTIVE, MemberStatus.DISABLED):
        raise Conflict("ALREADY_MEMBER", f"You are a member already, as {other.user_id}.")
    row = await member_row(session, tenant, other.user_id)
    row.person = None
    await session.flush()


async def _has_second_factor(session: AsyncSession, person_id: str, session_id: str | None) -> bool:
    if session_id is None:
        return False
    shown = await session.scalar(
        select(SessionRow.has_second_factor).where(  # tenant-scope: of the one who accepts
            SessionRow.id == session_id,
            SessionRow.person == person_id,
            SessionRow.ended_at.is_(None),
        )
    )
    return bool(shown)


def _proof_needed() -> Unauthenticated:
    return Unauthenticated(
        "ACCOUNT_PROOF_NEEDED",
        "There is an account with this e-mail: show that it is yours.",
        hint="Give its password, or sign in with it first and open the link again.",
    )
