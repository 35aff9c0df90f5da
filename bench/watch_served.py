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

from bench.access_attack import events_per_second, ingest_bodies, serving
from bench.dataset import BATCH_EVENTS
from bench.generator import MARKER, Job, Load, id_prefixes
from bench.ingest import BATCHES, generate
from bench.timing import percentile
from bench.wire import Wire

LAG = re.compile(r'^trailkeeper_follower_lag_events\{follower="detect"\} (\S+)', re.MULTILINE)
LAG_SECONDS = 0.2
CATCH_UP_SECONDS = 300.0
RULES_SECONDS = 2.0
"""Within that a rule that was turned on or off counts."""
WARM_UP_SECONDS = 3.0
FULL_ORDER = (False, True, True, False, False, True, True, False)
HALF_ORDER = (False, True, True, False)
"""Off and on by turns: merges make the rate of one turn differ by a fifth from the next, and
later ones slower, so that one of each would tell nothing."""
ALERTS_PER_SECOND = 5.0
WAIT_SECONDS = 30.0
NDJSON = "application/x-ndjson"


@dataclass(frozen=True, slots=True)
class Cost:
    """Events per second with the rules on and off: over all turns, and of each."""

    on: float
    off: float
    on_turns: list[float] = field(default_factory=list)
    off_turns: list[float] = field(default_factory=list)

    @property
    def cost(self) -> float:
        return max(0.0, 1 - self.on / self.off)


@dataclass(frozen=True, slots=True)
class Watched:
    """Costs, events of lag with the rules on, and seconds per batch at half the rate."""

    full: Cost
    half: Cost
    full_lag_p99: float
    half_lag_p99: float
    half_p50_on: float
    half_p50_off: float
    half_p99_on: float
    half_p99_off: float


@dataclass(frozen=True, slots=True)
class Told:
    """Seconds from the answer to the event to the arrival of the call that tells of it."""

    count: int
    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Paced:
    """What was sent at a rate whatever the answers took: `took` are the seconds of each batch."""

    events: int
    seconds: float
    took: list[float]


@dataclass(frozen=True, slots=True)
class Turns:
    """What one state of the rules gave, turn by turn."""

    full: list[Load] = field(default_factory=list)
    half: list[Paced] = field(default_factory=list)
    full_lags: list[float] = field(default_factory=list)
    half_lags: list[float] = field(default_factory=list)

    @property
    def half_rate(self) -> float:
        return sum(each.events for each in self.half) / sum(each.seconds for each in self.half)

    def half_took(self, percent: int) -> float:
        return percentile([took for each in self.half for took in each.took], percent)


def measure_ingest(folder: Path, seconds: float) -> Watched:
    """`seconds` are those of a turn. Raises RuntimeError where an event was refused."""
    folder.mkdir(parents=True)
    bodies = ingest_bodies(folder / "bodies")
    turns = {True: Turns(), False: Turns()}
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
        _load(msgspec.structs.replace(job, seconds=WARM_UP_SECONDS))
        for is_on in FULL_ORDER:
            _turn_rules(client, is_on)
            with _lag_of(client, turns[is_on].full_lags):
                turns[is_on].full.append(_load(job))
        half_rate = events_per_second(turns[False].full) / 2
        contents = [Path(each).read_bytes() for each in job.bodies]
        for is_on in HALF_ORDER:
            _turn_rules(client, is_on)
            with _lag_of(client, turns[is_on].half_lags):
                turns[is_on].half.append(asyncio.run(_paced(job, contents, half_rate)))
    return to_watched(turns[True], turns[False])


def to_watched(on: Turns, off: Turns) -> Watched:
    return Watched(
        full=Cost(
            events_per_second(on.full),
            events_per_second(off.full),
            [each.events_per_second for each in on.full],
            [each.events_per_second for each in off.full],
        ),
        half=Cost(on.half_rate, off.half_rate),
        full_lag_p99=percentile(on.full_lags, 99),
        half_lag_p99=percentile(on.half_lags, 99),
        half_p50_on=on.half_took(50),
        half_p50_off=off.half_took(50),
        half_p99_on=on.half_took(99),
        half_p99_off=off.half_took(99),
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
    time.sleep(RULES_SECONDS)


def _turn_rules(client: httpx2.Client, is_on: bool) -> None:
    """Raises RuntimeError where detection does not catch up with what was sent before."""
    for rule in _checked(client.get("/rules/"))["items"]:
        _checked(client.patch(f"/rules/{rule['id']}", json={"enabled": is_on}))
    time.sleep(RULES_SECONDS)
    deadline = time.monotonic() + CATCH_UP_SECONDS
    while (lag := _lag(client)) > 0:
        if time.monotonic() > deadline:
            raise RuntimeError(f"detection is still {lag:,.0f} events behind")
        time.sleep(LAG_SECONDS)


def _load(job: Job) -> Load:
    load = generate(job)
    if load.refused:
        raise RuntimeError(f"{load.refused} batches were refused: {load.first_refusal}")
    return load


async def _paced(job: Job, contents: list[bytes], rate: float) -> Paced:
    """Sends `rate` events a second, whatever the answers take."""
    wire, prefixes = Wire(job.port), id_prefixes()
    bodies = itertools.cycle(contents)
    took: list[float] = []

    async def send(body: bytes) -> None:
        began = time.monotonic()
        status = await wire.post(job.path, body, job.headers)
        if status != 200:
            raise RuntimeError(f"a batch was answered {status}")
        took.append(time.monotonic() - began)

    pause = job.events_per_body / rate
    began = time.monotonic()
    sending = []
    for number in range(max(1, int((job.seconds or 0) / pause))):
        await asyncio.sleep(max(0.0, began + number * pause - time.monotonic()))
        body = next(bodies).replace(MARKER, next(prefixes))
        sending.append(asyncio.create_task(send(body)))
    await asyncio.gather(*sending)
    seconds = time.monotonic() - began
    wire.close()
    return Paced(len(took) * job.events_per_body, seconds, took)


@contextmanager
def _lag_of(client: httpx2.Client, lags: list[float]) -> Iterator[None]:
    """Looks up the lag of detection again and again beside what is done inside."""
    is_over = threading.Event()

    def look() -> None:
        while not is_over.wait(LAG_SECONDS):
            lags.append(_lag(client))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield
    finally:
        is_over.set()
        looking.join()
    lags.append(_lag(client))


def _lag(client: httpx2.Client) -> float:
    found = LAG.search(client.get("/metrics").text)
    if found is None:
        raise RuntimeError("the metrics do not tell how far detection is behind")
    return float(found[1])


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
