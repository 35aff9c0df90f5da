"""Fixtures of the fault tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.server import FaultServer


@pytest.fixture
def fault_server(tmp_path: Path) -> Iterator[FaultServer]:
    """A server for one test alone, not yet started; nothing may surprise it."""
    server = FaultServer(tmp_path / "server")
    yield server
    server.kill()
    surprises = [line for line in server.log.read_text().splitlines() if is_surprise(line)]
    assert not surprises, "\n".join(surprises[:20])


def is_surprise(line: str) -> bool:
    """Whether a line of the server's log tells of what the code did not foresee."""
    return any(mark in line for mark in ("internal_error", "Traceback", "broke", "never awaited"))
