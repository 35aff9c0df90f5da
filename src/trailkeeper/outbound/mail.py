"""A mail, as a value and as bytes; what can send one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final, Protocol
from uuid import uuid4

from trailkeeper.outbound.errors import OutboundRefused
from trailkeeper.outbound_settings import Mailbox, to_mail_address

MAX_SUBJECT_LENGTH: Final = 200
MAX_TEXT_BYTES: Final = 256 * 1024

# Headers that this module writes, or that would change where a mail goes.
OURS: Final = frozenset(
    {"from", "to", "cc", "bcc", "sender", "reply-to", "return-path", "subject", "date"}
    | {"message-id", "mime-version", "auto-submitted", "received"}
)

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
_MESSAGE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one address. Bodies may hold a secret link, so they are left out of `repr`.

    `message_id` is the part before the @; the same for each try, so that a receiver can tell a
    repetition. Empty: a new one at each sending.
    """

    to: str
    subject: str
    text: str = field(repr=False)
    html: str | None = field(default=None, repr=False)
    message_id: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MailResult:
    """What became of a mail: handed over, or (`is_logged`) only written to the server's log."""

    message_id: str
    is_logged: bool = False


class Mailer(Protocol):
    """What hands mail over."""

    async def send(self, mail: Mail) -> MailResult:
        """Raises OutboundRefused (this mail will never be taken) or OutboundFailed (try again)."""

    async def close(self) -> None:
        """Ends what is open; sending opens it anew."""


def new_message_id() -> str:
    return uuid4().hex


def checked_mail(mail: Mail) -> Mail:
    """The mail with its address as mail takes it.

    Raises OutboundRefused(MAIL_INVALID): an address that is none, a line break in a header, a
    header that is not for callers to write, too large a body.
    """
    try:
        address = to_mail_address(mail.to)
    except ValueError:
        raise _invalid("its address is none") from None
    lines = (mail.subject, *(value for _, value in mail.headers))
    if any(_CONTROL.search(line) or "\n" in line for line in lines):
        raise _invalid("a header has a control character in it")
    if not mail.subject or len(mail.subject) > MAX_SUBJECT_LENGTH:
        raise _invalid(f"its subject has not 1 to {MAX_SUBJECT_LENGTH} characters")
    for name, _ in mail.headers:
        if not _HEADER.fullmatch(name) or name.lower() in OURS:
            raise _invalid(f"{name!r} is no header to set")
    bodies = (mail.text, mail.html or "")
    if any(_CONTROL.search(body) for body in bodies):
        raise _invalid("its body has a control character in it")
    if sum(len(body.encode("utf-8", "replace")) for body in bodies) > MAX_TEXT_BYTES:
        raise _invalid(f"its body has more than {MAX_TEXT_BYTES} bytes")
    message_id = mail.message_id or new_message_id()
    if not _MESSAGE_ID.fullmatch(message_id):
        raise _invalid("its Message-ID is none")
    return Mail(address, mail.subject, mail.text, mail.html, message_id, mail.headers)


def to_message(mail: Mail, sender: Mailbox, date: datetime) -> EmailMessage:
    """A checked mail as it goes over the wire (RFC 5322), marked as nothing to reply to.

    Raises what `checked_mail` raises.
    """
    mail = checked_mail(mail)
    message = EmailMessage(policy=SMTP)
    message["From"] = (
        f'"{_quoted(sender.name)}" <{sender.address}>' if sender.name else (sender.address)
    )
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(date)
    message["Message-ID"] = f"<{mail.message_id}@{sender.domain}>"
    # RFC 3834: no holiday notice shall answer this.
    message["Auto-Submitted"] = "auto-generated"
    for name, value in mail.headers:
        message[name] = value
    message.set_content(mail.text)
    if mail.html is not None:
        message.add_alternative(mail.html, subtype="html")
    return message


def _quoted(name: str) -> str:
    return name.replace("\\", "").replace('"', "")


def _invalid(why: str) -> OutboundRefused:
    return OutboundRefused("MAIL_INVALID", f"The mail cannot be sent: {why}.")
