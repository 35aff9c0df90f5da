"""Every setting that is wrong is refused by name, with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from trailkeeper.errors import ConfigurationError
from trailkeeper.settings import DOCUMENTED, PREFIX, read_settings

WRONG = [
    ("DATA", "", "empty"),
    ("HOST", "", "empty"),
    ("HOST", " ", "empty"),
    ("PORT", "http", "whole number"),
    ("PORT", "0", "out of range"),
    ("PORT", "65536", "out of range"),
    ("EVENTS_DSN", "mysql://host/db", "ClickHouse"),
    ("EVENTS_DSN", "", "ClickHouse"),
    ("METADATA_URL", "mysql://host/db", "SQLite"),
    ("METADATA_URL", "", "SQLite"),
    ("SECRET_KEY", "hunter2", "too short"),
    ("SECRET_KEY", "", "too short"),
    ("TRUSTED_PROXIES", "10.0.0.0/8,proxy.local", "proxy.local"),
    ("TRUSTED_PROXIES", "10.0.0.1/8", "10.0.0.1/8"),
    ("MMDB", "/nowhere/city.mmdb", "/nowhere/city.mmdb"),
    ("QUEUE_EVENTS", "0", "out of range"),
    ("QUEUE_EVENTS", "1e6", "whole number"),
    ("QUEUE_BYTES", "-1", "out of range"),
    ("QUEUE_BYTES", "128MB", "whole number"),
    ("ENGINE_MEMORY_BYTES", "1024", "out of range"),
    ("ENGINE_MEMORY_BYTES", "2G", "whole number"),
    ("RETENTION_DAYS", "0", "out of range"),
    ("RETENTION_DAYS", "forever", "whole number"),
    ("PUBLIC_URL", "", "no http or https address"),
    ("PUBLIC_URL", "audit.example.com", "audit.example.com"),
    ("PUBLIC_URL", "ftp://audit.example.com", "no http or https address"),
    ("PUBLIC_URL", "https://audit.example.com/console", "more than scheme, host and port"),
    ("PUBLIC_URL", "https://audit.example.com?", "more than scheme, host and port"),
    ("PUBLIC_URL", "https://ada@audit.example.com", "more than scheme, host and port"),
    ("PUBLIC_URL", "https://audit.example.com:99999", "port"),
    ("PUBLIC_URL", "https://audit.example.com\r\nX: y", "no http or https address"),
    ("SMTP_URL", "", "neither with smtp://"),
    ("SMTP_URL", "http://mail.example.com", "neither with smtp://"),
    ("SMTP_URL", "smtp://", "names no host"),
    ("SMTP_URL", "smtp://ada:hunter2@mail.example.com:0", "port"),
    ("SMTP_URL", "smtp://ada:hunter2@mail.example.com:99999", "port"),
    ("SMTP_URL", "smtp://ada:hunter2@mail.example.com?starttls=maybe", "starttls"),
    ("SMTP_URL", "smtps://ada:hunter2@mail.example.com?starttls=off", "option"),
    ("SMTP_URL", "smtp://ada:hunter2@mail.example.com?verify=off", "option"),
    ("SMTP_URL", "smtp://ada:hunter2@mail.example.com/inbox", "more than a host"),
    ("SMTP_URL", "smtp://ada@mail.example.com", "user without a password"),
    ("SMTP_URL", "smtp://ada:hunter2%0d%0aQUIT@mail.example.com", "control character"),
    ("SMTP_URL", "smtp://ada:hunter2@mail.example.com\r\n", "control character"),
    ("MAIL_FROM", "", "no e-mail address"),
    ("MAIL_FROM", "audit", "no e-mail address"),
    ("MAIL_FROM", "audit@example.com, eve@example.com", "no e-mail address"),
    ("MAIL_FROM", "Audit\r\nBcc: eve@example.com <audit@example.com>", "control character"),
    ("OUTBOUND_ALLOW", "https://hooks.lan/", "no host name"),
    ("OUTBOUND_ALLOW", "10.0.0.1/8", "10.0.0.1/8"),
    ("OUTBOUND_ALLOW", "hooks.lan:0", "no port"),
    ("OUTBOUND_ALLOW", "hooks lan", "no host name"),
    ("OUTBOUND_ALLOW", "*", "no host name"),
    ("OUTBOUND_CA", "/nowhere/ca.pem", "/nowhere/ca.pem"),
    ("SESSION_IDLE_HOURS", "0", "out of range"),
    ("SESSION_MAX_DAYS", "9999", "out of range"),
    ("LOG_LEVEL", "LOUD", "LOUD"),
    ("LOG_FORMAT", "xml", "xml"),
]


@pytest.mark.parametrize(("name", "value", "told"), WRONG)
def test_a_wrong_value_is_refused_by_name(name: str, value: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        read_settings({PREFIX + name: value})
    error = raised.value
    assert error.code == "INVALID_SETTING"
    assert error.field == PREFIX + name
    assert error.detail.startswith(f"{PREFIX}{name}: ")
    assert told in error.detail
    assert error.hint
    if name == "SECRET_KEY" and value:
        assert value not in error.detail + error.hint
    assert "hunter2" not in error.detail


def test_every_setting_has_a_wrong_value() -> None:
    assert {name for name, _, _ in WRONG} == DOCUMENTED.keys()


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="TRAILKEEPER_PROT: is not a setting") as raised:
        read_settings({"TRAILKEEPER_PROT": "80"})
    assert raised.value.hint is not None
    assert "TRAILKEEPER_PORT" in raised.value.hint


def test_a_value_given_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "port"
    path.write_text("8081")
    with pytest.raises(ConfigurationError, match="given twice"):
        read_settings({"TRAILKEEPER_PORT": "8080", "TRAILKEEPER_PORT_FILE": str(path)})


def test_a_value_from_a_file_is_checked_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("  " + "k" * 40 + "\n")
    assert read_settings({"TRAILKEEPER_SECRET_KEY_FILE": str(path)}).secret_key == "k" * 40
    path.write_text("short\n")
    with pytest.raises(ConfigurationError, match="too short"):
        read_settings({"TRAILKEEPER_SECRET_KEY_FILE": str(path)})
    with pytest.raises(ConfigurationError, match="TRAILKEEPER_SECRET_KEY_FILE: cannot be read"):
        read_settings({"TRAILKEEPER_SECRET_KEY_FILE": str(tmp_path / "missing")})


def test_secrets_are_never_printed() -> None:
    settings = read_settings(
        {
            "TRAILKEEPER_SECRET_KEY": "k" * 40,
            "TRAILKEEPER_METADATA_URL": "postgresql://alice:hunter2@host/db",
            "TRAILKEEPER_EVENTS_DSN": "clickhouse://alice:hunter3@host/db",
            "TRAILKEEPER_SMTP_URL": "smtp://alice:hunter4@host",
            "TRAILKEEPER_MAIL_FROM": "audit@example.com",
        }
    )
    assert settings.smtp is not None
    assert settings.smtp.password == "hunter4"
    for secret in ("k" * 40, "hunter2", "hunter3", "hunter4"):
        assert secret not in repr(settings)
