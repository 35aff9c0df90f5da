"""`python -m bench.live`: from an event's commit to the clients that follow the log live.

One sender commits batches at a fixed rate; every client holds one `GET /live`. Events reach
each client in the order they were committed, so its n-th event is the n-th that was sent. Two
times are told: from the sender's 2xx (the commit), and from before the request was sent.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import msgspec
import numpy as np

from bench.processes import cpu_seconds, free_port, memory_bytes, spawn, stop, wait_until

LIMIT_SECONDS = 0.25
BATCHES_PER_SECOND = 50
OF_ONE_KEY = 10
SETTLE_SECONDS = 3.0
FRAME = b"event: event\n"
TOKEN = re.compile(r"tk_[0-9a-f]+_[0-9a-f]+")


@dataclass
class Sent:
    """When each batch was sent and answered, in seconds of the monotonic clock."""

    events: int
    sent_at: list[float] = field(default_factory=list)
    committed_at: list[float] = field(default_factory=list)


class Reader(asyncio.Protocol):
    """A client: how many events it had, and when."""

    def __init__(self, host: str, token: str, query: str) -> None:
        self.seen: list[tuple[int, float]] = []
        self.missed = 0
        self._count = 0
        self._rest = b""
        self._request = (
            f"GET /live?{query} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n"
        ).encode()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        text = self._rest + data
        self._rest = text[-(len(FRAME) - 1) :]
        self.missed += text.count(b"event: missed\n")
        frames = text.count(FRAME)
        if frames:
            self._count += frames
            self.seen.append((self._count, time.monotonic()))


async def send(url: str, token: str, rate: int, seconds: float) -> Sent:
    """Commits `rate` events a second, one request after the other."""
    size = rate // BATCHES_PER_SECOND
    sent = Sent(size)
    body = msgspec.json.encode([_event(index) for index in range(size)])
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    async with httpx2.AsyncClient(base_url=url, headers=headers, timeout=30) as client:
        began = time.monotonic()
        for number in range(int(seconds * BATCHES_PER_SECOND)):
            await asyncio.sleep(max(0, began + number / BATCHES_PER_SECOND - time.monotonic()))
            sent.sent_at.append(time.monotonic())
            answer = await client.post("/audit-logs/batch", content=body)
            answer.raise_for_status()
            sent.committed_at.append(time.monotonic())
    return sent


def _event(index: int) -> dict[str, object]:
    return {
        "action": "UPDATE",
        "resource_type": "PROJECT",
        "resource_id": f"project-{index}",
        "user_id": f"user-{index % 17}",
        "user_email": f"user-{index % 17}@example.com",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
        "details": {"changes": {"name": {"old": "Old name", "new": "New name"}}},
    }


def delays(reader: Reader, moments: Sequence[float], events: int) -> np.ndarray:
    """Seconds from each event's moment to the reader."""
    counts = np.array([count for count, _ in reader.seen])
    times = np.array([when for _, when in reader.seen])
    numbers = np.arange(1, min(int(counts[-1]), len(moments) * events) + 1)
    arrived = times[np.searchsorted(counts, numbers)]
    return np.asarray(arrived - np.asarray(moments)[(numbers - 1) // events])


def _same(reader: Reader) -> Reader:
    return reader


async def measure(url: str, tokens: Sequence[str], arguments: argparse.Namespace) -> bool:
    """Prints what was measured; whether it is within the limit."""
    loop = asyncio.get_running_loop()
    parts = urlsplit(url)
    readers = [
        Reader(parts.netloc, tokens[number // OF_ONE_KEY], arguments.query)
        for number in range(arguments.clients)
    ]
    for reader in readers:
        await loop.create_connection(partial(_same, reader), parts.hostname or "", parts.port or 0)
    await asyncio.sleep(1)
    sent = await send(url, tokens[0], arguments.rate, arguments.seconds)
    await asyncio.sleep(SETTLE_SECONDS)
    total = len(sent.sent_at) * sent.events
    short = sum(not reader.seen or reader.seen[-1][0] < total for reader in readers)
    is_good = short == 0
    print(f"{total:,} events at {arguments.rate:,}/s to {len(readers)} clients; {short} had fewer")
    for name, moments in (("commit", sent.committed_at), ("request", sent.sent_at)):
        all_delays = np.concatenate([delays(each, moments, sent.events) for each in readers])
        p50, p99, worst = (float(np.quantile(all_delays, q)) for q in (0.5, 0.99, 1))
        is_good &= name != "commit" or p99 <= LIMIT_SECONDS
        print(
            f"{name} -> client: p50 {p50 * 1e3:.0f} ms, p99 {p99 * 1e3:.0f} ms,"
            f" max {worst * 1e3:.0f} ms"
        )
    return is_good


def _new_keys(url: str, token: str, count: int) -> list[str]:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=url, headers=headers) as client:
        body = {"name": "bench", "permissions": ["event:write", "user:view"]}
        made = [client.post("/api-keys/", json=body).raise_for_status() for _ in range(count)]
        return [str(each.json()["key"]) for each in made]


def _is_ready(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/readyz").status_code == 200
    except httpx2.RequestError:
        return False


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.live", description=__doc__)
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--rate", type=int, default=1_000, help="events a second")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--query", default="action=UPDATE", help="what each client asks for")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        log = Path(folder) / "server.log"
        environ = {
            **os.environ,
            "TRAILKEEPER_DATA": f"{folder}/data",
            "TRAILKEEPER_PORT": str(port),
        }
        command = [sys.executable, "-m", "trailkeeper.cli", "serve"]
        server = spawn(command, log, Path(folder), environ)
        try:
            wait_until(lambda: _is_ready(url), 60, "the server", server)
            first = TOKEN.search(log.read_text())
            if first is None:
                raise RuntimeError("the server printed no key")
            keys = _new_keys(url, first.group(), -(-arguments.clients // OF_ONE_KEY))
            before = cpu_seconds([server.pid])
            is_good = asyncio.run(measure(url, keys, arguments))
            used = cpu_seconds([server.pid]) - before
            print(f"server: {used:.1f} s of CPU, {memory_bytes([server.pid]) / 1e6:.0f} MB")
        finally:
            stop(server, signal.SIGTERM, 30)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
