"""Fixtures: a real server in a process of its own, as an operator would start it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

START_SECONDS = 60.0
STOP_SECONDS = 30.0
TOKEN = re.compile(r"tk_[0-9a-f]+_[0-9a-f]+")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class LiveServer:
    """A server process and how to reach it. `start` again after a kill keeps its data."""

    data: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    api_key: str = ""
    arguments: tuple[str, ...] = ()
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    @property
    def printed(self) -> Path:
        """What it told on the terminal at its last start."""
        return self.data / "printed.txt"

    def start(self) -> LiveServer:
        """Returns when the server is ready; keeps the first key that it ever printed."""
        self.data.mkdir(parents=True, exist_ok=True)
        environ = {
            name: value for name, value in os.environ.items() if not name.startswith("TRAILKEEPER_")
        }
        environ |= {
            "TRAILKEEPER_DATA": str(self.data),
            "TRAILKEEPER_PORT": str(self.port),
            **self.settings,
        }
        with self.printed.open("w") as out, self.log.open("a") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "trailkeeper.cli", "serve", *self.arguments],
                env=environ,
                stdout=out,
                stderr=err,
                stdin=subprocess.DEVNULL,
                text=True,
            )
        self._wait_ready()
        found = TOKEN.search(self.printed.read_text())
        if found is not None:
            self.api_key = found.group()
        return self

    def kill(self) -> None:
        """Pulls the plug."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Stops it as an operator would; returns its exit code."""
        return self._end(signal.SIGTERM)

    def client(self, api_key: str | None = None, timeout: float = 30.0) -> httpx2.Client:
        """A plain HTTP client with the server's first key, or another."""
        token = self.api_key if api_key is None else api_key
        return httpx2.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {token}"}, timeout=timeout
        )

    def _end(self, how: signal.Signals) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(how)
        code = self.process.wait(STOP_SECONDS)
        self.process = None
        return code

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                raise RuntimeError(f"the server did not start:\n{self.log.read_text()[-4000:]}")
            try:
                if httpx2.get(f"{self.url}/readyz", timeout=5).status_code == 200:
                    return
            except httpx2.HTTPError:
                pass
            time.sleep(0.05)
        raise RuntimeError(f"the server is not ready:\n{self.log.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """One server for all tests that do not mind each other's events."""
    server = LiveServer(tmp_path_factory.mktemp("live") / "data").start()
    yield server
    server.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[LiveServer]:
    """A server for one test alone, not yet started."""
    server = LiveServer(tmp_path / "data")
    yield server
    server.stop()
