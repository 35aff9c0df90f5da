"""The second step of a sign-in: after the right password, something that only its owner has.

A ticket stands for the first step. Each try is counted on the ticket and on the person before
it is looked at, in a transaction of its own: `begin_try`. Then it is judged, and a right one
takes the ticket and opens the session in one transaction: `judge`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.people.members import Member, MemberStatus, member_of_person
from trailkeeper.access.seal import Sealer
from trailkeeper.access.signin.attempts import (
    Kind,
    Subject,
    address_subject,
    charge,
    clear,
    factor_subject,
    take_back,
)
from trailkeeper.access.signin.cookies import Browser
from trailkeeper.access.signin.devices import is_known_device
from trailkeeper.access.signin.factors import Factor, second_factors_of
from trailkeeper.access.signin.passkeys import find_passkey, note_use, passkeys_of
from trailkeeper.access.signin.recovery import use_code
from trailkeeper.access.signin.tables import TicketRow
from trailkeeper.access.signin.tickets import TicketPurpose
from trailkeeper.access.signin.totp import use_totp_code
from trailkeeper.access.signin.webauthn_ceremony import (
    CeremonyRefused,
    RelyingParty,
    authentication_options,
    credential_id_of,
    new_challenge,
    verify_authentication,
)
from trailkeeper.access.tokens import hash_token
from trailkeeper.access.trail import Requester
from trailkeeper.errors import Unauthenticated
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant

MAX_TRIES: Final = 5
"""Wrong tries until a ticket is void and the password has to be given again."""

TRIES: Final = "tries"
CHALLENGE: Final = "challenge"

Json = Mapping[str, Any]


class Verdict(StrEnum):
    """What came of a try; all but RIGHT are reasons of a LOGIN_FAILED."""

    RIGHT = "right"
    WRONG_CODE = "wrong_code"
    WRONG_RECOVERY_CODE = "wrong_recovery_code"
    WRONG_PASSKEY = "wrong_passkey"
    SIGN_COUNT_REGRESSED = "sign_count_regressed"


@dataclass(frozen=True, slots=True)
class Shown:
    """What was shown: a code, or a passkey's answer."""

    method: Factor
    code: str = ""
    credential: Json | None = None


@dataclass(frozen=True, slots=True)
class Try:
    """A try that was counted: whose, on which ticket, with the challenge that it answers."""

    ticket: str
    person_id: str
    organization: OrganizationId
    method: str
    challenge: str | None
    tries: int
    subjects: tuple[Subject, Subject]

    @property
    def is_last(self) -> bool:
        return self.tries >= MAX_TRIES


async def begin_try(
    session: AsyncSession, ticket: str, requester: Requester, browser: Browser, now: datetime
) -> Try:
    """Counts a try. The transaction MUST be committed before `judge`.

    A passkey's challenge is taken out: it is good for this try alone. Raises
    Unauthenticated(TICKET_INVALID), TooManyRequests(TOO_MANY_TRIES) with nothing counted.
    """
    row = await _hold(session, ticket, now)
    person_id = str(row.person)
    subjects = (
        await _subject(session, person_id, browser),
        address_subject(requester.address),
    )
    await charge(session, subjects, now)
    payload = dict(row.payload)
    challenge = payload.pop(CHALLENGE, None)
    tries = int(payload.get(TRIES, 0)) + 1
    if tries > MAX_TRIES:
        # Others came at the same moment, and are still being judged.
        raise invalid_ticket()
    # A new object: the column does not notice a change within the old one.
    row.payload = {**payload, TRIES: tries}
    await session.flush()
    return Try(
        ticket=ticket,
        person_id=person_id,
        organization=OrganizationId(str(row.organization)),
        method=str(payload.get("method", "password")),
        challenge=challenge,
        tries=tries,
        subjects=subjects,
    )


async def judge(
    session: AsyncSession,
    made: Try,
    shown: Shown,
    *,
    sealer: Sealer,
    public_url: str,
    now: datetime,
) -> tuple[Verdict, Member]:
    """Whether it was right. Then, and after the last wrong try, the ticket is gone.

    What a right code uses up is used up in this transaction, beside the session it opens.
    Raises Unauthenticated(TICKET_INVALID) where another try took the ticket meanwhile.
    """
    await _hold(session, made.ticket, now)
    member = await active_member(session, made.organization, made.person_id)
    if member is None:
        raise invalid_ticket()
    verdict = await _verdict(session, made, shown, sealer, public_url, now)
    if verdict is Verdict.RIGHT or made.is_last:
        await _drop(session, made.ticket)
    if verdict is Verdict.RIGHT:
        person, address = made.subjects
        await clear(session, [person])
        await take_back(session, [address])
    return verdict, member


async def challenge_for(
    session: AsyncSession, ticket: str, party: RelyingParty, now: datetime
) -> dict[str, Any]:
    """Options for the passkeys of whom the ticket is about; its challenge is good for one try.

    Raises Unauthenticated(TICKET_INVALID).
    """
    row = await _hold(session, ticket, now)
    passkeys = await passkeys_of(session, str(row.person))
    if not passkeys:
        raise invalid_ticket()
    challenge = new_challenge()
    row.payload = {**row.payload, CHALLENGE: challenge}
    await session.flush()
    return authentication_options(party, challenge, [each.hint for each in passkeys])


async def active_member(
    session: AsyncSession, organization: OrganizationId, person_id: str
) -> Member | None:
    """The member that a person may sign in as."""
    member = await member_of_person(session, system_tenant(organization), person_id)
    return member if member is not None and member.status is MemberStatus.ACTIVE else None


def invalid_ticket() -> Unauthenticated:
    return Unauthenticated(
        "TICKET_INVALID",
        "This sign-in is over: it took too long, failed too often, or was completed.",
        hint="Begin again with e-mail and password.",
    )


async def _verdict(
    session: AsyncSession,
    made: Try,
    shown: Shown,
    sealer: Sealer,
    public_url: str,
    now: datetime,
) -> Verdict:
    match shown.method:
        case Factor.TOTP:
            is_right = await use_totp_code(session, sealer, made.person_id, shown.code, now)
            return Verdict.RIGHT if is_right else Verdict.WRONG_CODE
        case Factor.RECOVERY_CODE:
            # Codes stand in for a factor: without one, the password alone is asked for.
            factors = await second_factors_of(session, made.person_id)
            is_right = bool(factors) and await use_code(session, made.person_id, shown.code, now)
            return Verdict.RIGHT if is_right else Verdict.WRONG_RECOVERY_CODE
        case Factor.PASSKEY:
            party = RelyingParty.at(public_url)
            return await _judge_passkey(session, made, shown.credential or {}, party, now)


async def _judge_passkey(
    session: AsyncSession, made: Try, answer: Json, party: RelyingParty, now: datetime
) -> Verdict:
    credential_id = credential_id_of(answer)
    passkey = await find_passkey(session, credential_id) if credential_id else None
    if passkey is None or passkey.person != made.person_id or made.challenge is None:
        return Verdict.WRONG_PASSKEY
    try:
        assertion = verify_authentication(
            party, made.challenge, answer, passkey.public_key, passwordless=False
        )
    except CeremonyRefused:
        return Verdict.WRONG_PASSKEY
    is_further = await note_use(session, passkey, assertion, now)
    return Verdict.RIGHT if is_further else Verdict.SIGN_COUNT_REGRESSED


async def _hold(session: AsyncSession, ticket: str, now: datetime) -> TicketRow:
    """The ticket's row, locked: tries on one ticket take turns. Raises as `begin_try` does."""
    row = await session.scalar(
        select(TicketRow)  # tenant-scope: by its holder's token
        .where(
            TicketRow.token_hash == hash_token(ticket),
            TicketRow.purpose == TicketPurpose.SECOND_FACTOR,
            TicketRow.expires_at > now,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None or row.person is None or row.organization is None:
        raise invalid_ticket()
    return row


async def _drop(session: AsyncSession, ticket: str) -> None:
    await session.execute(
        delete(TicketRow).where(  # tenant-scope: by its holder's token
            TicketRow.token_hash == hash_token(ticket)
        )
    )


async def _subject(session: AsyncSession, person_id: str, browser: Browser) -> Subject:
    """A browser that the person signed in from before is counted by itself: whoever stole the
    password elsewhere cannot keep the owner waiting."""
    if not await is_known_device(session, person_id, browser.device_token):
        return factor_subject(person_id)
    text = f"{person_id}\0{browser.device_token}"
    return Subject(Kind.FACTOR, hashlib.sha256(text.encode("utf-8", "replace")).hexdigest())
