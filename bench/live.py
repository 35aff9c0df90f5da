"""From an event's commit to the clients that follow the log live.

One sender commits batches at a fixed rate; every client holds one `GET /live`. Events reach
each client in the order they were committed, so its n-th event is the n-th that was sent. Two
times are told: from the sender's 2xx (the commit), and from before the request was sent.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx2
import msgspec
import numpy as np

from bench.access_attack import serving

RATE = 1_000
"""Events a second."""
CLIENTS = 100
QUERY = "action=UPDATE"
"""What each client asks for."""
BATCHES_PER_SECOND = 50
OF_ONE_KEY = 10
CONNECT_SECONDS = 1.0
SETTLE_SECONDS = 3.0
FRAME = b"event: event\n"


@dataclass(frozen=True, slots=True)
class Followed:
    """Seconds from the commit and from the request to a client, over all events and clients.

    `events` were sent; `short` is how many clients had fewer.
    """

    rate: int
    clients: int
    events: int
    short: int
    p50: float
    p99: float
    request_p50: float
    request_p99: float


@dataclass
class Sent:
    """When each batch was sent and answered, in seconds of the monotonic clock."""

    events: int
    sent_at: list[float] = field(default_factory=list)
    committed_at: list[float] = field(default_factory=list)


class Reader(asyncio.Protocol):
    """A client: how many events it had, and when."""

    def __init__(self, host: str, token: str) -> None:
        self.seen: list[tuple[int, float]] = []
        self._count = 0
        self._rest = b""
        self._request = (
            f"GET /live?{QUERY} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n"
        ).encode()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        text = self._rest + data
        self._rest = text[-(len(FRAME) - 1) :]
        frames = text.count(FRAME)
        if frames:
            self._count += frames
            self.seen.append((self._count, time.monotonic()))


async def _send(url: str, token: str, seconds: float) -> Sent:
    """Commits RATE events a second, one request after the other."""
    size = RATE // BATCHES_PER_SECOND
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


def measure_live(folder: Path, seconds: float) -> Followed:
    """Raises RuntimeError where a client had nothing at all."""
    folder.mkdir(parents=True)
    with serving(folder) as (port, key, _):
        url = f"http://127.0.0.1:{port}"
        keys = _new_keys(url, key, -(-CLIENTS // OF_ONE_KEY))
        sent, readers = asyncio.run(_follow(url, port, keys, seconds))
    return to_followed(sent, readers)


def to_followed(sent: Sent, readers: Sequence[Reader]) -> Followed:
    """Raises RuntimeError where a client had nothing at all."""
    if not all(reader.seen for reader in readers):
        raise RuntimeError("a client of the live feed had no event at all")
    total = len(sent.sent_at) * sent.events
    (p50, p99), (request_p50, request_p99) = (
        np.quantile(
            np.concatenate([delays(each, moments, sent.events) for each in readers]), (0.5, 0.99)
        )
        for moments in (sent.committed_at, sent.sent_at)
    )
    return Followed(
        rate=RATE,
        clients=len(readers),
        events=total,
        short=sum(reader.seen[-1][0] < total for reader in readers),
        p50=float(p50),
        p99=float(p99),
        request_p50=float(request_p50),
        request_p99=float(request_p99),
    )


async def _follow(
    url: str, port: int, keys: Sequence[str], seconds: float
) -> tuple[Sent, list[Reader]]:
    loop = asyncio.get_running_loop()
    readers = [Reader(f"127.0.0.1:{port}", keys[number // OF_ONE_KEY]) for number in range(CLIENTS)]
    for reader in readers:
        await loop.create_connection(partial(_same, reader), "127.0.0.1", port)
    await asyncio.sleep(CONNECT_SECONDS)
    sent = await _send(url, keys[0], seconds)
    await asyncio.sleep(SETTLE_SECONDS)
    return sent, readers


def _same(reader: Reader) -> Reader:
    return reader


def _new_keys(url: str, token: str, count: int) -> list[str]:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=url, headers=headers) as client:
        body = {"name": "bench", "permissions": ["event:write", "user:view"]}
        made = [client.post("/api-keys/", json=body).raise_for_status() for _ in range(count)]
        return [str(each.json()["key"]) for each in made]
