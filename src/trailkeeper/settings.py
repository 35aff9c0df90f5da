"""Settings: read once from the environment, checked at once, never printed.

Each setting is `TRAILKEEPER_<NAME>`; any of them may be given as `TRAILKEEPER_<NAME>_FILE`,
the path of a file that holds the value (for secrets mounted as files).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from trailkeeper.errors import ConfigurationError

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
    return Settings(
        data=data,
        host=_text(values, "HOST", "127.0.0.1"),
        port=_integer(values, "PORT", 8080, 1, 65_535),
        events_dsn=_events_dsn(values.get("EVENTS_DSN", f"chdb://{data}/events")),
        metadata_url=_metadata_url(
            values.get("METADATA_URL", f"sqlite+aiosqlite:///{data}/metadata.db")
        ),
        secret_key=_secret_key(values.get("SECRET_KEY")),
        trusted_proxies=_networks(values.get("TRUSTED_PROXIES", "")),
        mmdb=_mmdb(values.get("MMDB")),
        queue_events=_integer(values, "QUEUE_EVENTS", 50_000, 1, 10_000_000),
        queue_bytes=_integer(values, "QUEUE_BYTES", 128 * 1024 * 1024, 1024, 1 << 40),
        engine_memory_bytes=_integer(values, "ENGINE_MEMORY_BYTES", 2 * 1024**3, 1024**3, 1 << 50),
        retention_days=_integer(values, "RETENTION_DAYS", 90, 1, 36_500),
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


def _mmdb(path: str | None) -> Path | None:
    if path is None:
        return None
    if not Path(path).is_file():
        raise _wrong("MMDB", f"{path!r} is not a file", "Name an MMDB file, or leave it out.")
    return Path(path)
