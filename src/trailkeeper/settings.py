"""Settings: read once from the environment, checked at once, never printed.

Each setting is `TRAILKEEPER_<NAME>`; any of them may be given as `TRAILKEEPER_<NAME>_FILE`,
the path of a file that holds the value (for secrets mounted as files).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from trailkeeper.errors import ConfigurationError
from trailkeeper.outbound_settings import (
    Allowed,
    Mailbox,
    SmtpServer,
    default_public_url,
    read_allowed,
    read_mailbox,
    read_public_url,
    read_smtp_url,
)

T = TypeVar("T")

PREFIX = "TRAILKEEPER_"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

DOCUMENTED: dict[str, str] = {
    "DATA": "folder for the embedded stores and the secret key (default: ./data)",
    "HOST": "address to listen on (default: 127.0.0.1)",
    "PORT": "port to listen on (default: 8080)",
    "EVENTS_DSN": "ClickHouse DSN of the events store (default: chdb://<data>/events)",
    "METADATA_URL": "SQLAlchemy URL of the metadata (default: SQLite in <data>)",
    "SECRET_KEY": "at least 32 characters; signs cursors, hashes API keys "
    "(default: made at first start, kept in <data>/secret.key)",
    "TRUSTED_PROXIES": "comma-separated networks whose X-Forwarded-For is believed (default: none)",
    "MMDB": "path of a GeoIP City database in MMDB format (default: none; locations stay empty)",
    "QUEUE_EVENTS": "events that may wait for their commit before 503 (default: 50000)",
    "QUEUE_BYTES": "request bytes that may be in flight before 503 (default: 134217728)",
    "ENGINE_MEMORY_BYTES": "memory cap of the embedded engine (default: 2147483648)",
    "RETENTION_DAYS": "retention of a new organization, in days (default: 90)",
    "PUBLIC_URL": "where people reach the service, the base of links in mails "
    "(default: http://<host>:<port>)",
    "SMTP_URL": "mail server, smtp://user:password@host:587 or smtps://user:password@host "
    "(default: none; mails are written to the log)",
    "MAIL_FROM": "sender of mails, like Trailkeeper <audit@example.com> "
    "(needed with SMTP_URL; default: none)",
    "OUTBOUND_ALLOW": "comma-separated host names, host:port or networks that calls may go to "
    "though they are private (default: none)",
    "OUTBOUND_CA": "path of a PEM file of certificate authorities to trust beside the system's "
    "(default: none)",
    "SESSION_IDLE_HOURS": "hours after which an unused session ends (default: 12)",
    "SESSION_MAX_DAYS": "days after which any session ends (default: 30)",
    "LOG_LEVEL": "DEBUG, INFO, WARNING or ERROR (default: INFO)",
    "LOG_FORMAT": "console or json (default: json)",
}

CLIENT_NAMES = frozenset({"URL", "API_KEY", "API_KEY_FILE"})
"""What the command line reads as a client: none of the server's business, and no mistake."""

MIN_SECRET_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Settings:
    """Checked settings. What may hold a secret is left out of `repr`."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8080
    events_dsn: str = field(default="", repr=False)
    metadata_url: str = field(default="", repr=False)
    secret_key: str | None = field(default=None, repr=False)
    trusted_proxies: tuple[Network, ...] = ()
    mmdb: Path | None = None
    queue_events: int = 50_000
    queue_bytes: int = 128 * 1024 * 1024
    engine_memory_bytes: int = 2 * 1024**3
    retention_days: int = 90
    public_url: str = "http://127.0.0.1:8080"
    smtp: SmtpServer | None = None
    mail_from: Mailbox | None = None
    outbound_allow: tuple[Allowed, ...] = ()
    outbound_ca: Path | None = None
    session_idle: timedelta = timedelta(hours=12)
    session_lifetime: timedelta = timedelta(days=30)
    is_demo: bool = False
    log_level: str = "INFO"
    log_format: str = "json"

    @property
    def is_embedded(self) -> bool:
        return self.events_dsn.startswith("chdb:")


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Reads and checks all settings.

    Raises ConfigurationError that names the setting, what was wrong and what to write.
    """
    values = _collect(environ)
    data = Path(_text(values, "DATA", "./data")).absolute()
    host = _text(values, "HOST", "127.0.0.1")
    port = _integer(values, "PORT", 8080, 1, 65_535)
    return Settings(
        data=data,
        host=host,
        port=port,
        events_dsn=_events_dsn(values.get("EVENTS_DSN", f"chdb://{data}/events")),
        metadata_url=_metadata_url(
            values.get("METADATA_URL", f"sqlite+aiosqlite:///{data}/metadata.db")
        ),
        secret_key=_secret_key(values.get("SECRET_KEY")),
        trusted_proxies=_networks(values.get("TRUSTED_PROXIES", "")),
        mmdb=_file(values, "MMDB", "Name an MMDB file, or leave it out."),
        queue_events=_integer(values, "QUEUE_EVENTS", 50_000, 1, 10_000_000),
        queue_bytes=_integer(values, "QUEUE_BYTES", 128 * 1024 * 1024, 1024, 1 << 40),
        engine_memory_bytes=_integer(values, "ENGINE_MEMORY_BYTES", 2 * 1024**3, 1024**3, 1 << 50),
        retention_days=_integer(values, "RETENTION_DAYS", 90, 1, 36_500),
        public_url=_parsed(values, "PUBLIC_URL", read_public_url, "https://audit.example.com")
        or default_public_url(host, port),
        smtp=_parsed(values, "SMTP_URL", read_smtp_url, "smtp://user:password@mail.example.com"),
        mail_from=_mail_from(values),
        outbound_allow=_parsed(values, "OUTBOUND_ALLOW", read_allowed, "hooks.lan,10.0.0.0/8")
        or (),
        outbound_ca=_file(values, "OUTBOUND_CA", "Name a PEM file, or leave it out."),
        session_idle=timedelta(hours=_integer(values, "SESSION_IDLE_HOURS", 12, 1, 8760)),
        session_lifetime=timedelta(days=_integer(values, "SESSION_MAX_DAYS", 30, 1, 365)),
        log_level=_one_of(values, "LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")),
        log_format=_one_of(values, "LOG_FORMAT", "json", ("json", "console")),
    )


def _wrong(name: str, detail: str, hint: str) -> ConfigurationError:
    return ConfigurationError(
        "INVALID_SETTING", f"{PREFIX}{name}: {detail}", hint=hint, field=f"{PREFIX}{name}"
    )


def _collect(environ: Mapping[str, str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for variable, value in environ.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX)
        if name in CLIENT_NAMES:
            continue
        from_file = name.endswith("_FILE") and name.removesuffix("_FILE") in DOCUMENTED
        if from_file:
            name = name.removesuffix("_FILE")
        if name not in DOCUMENTED:
            known = ", ".join(PREFIX + each for each in DOCUMENTED)
            raise _wrong(name, "is not a setting", f"The settings are: {known}.")
        if name in values:
            raise _wrong(name, "is given twice, as a value and as _FILE", "Keep one of the two.")
        values[name] = _read_file(name, value) if from_file else value
    return values


def _read_file(name: str, path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(f"{name}_FILE", f"cannot be read: {error}", "Check path and rights.") from None


def _text(values: dict[str, str], name: str, default: str) -> str:
    # An empty host would mean every address of the machine, an empty path the current folder.
    text = values.get(name, default)
    if not text.strip():
        raise _wrong(name, "is empty", f"Write e.g. {default}, or leave it out.")
    return text


def _integer(values: dict[str, str], name: str, default: int, low: int, high: int) -> int:
    text = values.get(name)
    if text is None:
        return default
    try:
        number = int(text)
    except ValueError:
        raise _wrong(name, f"{text!r} is not a whole number", f"Write e.g. {default}.") from None
    if not low <= number <= high:
        raise _wrong(name, f"{number} is out of range", f"Write a number from {low} to {high}.")
    return number


def _one_of(values: dict[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    text = values.get(name, default)
    for each in allowed:
        if text.lower() == each.lower():
            return each
    raise _wrong(name, f"{text!r} is not known", f"Write one of {', '.join(allowed)}.")


def _events_dsn(dsn: str) -> str:
    if dsn.split(":", 1)[0] not in ("chdb", "clickhouse", "clickhouses", "http", "https"):
        raise _wrong(
            "EVENTS_DSN",
            "is not a ClickHouse DSN",
            "Write chdb:///path, clickhouse://host/db or clickhouses://host/db.",
        )
    return dsn


def _metadata_url(url: str) -> str:
    for given, driver in (
        ("postgresql://", "postgresql+asyncpg://"),
        ("postgres://", "postgresql+asyncpg://"),
        ("sqlite://", "sqlite+aiosqlite://"),
    ):
        if url.startswith(given):
            url = driver + url.removeprefix(given)
    if not url.startswith(("postgresql+asyncpg://", "sqlite+aiosqlite://")):
        raise _wrong(
            "METADATA_URL", "is neither SQLite nor PostgreSQL", "Write postgresql://user@host/db."
        )
    return url


def _secret_key(secret: str | None) -> str | None:
    if secret is not None and len(secret) < MIN_SECRET_LENGTH:
        raise _wrong("SECRET_KEY", "is too short", f"Use at least {MIN_SECRET_LENGTH} characters.")
    return secret


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise _wrong("TRUSTED_PROXIES", str(error), "Write e.g. 10.0.0.0/8,fd00::/8.") from None


def _file(values: dict[str, str], name: str, hint: str) -> Path | None:
    path = values.get(name)
    if path is None:
        return None
    if not Path(path).is_file():
        raise _wrong(name, f"{path!r} is not a file", hint)
    return Path(path)


def _parsed(values: dict[str, str], name: str, read: Callable[[str], T], example: str) -> T | None:
    text = values.get(name)
    if text is None:
        return None
    try:
        return read(text)
    except ValueError as error:
        raise _wrong(name, str(error), f"Write e.g. {example}.") from None


def _mail_from(values: dict[str, str]) -> Mailbox | None:
    example = "Trailkeeper <audit@example.com>"
    sender = _parsed(values, "MAIL_FROM", read_mailbox, example)
    if sender is None and "SMTP_URL" in values:
        raise _wrong("MAIL_FROM", "is missing: SMTP_URL needs a sender", f"Write e.g. {example}.")
    return sender
