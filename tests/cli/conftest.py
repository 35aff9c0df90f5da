"""The command line as a function, against a real server."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from tests.live import LiveServer
from trailkeeper.cli import main


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Cli = Callable[..., Outcome]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Runs `trailkeeper` with its arguments; nothing of the surrounding settings reaches it."""
    for name in [name for name in os.environ if name.startswith("TRAILKEEPER_")]:
        monkeypatch.delenv(name)

    def run(*arguments: object) -> Outcome:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(each) for each in arguments])
        out, err = capsys.readouterr()
        code = left.value.code
        return Outcome(code if isinstance(code, int) else 0, out, err)

    return run


@pytest.fixture
def online(cli: Cli, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The same, with the address and key of a live server in the environment."""
    monkeypatch.setenv("TRAILKEEPER_URL", live_server.url)
    monkeypatch.setenv("TRAILKEEPER_API_KEY", live_server.api_key)
    return cli
