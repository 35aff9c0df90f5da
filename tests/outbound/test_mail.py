"""No mail says more than it should, and no header is anybody else's."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from trailkeeper.outbound.errors import MailServerAway, OutboundRefused
from trailkeeper.outbound.logged import LoggingMailer
from trailkeeper.outbound.mail import Mail, checked_mail, to_message
from trailkeeper.outbound_settings import Mailbox

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
SENDER = Mailbox("audit@example.com", 'The "Trail"')

ADDRESSES = [
    "",
    "ada",
    "@example.com",
    "ada@",
    "ada@example.com\r\nBcc: eve@example.com",
    "ada@example.com\n",
    "ada@example.com, eve@example.com",
    "Ada <ada@example.com>",
    "<ada@example.com>",
    "ada@example.com> SIZE=1 <eve@example.com",
    '"a b"@example.com',
    "ada eve@example.com",
    "ada@[127.0.0.1]",
    "ada@127.0.0.1",
    "ada@exa mple.com",
    "ada@-example.com",
    "ada@example..com",
    "ada..b@example.com",
    "a" * 65 + "@example.com",
    "a@" + "b" * 300 + ".com",
    "a@b@example.com",
    "ada@example.com\x00",
]


def code_of(mail: Mail) -> str:
    with pytest.raises(OutboundRefused) as raised:
        checked_mail(mail)
    return raised.value.code


@pytest.mark.parametrize("address", ADDRESSES, ids=range(len(ADDRESSES)))
def test_what_is_no_address_gets_no_mail(address: str) -> None:
    assert code_of(Mail(address, "Hello", "text")) == "MAIL_INVALID"


@pytest.mark.parametrize(
    ("subject", "headers", "message_id"),
    [
        ("Hello\r\nBcc: eve@example.com", (), None),
        ("Hello\nBcc: eve@example.com", (), None),
        ("Hello\rBcc: eve@example.com", (), None),
        ("Hello\u2028Bcc: eve@example.com", (), None),
        ("", (), None),
        ("a" * 201, (), None),
        ("Hello", (("X-A", "b\r\nBcc: eve@example.com"),), None),
        ("Hello", (("X-A\r\nBcc", "eve@example.com"),), None),
        ("Hello", (("Bcc", "eve@example.com"),), None),
        ("Hello", (("REPLY-TO", "eve@example.com"),), None),
        ("Hello", (("X A", "b"),), None),
        ("Hello", (), "a>\r\nBcc: eve@example.com"),
        ("Hello", (), "a@b"),
    ],
)
def test_a_header_cannot_be_injected(
    subject: str, headers: tuple[tuple[str, str], ...], message_id: str | None
) -> None:
    mail = Mail("ada@example.com", subject, "text", None, message_id, headers)
    assert code_of(mail) == "MAIL_INVALID"


@given(st.text(), st.text(), st.text())
def test_whatever_is_taken_has_one_recipient_and_only_our_headers(
    to: str, subject: str, value: str
) -> None:
    mail = Mail(to or "ada@example.com", subject, "text", headers=(("X-Trail", value),))
    try:
        message = to_message(mail, SENDER, NOON)
    except OutboundRefused:
        return
    assert_only_our_headers(message.as_bytes(), checked_mail(mail).to)


@given(st.text(min_size=1, max_size=300))
def test_any_subject_stays_a_subject(subject: str) -> None:
    try:
        message = to_message(Mail("ada@example.com", subject, "text"), SENDER, NOON)
    except OutboundRefused:
        return
    assert_only_our_headers(message.as_bytes(), "ada@example.com")


def assert_only_our_headers(raw: bytes, to: str) -> None:
    parsed = message_from_bytes(raw, policy=policy.default)
    names = [name.lower() for name in parsed]
    assert len(names) == len(set(names))
    assert set(names) <= {
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "auto-submitted",
        "x-trail",
        "content-type",
        "content-transfer-encoding",
        "mime-version",
    }
    assert [each.addr_spec for each in parsed["To"].addresses] == [to]
    assert [each.addr_spec for each in parsed["From"].addresses] == ["audit@example.com"]


def test_a_body_cannot_end_the_mail_early() -> None:
    """A line with a dot alone ends the data in SMTP; the library has to stuff it."""
    message = to_message(Mail("ada@example.com", "Hello", "a\n.\nMAIL FROM:<e>\n"), SENDER, NOON)
    assert message.get_content().splitlines() == ["a", ".", "MAIL FROM:<e>"]


@pytest.mark.parametrize("body", ["a\x00b", "a\x1b[2Jb", "x" * 300_000])
def test_a_body_that_no_mail_has_is_refused(body: str) -> None:
    assert code_of(Mail("ada@example.com", "Hello", body)) == "MAIL_INVALID"
    assert code_of(Mail("ada@example.com", "Hello", "text", body)) == "MAIL_INVALID"


def test_each_mail_has_a_message_id_of_its_own_unless_it_brings_one() -> None:
    mail = Mail("ada@example.com", "Hello", "text")
    assert checked_mail(mail).message_id != checked_mail(mail).message_id
    checked = checked_mail(mail)
    assert checked_mail(checked) == checked


async def test_without_a_server_the_mail_is_written_to_the_log_and_says_so() -> None:
    mail = Mail("ada@example.com", "Reset", "Open https://audit.example.com/reset#token=t1\n")
    with structlog.testing.capture_logs() as logs:
        result = await LoggingMailer().send(mail)
    assert result.is_logged
    [entry] = logs
    assert entry["log_level"] == "warning"
    assert "not configured" in entry["event"] and "TRAILKEEPER_SMTP_URL" in entry["event"]
    assert (entry["to"], entry["text"]) == (mail.to, mail.text)


async def test_a_log_that_would_drop_the_mail_keeps_it_waiting(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.ERROR, "trailkeeper.outbound.logged")
    with pytest.raises(MailServerAway) as raised:
        await LoggingMailer().send(Mail("ada@example.com", "Hello", "text"))
    assert raised.value.code == "MAIL_NOT_CONFIGURED"


async def test_the_log_takes_no_mail_that_a_server_would_not() -> None:
    with pytest.raises(OutboundRefused):
        await LoggingMailer().send(Mail("ada\n", "Hello", "text"))
