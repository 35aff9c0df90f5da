"""Signing in with a passkey alone: it is two factors in one, the device and who unlocks it.

Who asks for options is nobody yet, and there may be many of them, so nothing is written then:
the challenge travels in a ticket that only this service can seal. It is used up by the first
answer that proves something, in the transaction of what that answer opens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.people.members import Member
from trailkeeper.access.seal import Sealer
from trailkeeper.access.signin.attempts import Attempts, address_subject, take_back
from trailkeeper.access.signin.cookies import Browser
from trailkeeper.access.signin.factor_failures import record_failed, warn_of_copy
from trailkeeper.access.signin.passkeys import Passkey, find_passkey, note_use
from trailkeeper.access.signin.proof import keep_proof
from trailkeeper.access.signin.second_factor import Json
from trailkeeper.access.signin.sessions import OpenedSession, Opening, Sessions, SignInMethod
from trailkeeper.access.signin.sign_in import choose_member
from trailkeeper.access.signin.tables import TicketRow
from trailkeeper.access.signin.tickets import LIFETIME, TicketPurpose
from trailkeeper.access.signin.webauthn_ceremony import (
    Assertion,
    CeremonyRefused,
    RelyingParty,
    authentication_options,
    credential_id_of,
    new_challenge,
    user_handle,
    user_handle_of,
    verify_authentication,
)
from trailkeeper.access.tokens import hash_token
from trailkeeper.access.trail import Requester
from trailkeeper.errors import Forbidden, TrailkeeperError, Unauthenticated, Unavailable
from trailkeeper.principal import system_tenant
from trailkeeper.store.base import insert_into
from trailkeeper.store.metadata import Metadata

SEAL_OWNER: Final = "passkey sign-in"


class PasskeyReason(StrEnum):
    """Why a sign-in by passkey failed, as the record says."""

    WRONG_PASSKEY = "wrong_passkey"
    SIGN_COUNT_REGRESSED = "sign_count_regressed"
    CHALLENGE_REPLAYED = "challenge_replayed"


@dataclass(frozen=True, slots=True)
class PasskeyAnswer:
    """What somebody brings; `organization` where they say which one they want."""

    ticket: str
    credential: Json
    organization: str | None
    requester: Requester
    browser: Browser


class _Sealed(msgspec.Struct, frozen=True):
    """What a ticket holds."""

    challenge: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PasskeySignIn:
    """The way in by passkey, over the parts that it needs."""

    metadata: Metadata
    sessions: Sessions
    sealer: Sealer
    public_url: str
    clock: Callable[[], datetime]

    def options(self) -> tuple[str, dict[str, Any]]:
        """A ticket, and options that are the same for everybody but for the challenge.

        Raises Conflict(PASSKEYS_UNAVAILABLE).
        """
        party = RelyingParty.at(self.public_url)
        challenge = new_challenge()
        sealed = msgspec.json.encode(_Sealed(challenge, self.clock() + LIFETIME)).decode()
        return self.sealer.seal(sealed, SEAL_OWNER), authentication_options(party, challenge)

    async def __call__(self, given: PasskeyAnswer) -> OpenedSession:
        """Raises Unauthenticated (TICKET_INVALID, PASSKEY_REJECTED for whatever is wrong),
        Forbidden(SINGLE_SIGN_ON_REQUIRED), TooManyRequests(TOO_MANY_TRIES)."""
        party = RelyingParty.at(self.public_url)
        subjects = [address_subject(given.requester.address)]
        await Attempts(self.metadata).charge(subjects, self.clock())
        sealed = self._opened(given.ticket)
        async with self.metadata.transaction() as session:
            outcome = await self._judge(session, given, party, sealed)
            if isinstance(outcome, OpenedSession):
                await take_back(session, subjects)
        if isinstance(outcome, OpenedSession):
            return outcome
        raise outcome

    def _opened(self, ticket: str) -> _Sealed:
        try:
            sealed = msgspec.json.decode(self.sealer.open(ticket, SEAL_OWNER), type=_Sealed)
        except (Unavailable, UnicodeError):
            raise invalid_challenge() from None
        if sealed.expires_at <= self.clock():
            raise invalid_challenge()
        return sealed

    async def _judge(
        self, session: AsyncSession, given: PasskeyAnswer, party: RelyingParty, sealed: _Sealed
    ) -> OpenedSession | TrailkeeperError:
        credential_id = credential_id_of(given.credential)
        passkey = await find_passkey(session, credential_id) if credential_id else None
        if passkey is None:
            return rejected()
        try:
            assertion = _verified(party, sealed.challenge, given.credential, passkey)
        except CeremonyRefused:
            return await self._failed(session, given, passkey, PasskeyReason.WRONG_PASSKEY)
        if not await _use_up(session, sealed):
            return await self._failed(session, given, passkey, PasskeyReason.CHALLENGE_REPLAYED)
        if not await note_use(session, passkey, assertion, self.clock()):
            await warn_of_copy(session, passkey, self.public_url, given.requester, self.clock())
            return await self._failed(session, given, passkey, PasskeyReason.SIGN_COUNT_REGRESSED)
        member = await choose_member(session, passkey.person, given.organization)
        if not isinstance(member, Member):
            refused = await self._failed(session, given, passkey, member.reason)
            return member.error if isinstance(member.error, Forbidden) else refused
        opening = Opening(
            person_id=passkey.person,
            organization=member.organization,
            user_id=member.user_id,
            method=SignInMethod.PASSKEY,
            has_second_factor=True,
            requester=given.requester,
            browser=given.browser,
        )
        opened = await self.sessions.open_session(session, opening, self.clock())
        tenant = system_tenant(member.organization)
        await keep_proof(session, opened.id, tenant, self.clock())
        return opened

    async def _failed(
        self, session: AsyncSession, given: PasskeyAnswer, passkey: Passkey, reason: str
    ) -> TrailkeeperError:
        await record_failed(
            session,
            passkey.person,
            given.organization,
            reason=reason,
            method=SignInMethod.PASSKEY,
            requester=given.requester,
            now=self.clock(),
        )
        return rejected()


def rejected() -> Unauthenticated:
    return Unauthenticated(
        "PASSKEY_REJECTED",
        "This passkey does not open an account here.",
        hint="Sign in with e-mail and password, and look at your passkeys.",
    )


def invalid_challenge() -> Unauthenticated:
    return Unauthenticated("TICKET_INVALID", "This sign-in took too long.", hint="Begin it again.")


def _verified(party: RelyingParty, challenge: str, answer: Json, passkey: Passkey) -> Assertion:
    # The authenticator was asked for nobody in particular, so it has to say who it speaks for.
    if user_handle_of(answer) != user_handle(passkey.person):
        raise CeremonyRefused("the credential is another user's")
    return verify_authentication(party, challenge, answer, passkey.public_key, passwordless=True)


async def _use_up(session: AsyncSession, sealed: _Sealed) -> bool:
    """Of two answers to one challenge, one gets True."""
    used = await session.scalar(
        insert_into(session, TicketRow)
        .values(
            token_hash=hash_token(sealed.challenge),
            purpose=TicketPurpose.PASSKEY_SIGN_IN,
            payload={},
            expires_at=sealed.expires_at,
        )
        .on_conflict_do_nothing()
        .returning(TicketRow.token_hash)
    )
    return used is not None
