"""Signing in with e-mail and password.

Unknown account, wrong password and a person who may not sign in take the same steps and get
the same answer; only who has shown the right password learns more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.people.members import Member, Person, find_person, memberships_of
from trailkeeper.access.people.tables import PersonRow
from trailkeeper.access.signin.attempts import (
    Attempts,
    Subject,
    account_subject,
    address_subject,
    clear,
    device_subject,
    take_back,
)
from trailkeeper.access.signin.cookies import Browser
from trailkeeper.access.signin.devices import is_known_device
from trailkeeper.access.signin.factors import Factor, second_factors_of
from trailkeeper.access.signin.failures import Reason, failed_sign_in, note_failure
from trailkeeper.access.signin.passwords import PasswordCheck, Passwords
from trailkeeper.access.signin.sessions import OpenedSession, Opening, Sessions, SignInMethod
from trailkeeper.access.signin.tables import OidcProviderRow
from trailkeeper.access.signin.tickets import TicketPurpose, issue_ticket
from trailkeeper.access.trail import Requester
from trailkeeper.errors import Forbidden, TrailkeeperError, Unauthenticated, Unavailable
from trailkeeper.event import OrganizationId
from trailkeeper.store.metadata import Metadata

NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody brings; `organization` where they say which one they want."""

    email: str
    password: str
    organization: str | None
    requester: Requester
    browser: Browser


@dataclass(frozen=True, slots=True)
class SecondFactorNeeded:
    """The password was right. The ticket is good for showing one of `methods`."""

    ticket: str
    methods: frozenset[Factor]


@dataclass(frozen=True, slots=True)
class _Refusal:
    """What the one who tried is told, and what the record says."""

    error: TrailkeeperError
    reason: Reason


@dataclass(frozen=True, slots=True)
class PasswordSignIn:
    """The way in by password, over the parts that it needs."""

    metadata: Metadata
    passwords: Passwords
    attempts: Attempts
    sessions: Sessions
    clock: Callable[[], datetime]

    async def __call__(self, given: Credentials) -> OpenedSession | SecondFactorNeeded:
        """Raises Unauthenticated(INVALID_CREDENTIALS), Forbidden(SINGLE_SIGN_ON_REQUIRED),
        TooManyRequests(TOO_MANY_TRIES) or Unavailable(SIGN_IN_BUSY)."""
        person, is_known = await self._admitted(given)
        subjects = _subjects(given, is_known=is_known)
        await self.attempts.charge(subjects, self.clock())
        try:
            check = await self.passwords.check(
                given.password, person.password_hash if person else None, is_first=is_known
            )
        except Unavailable:
            await self.attempts.take_back(subjects)
            raise
        if person is None or not check.is_right:
            reason = Reason.WRONG_PASSWORD if person else Reason.UNKNOWN_ACCOUNT
            raise await self._refused(given, _Refusal(invalid_credentials(), reason))
        outcome = await self._let_in(given, person, check, subjects)
        if isinstance(outcome, _Refusal):
            raise await self._refused(given, outcome)
        return outcome

    async def _admitted(self, given: Credentials) -> tuple[Person | None, bool]:
        """The account and whether it knows the device, for as many as the gate lets in."""
        gate = self.passwords.gate
        if given.browser.device_token is None:
            # Most of an attack: refused before it costs a look-up.
            gate.admit(is_known=False)
            return await self._look_up(given)
        person, is_known = await self._look_up(given)
        gate.admit(is_known=is_known)
        return person, is_known

    async def _look_up(self, given: Credentials) -> tuple[Person | None, bool]:
        async with self.metadata.reading() as session:
            person = await find_person(session, given.email)
            is_known = await is_known_device(
                session, person.id if person else None, given.browser.device_token
            )
        return person, is_known

    async def _refused(self, given: Credentials, refusal: _Refusal) -> TrailkeeperError:
        failure = failed_sign_in(
            given.email,
            refusal.reason,
            SignInMethod.PASSWORD,
            given.organization,
            given.requester,
        )
        async with self.metadata.transaction() as session:
            await note_failure(session, failure, self.clock())
        return refusal.error

    async def _let_in(
        self,
        given: Credentials,
        person: Person,
        check: PasswordCheck,
        subjects: Sequence[Subject],
    ) -> OpenedSession | SecondFactorNeeded | _Refusal:
        now = self.clock()
        async with self.metadata.transaction() as session:
            if not await _is_still(session, person):
                return _Refusal(invalid_credentials(), Reason.WRONG_PASSWORD)
            member = await choose_member(session, person.id, given.organization)
            if isinstance(member, _Refusal):
                return member
            await clear(session, subjects[:1])
            await take_back(session, subjects[1:])
            if check.new_hash is not None:
                await keep_password_hash(session, person.id, check.new_hash)
            factors = await second_factors_of(session, person.id)
            if factors:
                ticket = await issue_ticket(
                    session,
                    TicketPurpose.SECOND_FACTOR,
                    now=now,
                    person=person.id,
                    organization=member.organization,
                    payload={"user_id": member.user_id, "method": SignInMethod.PASSWORD},
                )
                return SecondFactorNeeded(ticket, factors)
            opening = Opening(
                person_id=person.id,
                organization=member.organization,
                user_id=member.user_id,
                method=SignInMethod.PASSWORD,
                has_second_factor=False,
                requester=given.requester,
                browser=given.browser,
            )
            return await self.sessions.open_session(session, opening, now)


async def choose_member(
    session: AsyncSession, person_id: str, organization: str | None
) -> Member | _Refusal:
    """As whom a person signs in by password: the organization asked for, else the last used
    of those that allow it."""
    members = await memberships_of(session, person_id)
    if not members:
        return _Refusal(invalid_credentials(), Reason.NO_ACTIVE_MEMBERSHIP)
    if organization is not None:
        members = [each for each in members if each.organization == organization]
        if not members:
            return _Refusal(invalid_credentials(), Reason.NOT_A_MEMBER)
    closed = await closed_to_passwords(session, members)
    allowed = [each for each in members if each.organization not in closed]
    if not allowed:
        return _Refusal(single_sign_on_required(), Reason.SINGLE_SIGN_ON_REQUIRED)
    return max(allowed, key=lambda each: each.last_sign_in_at or NEVER)


async def closed_to_passwords(
    session: AsyncSession, members: Sequence[Member]
) -> frozenset[OrganizationId]:
    """The organizations that these members enter by single sign-on alone: all that require
    it, but for the one user who is let in by password when the provider is down."""
    rows = await session.execute(
        select(  # tenant-scope: of one person, wherever they are a member
            OidcProviderRow.organization, OidcProviderRow.break_glass_user
        ).where(
            OidcProviderRow.is_required,
            OidcProviderRow.organization.in_([each.organization for each in members]),
        )
    )
    break_glass = {row.organization: row.break_glass_user for row in rows}
    return frozenset(
        each.organization
        for each in members
        if each.organization in break_glass and break_glass[each.organization] != each.user_id
    )


async def keep_password_hash(session: AsyncSession, person_id: str, password_hash: str) -> None:
    """The same password under newer parameters: no change of it."""
    await session.execute(
        update(PersonRow).where(PersonRow.id == person_id).values(password_hash=password_hash)
    )


def invalid_credentials() -> Unauthenticated:
    return Unauthenticated(
        "INVALID_CREDENTIALS",
        "E-mail or password is wrong, or this account may not sign in.",
        hint="Check both, or reset the password.",
    )


def single_sign_on_required() -> Forbidden:
    return Forbidden(
        "SINGLE_SIGN_ON_REQUIRED",
        "Your organization lets people in through its single sign-on only.",
        hint="Sign in with single sign-on.",
    )


async def _is_still(session: AsyncSession, person: Person) -> bool:
    """Whether the password that was checked is the person's yet."""
    current = await session.scalar(
        select(PersonRow.password_hash).where(PersonRow.id == person.id).with_for_update()
    )
    return current is not None and current == person.password_hash


def _subjects(given: Credentials, *, is_known: bool) -> list[Subject]:
    """Who is to wait after a failure: the account or its known device first, the address."""
    device = given.browser.device_token
    owner = (
        device_subject(given.email, device)
        if is_known and device is not None
        else account_subject(given.email)
    )
    return [owner, address_subject(given.requester.address)]
