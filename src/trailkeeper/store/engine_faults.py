"""What the events engine's error means to us, at start and in service."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from trailkeeper.errors import ConfigurationError, StorageFull, Unavailable

SHOWN_CHARACTERS: Final = 300
_FULL_MARKS: Final = ("(NOT_ENOUGH_SPACE)", os.strerror(errno.ENOSPC), "errno: 28,")
_DAMAGE_MARKS: Final = (
    "(CHECKSUM_DOESNT_MATCH)",
    "(CORRUPTED_DATA)",
    "(CANNOT_READ_ALL_DATA)",
    "(CANNOT_DECOMPRESS)",
    "(UNKNOWN_CODEC)",
    "(NO_FILE_IN_DATA_PART)",
    "(FILE_DOESNT_EXIST)",
)
_FULL_ERRNOS: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
LOCK_FILE: Final = "status"
"""The engine's own lock: it holds the file of this name in its folder."""


def in_service(error: Exception) -> Unavailable:
    """The error for a caller: StorageFull (STORE_FULL), or Unavailable with STORE_DAMAGED or
    STORE_UNAVAILABLE."""
    if _is_full(error):
        return StorageFull(
            "STORE_FULL",
            "The disk that holds the events is full, or nearly; nothing of this was kept.",
            hint="Make room (the embedded store leaves 256 MiB of its disk free); the service "
            "recovers by itself.",
            retry_after_seconds=30,
        )
    if any(mark in str(error) for mark in _DAMAGE_MARKS):
        return Unavailable(
            "STORE_DAMAGED",
            "A file of the events store is damaged, and this query needs it.",
            hint="The server's log names the file. Keep a copy of the store, then restore it "
            "from a backup.",
            retry_after_seconds=60,
        )
    return Unavailable(
        "STORE_UNAVAILABLE",
        f"The events store did not answer: {first_line(error)}",
        hint="Nothing was lost; try again. The server's log has the whole message.",
    )


def at_start(error: Unavailable, dsn: str) -> ConfigurationError:
    """The error for an operator whose store cannot be opened: which one, why, what to do."""
    target = urlsplit(dsn)
    if target.scheme != "chdb":
        place = f"{target.hostname or 'localhost'}{f':{target.port}' if target.port else ''}"
        return ConfigurationError(
            "EVENTS_STORE_UNAVAILABLE",
            f"The events store at {place} cannot be opened: {error.detail}",
            hint="Is ClickHouse running there, and are user, password and database in "
            "TRAILKEEPER_EVENTS_DSN right?",
            field="TRAILKEEPER_EVENTS_DSN",
        )
    return _embedded_at_start(error, Path(target.path))


def _embedded_at_start(error: Unavailable, folder: Path) -> ConfigurationError:
    if _is_locked(folder / LOCK_FILE):
        return ConfigurationError(
            "EVENTS_STORE_IN_USE",
            f"Another process has the events store {folder} open.",
            hint="An embedded store serves one process at a time: stop the other one, or choose "
            "another TRAILKEEPER_DATA.",
        )
    if isinstance(error, StorageFull):
        return ConfigurationError(
            "EVENTS_STORE_FULL",
            f"The events store {folder} cannot be written: its disk is full.",
            hint="Make room, then start again.",
        )
    if folder.is_file():
        return ConfigurationError(
            "EVENTS_STORE_UNAVAILABLE",
            f"The events store {folder} is a file, not a folder.",
            hint="Move it away, or choose another TRAILKEEPER_DATA.",
        )
    if not os.access(folder if folder.exists() else folder.parent, os.W_OK | os.X_OK):
        return ConfigurationError(
            "EVENTS_STORE_READ_ONLY",
            f"The events store {folder} cannot be written.",
            hint="Give the service's user write access to the folder and all that is in it.",
        )
    return ConfigurationError(
        "EVENTS_STORE_UNAVAILABLE",
        f"The events store {folder} cannot be opened: {error.detail}",
        hint="If the folder is damaged, restore it from a backup, or move it away to start with "
        "an empty one.",
    )


def first_line(error: Exception) -> str:
    text = str(error).strip()
    return text.splitlines()[0][:SHOWN_CHARACTERS] if text else type(error).__name__


def _is_full(error: Exception) -> bool:
    if isinstance(error, OSError) and error.errno in _FULL_ERRNOS:
        return True
    text = str(error)
    return any(mark in text for mark in _FULL_MARKS)


def _is_locked(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
