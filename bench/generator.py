"""The load generator: its own process, so that it takes as little of the machine as it can.

`python -m bench.generator` reads a `Job` as JSON from stdin and writes a `Load` to stdout.
It keeps N connections busy, one request at a time on each. Request bytes are made once; only
the marker in the event ids is replaced before a request is sent, so that every event is new.
"""

from __future__ import annotations

import asyncio
import itertools
import resource
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import cast

import msgspec
import uvloop

MARKER = b"xxxxxxxx-xxxx"
KEPT_BODY_BYTES = 512
DRAIN_SECONDS = 120


class Job(msgspec.Struct, kw_only=True, frozen=True):
    """What to send.

    `bodies` are files, one request body each. With `seconds` they are sent round and round
    until the time is up; without, each is sent once. A request counts as accepted when its
    status is 2xx and `expected` is found at the beginning of the answer.
    """

    port: int
    path: str
    headers: dict[str, str]
    bodies: list[str]
    events_per_body: int
    connections: int
    seconds: float | None = None
    expected: str = ""


class Load(msgspec.Struct, kw_only=True, frozen=True):
    """What came of it. Latencies are in seconds.

    `cpu_seconds` are the generator's own; the server's are for its observer to fill in.
    """

    requests: int
    events: int
    refused: int
    first_refusal: str
    seconds: float
    p50: float
    p99: float
    cpu_seconds: float
    server_cpu_seconds: float = 0.0

    @property
    def events_per_second(self) -> float:
        return self.events / self.seconds


def id_prefixes() -> Iterator[bytes]:
    """The first 48 bits of UUIDv7s, rising from now."""
    for milliseconds in itertools.count(time.time_ns() // 1_000_000):
        text = f"{milliseconds:012x}"
        yield f"{text[:8]}-{text[8:]}".encode()


class Requests:
    """Hands out ready requests; None when there are no more."""

    def __init__(self, job: Job) -> None:
        head = f"POST {job.path} HTTP/1.1\r\nHost: 127.0.0.1:{job.port}\r\n"
        self._head = head + "".join(f"{name}: {value}\r\n" for name, value in job.headers.items())
        self._prefixes = id_prefixes()
        self._once = iter(job.bodies) if job.seconds is None else None
        self._made = itertools.cycle(
            [] if self._once else [self._request(Path(path).read_bytes()) for path in job.bodies]
        )
        self._deadline = time.monotonic() + (job.seconds or 0)

    def _request(self, body: bytes) -> bytes:
        return f"{self._head}Content-Length: {len(body)}\r\n\r\n".encode() + body

    def next(self) -> bytes | None:
        if self._once is not None:
            path = next(self._once, None)
            return None if path is None else self._request(Path(path).read_bytes())
        if time.monotonic() >= self._deadline:
            return None
        return next(self._made).replace(MARKER, next(self._prefixes))


class Connection(asyncio.Protocol):
    """One keep-alive connection: sends, reads the answer, sends the next."""

    def __init__(self, requests: Requests, expected: bytes, done: asyncio.Future[None]) -> None:
        self._requests = requests
        self._expected = expected
        self._done = done
        self._transport: asyncio.Transport | None = None
        self._answer = bytearray()
        self._missing: int | None = None
        self._sent_at = 0.0
        self.latencies: list[float] = []
        self.accepted = 0
        self.refusals: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        if self._missing is None:
            self._answer += data
            self._read_head()
        else:
            self._missing -= len(data)
            if len(self._answer) < KEPT_BODY_BYTES:
                self._answer += data
        if self._missing == 0:
            self._judge()
            self._send()

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(error or ConnectionResetError("closed before the answer"))

    def _fail(self, error: Exception) -> None:
        if not self._done.done():
            self._done.set_exception(error)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _send(self) -> None:
        assert self._transport is not None
        request = self._requests.next()
        if request is None:
            self._done.set_result(None)
            self._transport.close()
            return
        self._answer.clear()
        self._missing = None
        self._sent_at = time.perf_counter()
        self._transport.write(request)

    def _read_head(self) -> None:
        end = self._answer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._answer[:end]).lower()
        _, found, rest = head.partition(b"content-length:")
        if not found:
            self._fail(ValueError(f"an answer without a Content-Length: {head!r}"))
            return
        length = int(rest.split(b"\r\n", 1)[0])
        self._missing = length - (len(self._answer) - end - 4)

    def _judge(self) -> None:
        self.latencies.append(time.perf_counter() - self._sent_at)
        is_2xx = self._answer.startswith(b"HTTP/1.1 2")
        if is_2xx and self._expected in self._answer:
            self.accepted += 1
        else:
            self.refusals.append(bytes(self._answer[:KEPT_BODY_BYTES]))


def _same(connection: Connection) -> Connection:
    return connection


async def run(job: Job) -> Load:
    """Raises ConnectionError when the server closes a connection, TimeoutError when it hangs."""
    loop = asyncio.get_running_loop()
    requests = Requests(job)
    connections: list[Connection] = []
    ends: list[asyncio.Future[None]] = []
    started = time.monotonic()
    for _ in range(job.connections):
        end: asyncio.Future[None] = loop.create_future()
        connection = Connection(requests, job.expected.encode(), end)
        ends.append(end)
        connections.append(connection)
        await loop.create_connection(partial(_same, connection), "127.0.0.1", job.port)
    limit = None if job.seconds is None else job.seconds + DRAIN_SECONDS
    try:
        await asyncio.wait_for(asyncio.gather(*ends), limit)
    finally:
        for connection in connections:
            connection.close()
    seconds = time.monotonic() - started
    latencies = sorted(itertools.chain.from_iterable(each.latencies for each in connections))
    refusals = [refusal for each in connections for refusal in each.refusals]
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return Load(
        requests=len(latencies),
        events=sum(each.accepted for each in connections) * job.events_per_body,
        refused=len(refusals),
        first_refusal=refusals[0].decode(errors="replace") if refusals else "",
        seconds=seconds,
        p50=latencies[len(latencies) // 2],
        p99=latencies[len(latencies) * 99 // 100],
        cpu_seconds=usage.ru_utime + usage.ru_stime,
    )


if __name__ == "__main__":
    given = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    sys.stdout.buffer.write(msgspec.json.encode(uvloop.run(run(given))))
