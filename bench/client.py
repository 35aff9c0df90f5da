"""A plain keep-alive client for timing single questions."""

from __future__ import annotations

import http.client
import socket
import time
from typing import Self

READ_BYTES = 1 << 16


class Client:
    """One connection. Timings run from the first byte sent to the last byte read."""

    def __init__(self, port: int, headers: dict[str, str], seconds: float = 600) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
        self._headers = headers

    def __enter__(self) -> Self:
        self._connection.connect()
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def get(self, path: str) -> tuple[bytes, float]:
        """The body and the seconds. Raises RuntimeError for anything but 200."""
        started = time.perf_counter()
        self._connection.request("GET", path, headers=self._headers)
        response = self._connection.getresponse()
        body = response.read()
        seconds = time.perf_counter() - started
        if response.status != 200:
            raise RuntimeError(f"GET {path}: {response.status} {body[:500]!r}")
        return body, seconds

    def count_lines(self, path: str) -> tuple[int, int, float]:
        """Reads a download without keeping it: line ends, bytes, seconds."""
        started = time.perf_counter()
        self._connection.request("GET", path, headers=self._headers)
        response = self._connection.getresponse()
        lines = size_bytes = 0
        while chunk := response.read1(READ_BYTES):
            lines += chunk.count(b"\n")
            size_bytes += len(chunk)
        if response.status != 200:
            raise RuntimeError(f"GET {path}: {response.status}")
        return lines, size_bytes, time.perf_counter() - started


def is_ready(port: int) -> bool:
    """Whether /readyz answers 200."""
    probe = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        probe.request("GET", "/readyz")
        return probe.getresponse().status == 200
    except OSError:
        return False
    finally:
        probe.close()
