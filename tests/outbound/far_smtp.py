"""A mail server to hand mail to, in the test's own loop: aiosmtpd, with TLS and sign-in."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER = "trailkeeper"
PASSWORD = "hunter2 & /:@%"


@dataclass
class MailServer:
    """Takes mail for anyone but those in `replies`, which maps a recipient to a reply.

    `data_replies` are given to whole mails, one after the other; `hang_up_after` mails each
    connection ends without a word.
    """

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    replies: dict[str, str] = field(default_factory=dict)
    data_replies: list[str] = field(default_factory=list)
    sender_reply: str | None = None
    hang_up_after: int | None = None
    delay_seconds: float = 0.0
    connections: list[SMTP] = field(default_factory=list)
    was_encrypted: list[bool] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender_reply is not None:
            return self.sender_reply
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if (reply := self.replies.get(address)) is not None:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        reply = self.data_replies.pop(0) if self.data_replies else "250"
        await asyncio.sleep(self.delay_seconds)
        if reply != "250":
            return reply
        assert isinstance(envelope.content, bytes)
        parsed: Any = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append(parsed)
        self.envelopes.append(envelope)
        self.was_encrypted.append(session.ssl is not None)
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        is_right = data == LoginPassword(USER.encode(), PASSWORD.encode())
        if is_right:
            self.signed_in.append(mechanism)
        return AuthResult(success=is_right, handled=False)

    def hang_up(self) -> None:
        """Ends all connections, as servers do with those that are silent."""
        for connection in self.connections:
            if connection.transport is not None:
                connection.transport.close()


@asynccontextmanager
async def mail_server(
    *,
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    is_auth_required: bool = False,
    is_smtputf8: bool = False,
    port: int = 0,
) -> AsyncIterator[MailServer]:
    far = MailServer()
    loop = asyncio.get_running_loop()

    def connect() -> SMTP:
        connection = SMTP(
            far,
            hostname="mail.test",
            tls_context=starttls,
            require_starttls=starttls is not None,
            auth_required=starttls is not None and is_auth_required,
            # The library takes no notice of TLS from the first byte, only of STARTTLS.
            auth_require_tls=starttls is not None,
            authenticator=far.authenticate,
            enable_SMTPUTF8=is_smtputf8,
            loop=loop,
        )
        far.connections.append(connection)
        return connection

    server = await loop.create_server(connect, "127.0.0.1", port, ssl=tls)
    far.port = server.sockets[0].getsockname()[1]
    try:
        yield far
    finally:
        server.close()
        await server.wait_closed()
        far.hang_up()
        await asyncio.sleep(0)
