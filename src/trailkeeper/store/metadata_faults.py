"""What a database driver's error means to us, at start and in service."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from trailkeeper.errors import ConfigurationError, StorageFull, Unavailable

PRIMARY_CODE: Final = 0xFF
"""SQLite's extended result codes carry their primary code in the lowest byte."""

CORRUPT: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
UNWRITABLE: Final = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM})
OURS: Final = frozenset({sqlite3.SQLITE_ERROR, sqlite3.SQLITE_READONLY})
"""A wrong statement, a write while reading: faults of the code, not of the file or the disk."""

PG_DISK_FULL: Final = "53100"
PG_PASSWORD_CLASS: Final = "28"
PG_NO_SUCH_DATABASE: Final = "3D000"
PG_OUTAGE_CLASSES: Final = ("08", "53", "57", "58")
"""SQLSTATE classes of connection faults, lack of resources, shutdown and system errors."""


def at_start(error: DBAPIError | OSError | sqlite3.Error, url: URL) -> ConfigurationError:
    """The error for an operator whose database cannot be opened: what, where, what to do."""
    place = _place(url)
    code = _sqlite_code(error)
    if code in CORRUPT:
        return ConfigurationError(
            "METADATA_CORRUPT",
            f"{place} is damaged or is not a metadata database.",
            hint="Restore it from a backup, or move it away to start with an empty one.",
        )
    if code in UNWRITABLE:
        return ConfigurationError(
            "METADATA_READ_ONLY",
            f"{place} cannot be written.",
            hint="Give the service's user write access to the file and to its folder.",
        )
    if code == sqlite3.SQLITE_FULL or _sqlstate(error) == PG_DISK_FULL:
        return ConfigurationError(
            "METADATA_FULL",
            f"{place} cannot be written: its disk is full.",
            hint="Make room, then start again.",
        )
    if code in BUSY:
        return ConfigurationError(
            "METADATA_BUSY",
            f"{place} is locked by another process.",
            hint="Wait until the other process has started, or stop it.",
        )
    return ConfigurationError(
        "METADATA_UNREACHABLE",
        f"{place} cannot be opened: {_reason(error)}",
        hint=_unreachable_hint(error, url),
    )


def in_service(error: DBAPIError | PoolTimeoutError) -> Unavailable | None:
    """The error for a caller where the database is at fault; None where the statement is."""
    if isinstance(error, PoolTimeoutError) or _sqlite_code(error) in BUSY:
        return Unavailable("METADATA_BUSY", "Too many changes are waiting.", retry_after_seconds=2)
    if _sqlite_code(error) == sqlite3.SQLITE_FULL or _sqlstate(error) == PG_DISK_FULL:
        return StorageFull(
            "METADATA_FULL",
            "The disk that holds the metadata is full.",
            hint="Make room; the service recovers by itself.",
            retry_after_seconds=30,
        )
    if isinstance(error, IntegrityError):
        return None
    if error.connection_invalidated or _is_outage(error):
        return unavailable()
    return None


def unavailable() -> Unavailable:
    return Unavailable("METADATA_UNAVAILABLE", "The metadata database does not answer.")


def _is_outage(error: DBAPIError) -> bool:
    state = _sqlstate(error)
    if state is not None:
        return state.startswith(PG_OUTAGE_CLASSES)
    code = _sqlite_code(error)
    if code is not None:
        return code not in OURS and isinstance(error, OperationalError)
    return isinstance(error, InterfaceError)


def _place(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return f"The metadata file {url.database}"
    return f"The metadata database {url.render_as_string(hide_password=True)}"


def _unreachable_hint(error: Exception, url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return "The folder must exist, and the service's user must be able to write to it."
    state = _sqlstate(error) or ""
    if state == PG_NO_SUCH_DATABASE:
        return f'Create it: createdb "{url.database}".'
    if state.startswith(PG_PASSWORD_CLASS):
        return "Check user and password in TRAILKEEPER_METADATA_URL."
    return "Is PostgreSQL running, and are host and port in TRAILKEEPER_METADATA_URL right?"


def _reason(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return (str(cause).splitlines() or [type(cause).__name__])[0]


def _sqlite_code(error: Exception) -> int | None:
    cause = error.driver_exception if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    return None if code is None else code & PRIMARY_CODE


def _sqlstate(error: Exception) -> str | None:
    return getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
