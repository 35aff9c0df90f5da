"""A start that cannot succeed ends as docs/operations.md says: exit code 2, a code, a hint."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live import LiveServer, free_port

SECONDS = 60


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_port_that_is_taken(live_server: LiveServer, tmp_path: Path, host: str) -> None:
    port = str(live_server.port)
    code, told = start({"DATA": str(tmp_path / "data"), "HOST": host, "PORT": port})
    assert code == 2
    assert "error[ADDRESS_UNUSABLE]" in told
    assert port in told
    assert "hint: " in told


def test_a_data_folder_that_is_in_use(live_server: LiveServer) -> None:
    code, told = start({"DATA": str(live_server.data), "PORT": str(free_port())})
    assert code == 2
    assert "error[EVENTS_STORE_IN_USE]" in told
    assert str(live_server.data) in told.replace("\n", "")


def test_an_unknown_setting(tmp_path: Path) -> None:
    code, told = start({"DATA": str(tmp_path / "data"), "PROT": "8080"})
    assert code == 2
    assert "error[INVALID_SETTING]" in told
    assert "TRAILKEEPER_PROT" in told


def start(settings: dict[str, str]) -> tuple[int, str]:
    """The exit code of `serve`, and what it told on standard error."""
    environ = {name: value for name, value in os.environ.items() if "TRAILKEEPER_" not in name}
    environ |= {f"TRAILKEEPER_{name}": value for name, value in settings.items()}
    ended = subprocess.run(
        [sys.executable, "-m", "trailkeeper.cli", "serve"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    return ended.returncode, ended.stderr
