"""A new password for an account: by mail where the old one is lost, or by whoever is in.

Whether an address has an account is nobody's business. The request for a mail therefore does
the same for every address: it leaves a job, and all that differs is done here, afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.people.links import (
    LinkPurpose,
    invalid_link,
    issue_link,
    read_link,
    revoke_links,
    use_link,
)
from trailkeeper.access.people.members import MemberStatus, find_person, memberships_of
from trailkeeper.access.people.tables import PersonRow
from trailkeeper.access.signin.attempts import (
    Attempts,
    Kind,
    Subject,
    address_subject,
    charge,
    mail_subject,
    take_back,
)
from trailkeeper.access.signin.cookies import Browser
from trailkeeper.access.signin.devices import Locate, note_sighting
from trailkeeper.access.signin.everywhere import record_everywhere
from trailkeeper.access.signin.passwords import Passwords
from trailkeeper.access.signin.sessions import end_sessions
from trailkeeper.access.tables import OrganizationRow
from trailkeeper.access.trail import Requester
from trailkeeper.errors import TooManyRequests, TrailkeeperError, Unprocessable
from trailkeeper.event import Source, Status
from trailkeeper.outbound.jobs import mail_later
from trailkeeper.outbound.links import link_to
from trailkeeper.outbound.templates import (
    Occurrence,
    PasswordChanged,
    PasswordReset,
    password_changed_mail,
    password_reset_mail,
)
from trailkeeper.principal import Principal
from trailkeeper.store.jobs import Job, enqueue
from trailkeeper.store.metadata import Metadata

RESET_ASKED: Final = "password_reset_asked"
RESET_PAGE: Final = "/reset"
LINK_LIFETIME: Final = timedelta(minutes=30)

log = structlog.get_logger(__name__)


class ResetAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Who shall get a mail, as somebody typed it, and where they sat."""

    email: str
    address: str | None
    user_agent: str


@dataclass(frozen=True, slots=True)
class PasswordResets:
    """Resets and changes of passwords, over the parts that they need."""

    metadata: Metadata
    passwords: Passwords
    attempts: Attempts
    locate: Locate
    public_url: str
    clock: Callable[[], datetime]

    async def ask(self, email: str, requester: Requester) -> None:
        """Leaves the job. Raises TooManyRequests where the address asked too often."""
        now = self.clock()
        await self.attempts.charge([address_subject(requester.address, Kind.LINK)], now)
        asked = ResetAsked(email=email, address=requester.address, user_agent=requester.user_agent)
        async with self.metadata.transaction() as session:
            await enqueue(session, RESET_ASKED, msgspec.to_builtins(asked), now=now)

    async def mail_link(self, session: AsyncSession, job: Job) -> None:
        """Does the job: a mail with a link, where there is somebody to send it to."""
        asked = msgspec.convert(job.payload, ResetAsked)
        person = await find_person(session, asked.email)
        if person is None or not await memberships_of(session, person.id):
            return
        now = self.clock()
        try:
            await charge(session, [mail_subject(person.id)], now)
        except TooManyRequests:
            log.info("too many reset mails were asked for", person=person.id)
            return
        token = await issue_link(
            session,
            LinkPurpose.RESET,
            person=person.id,
            email=person.email,
            lifetime=LINK_LIFETIME,
            now=now,
        )
        requester = Requester(address=asked.address, user_agent=asked.user_agent, source=Source.UI)
        mail = password_reset_mail(
            PasswordReset(
                to=person.email,
                link=f"{link_to(self.public_url, RESET_PAGE)}#{token}",
                expires_at=now + LINK_LIFETIME,
                occurrence=self._occurrence(requester, job.created_at),
            )
        )
        await mail_later(session, mail, now=now, expires_at=now + LINK_LIFETIME)
        await record_everywhere(
            session,
            person.id,
            requester,
            "PASSWORD_RESET_REQUEST",
            now=job.created_at,
            is_by_person=False,
        )

    async def confirm(
        self, token: str, password: str, requester: Requester, browser: Browser
    ) -> tuple[str, str]:
        """Sets the password and ends all sessions; the caller tells its `Sessions` to forget.

        Whoever has the mailbox is as good as on a known device: their next sign-in does not
        have to wait for those who try to guess. Returns the person's id and the device's token.
        Raises NotFound(LINK_INVALID), TooManyRequests, BadRequest as `check_strength` does.
        """
        tried = address_subject(requester.address, Kind.LINK)
        await self.attempts.charge([tried], self.clock())
        async with self.metadata.reading() as session:
            link = await read_link(session, LinkPurpose.RESET, token, self.clock())
            known = await known_words(session, link.person or "")
        await self.passwords.check_strength(password, known)
        password_hash = await self.passwords.hash(password)
        now = self.clock()
        async with self.metadata.transaction() as session:
            used = await use_link(session, LinkPurpose.RESET, token, now)
            person_id = used.person or ""
            await self._set_password(session, person_id, password_hash, requester, now)
            ended = await end_sessions(session, person_id, now=now)
            await record_everywhere(
                session,
                person_id,
                requester,
                "PASSWORD_RESET",
                now=now,
                is_by_person=True,
                details={"sessions_ended": len(ended)},
            )
            sighting = await note_sighting(
                session,
                person_id,
                browser.device_token,
                self.locate(requester.address, requester.user_agent),
                now,
            )
            await take_back(session, [tried])
        return person_id, sighting.device_token

    async def change(
        self, principal: Principal, current: str, new: str, requester: Requester
    ) -> None:
        """Changes the password of whoever is signed in, and ends their other sessions.

        Raises Unprocessable(WRONG_PASSWORD) where the current one is wrong, TooManyRequests,
        BadRequest as `check_strength` does.
        """
        person_id = principal.person_id or ""
        subjects = [Subject(Kind.ACCOUNT, person_id), address_subject(requester.address)]
        await self.attempts.charge(subjects, self.clock())
        async with self.metadata.reading() as session:
            old_hash = await _password_hash(session, person_id)
            known = await known_words(session, person_id)
        check = await self.passwords.check(current, old_hash)
        if not check.is_right:
            raise await self._refused_change(person_id, requester)
        await self.attempts.take_back(subjects)
        await self.passwords.check_strength(new, known)
        password_hash = await self.passwords.hash(new)
        now = self.clock()
        async with self.metadata.transaction() as session:
            if await _password_hash(session, person_id) != old_hash:
                raise wrong_current_password()
            await self._set_password(session, person_id, password_hash, requester, now)
            ended = await end_sessions(
                session, person_id, now=now, except_session=principal.session_id
            )
            await record_everywhere(
                session,
                person_id,
                requester,
                "PASSWORD_CHANGE",
                now=now,
                is_by_person=True,
                details={"sessions_ended": len(ended)},
            )

    async def _refused_change(self, person_id: str, requester: Requester) -> TrailkeeperError:
        async with self.metadata.transaction() as session:
            await record_everywhere(
                session,
                person_id,
                requester,
                "PASSWORD_CHANGE",
                now=self.clock(),
                is_by_person=True,
                status=Status.FAILED,
                details={"reason": "wrong_password"},
            )
        return wrong_current_password()

    async def _set_password(
        self,
        session: AsyncSession,
        person_id: str,
        password_hash: str,
        requester: Requester,
        now: datetime,
    ) -> None:
        email = await session.scalar(
            update(PersonRow)
            .where(PersonRow.id == person_id)
            .values(password_hash=password_hash, password_changed_at=now)
            .returning(PersonRow.email)
        )
        if email is None:
            raise invalid_link()
        # Whoever asked for a link before, and got at the mail later, comes too late.
        await revoke_links(session, LinkPurpose.RESET, now=now, person=person_id)
        changed = PasswordChanged(
            to=email,
            link=link_to(self.public_url, RESET_PAGE),
            occurrence=self._occurrence(requester, now),
        )
        await mail_later(session, password_changed_mail(changed), now=now)

    def _occurrence(self, requester: Requester, at: datetime) -> Occurrence:
        where = self.locate(requester.address, requester.user_agent)
        return Occurrence(at, requester.address, where.city, where.country, where.device)


async def known_words(session: AsyncSession, person_id: str) -> list[str]:
    """What an attacker knows of a person: no good part of a password."""
    email = await session.scalar(select(PersonRow.email).where(PersonRow.id == person_id))
    members = await memberships_of(session, person_id, frozenset(MemberStatus))
    names = await session.scalars(
        select(OrganizationRow.name).where(
            OrganizationRow.id.in_([each.organization for each in members])
        )
    )
    return [email or "", *(each.name for each in members), *names]


def wrong_current_password() -> Unprocessable:
    return Unprocessable(
        "WRONG_PASSWORD",
        "The current password is wrong.",
        hint="If it is lost, sign out and reset it by mail.",
        field="current_password",
    )


async def _password_hash(session: AsyncSession, person_id: str) -> str | None:
    return await session.scalar(select(PersonRow.password_hash).where(PersonRow.id == person_id))
