"""From a ticket and a second factor to a session, over the parts that it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.seal import Sealer
from trailkeeper.access.signin.cookies import Browser
from trailkeeper.access.signin.everywhere import record_everywhere
from trailkeeper.access.signin.factor_changes import email_of
from trailkeeper.access.signin.factor_failures import (
    record_failed,
    warn_of_copy,
    warn_of_wrong_codes,
)
from trailkeeper.access.signin.factor_mail import code_used_mail
from trailkeeper.access.signin.factors import Factor
from trailkeeper.access.signin.passkeys import find_passkey
from trailkeeper.access.signin.proof import keep_proof
from trailkeeper.access.signin.recovery import codes_left
from trailkeeper.access.signin.second_factor import (
    MAX_TRIES,
    Shown,
    Try,
    Verdict,
    begin_try,
    judge,
)
from trailkeeper.access.signin.sessions import OpenedSession, Opening, Sessions, SignInMethod
from trailkeeper.access.signin.webauthn_ceremony import credential_id_of
from trailkeeper.access.trail import Requester
from trailkeeper.errors import Unauthenticated
from trailkeeper.outbound.jobs import mail_later
from trailkeeper.principal import system_tenant
from trailkeeper.store.metadata import Metadata


@dataclass(frozen=True, slots=True)
class SecondStep:
    """The second step of a sign-in by password."""

    metadata: Metadata
    sessions: Sessions
    sealer: Sealer
    public_url: str
    clock: Callable[[], datetime]

    async def __call__(
        self, ticket: str, shown: Shown, requester: Requester, browser: Browser
    ) -> OpenedSession:
        """Raises Unauthenticated (TICKET_INVALID, SECOND_FACTOR_WRONG) or
        TooManyRequests(TOO_MANY_TRIES); Conflict(PASSKEYS_UNAVAILABLE) for a passkey."""
        async with self.metadata.transaction() as session:
            made = await begin_try(session, ticket, requester, browser, self.clock())
        now = self.clock()
        async with self.metadata.transaction() as session:
            verdict, member = await judge(
                session, made, shown, sealer=self.sealer, public_url=self.public_url, now=now
            )
            if verdict is Verdict.RIGHT:
                if shown.method is Factor.RECOVERY_CODE:
                    await self._note_code(session, made, requester, now)
                opening = Opening(
                    person_id=made.person_id,
                    organization=made.organization,
                    user_id=member.user_id,
                    method=SignInMethod(made.method),
                    has_second_factor=True,
                    requester=requester,
                    browser=browser,
                )
                opened = await self.sessions.open_session(session, opening, now)
                await keep_proof(session, opened.id, system_tenant(made.organization), now)
                return opened
            await self._note_failure(session, made, shown, verdict, requester, now)
        raise _wrong(made)

    async def _note_code(
        self, session: AsyncSession, made: Try, requester: Requester, now: datetime
    ) -> None:
        left = (await codes_left(session, made.person_id)).left
        email = await email_of(session, made.person_id)
        mail = code_used_mail(email, left, self.public_url, requester, now)
        await mail_later(session, mail, now=now)
        details = {"method": Factor.RECOVERY_CODE, "recovery_codes_left": left}
        await record_everywhere(
            session,
            made.person_id,
            requester,
            "UPDATE",
            now=now,
            is_by_person=True,
            details=details,
        )

    async def _note_failure(
        self,
        session: AsyncSession,
        made: Try,
        shown: Shown,
        verdict: Verdict,
        requester: Requester,
        now: datetime,
    ) -> None:
        await record_failed(
            session,
            made.person_id,
            made.organization,
            reason=verdict,
            method=shown.method,
            requester=requester,
            now=now,
        )
        if verdict is Verdict.SIGN_COUNT_REGRESSED:
            credential_id = credential_id_of(shown.credential or {})
            passkey = await find_passkey(session, credential_id or "")
            if passkey is not None:
                await warn_of_copy(session, passkey, self.public_url, requester, now)
        if made.is_last:
            await warn_of_wrong_codes(session, made.person_id, self.public_url, requester, now)


def _wrong(made: Try) -> Unauthenticated:
    left = MAX_TRIES - made.tries
    return Unauthenticated(
        "SECOND_FACTOR_WRONG",
        "This is not right, or was used before.",
        hint=f"{left} {'try is' if left == 1 else 'tries are'} left."
        if left > 0
        else "Begin again with e-mail and password.",
    )
