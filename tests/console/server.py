"""The real service with the demo's data and the built console, as a person would meet it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.live import LiveServer
from trailkeeper.console.dist import is_built

LOAD_SECONDS = 600.0
LOADED = re.compile(
    r"demo: ([\d,]+) events committed, 0 rejected|the log holds ([\d,]+) events already"
)
NOT_LOADED = re.compile(r"the demo could not be loaded.*|demo: .* [1-9][\d,]* rejected")
SIGN_IN = re.compile(r"^\s+([A-Z_]+) +(\S+@\S+) +(demo-\S+)$", re.MULTILINE)
LAG = re.compile(r'^trailkeeper_follower_lag_events\{follower="(\w+)"\} (\S+)$', re.MULTILINE)
FOLLOWERS = ("directory", "detect")


@dataclass(frozen=True)
class Console:
    """A running service. `people` are the demo's sign-ins: role to e-mail and password."""

    server: LiveServer
    people: dict[str, tuple[str, str]]

    @property
    def url(self) -> str:
        """By name: browsers take `localhost` for a relying party of passkeys, no address."""
        return f"http://localhost:{self.server.port}"


@contextmanager
def running_console(data: Path) -> Iterator[Console]:
    """Starts it, loads the demo whole, and waits until all that follows events has seen it."""
    assert is_built(), "the console is not built: run `make console` (`make test` does)"
    server = LiveServer(data, arguments=("--demo",))
    server.settings["TRAILKEEPER_PUBLIC_URL"] = f"http://localhost:{server.port}"
    began = time.monotonic()
    try:
        server.start()
        events = _wait_until_loaded(server)
        print(f"console: {events} demo events in {time.monotonic() - began:.0f} s")
        people = {
            role: (email, password)
            for role, email, password in SIGN_IN.findall(server.printed.read_text())
        }
        assert people, server.printed.read_text()
        yield Console(server, people)
    finally:
        server.stop()


def _wait_until_loaded(server: LiveServer) -> str:
    deadline = time.monotonic() + LOAD_SECONDS
    while time.monotonic() < deadline:
        told = server.log.read_text()
        failed = NOT_LOADED.search(told)
        assert failed is None, failed
        loaded = LOADED.search(told)
        if loaded is not None and _is_followed(server):
            return loaded[1] or loaded[2]
        time.sleep(0.2)
    raise AssertionError(f"the demo is not loaded after {LOAD_SECONDS} s:\n{told[-4000:]}")


def _is_followed(server: LiveServer) -> bool:
    """Whether the directory and detection have seen every event."""
    lags = dict(LAG.findall(httpx2.get(f"{server.url}/metrics", timeout=30).text))
    return all(float(lags.get(name, "nan")) == 0 for name in FOLLOWERS)
