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
    assert server.surprises() == []
