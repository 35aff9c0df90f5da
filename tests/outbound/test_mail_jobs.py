"""Mails through the job table, on both databases, to a real mail server."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.outbound.far_smtp import MailServer, mail_server
from trailkeeper.event import OrganizationId
from trailkeeper.outbound.errors import OutboundRefused
from trailkeeper.outbound.jobs import (
    FIRST_DELAY,
    GIVE_UP_AFTER,
    LEASE,
    LONGEST_DELAY,
    SEND_MAIL,
    delay_at,
    deliver_mails,
    forget_dead_mails,
    mail_later,
)
from trailkeeper.outbound.logged import LoggingMailer
from trailkeeper.outbound.mail import Mail, MailResult
from trailkeeper.outbound.smtp import SmtpMailer
from trailkeeper.outbound.tls import client_context
from trailkeeper.outbound_settings import Mailbox, read_smtp_url
from trailkeeper.store.jobs import MAX_ATTEMPTS, claim, complete, dead_letters, revive
from trailkeeper.store.metadata import Metadata

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
ACME = OrganizationId("acme")
SECRET = "https://audit.example.com/reset#token=hunter2"
MAIL = Mail("ada@example.com", "Reset", f"Open {SECRET}\n", f"<a href='{SECRET}'>Open</a>")


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def far() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
async def mailer(far: MailServer, clock: Clock) -> AsyncIterator[SmtpMailer]:
    opened = mailer_to(far.port, clock)
    yield opened
    await opened.close()


def mailer_to(port: int, clock: Clock) -> SmtpMailer:
    url = f"smtp://localhost:{port}?starttls=off"
    sender = Mailbox("audit@example.com")
    return SmtpMailer(read_smtp_url(url), sender, client_context(), clock)


async def queue(metadata: Metadata, mail: Mail = MAIL, **options: Any) -> int | None:
    async with metadata.transaction() as session:
        return await mail_later(session, mail, now=NOON, organization=ACME, **options)


async def rows(metadata: Metadata) -> list[tuple[str, str]]:
    """State and whole payload of each job, as they lie in the table."""
    async with metadata.reading() as session:
        found = await session.execute(text("SELECT state, payload FROM jobs ORDER BY id"))
        return [(each.state, json.dumps(each.payload)) for each in found]


async def dead_reasons(metadata: Metadata) -> list[str]:
    async with metadata.reading() as session:
        return [str(job.last_error) for job in await dead_letters(session)]


async def test_a_queued_mail_is_sent_and_its_link_forgotten(
    metadata: Metadata, mailer: SmtpMailer, far: MailServer, clock: Clock
) -> None:
    await queue(metadata)
    [(_, before)] = await rows(metadata)
    assert "hunter2" in before

    assert await deliver_mails(metadata, mailer, clock) == 1
    assert await deliver_mails(metadata, mailer, clock) == 0

    [mail] = far.mails
    body = mail.get_body(["plain"])
    assert body is not None and SECRET in body.get_content()
    [(state, after)] = await rows(metadata)
    assert state == "done"
    assert "hunter2" not in after
    assert "ada@example.com" in after and "Reset" in after


async def test_a_mail_shares_the_fate_of_its_transaction(metadata: Metadata) -> None:
    with pytest.raises(LookupError):
        async with metadata.transaction() as session:
            await mail_later(session, MAIL, now=NOON)
            raise LookupError
    assert await rows(metadata) == []


async def test_a_dedupe_key_admits_one_mail(metadata: Metadata) -> None:
    assert await queue(metadata, dedupe_key="new-place:ada:1") is not None
    assert await queue(metadata, dedupe_key="new-place:ada:1") is None


async def test_an_invalid_mail_is_refused_when_it_is_queued(metadata: Metadata) -> None:
    with pytest.raises(OutboundRefused):
        await queue(metadata, Mail("ada@example.com\r\nBcc: e@e.example", "s", "t"))
    assert await rows(metadata) == []


async def test_a_kill_between_send_and_mark_sends_the_same_message_id_again(
    metadata: Metadata, mailer: SmtpMailer, far: MailServer, clock: Clock
) -> None:
    class Killed(BaseException):
        """What ends the process: nothing may catch it."""

    class Dying:
        async def send(self, mail: Mail) -> MailResult:
            await mailer.send(mail)
            raise Killed

        async def close(self) -> None: ...

    await queue(metadata)
    with pytest.raises(Killed):
        await deliver_mails(metadata, Dying(), clock)
    assert len(far.mails) == 1
    assert await deliver_mails(metadata, mailer, clock) == 0

    clock.advance(LEASE)
    assert await deliver_mails(metadata, mailer, clock) == 1
    first, second = far.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert [state for state, _ in await rows(metadata)] == ["done"]


async def test_a_deferred_mail_comes_back_later_with_the_same_message_id(
    metadata: Metadata, mailer: SmtpMailer, far: MailServer, clock: Clock
) -> None:
    far.data_replies = ["451 later", "250"]
    async with metadata.transaction() as session:
        await mail_later(session, Mail(MAIL.to, "s", "t", message_id="m1"), now=NOON)

    assert await deliver_mails(metadata, mailer, clock) == 0
    assert await deliver_mails(metadata, mailer, clock) == 0
    clock.advance(FIRST_DELAY)
    assert await deliver_mails(metadata, mailer, clock) == 1
    assert [mail["Message-ID"] for mail in far.mails] == ["<m1@example.com>"]


async def test_a_permanent_refusal_is_dead_at_once_and_holds_up_no_other(
    metadata: Metadata, mailer: SmtpMailer, far: MailServer, clock: Clock
) -> None:
    far.replies["ada@example.com"] = "550 no such user"
    await queue(metadata)
    await queue(metadata, Mail("bob@example.com", "s", "t"))

    assert await deliver_mails(metadata, mailer, clock) == 2
    assert len(far.mails) == 1
    [(dead, payload), (done, _)] = await rows(metadata)
    assert (dead, done) == ("dead", "done")
    assert "hunter2" not in payload and "ada@example.com" in payload
    [reason] = await dead_reasons(metadata)
    assert reason.startswith("MAIL_RECIPIENT_REFUSED: ")


async def test_an_outage_of_a_day_loses_no_mail(
    metadata: Metadata, far: MailServer, mailer: SmtpMailer, clock: Clock
) -> None:
    async with mail_server() as gone:
        away = mailer_to(gone.port, clock)
    for number in range(12):
        await queue(metadata, Mail(f"u{number}@example.com", "s", SECRET))
    rounds = 0
    while clock.now < NOON + timedelta(days=1):
        assert await deliver_mails(metadata, away, clock) == 0
        rounds += 1
        clock.advance(timedelta(hours=1))
    assert rounds > MAX_ATTEMPTS
    assert {state for state, _ in await rows(metadata)} == {"ready"}

    while await deliver_mails(metadata, mailer, clock):
        pass
    assert len(far.mails) == 12
    assert "hunter2" not in str(await rows(metadata))


async def test_where_the_server_is_away_one_mail_asks_and_the_rest_wait(
    metadata: Metadata, far: MailServer, mailer: SmtpMailer, clock: Clock
) -> None:
    for number in range(5):
        await queue(metadata, Mail(f"u{number}@example.com", "s", "t"))
    far.replies["u1@example.com"] = "421 shutting down"
    assert await deliver_mails(metadata, mailer, clock) == 1
    assert [mail["To"] for mail in far.mails] == ["u0@example.com"]
    far.replies.clear()
    clock.advance(FIRST_DELAY)
    assert await deliver_mails(metadata, mailer, clock) == 4


async def test_a_mail_that_is_deferred_for_days_is_given_up(
    metadata: Metadata, far: MailServer, mailer: SmtpMailer, clock: Clock
) -> None:
    far.replies["ada@example.com"] = "450 later"
    await queue(metadata)
    while clock.now <= NOON + GIVE_UP_AFTER:
        await deliver_mails(metadata, mailer, clock)
        clock.advance(timedelta(hours=4))
    [reason] = await dead_reasons(metadata)
    assert "MAIL_DEFERRED" in reason and "2 days" in reason
    assert "hunter2" not in str(await rows(metadata))


async def test_a_link_that_expired_is_not_sent(
    metadata: Metadata, far: MailServer, mailer: SmtpMailer, clock: Clock
) -> None:
    await queue(metadata, expires_at=NOON + timedelta(hours=1))
    clock.advance(timedelta(hours=1))
    assert await deliver_mails(metadata, mailer, clock) == 1
    assert far.mails == []
    assert await dead_reasons(metadata) == ["Its link expired before it was sent."]
    assert "hunter2" not in str(await rows(metadata))


async def test_a_mail_that_kills_its_worker_dies_and_its_link_is_forgotten(
    metadata: Metadata, clock: Clock
) -> None:
    await queue(metadata)
    for _ in range(MAX_ATTEMPTS):
        assert len(await claim(metadata, [SEND_MAIL], LEASE, 10, clock())) == 1
        clock.advance(LEASE)
    assert await claim(metadata, [SEND_MAIL], LEASE, 10, clock()) == []
    [(state, payload)] = await rows(metadata)
    assert state == "dead" and "hunter2" in payload

    async with metadata.transaction() as session:
        assert await forget_dead_mails(session) == 1
        assert await forget_dead_mails(session) == 0
    assert "hunter2" not in str(await rows(metadata))


async def test_a_dead_mail_that_is_revived_says_that_its_text_is_gone(
    metadata: Metadata, far: MailServer, mailer: SmtpMailer, clock: Clock
) -> None:
    far.replies["ada@example.com"] = "550 no such user"
    job = await queue(metadata)
    assert job is not None
    await deliver_mails(metadata, mailer, clock)
    far.replies.clear()
    async with metadata.transaction() as session:
        await revive(session, job, clock())
    assert await deliver_mails(metadata, mailer, clock) == 1
    assert await dead_reasons(metadata) == ["Its text was removed when it was given up."]
    assert far.mails == []


async def test_a_slow_deliverer_leaves_the_mail_to_the_one_that_took_over(
    metadata: Metadata, mailer: SmtpMailer, far: MailServer, clock: Clock
) -> None:
    class Overtaken:
        async def send(self, mail: Mail) -> MailResult:
            clock.advance(LEASE)
            [job] = await claim(metadata, [SEND_MAIL], LEASE, 1, clock())
            async with metadata.transaction() as session:
                await complete(session, job)
            return await mailer.send(mail)

        async def close(self) -> None: ...

    await queue(metadata)
    assert await deliver_mails(metadata, Overtaken(), clock) == 0
    assert [state for state, _ in await rows(metadata)] == ["done"]


async def test_two_deliverers_send_each_mail_once(
    metadata: Metadata, far: MailServer, mailer: SmtpMailer, clock: Clock
) -> None:
    for number in range(15):
        await queue(metadata, Mail(f"u{number}@example.com", "s", "t"))
    other = mailer_to(far.port, clock)
    sent = 0
    while batch := await deliver_mails(metadata, mailer, clock):
        sent += batch + await deliver_mails(metadata, other, clock)
    await other.close()
    assert sent == 15
    assert len({str(mail["To"]) for mail in far.mails}) == len(far.mails) == 15


async def test_without_a_server_the_mail_is_settled_by_the_log(
    metadata: Metadata, clock: Clock
) -> None:
    await queue(metadata)
    assert await deliver_mails(metadata, LoggingMailer(), clock) == 1
    [(state, payload)] = await rows(metadata)
    assert state == "done" and "hunter2" not in payload


def test_the_pause_grows_with_age_and_has_jitter() -> None:
    assert FIRST_DELAY / 2 <= delay_at(timedelta(0)) <= FIRST_DELAY
    assert LONGEST_DELAY / 2 <= delay_at(timedelta(days=1)) <= LONGEST_DELAY
    minute = timedelta(minutes=1)
    assert all(minute / 4 <= delay_at(minute) <= minute / 2 for _ in range(50))
    assert len({delay_at(minute) for _ in range(20)}) > 1
