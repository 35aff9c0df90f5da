"""The way out as the settings describe it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from urllib.parse import urlsplit

import structlog

from trailkeeper.outbound.http import OutboundClient
from trailkeeper.outbound.logged import LoggingMailer
from trailkeeper.outbound.mail import Mailer
from trailkeeper.outbound.reach import AllowList
from trailkeeper.outbound.resolve import Resolver, resolve_by_system
from trailkeeper.outbound.smtp import SmtpMailer
from trailkeeper.outbound.tls import client_context
from trailkeeper.outbound_settings import is_loopback
from trailkeeper.settings import Settings

log = structlog.get_logger(__name__)


def open_outbound(settings: Settings, resolver: Resolver = resolve_by_system) -> OutboundClient:
    """Raises ConfigurationError(OUTBOUND_CA_UNUSABLE)."""
    context = client_context(settings.outbound_ca)
    return OutboundClient(AllowList(settings.outbound_allow), context, resolver)


def open_mailer(settings: Settings, clock: Callable[[], datetime]) -> Mailer:
    """The operator's mail server, or the log. Says in the log what is doubtful.

    Opens no connection yet: a mail server that is away at start is no reason not to start.
    Raises ConfigurationError(OUTBOUND_CA_UNUSABLE).
    """
    for warning in mail_warnings(settings):
        log.warning(warning)
    if settings.smtp is None or settings.mail_from is None:
        return LoggingMailer()
    context = client_context(settings.outbound_ca)
    return SmtpMailer(settings.smtp, settings.mail_from, context, clock)


def mail_warnings(settings: Settings) -> Iterator[str]:
    """What of the mail settings works, but will not do for others than oneself."""
    public = urlsplit(settings.public_url)
    is_local = is_loopback(public.hostname or "")
    if settings.smtp is None:
        yield (
            "mail is not configured: mails and their links are written to this log; "
            "set TRAILKEEPER_SMTP_URL and TRAILKEEPER_MAIL_FROM"
        )
    elif is_local:
        yield (
            f"mailed links lead to {settings.public_url}, which only this machine can open; "
            "set TRAILKEEPER_PUBLIC_URL"
        )
    if public.scheme == "http" and not is_local:
        yield (
            f"TRAILKEEPER_PUBLIC_URL {settings.public_url} is not https: "
            "whoever listens on the way can use mailed links"
        )
    smtp = settings.smtp
    if smtp is not None and smtp.is_plain and not is_loopback(smtp.host):
        what = "mails" if smtp.user is None else "mails, user and password"
        yield f"TRAILKEEPER_SMTP_URL has starttls=off: {what} go over the network unencrypted"
