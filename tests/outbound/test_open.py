"""From settings to the way out: what is opened, and what an operator is warned of at start."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import structlog

from tests.outbound.certificates import Authority
from tests.outbound.far_http import FakeDns, FarEnd
from tests.outbound.far_smtp import mail_server
from trailkeeper.outbound.errors import OutboundRefused
from trailkeeper.outbound.logged import LoggingMailer
from trailkeeper.outbound.mail import Mail
from trailkeeper.outbound.open import mail_warnings, open_mailer, open_outbound
from trailkeeper.settings import Settings, read_settings

MAIL_SET = {"SMTP_URL": "smtp://mail.example.com", "MAIL_FROM": "audit@example.com"}


def now() -> datetime:
    return datetime.now(UTC)


def settings(**values: str) -> Settings:
    return read_settings({f"TRAILKEEPER_{name}": value for name, value in values.items()})


async def test_the_allow_list_of_the_settings_holds(far: FarEnd, dns: FakeDns) -> None:
    far.answers_with("/")
    url = f"http://far.test:{far.port}/"
    with pytest.raises(OutboundRefused):
        await open_outbound(settings(), dns).get(url)
    opened = open_outbound(settings(OUTBOUND_ALLOW=f"far.test:{far.port}"), dns)
    assert (await opened.get(url)).status == 200


async def test_the_authority_of_the_settings_is_trusted_by_mail_too(authority: Authority) -> None:
    async with mail_server(starttls=authority.server("localhost")) as far:
        given = settings(
            SMTP_URL=f"smtp://localhost:{far.port}",
            MAIL_FROM="audit@example.com",
            OUTBOUND_CA=str(authority.path),
        )
        mailer = open_mailer(given, now)
        result = await mailer.send(Mail("ada@example.com", "Hello", "text"))
        await mailer.close()
    assert not result.is_logged
    assert far.was_encrypted == [True]


def test_without_mail_settings_the_log_is_used_with_a_clear_warning() -> None:
    with structlog.testing.capture_logs() as logs:
        mailer = open_mailer(settings(), now)
    assert isinstance(mailer, LoggingMailer)
    assert [entry["log_level"] for entry in logs] == ["warning"]
    assert "mail is not configured" in logs[0]["event"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, ["mail is not configured"]),
        ({**MAIL_SET, "PUBLIC_URL": "https://audit.example.com"}, []),
        (MAIL_SET, ["only this machine can open"]),
        ({**MAIL_SET, "PUBLIC_URL": "http://audit.example.com"}, ["is not https"]),
        (
            {
                **MAIL_SET,
                "SMTP_URL": "smtp://ada:hunter2@mail.example.com?starttls=off",
                "PUBLIC_URL": "https://audit.example.com",
            },
            ["user and password go over the network unencrypted"],
        ),
        (
            {
                **MAIL_SET,
                "SMTP_URL": "smtp://ada:hunter2@localhost?starttls=off",
                "PUBLIC_URL": "https://audit.example.com",
            },
            [],
        ),
    ],
)
def test_what_is_doubtful_is_told_at_start(given: dict[str, str], told: list[str]) -> None:
    warnings = list(mail_warnings(settings(**given)))
    assert len(warnings) == len(told)
    for warning, part in zip(warnings, told, strict=True):
        assert part in warning
        assert "hunter2" not in warning
