"""A reader of the live feed on a real server, in a thread of its own."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import msgspec

from tests.live import LiveServer
from trailkeeper.client.live import LiveFrame, lines_of, read_frames

WAIT_SECONDS = 20.0


class Reader:
    """What came on one stream. `cursor` is the last id that was read."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response
        self.cursor: str | None = None
        self._came: queue.Queue[LiveFrame | None] = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def next(self, kind: str | None = None, seconds: float = WAIT_SECONDS) -> LiveFrame:
        """The next frame, or the next of a kind. Fails where the stream ends or none comes."""
        deadline = time.monotonic() + seconds
        while True:
            frame = self._came.get(timeout=max(deadline - time.monotonic(), 0.01))
            assert frame is not None, "the stream ended"
            self.cursor = frame.cursor
            if kind is None or frame.kind == kind:
                return frame

    def numbers(self, count: int, seconds: float = WAIT_SECONDS) -> list[int]:
        """`details.n` of the next events."""
        return [number_of(self.next("event", seconds)) for _ in range(count)]

    def rest(self) -> list[LiveFrame]:
        """What comes until the stream ends."""
        frames = list[LiveFrame]()
        while (frame := self._came.get(timeout=WAIT_SECONDS)) is not None:
            frames.append(frame)
        return frames

    def is_quiet(self, seconds: float) -> bool:
        """Whether no event comes for that long."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                frame = self._came.get(timeout=max(deadline - time.monotonic(), 0.01))
            except queue.Empty:
                return True
            if frame is None or frame.kind != "position":
                return False

    def _read(self) -> None:
        try:
            for frame in read_frames(lines_of(self.response), None):
                self._came.put(frame)
        except httpx2.HTTPError:
            pass
        finally:
            self._came.put(None)


def number_of(frame: LiveFrame) -> int:
    number: int = msgspec.json.decode(frame.data)["details"]["n"]
    return number


@contextmanager
def reading(
    server: LiveServer,
    token: str,
    *,
    cursor: str | None = None,
    headers: dict[str, str] | None = None,
    **parameters: Any,
) -> Iterator[Reader]:
    """A reader that has its first place: all that is committed from now on concerns it."""
    given = dict(headers or {})
    if token:
        given["Authorization"] = f"Bearer {token}"
    if cursor is not None:
        given["Last-Event-ID"] = cursor
    with (
        httpx2.Client(base_url=server.url, headers=given, timeout=WAIT_SECONDS) as client,
        client.stream("GET", "/live", params=parameters) as response,
    ):
        if response.status_code != 200:
            response.read()
            raise AssertionError(response.text)
        reader = Reader(response)
        reader.next("position")
        yield reader


def numbered(numbers: range, **fields: Any) -> list[dict[str, Any]]:
    return [
        {"action": "UPDATE", "resource_type": "PROJECT", "details": {"n": n}, **fields}
        for n in numbers
    ]
