"""Where an import stands: a small file beside the input, replaced after each batch.

The fingerprint of the input's head tells whether it is still the same file; a file that has
grown at its end is, and the import goes on with what is new.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from trailkeeper.cli.importing.records import Place

HEAD_BYTES: Final = 64 * 1024
STATE_SUFFIX: Final = ".trailkeeper-import"
REJECTS_SUFFIX: Final = ".rejects.ndjson"


class ImportState(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Saved progress. `rejects_bytes` is the length of the rejects file at this place."""

    fingerprint: str
    head_bytes: int
    options: str
    offset: int = 0
    line: int = 0
    committed: int = 0
    duplicate: int = 0
    rejected: int = 0
    rejects_bytes: int = 0
    finished: bool = False

    @property
    def place(self) -> Place:
        return Place(self.offset, self.line)


class StateMismatch(ValueError):
    """The state file belongs to another content or other options."""


def state_path(source: Path) -> Path:
    return source.with_name(source.name + STATE_SUFFIX)


def rejects_path(source: Path) -> Path:
    return source.with_name(source.name + REJECTS_SUFFIX)


def fingerprint_of(file: BinaryIO, head_bytes: int) -> str:
    """SHA-256 of the first `head_bytes`, in hex."""
    file.seek(0)
    return hashlib.sha256(file.read(head_bytes)).hexdigest()


def open_state(source: Path, file: BinaryIO, options: str) -> ImportState:
    """The saved state of this file, or a fresh one.

    Raises StateMismatch when the state file is of another content, or other options, or is
    not readable: going on would import some records twice or never.
    """
    path = state_path(source)
    if not path.exists():
        head_bytes = min(HEAD_BYTES, source.stat().st_size)
        return ImportState(
            fingerprint=fingerprint_of(file, head_bytes), head_bytes=head_bytes, options=options
        )
    try:
        state = msgspec.json.decode(path.read_bytes(), type=ImportState)
    except msgspec.DecodeError as error:
        raise StateMismatch(f"{path} is not a state file: {error}") from None
    if fingerprint_of(file, state.head_bytes) != state.fingerprint:
        raise StateMismatch(f"{source} is not the file that {path} was written for")
    if source.stat().st_size < state.offset:
        raise StateMismatch(f"{source} is shorter than what was already imported from it")
    if state.options != options:
        raise StateMismatch(f"the import was begun with other options: {state.options}")
    return state


def save_state(source: Path, state: ImportState) -> None:
    """Replaces the state file as a whole: after a crash it is the old one or the new one."""
    path = state_path(source)
    temporary = path.with_name(path.name + ".new")
    with temporary.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(state), indent=2) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def event_id_for(fingerprint: str, line: int, content: bytes) -> str:
    """The same id for the same line of the same file, always (a UUIDv8, RFC 9562 §5.8).

    The content takes part because two files may share their head: lines that differ must
    never look like duplicates of each other.
    """
    digest = hashlib.sha256(f"{fingerprint}:{line}:".encode() + content).digest()
    value = int.from_bytes(digest[:16])
    value = value & ~(0xF << 76) | 0x8 << 76
    value = value & ~(0b11 << 62) | 0b10 << 62
    return str(uuid.UUID(int=value))
