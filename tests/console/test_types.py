"""What the console knows of the API is what the API is."""

from __future__ import annotations

from pathlib import Path

import httpx2

from console_types import OPENAPI, TYPES, as_text, write_types
from tests.live import LiveServer

AGAIN = "the API changed: run `make types` and commit what it writes"


def test_the_committed_document_is_that_of_the_application(live_server: LiveServer) -> None:
    document = httpx2.get(f"{live_server.url}/openapi.json", timeout=60).json()
    # Compared by line, for pytest takes minutes to tell how long texts differ.
    served, committed = as_text(document).splitlines(), OPENAPI.read_text().splitlines()
    changed = [line for line, other in zip(served, committed, strict=False) if line != other]
    assert (changed[:3], len(served)) == ([], len(committed)), AGAIN


def test_the_committed_types_are_those_of_the_document(tmp_path: Path) -> None:
    made = tmp_path / "schema.d.ts"
    write_types(OPENAPI, made)
    is_same = TYPES.read_text() == made.read_text()
    assert is_same, AGAIN
