"""Trailkeeper as a side of the bench: `trailkeeper serve` as users run it, spoken to over HTTP."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench import engine, store
from bench.client import Client, is_ready
from bench.dataset import CHUNK_EVENTS, Dataset
from bench.generator import Job
from bench.ingest import generate
from bench.processes import (
    IDLE_LIMIT_SECONDS,
    free_port,
    spawn,
    stop,
    wait_until,
    wait_until_idle,
)
from bench.side import Posting, Question, Size, find_questions, uneven_starts
from bench.timing import Timing

API_KEY = re.compile(r"\btk_[A-Za-z0-9_-]+")
SETUP_LINK = re.compile(r"https?://\S+/setup#\S+")
LOAD_CONNECTIONS = 4
SETTLING_SECONDS = 45
FACETS = "/audit-logs/facets"
HISTOGRAM = "/audit-logs/histogram"


class TrailkeeperSide:
    """The server with its default settings and embedded stores."""

    name = "Trailkeeper"
    single = Posting("/audit-logs/", "application/json", '"committed"')
    batch = Posting("/audit-logs/batch", "application/x-ndjson", '"committed":500')

    def __init__(self, folder: Path) -> None:
        self._data = folder / "trailkeeper"
        self._log = folder / "trailkeeper.log"
        self._key = folder / "trailkeeper.key"
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.headers: dict[str, str] = {}
        self.notes: list[str] = []
        self._is_settled = True

    def start(self) -> float:
        self._data.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        ours = {name: text for name, text in os.environ.items() if "TRAILKEEPER" not in name}
        environ = {
            **ours,
            "TRAILKEEPER_DATA": str(self._data),
            "TRAILKEEPER_PORT": str(self.port),
        }
        command = [str(Path(sys.executable).with_name("trailkeeper")), "serve"]
        started = time.perf_counter()
        self._process = spawn(command, self._log, self._data, environ)
        wait_until(lambda: is_ready(self.port), 300, "Trailkeeper", self._process)
        seconds = time.perf_counter() - started
        self.headers = {"Authorization": f"Bearer {self._api_key()}"}
        return seconds

    def stop(self) -> None:
        if self._process is not None:
            stop(self._process, signal.SIGTERM, seconds=120)
            self._process = None

    def is_running(self) -> bool:
        return self._process is not None

    def roots(self) -> list[int]:
        assert self._process is not None
        return [self._process.pid]

    def load(self, dataset: Dataset) -> float:
        started = time.perf_counter()
        load = generate(
            Job(
                port=self.port,
                path=self.batch.path,
                headers={**self.headers, "Content-Type": self.batch.content_type},
                bodies=[str(chunk) for chunk in dataset.chunks],
                events_per_body=CHUNK_EVENTS,
                connections=LOAD_CONNECTIONS,
                expected='"rejected":0',
            )
        )
        if load.refused:
            raise RuntimeError(f"{load.refused} chunks were refused: {load.first_refusal}")
        seconds = time.perf_counter() - started
        # Longer than the service waits before it settles what a load left behind.
        self._is_settled = wait_until_idle(self.roots(), quiet_seconds=SETTLING_SECONDS)
        return seconds

    def batch_body(self, events: list[dict[str, object]]) -> bytes:
        return b"\n".join(msgspec.json.encode(event) for event in events) + b"\n"

    def insights(self, dataset: Dataset) -> dict[str, Question]:
        return {
            name + suffix: Question(
                [path + start for start in starts], answer, f"{path}&start_date={dataset.after}"
            )
            for name, path, answer in (
                ("counts", f"{FACETS}?field=action&limit=100", _to_counts),
                ("hourly", f"{HISTOGRAM}?interval=hour", _to_hours),
                ("distinct", f"{FACETS}?field=user_id&limit=1", _to_distinct),
            )
            for suffix, starts in (
                ("", [f"&start_date={dataset.first}" if name == "hourly" else ""]),
                ("_from", [f"&start_date={start}" for start in uneven_starts(dataset)]),
            )
        }

    def setup_link(self) -> str:
        """Printed at each start, until somebody has signed up with it."""
        found = SETUP_LINK.findall(self._log.read_text())
        if not found:
            raise RuntimeError(f"no set-up link in the server's output, {self._log}")
        return str(found[-1])

    def count(self) -> int:
        with Client(self.port, self.headers) as client:
            # Not what the service notes of these very reads, nor how its first key was made.
            body, _ = client.get("/audit-logs/?limit=1&q=-user_id:api-key*+-details.operator:*")
        return int(msgspec.json.decode(body)["total"])

    def sizes(self) -> list[Size]:
        """Stops the server: the embedded store serves one process at a time."""
        self.stop()
        parts, rows = store.unmerged(self._data / "events")
        when = (
            "once its merges had come to rest"
            if self._is_settled
            else f"while its merges still went on {IDLE_LIMIT_SECONDS:.0f} s later"
        )
        self.notes = [
            f"Trailkeeper after loading, {when}: {parts} active parts;"
            f" {rows:,} events in parts that no merge has given projections yet."
        ]
        return store.sizes(self._data / "events")

    def engine_timings(self, dataset: Dataset, names: set[str]) -> dict[str, Timing]:
        """Stops the server, like `sizes`."""
        self.stop()
        questions = {**find_questions(dataset), **self.insights(dataset)}
        return engine.timings(
            self._data, {name: questions[name] for name in questions if name in names}
        )

    def _api_key(self) -> str:
        """Printed once, at the first start."""
        if not self._key.exists():
            found = API_KEY.search(self._log.read_text())
            if found is None:
                raise RuntimeError(f"no API key in the server's output, {self._log}")
            self._key.write_text(found.group())
        return self._key.read_text()


def _to_counts(body: bytes) -> dict[str, int]:
    (facet,) = msgspec.json.decode(body)["facets"]
    return {each["value"]: each["count"] for each in facet["values"]}


def _to_hours(body: bytes) -> dict[str, int]:
    return {
        datetime.fromisoformat(bucket["start"]).astimezone(UTC).isoformat(): bucket["count"]
        for bucket in msgspec.json.decode(body)["buckets"]
        if bucket["count"]
    }


def _to_distinct(body: bytes) -> int:
    (facet,) = msgspec.json.decode(body)["facets"]
    return int(facet["distinct"])
