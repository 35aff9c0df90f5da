"""A server that is made to suffer: started without waiting, confined, started to fail."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.live import LiveServer

SERVE = (sys.executable, "-m", "trailkeeper.cli", "serve")
FAIL_SECONDS = 60.0
SURPRISE = re.compile(r"internal_error|Traceback|work broke|never awaited|never retrieved")
ERROR = re.compile(r"error\[([A-Z_]+)\]: (.*?)(?:\nhint: (.*))?\Z", re.DOTALL)


@dataclass
class FaultServer(LiveServer):
    """A live server behind other words: `prefix` stands before its command."""

    prefix: tuple[str, ...] = ()

    def start(self) -> FaultServer:
        self.launch()
        self._wait_ready()
        found = re.search(r"tk_[0-9a-f]+_[0-9a-f]+", self._printed.read_text())
        if found is not None:
            self.api_key = found.group()
        return self

    def launch(self) -> None:
        """Starts the process and does not wait for it."""
        self.data.mkdir(parents=True, exist_ok=True)
        ours = {"TRAILKEEPER_DATA": str(self.data), "TRAILKEEPER_PORT": str(self.port)}
        with self._printed.open("w") as out, self.log.open("a") as err:
            self.process = subprocess.Popen(
                [*self.prefix, *SERVE],
                env=environment({**ours, **self.settings}),
                stdout=out,
                stderr=err,
                stdin=subprocess.DEVNULL,
                text=True,
            )

    @property
    def pid(self) -> int:
        if self.process is None:
            raise RuntimeError("the server is not running")
        return self.process.pid

    def surprises(self) -> list[str]:
        """Lines of the server's log that tell of what its code did not foresee."""
        if not self.log.exists():
            return []
        return [line for line in self.log.read_text().splitlines() if SURPRISE.search(line)]

    @property
    def _printed(self) -> Path:
        return self.data / "printed.txt"


@dataclass(frozen=True)
class FailedStart:
    """How a start that must fail ended, and what it said."""

    exit_code: int
    code: str
    detail: str
    hint: str
    printed: str


def start_to_fail(settings: Mapping[str, str], prefix: Sequence[str] = ()) -> FailedStart:
    """Starts a server that must not come up, and waits for its end."""
    ended = subprocess.run(
        [*prefix, *SERVE],
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=FAIL_SECONDS,
        check=False,
    )
    found = ERROR.search(ended.stderr.strip())
    assert found is not None, f"exit code {ended.returncode}, stderr:\n{ended.stderr}"
    assert "Traceback" not in ended.stderr, ended.stderr
    words = [" ".join((part or "").split()) for part in found.groups()]
    return FailedStart(ended.returncode, words[0], words[1], words[2], ended.stdout)


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with no other settings than these, and wide lines."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("TRAILKEEPER_")
    }
    return {**inherited, "COLUMNS": "1000", **settings}


def wait_for_lag(client: httpx2.Client, seconds: float = 30.0) -> None:
    """Returns when the directory has followed everything that is committed."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if client.get("/readyz").json()["directory_lag_events"] == 0:
            return
        time.sleep(0.1)
    raise AssertionError("the directory does not catch up")


def resident_bytes(pid: int) -> int:
    """The process's memory (VmRSS of proc(5))."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    assert found is not None, status
    return int(found.group(1)) * 1024
