"""The saved place of an import."""

from __future__ import annotations

import uuid
from pathlib import Path

import msgspec
import pytest

from trailkeeper.cli.importing.state import (
    HEAD_BYTES,
    ImportState,
    StateMismatch,
    event_id_for,
    open_state,
    save_state,
    state_path,
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "events.ndjson"
    path.write_bytes(b'{"action":"A"}\n' * 4)
    return path


def opened(source: Path, options: str = "ndjson") -> ImportState:
    with source.open("rb") as file:
        return open_state(source, file, options)


def saved(source: Path, offset: int) -> ImportState:
    state = msgspec.structs.replace(opened(source), offset=offset, line=1, committed=1)
    save_state(source, state)
    return state


def test_what_was_saved_is_what_is_found(source: Path) -> None:
    state = saved(source, 15)
    assert opened(source) == state
    assert sorted(path.name for path in source.parent.iterdir()) == [
        "events.ndjson",
        "events.ndjson.trailkeeper-import",
    ]


def test_a_file_that_has_grown_is_still_the_same(source: Path) -> None:
    state = saved(source, 15)
    with source.open("ab") as file:
        file.write(b"x" * 2 * HEAD_BYTES)
    assert opened(source) == state


@pytest.mark.parametrize("content", [b'{"action":"B"}\n' * 4, b"", b'{"action":"A"}\n'])
def test_another_content_is_refused(source: Path, content: bytes) -> None:
    saved(source, 15)
    source.write_bytes(content)
    with pytest.raises(StateMismatch):
        opened(source)


def test_a_file_cut_behind_its_head_is_refused(source: Path) -> None:
    source.write_bytes(b"x" * 3 * HEAD_BYTES)
    saved(source, 2 * HEAD_BYTES)
    source.write_bytes(b"x" * (2 * HEAD_BYTES - 1))
    with pytest.raises(StateMismatch, match="shorter"):
        opened(source)


def test_other_options_are_refused(source: Path) -> None:
    saved(source, 15)
    with pytest.raises(StateMismatch, match="other options"):
        opened(source, "csv a=b")


def test_a_damaged_state_file_is_refused_and_not_taken_for_none(source: Path) -> None:
    state_path(source).write_bytes(b"{")
    with pytest.raises(StateMismatch, match="not a state file"):
        opened(source)


def test_ids_are_the_same_for_the_same_line_and_never_for_another() -> None:
    first = event_id_for("f", 1, b"{}")
    assert first == event_id_for("f", 1, b"{}")
    parsed = uuid.UUID(first)
    assert (parsed.version, parsed.variant) == (8, uuid.RFC_4122)
    others = {event_id_for("f", 2, b"{}"), event_id_for("g", 1, b"{}"), event_id_for("f", 1, b"[]")}
    assert len(others | {first}) == 4
