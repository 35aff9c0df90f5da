"""Where no mail server is set up: the mail goes to the server's log, with its link."""

from __future__ import annotations

import logging

import structlog

from trailkeeper.outbound.errors import MailServerAway
from trailkeeper.outbound.mail import Mail, MailResult, checked_mail

log = structlog.get_logger(__name__)


class LoggingMailer:
    """Writes each mail to the log as a warning; whoever reads the log can hand the link on."""

    async def send(self, mail: Mail) -> MailResult:
        """Raises OutboundRefused(MAIL_INVALID) as any mailer, and where the log would drop the
        mail MailServerAway(MAIL_NOT_CONFIGURED): nobody would ever see it.
        """
        mail = checked_mail(mail)
        if not logging.getLogger(__name__).isEnabledFor(logging.WARNING):
            raise MailServerAway(
                "MAIL_NOT_CONFIGURED",
                "There is no mail server, and the log's level hides mails from the log.",
                hint="Set TRAILKEEPER_SMTP_URL, or TRAILKEEPER_LOG_LEVEL to WARNING or lower.",
            )
        log.warning(
            "mail is not configured: this one was written to the log and not sent; "
            "set TRAILKEEPER_SMTP_URL and TRAILKEEPER_MAIL_FROM",
            to=mail.to,
            subject=mail.subject,
            text=mail.text,
        )
        return MailResult(mail.message_id or "", is_logged=True)

    async def close(self) -> None:
        """There is nothing to end."""
