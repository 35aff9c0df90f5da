"""A whole server: what the rules take from ingest, and how soon a webhook hears of an event."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import msgspec

from bench.access_attack import ingest_bodies, serving
from bench.dataset import BATCH_EVENTS
from bench.generator import MARKER, Job, Load, id_prefixes
from bench.ingest import BATCHES, generate
from bench.timing import percentile
from bench.wire import Wire

LAG = re.compile(r'^trailkeeper_follower_lag_events\{follower="detect"\} (\S+)', re.MULTILINE)
LAG_SECONDS = 0.2
CATCH_UP_SECONDS = 60.0
ALERTS_PER_SECOND = 5.0
WAIT_SECONDS = 30.0
NDJSON = "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class Watched:
    """Events per second, seconds per batch at half of that, and events of lag."""

    on: float
    off: float
    lag_p99: float
    half_on: float
    half_off: float
    half_lag_p99: float

    @property
    def cost(self) -> float:
        return max(0.0, 1 - self.on / self.off)


@dataclass(frozen=True, slots=True)
class Told:
    """Seconds from the answer to the event to the arrival of the call that tells of it."""

    count: int
    p50: float
    p99: float


@dataclass
class Turn:
    """What one state of the rules gave."""

    rates: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    half: list[float] = field(default_factory=list)
    half_lags: list[float] = field(default_factory=list)


def measure_ingest(folder: Path, seconds: float, rounds: int) -> Watched:
    """Raises RuntimeError where an event was refused."""
    folder.mkdir(parents=True)
    bodies = ingest_bodies(folder / "bodies")
    turns = {True: Turn(), False: Turn()}
    with serving(folder) as (port, key, _), _client(port, key) as client:
        job = Job(
            port=port,
            path="/audit-logs/batch",
            headers={"Authorization": f"Bearer {key}", "Content-Type": NDJSON},
            bodies=bodies,
            events_per_body=BATCH_EVENTS,
            connections=BATCHES.connections,
            seconds=seconds,
            expected=f'"committed":{BATCH_EVENTS}',
        )
        _load(job)
        for _, is_on in itertools.product(range(rounds), (False, True)):
            _turn_rules(client, is_on)
            _wait_until_caught_up(client)
            with _lag_of(client) as lags:
                turns[is_on].rates.append(_load(job).events_per_second)
            turns[is_on].lags += lags
        half = sum(turns[False].rates) / rounds / 2
        for is_on in (False, True):
            _turn_rules(client, is_on)
            _wait_until_caught_up(client)
            with _lag_of(client) as lags:
                contents = [Path(each).read_bytes() for each in job.bodies]
            with _lag_of(client) as lags:
                turns[is_on].half += asyncio.run(_paced(job, contents, half))
            turns[is_on].half_lags += lags
    on, off = turns[True], turns[False]
    return Watched(
        on=sum(on.rates) / rounds,
        off=sum(off.rates) / rounds,
        lag_p99=percentile(on.lags, 99),
        half_on=percentile(on.half, 50),
        half_off=percentile(off.half, 50),
        half_lag_p99=percentile(on.half_lags, 99),
    )


def measure_telling(folder: Path, count: int) -> Told:
    """Alerts one by one, each of a group of its own. Raises RuntimeError where one is missing."""
    folder.mkdir(parents=True)
    with (
        _receiver() as (port, arrived),
        serving(folder, TRAILKEEPER_OUTBOUND_ALLOW=f"127.0.0.1:{port}") as (server, key, _),
        _client(server, key) as client,
    ):
        _tell_all(client, f"http://127.0.0.1:{port}/")
        answered: dict[str, float] = {}
        began = time.monotonic()
        for number in range(count):
            time.sleep(max(0.0, began + number / ALERTS_PER_SECOND - time.monotonic()))
            group = f"bench-{number:06d}"
            event = {"action": "BENCH", "resource_type": "ALERT", "resource_id": group}
            _checked(client.post("/audit-logs/", json=event))
            answered[group] = time.monotonic()
        deadline = time.monotonic() + WAIT_SECONDS
        while len(arrived) < count and time.monotonic() < deadline:
            time.sleep(0.05)
    missing = answered.keys() - arrived.keys()
    if missing:
        raise RuntimeError(f"{len(missing)} of {count} alerts never arrived")
    waits = [max(0.0, arrived[group] - at) for group, at in answered.items()]
    return Told(count, percentile(waits, 50), percentile(waits, 99))


def _tell_all(client: httpx2.Client, url: str) -> None:
    form = {
        "title": "Told",
        "query": "action:BENCH",
        "more_than": 0,
        "window_seconds": 60,
        "group_by": ["resource_id"],
    }
    rule = _checked(client.post("/rules/", json={"form": form}))
    target = {"kind": "webhook", "url": url}
    channel = {"name": "bench", "target": target, "per_minute": 60 * int(ALERTS_PER_SECOND) * 2}
    made = _checked(client.post("/channels/", json=channel))
    plan = {"rule_id": rule["id"], "min_severity": "informational", "channels": [made["id"]]}
    _checked(client.post("/alert-settings/", json={"name": "bench", "plan": plan}))
    time.sleep(2)


def _turn_rules(client: httpx2.Client, is_on: bool) -> None:
    for rule in _checked(client.get("/rules/"))["items"]:
        _checked(client.patch(f"/rules/{rule['id']}", json={"enabled": is_on}))
    time.sleep(2)


def _load(job: Job) -> Load:
    load = generate(job)
    if load.refused:
        raise RuntimeError(f"{load.refused} batches were refused: {load.first_refusal}")
    return load


async def _paced(job: Job, contents: list[bytes], events_per_second: float) -> list[float]:
    """Seconds that each batch took, sent at a rate whatever the answers take."""
    wire, prefixes = Wire(job.port), id_prefixes()
    bodies = itertools.cycle(contents)
    took: list[float] = []

    async def send(body: bytes) -> None:
        began = time.monotonic()
        status = await wire.post(job.path, body, job.headers)
        if status != 200:
            raise RuntimeError(f"a batch was answered {status}")
        took.append(time.monotonic() - began)

    pause = job.events_per_body / events_per_second
    began = time.monotonic()
    sending = []
    for number in range(int((job.seconds or 0) / pause)):
        await asyncio.sleep(max(0.0, began + number * pause - time.monotonic()))
        body = next(bodies).replace(MARKER, next(prefixes))
        sending.append(asyncio.create_task(send(body)))
    await asyncio.gather(*sending)
    wire.close()
    return took


@contextmanager
def _lag_of(client: httpx2.Client) -> Iterator[list[float]]:
    """The lag of detection, looked up again and again beside what is done inside."""
    lags: list[float] = []
    is_over = threading.Event()

    def look() -> None:
        while not is_over.wait(LAG_SECONDS):
            lags.append(_lag(client))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield lags
    finally:
        is_over.set()
        looking.join()


def _lag(client: httpx2.Client) -> float:
    found = LAG.search(client.get("/metrics").text)
    return float(found[1]) if found else 0.0


def _wait_until_caught_up(client: httpx2.Client) -> None:
    deadline = time.monotonic() + CATCH_UP_SECONDS
    while _lag(client) > 0 and time.monotonic() < deadline:
        time.sleep(LAG_SECONDS)


@contextmanager
def _receiver() -> Iterator[tuple[int, dict[str, float]]]:
    """A webhook's far end: its port, and when each group was told of."""
    arrived: dict[str, float] = {}
    group = re.compile(rb"bench-[0-9]{6}")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            now = time.monotonic()
            body = self.rfile.read(int(self.headers["Content-Length"]))
            for name in group.findall(body):
                arrived.setdefault(name.decode(), now)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing: one line a call would be read by nobody."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving_thread = threading.Thread(target=server.serve_forever)
    serving_thread.start()
    try:
        yield int(server.server_address[1]), arrived
    finally:
        server.shutdown()
        serving_thread.join()
        server.server_close()


@contextmanager
def _client(port: int, key: str) -> Iterator[httpx2.Client]:
    headers = {"Authorization": f"Bearer {key}"}
    with contextlib.closing(
        httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60)
    ) as client:
        yield client


def _checked(answer: httpx2.Response) -> dict[str, Any]:
    if not answer.is_success:
        raise RuntimeError(f"{answer.request.url}: {answer.status_code} {answer.text[:500]}")
    body: dict[str, Any] = msgspec.json.decode(answer.content)
    return body
