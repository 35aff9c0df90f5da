"""Ingest while the sign-in is attacked: does it keep its rate, and does the owner get in?

The attacker guesses passwords from addresses without end, at a fixed rate whatever is
answered: most of them of accounts that do not exist, some of the owner's. The owner signs in
once a second, in a browser that the service knows.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import msgspec

from bench.access_checks import PASSWORD, cookies_of, first_person
from bench.client import is_ready
from bench.dataset import BATCH_BODIES, BATCH_EVENTS, ingest_events
from bench.generator import Job, Load
from bench.ingest import BATCHES, generate
from bench.processes import free_port, spawn, stop, wait_until
from bench.timing import percentile
from bench.wire import Wire

ATTEMPTS_PER_SECOND = 100
AT_THE_OWNER = 5
"""One attempt in so many is at the account that exists."""
IN_FLIGHT = 200
WARM_UP_SECONDS = 3.0
BEFORE_SECONDS = 3.0
"""How long an attack goes on before ingest begins: the burst that the gate allows is over then."""
ORDER = (False, True, True, False, False, True, True, False)
"""Peace and attack by turns: merges make the rate of one turn differ by a fifth from the next,
and later ones slower, so that one of each would tell nothing."""
TOKEN = re.compile(r"tk_[0-9a-f]+_[0-9a-f]+")
SETUP_LINK = re.compile(r"https?://\S+/setup#\S+")
FORWARDED = "X-Forwarded-For"
JSON = {"Content-Type": "application/json"}


@dataclass
class Siege:
    """What the attack was answered, by status, and what the owner was."""

    seconds: float = 0.0
    attempts: Counter[int] = field(default_factory=Counter)
    sign_ins: Counter[int] = field(default_factory=Counter)
    sign_in_seconds: list[float] = field(default_factory=list)

    @property
    def judged_per_second(self) -> float:
        """Attempts whose password was looked at."""
        return self.attempts[401] / self.seconds

    @property
    def sign_in_p50(self) -> float:
        return percentile(self.sign_in_seconds, 50) if self.sign_in_seconds else float("nan")


@dataclass(frozen=True, slots=True)
class Attacked:
    """Ingest in peace and under attack, by turns."""

    peace: list[Load] = field(default_factory=list)
    attack: list[Load] = field(default_factory=list)
    sieges: list[Siege] = field(default_factory=list)

    @property
    def kept(self) -> float:
        return events_per_second(self.attack) / events_per_second(self.peace)

    @property
    def siege(self) -> Siege:
        """All of them as one."""
        return Siege(
            sum(each.seconds for each in self.sieges),
            sum((each.attempts for each in self.sieges), Counter()),
            sum((each.sign_ins for each in self.sieges), Counter()),
            [seconds for each in self.sieges for seconds in each.sign_in_seconds],
        )


def events_per_second(loads: list[Load]) -> float:
    return sum(each.events for each in loads) / sum(each.seconds for each in loads)


def measure_attack(folder: Path, seconds: float) -> Attacked:
    """Raises RuntimeError where an event was refused."""
    bodies = ingest_bodies(folder / "bodies")
    with serving(folder) as (port, key, link):
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
            cookie = cookies_of(client.post("/setup", json=first_person(link)))
        job = Job(
            port=port,
            path="/audit-logs/batch",
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"},
            bodies=bodies,
            events_per_body=BATCH_EVENTS,
            connections=BATCHES.connections,
            seconds=seconds,
            expected=f'"committed":{BATCH_EVENTS}',
        )
        _ingest(msgspec.structs.replace(job, seconds=WARM_UP_SECONDS))
        attacked = Attacked()
        for is_attack in ORDER:
            if is_attack:
                with ThreadPoolExecutor(1) as beside:
                    siege = beside.submit(
                        asyncio.run, _besiege(port, cookie, BEFORE_SECONDS + seconds)
                    )
                    time.sleep(BEFORE_SECONDS)
                    attacked.attack.append(_ingest(job))
                    attacked.sieges.append(siege.result())
            else:
                attacked.peace.append(_ingest(job))
        return attacked


def _ingest(job: Job) -> Load:
    load = generate(job)
    if load.refused:
        raise RuntimeError(f"{load.refused} batches were refused: {load.first_refusal}")
    return load


async def _besiege(port: int, cookie: str, seconds: float) -> Siege:
    siege = Siege()
    gate = asyncio.Semaphore(IN_FLIGHT)
    wire = Wire(port)
    began = time.monotonic()
    waiting = [asyncio.create_task(_own(wire, siege, cookie, began + seconds))]
    for number in range(int(seconds * ATTEMPTS_PER_SECOND)):
        await asyncio.sleep(max(0.0, began + number / ATTEMPTS_PER_SECOND - time.monotonic()))
        waiting.append(asyncio.create_task(_guess(wire, siege, gate, number)))
    siege.seconds = time.monotonic() - began
    await asyncio.gather(*waiting)
    wire.close()
    return siege


async def _guess(wire: Wire, siege: Siege, gate: asyncio.Semaphore, number: int) -> None:
    is_owner = number % AT_THE_OWNER == 0
    address = ".".join(str(random.randrange(1, 255)) for _ in range(4))
    email = "owner@example.com" if is_owner else f"user-{number}@example.com"
    body = msgspec.json.encode({"email": email, "password": f"wrong guess {number}"})
    async with gate:
        siege.attempts[await wire.post("/sign-in", body, {**JSON, FORWARDED: address})] += 1


async def _own(wire: Wire, siege: Siege, cookie: str, end: float) -> None:
    body = msgspec.json.encode({"email": "owner@example.com", "password": PASSWORD})
    headers = {**JSON, "Cookie": cookie, FORWARDED: "192.0.2.7"}
    while time.monotonic() < end:
        began = time.monotonic()
        status = await wire.post("/sign-in", body, headers)
        siege.sign_ins[status] += 1
        if status == 200:
            siege.sign_in_seconds.append(time.monotonic() - began)
        await asyncio.sleep(max(0.0, began + 1 - time.monotonic()))


def ingest_bodies(folder: Path) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    events = ingest_events(BATCH_EVENTS * BATCH_BODIES)
    paths = []
    for number in range(BATCH_BODIES):
        some = events[number * BATCH_EVENTS : (number + 1) * BATCH_EVENTS]
        path = folder / f"{number:04d}"
        path.write_bytes(b"\n".join(msgspec.json.encode(each) for each in some) + b"\n")
        paths.append(str(path))
    return paths


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[tuple[int, str, str]]:
    """A server's port, first key and set-up link."""
    port = free_port()
    log = folder / "server.log"
    ours = {name: text for name, text in os.environ.items() if "TRAILKEEPER" not in name}
    environ = {
        **ours,
        "TRAILKEEPER_DATA": str(folder / "attacked"),
        "TRAILKEEPER_PORT": str(port),
        # So that the attacker's addresses can be made up.
        "TRAILKEEPER_TRUSTED_PROXIES": "127.0.0.1/32",
        **settings,
    }
    command = [sys.executable, "-m", "trailkeeper.cli", "serve"]
    process: subprocess.Popen[bytes] = spawn(command, log, folder, environ)
    try:
        wait_until(lambda: is_ready(port), 120, "Trailkeeper", process)
        printed = log.read_text()
        key, link = TOKEN.search(printed), SETUP_LINK.search(printed)
        if key is None or link is None:
            raise RuntimeError(f"the server printed no key or no set-up link, {log}")
        yield port, key.group(), link.group()
    finally:
        stop(process, signal.SIGTERM, seconds=60)
