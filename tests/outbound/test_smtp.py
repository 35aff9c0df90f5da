"""Mail handed to a real server: what arrives, over which connection, and what it refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from tests.outbound.certificates import Authority
from tests.outbound.far_smtp import PASSWORD, USER, MailServer, mail_server
from trailkeeper.outbound.errors import MailServerAway, OutboundError
from trailkeeper.outbound.mail import Mail
from trailkeeper.outbound.smtp import SmtpMailer
from trailkeeper.outbound.tls import client_context
from trailkeeper.outbound_settings import Mailbox, read_smtp_url

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
SENDER = Mailbox("audit@example.com", "Trailkeeper")
MAIL = Mail("ada@example.com", "Hello", "The text: ü\n", "<p>The text: ü</p>", "a1")
LOGIN = f"{USER}:{quote(PASSWORD, safe='')}@"

Open = Callable[[str], SmtpMailer]


@pytest.fixture
async def new_mailer(authority: Authority) -> AsyncIterator[Open]:
    opened: list[SmtpMailer] = []

    def new(url: str, seconds: float = 5.0) -> SmtpMailer:
        mailer = SmtpMailer(
            read_smtp_url(url),
            SENDER,
            client_context(authority.path),
            lambda: NOON,
            command_seconds=seconds,
            total_seconds=seconds * 3,
        )
        opened.append(mailer)
        return mailer

    yield new
    for mailer in opened:
        await mailer.close()


def plain(far: MailServer) -> str:
    return f"smtp://localhost:{far.port}?starttls=off"


async def refused(mailer: SmtpMailer, mail: Mail = MAIL) -> OutboundError:
    with pytest.raises(OutboundError) as raised:
        await mailer.send(mail)
    assert PASSWORD not in f"{raised.value} {raised.value.hint} {raised.value!r}"
    return raised.value


async def test_a_mail_arrives_as_it_was_written(new_mailer: Open) -> None:
    async with mail_server() as far:
        result = await new_mailer(plain(far)).send(MAIL)
        await asyncio.sleep(0)
    assert (result.message_id, result.is_logged) == ("a1", False)
    [mail], [envelope] = far.mails, far.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("audit@example.com", ["ada@example.com"])
    assert mail["From"] == "Trailkeeper <audit@example.com>"
    assert (mail["To"], mail["Subject"]) == ("ada@example.com", "Hello")
    assert mail["Message-ID"] == "<a1@example.com>"
    assert mail["Date"].datetime == NOON
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = mail.get_body(["plain"]), mail.get_body(["html"])
    assert text is not None and text.get_content().strip() == "The text: ü"
    assert html is not None and html.get_content().strip() == "<p>The text: ü</p>"


async def test_with_starttls_the_mail_is_encrypted_and_signed_in(
    new_mailer: Open, authority: Authority
) -> None:
    context = authority.server("localhost")
    async with mail_server(starttls=context, is_auth_required=True) as far:
        await new_mailer(f"smtp://{LOGIN}localhost:{far.port}").send(MAIL)
    assert (far.was_encrypted, len(far.signed_in)) == ([True], 1)


async def test_with_smtps_the_mail_is_encrypted_from_the_first_byte(
    new_mailer: Open, authority: Authority
) -> None:
    async with mail_server(tls=authority.server("localhost")) as far:
        await new_mailer(f"smtps://{LOGIN}localhost:{far.port}").send(MAIL)
    assert (len(far.mails), len(far.signed_in)) == (1, 1)


async def test_a_server_without_starttls_gets_nothing_unless_it_is_switched_off(
    new_mailer: Open,
) -> None:
    async with mail_server() as far:
        error = await refused(new_mailer(f"smtp://localhost:{far.port}"))
    assert (error.code, error.is_permanent, far.mails) == ("MAIL_TLS_FAILED", False, [])
    assert isinstance(error, MailServerAway)


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize("fault", ["stranger", "wrong name", "expired"])
async def test_a_certificate_that_is_not_valid_gets_nothing(
    new_mailer: Open, authority: Authority, stranger: Authority, scheme: str, fault: str
) -> None:
    signer = stranger if fault == "stranger" else authority
    name = "other.test" if fault == "wrong name" else "localhost"
    context = signer.server(name, is_expired=fault == "expired")
    tls, starttls = (context, None) if scheme == "smtps" else (None, context)
    async with mail_server(tls=tls, starttls=starttls) as far:
        error = await refused(new_mailer(f"{scheme}://{LOGIN}localhost:{far.port}"))
    assert (error.code, error.is_permanent) == ("MAIL_TLS_FAILED", False)
    assert (far.mails, far.signed_in) == ([], [])


async def test_a_wrong_password_keeps_the_mail(new_mailer: Open, authority: Authority) -> None:
    async with mail_server(starttls=authority.server("localhost"), is_auth_required=True) as far:
        error = await refused(new_mailer(f"smtp://ada:wrong@localhost:{far.port}"))
    assert (error.code, error.is_permanent) == ("MAIL_LOGIN_REFUSED", False)
    assert isinstance(error, MailServerAway)
    assert "wrong" not in error.detail


@pytest.mark.parametrize(
    ("reply", "code", "is_permanent", "is_away"),
    [
        ("550 no such user", "MAIL_RECIPIENT_REFUSED", True, False),
        ("553 not allowed", "MAIL_RECIPIENT_REFUSED", True, False),
        ("450 greylisted", "MAIL_DEFERRED", False, False),
        ("452 mailbox full", "MAIL_DEFERRED", False, False),
        ("421 shutting down", "MAIL_SERVER_UNREACHABLE", False, True),
    ],
)
async def test_a_refused_recipient_is_for_now_or_for_good(
    new_mailer: Open, reply: str, code: str, is_permanent: bool, is_away: bool
) -> None:
    async with mail_server() as far:
        far.replies["ada@example.com"] = reply
        mailer = new_mailer(plain(far))
        error = await refused(mailer)
        assert (error.code, error.is_permanent) == (code, is_permanent)
        assert isinstance(error, MailServerAway) is is_away
        # The next mail is not held up by it.
        await mailer.send(Mail("bob@example.com", "Hello", "text"))
    assert len(far.mails) == 1


@pytest.mark.parametrize(
    ("reply", "code", "is_permanent"),
    [("554 spam", "MAIL_REFUSED", True), ("451 later", "MAIL_DEFERRED", False)],
)
async def test_a_refused_mail_is_for_now_or_for_good(
    new_mailer: Open, reply: str, code: str, is_permanent: bool
) -> None:
    async with mail_server() as far:
        far.data_replies = [reply]
        mailer = new_mailer(plain(far))
        error = await refused(mailer)
        assert (error.code, error.is_permanent) == (code, is_permanent)
        assert reply in error.detail
        await mailer.send(MAIL)


@pytest.mark.parametrize(
    ("reply", "code", "is_permanent"),
    [
        ("550 not your domain", "MAIL_SENDER_REFUSED", False),
        ("530 sign in first", "MAIL_SENDER_REFUSED", False),
        ("552 too large", "MAIL_REFUSED", True),
        ("451 later", "MAIL_DEFERRED", False),
    ],
)
async def test_a_refused_sender_is_the_settings_fault_and_not_the_mails(
    new_mailer: Open, reply: str, code: str, is_permanent: bool
) -> None:
    async with mail_server() as far:
        far.sender_reply = reply
        error = await refused(new_mailer(plain(far)))
    assert (error.code, error.is_permanent) == (code, is_permanent)


async def test_one_connection_carries_all_mails_one_at_a_time(new_mailer: Open) -> None:
    async with mail_server() as far:
        mailer = new_mailer(plain(far))
        mails = [Mail(f"u{n}@example.com", "Hello", "text", message_id=f"m{n}") for n in range(20)]
        await asyncio.gather(*(mailer.send(mail) for mail in mails))
    assert (len(far.connections), len(far.mails)) == (1, 20)
    assert {mail["Message-ID"] for mail in far.mails} == {f"<m{n}@example.com>" for n in range(20)}


async def test_a_lost_connection_is_opened_anew(new_mailer: Open) -> None:
    async with mail_server() as far:
        mailer = new_mailer(plain(far))
        await mailer.send(MAIL)
        far.hang_up()
        await mailer.send(MAIL)
        far.hang_up()
        await asyncio.sleep(0.05)
        await mailer.send(MAIL)
    assert (len(far.connections), len(far.mails)) == (3, 3)


async def test_a_server_that_is_away_keeps_the_mail_until_it_is_back(new_mailer: Open) -> None:
    async with mail_server() as far:
        port = far.port
    mailer = new_mailer(plain(far))
    error = await refused(mailer)
    assert (error.code, error.is_permanent) == ("MAIL_SERVER_UNREACHABLE", False)
    assert isinstance(error, MailServerAway)
    async with mail_server(port=port) as far:
        await mailer.send(MAIL)
    assert len(far.mails) == 1


@asynccontextmanager
async def raw_server(greeting: bytes) -> AsyncIterator[int]:
    ended = asyncio.Event()

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await ended.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    ended.set()
    server.close()
    await server.wait_closed()
    await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("greeting", "code"),
    [
        (b"", "MAIL_TIMEOUT"),
        (b"220 hello\r\n", "MAIL_TIMEOUT"),
        (b"554 go away\r\n", "MAIL_SERVER_UNREACHABLE"),
        (b"HTTP/1.1 400 Bad Request\r\n", "MAIL_SERVER_UNREACHABLE"),
    ],
)
async def test_a_server_that_is_silent_or_none_keeps_the_mail(
    authority: Authority, greeting: bytes, code: str
) -> None:
    async with raw_server(greeting) as port:
        mailer = SmtpMailer(
            read_smtp_url(f"smtp://127.0.0.1:{port}?starttls=off"),
            SENDER,
            client_context(authority.path),
            lambda: NOON,
            command_seconds=0.2,
        )
        error = await refused(mailer)
        await mailer.close()
    assert (error.code, error.is_permanent) == (code, False)


async def test_a_mail_has_a_total_time_too(authority: Authority) -> None:
    async with mail_server() as far:
        far.delay_seconds = 0.5
        mailer = SmtpMailer(
            read_smtp_url(plain(far)),
            SENDER,
            client_context(authority.path),
            lambda: NOON,
            total_seconds=0.2,
        )
        error = await refused(mailer)
        assert (error.code, error.is_permanent) == ("MAIL_TIMEOUT", False)
        far.delay_seconds = 0
        # The connection was given up with the mail: no late reply is taken for the next one's.
        await mailer.send(Mail("bob@example.com", "Hello", "text"))
        await mailer.close()
    assert far.mails[-1]["To"] == "bob@example.com"


async def test_a_cancelled_mail_leaves_nothing_behind_for_the_next(new_mailer: Open) -> None:
    async with mail_server() as far:
        far.delay_seconds = 0.3
        far.data_replies = ["554 spam"]
        mailer = new_mailer(plain(far))
        sending = asyncio.create_task(mailer.send(MAIL))
        await asyncio.sleep(0.1)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        far.delay_seconds = 0
        await mailer.send(Mail("bob@example.com", "Hello", "text"))
        await asyncio.sleep(0.3)
        assert len(far.connections) == 2
    assert [mail["To"] for mail in far.mails] == ["bob@example.com"]


async def test_an_address_outside_ascii_needs_a_server_that_takes_it(new_mailer: Open) -> None:
    mail = Mail("jürgen@bücher.example", "Hello", "text")
    async with mail_server(is_smtputf8=True) as far:
        await new_mailer(plain(far)).send(mail)
    assert far.envelopes[0].rcpt_tos == ["jürgen@xn--bcher-kva.example"]
    async with mail_server() as far:
        error = await refused(new_mailer(plain(far)), mail)
    assert (error.code, error.is_permanent) == ("MAIL_ADDRESS_UNSUPPORTED", True)


def test_nothing_secret_is_printed(authority: Authority) -> None:
    server = read_smtp_url(f"smtp://{LOGIN}localhost")
    mailer = SmtpMailer(server, SENDER, client_context(authority.path), lambda: NOON)
    assert server.password == PASSWORD
    assert PASSWORD not in f"{mailer!r} {server!r} {mailer}"
    assert "secret-link" not in repr(Mail("a@b.example", "s", "secret-link", "secret-link"))
