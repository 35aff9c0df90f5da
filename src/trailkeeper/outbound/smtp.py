"""Mail over SMTP: one connection, used by one mail at a time, opened anew when it is lost."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from typing import Final, NoReturn

import aiosmtplib
from aiosmtplib import SMTP

from trailkeeper.outbound.errors import MailServerAway, OutboundFailed, OutboundRefused
from trailkeeper.outbound.mail import Mail, MailResult, checked_mail, to_message
from trailkeeper.outbound.tls import tls_fault
from trailkeeper.outbound_settings import Mailbox, SmtpServer

COMMAND_SECONDS: Final = 10.0
TOTAL_SECONDS: Final = 25.0
LONGEST_IDLE_SECONDS: Final = 20.0
"""Servers hang up on silence; a connection that was silent for longer is not tried again."""

MAX_REPLY_LENGTH: Final = 200
MAILBOX_SYNTAX: Final = 553
TOO_LARGE: Final = 552


class SmtpMailer:
    """Hands mail to the operator's server. Its host may be private: it is the operator's word."""

    def __init__(
        self,
        server: SmtpServer,
        sender: Mailbox,
        context: ssl.SSLContext,
        clock: Callable[[], datetime],
        *,
        command_seconds: float = COMMAND_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self._server = server
        self._sender = sender
        self._context = context
        self._clock = clock
        self._command_seconds = command_seconds
        self._total_seconds = total_seconds
        self._lock = asyncio.Lock()
        self._connection: SMTP | None = None
        self._used_at = 0.0

    def __repr__(self) -> str:
        return f"SmtpMailer({self._place})"

    @property
    def _place(self) -> str:
        return f"{self._server.host}:{self._server.port}"

    async def send(self, mail: Mail) -> MailResult:
        """Returns once the server has taken the mail.

        Raises OutboundRefused: MAIL_INVALID, MAIL_RECIPIENT_REFUSED, MAIL_REFUSED,
        MAIL_ADDRESS_UNSUPPORTED; OutboundFailed: MAIL_DEFERRED; MailServerAway:
        MAIL_SERVER_UNREACHABLE, MAIL_TIMEOUT, MAIL_TLS_FAILED, MAIL_LOGIN_REFUSED,
        MAIL_SENDER_REFUSED.
        """
        mail = checked_mail(mail)
        message = to_message(mail, self._sender, self._clock())
        async with self._lock:
            try:
                async with asyncio.timeout(self._total_seconds):
                    await self._send_or_reconnect(message, mail.to)
            except TimeoutError:
                self._drop()
                raise MailServerAway(
                    "MAIL_TIMEOUT", f"{self._place} did not take the mail in time."
                ) from None
            except asyncio.CancelledError:
                # A reply that still comes would be taken for the next mail's.
                self._drop()
                raise
        return MailResult(mail.message_id or "")

    async def close(self) -> None:
        async with self._lock:
            await self._hang_up()

    async def _send_or_reconnect(self, message: EmailMessage, to: str) -> None:
        if time.monotonic() - self._used_at > LONGEST_IDLE_SECONDS:
            await self._hang_up()
        was_open = self._connection is not None
        try:
            await self._send_over(await self._open(), message, to)
        except aiosmtplib.SMTPServerDisconnected:
            self._drop()
            if not was_open:
                raise self._unreachable("hung up") from None
            # It may have hung up in its own time, between two mails: that is no failure yet.
            try:
                await self._send_over(await self._open(), message, to)
            except aiosmtplib.SMTPServerDisconnected:
                self._drop()
                raise self._unreachable("hung up") from None
        self._used_at = time.monotonic()

    async def _open(self) -> SMTP:
        if self._connection is not None and self._connection.is_connected:
            return self._connection
        server = self._server
        connection = SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.is_tls,
            start_tls=server.is_starttls,
            tls_context=self._context,
            # An address literal (RFC 5321, 4.1.3): the machine's name is nobody's business.
            local_hostname="[127.0.0.1]",
            timeout=self._command_seconds,
        )
        try:
            await connection.connect()
            if server.user is not None:
                await connection.login(server.user, server.password or "")
        except (aiosmtplib.SMTPException, OSError) as error:
            connection.close()
            self._raise_away(error)
        except asyncio.CancelledError:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _raise_away(self, error: aiosmtplib.SMTPException | OSError) -> NoReturn:
        fault = tls_fault(error)
        if fault is not None:
            raise MailServerAway("MAIL_TLS_FAILED", f"{self._place}: {fault}.") from None
        if isinstance(error, aiosmtplib.SMTPAuthenticationError):
            raise MailServerAway(
                "MAIL_LOGIN_REFUSED",
                f"{self._place} refused user and password ({error.code}).",
                hint="Check user and password in TRAILKEEPER_SMTP_URL.",
            ) from None
        if isinstance(error, TimeoutError):
            raise MailServerAway("MAIL_TIMEOUT", f"{self._place} did not answer in time.") from None
        if isinstance(error, aiosmtplib.SMTPResponseException):
            raise self._unreachable(f"refused the connection ({error.code})") from None
        if isinstance(error, OSError):
            raise self._unreachable("takes no connection") from None
        # What is left is a server that lacks STARTTLS or a way to sign in.
        raise MailServerAway(
            "MAIL_TLS_FAILED" if self._server.is_starttls else "MAIL_LOGIN_REFUSED",
            f"{self._place}: {_shortened(error.message)}",
            hint="Check the scheme and starttls in TRAILKEEPER_SMTP_URL.",
        ) from None

    async def _send_over(self, connection: SMTP, message: EmailMessage, to: str) -> None:
        try:
            await connection.send_message(message, sender=self._sender.address, recipients=[to])
        except aiosmtplib.SMTPRecipientsRefused as error:
            [refused] = error.recipients
            self._raise_refused(refused, "MAIL_RECIPIENT_REFUSED")
        except aiosmtplib.SMTPSenderRefused as error:
            if error.code in (TOO_LARGE, MAILBOX_SYNTAX) or error.code < 500:
                self._raise_refused(error, "MAIL_REFUSED")
            # The sender is a setting: that is no fault of this mail.
            raise MailServerAway(
                "MAIL_SENDER_REFUSED",
                f"{self._place} refused the sender: {_reply(error)}",
                hint="Check TRAILKEEPER_MAIL_FROM, and user and password.",
            ) from None
        except aiosmtplib.SMTPResponseException as error:
            self._raise_refused(error, "MAIL_REFUSED")
        except aiosmtplib.SMTPTimeoutError:
            self._drop()
            raise MailServerAway("MAIL_TIMEOUT", f"{self._place} did not answer in time.") from None
        except aiosmtplib.SMTPNotSupported:
            raise OutboundRefused(
                "MAIL_ADDRESS_UNSUPPORTED",
                f"{self._place} takes no address with letters outside ASCII.",
            ) from None

    def _raise_refused(self, error: aiosmtplib.SMTPResponseException, code: str) -> NoReturn:
        """4yz means later, 5yz means never (RFC 5321, 4.2.1); 421 and garbage mean the server."""
        if error.code == 421 or error.code < 400:
            self._drop()
            raise self._unreachable(f"is not available ({error.code})") from None
        if error.code < 500:
            raise OutboundFailed("MAIL_DEFERRED", f"{self._place}: {_reply(error)}") from None
        raise OutboundRefused(code, f"{self._place}: {_reply(error)}") from None

    def _unreachable(self, what: str) -> MailServerAway:
        return MailServerAway(
            "MAIL_SERVER_UNREACHABLE",
            f"{self._place} {what}.",
            hint="Check TRAILKEEPER_SMTP_URL and the mail server.",
        )

    async def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            if connection.is_connected:
                await connection.quit(timeout=1.0)
        except (aiosmtplib.SMTPException, OSError):
            # The mail was taken before; how the goodbye went changes nothing.
            pass
        finally:
            connection.close()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _reply(error: aiosmtplib.SMTPResponseException) -> str:
    return f"{error.code} {_shortened(error.message)}"


def _shortened(text: str) -> str:
    printable = "".join(each if each.isprintable() else " " for each in text)
    return printable[:MAX_REPLY_LENGTH]
