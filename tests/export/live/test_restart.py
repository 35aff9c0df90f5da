"""The server's end, of every kind: streams end cleanly, and go on without gap or repeat."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import httpx2
import msgspec
import pytest

from tests.export.live.reading import numbered, reading
from tests.live import LiveServer
from trailkeeper.client import Client, RetryPolicy, Unavailable

ONLY_SENT = "resource_type:PROJECT"


class Writer:
    """Commits numbered events one after the other, through outages of the server.

    Each has an id of its own, so one that is sent again is stored once.
    """

    def __init__(self, server: LiveServer) -> None:
        self._server = server
        self._stop = threading.Event()
        self.committed = 0
        self._thread = threading.Thread(target=self._write)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _write(self) -> None:
        headers = {"Authorization": f"Bearer {self._server.api_key}"}
        with httpx2.Client(base_url=self._server.url, headers=headers) as client:
            while not self._stop.is_set():
                [event] = numbered(range(self.committed, self.committed + 1))
                body = {**event, "id": f"event-{self.committed}"}
                try:
                    client.post("/audit-logs/", json=body).raise_for_status()
                    self.committed += 1
                except httpx2.HTTPError:
                    time.sleep(0.05)


@pytest.fixture
def writer(own_server: LiveServer) -> Iterator[Writer]:
    own_server.start()
    writing = Writer(own_server)
    yield writing
    writing.stop()


def test_it_goes_on_after_kill_9_without_gap_or_repeat(
    own_server: LiveServer, writer: Writer
) -> None:
    seen: list[int] = []
    breaks: list[Unavailable] = []
    retry = RetryPolicy(retries=20)
    with Client(own_server.url, own_server.api_key, retry=retry) as client:
        frames = client.live(ONLY_SENT, reconnect_seconds=0.1, on_unavailable=breaks.append)
        next(frames)
        for _ in range(2):
            _read_until(frames, seen, writer.committed + 100)
            own_server.kill()
            own_server.start()
        _read_until(frames, seen, writer.committed + 100)
        writer.stop()
        _read_until(frames, seen, writer.committed)
        frames.close()  # type: ignore[attr-defined]
    # It may begin in the midst of them, but from there each is seen once.
    assert seen == list(range(seen[0], writer.committed))
    assert len(breaks) >= 2


def _read_until(frames: Iterator[object], seen: list[int], count: int) -> None:
    while not seen or seen[-1] < count - 1:
        event = getattr(next(frames), "event")  # noqa: B009 - frames are of several kinds
        if event is not None:
            seen.append(event.details["n"])


def test_a_stop_ends_streams_with_a_word_and_does_not_wait_for_them(
    own_server: LiveServer,
) -> None:
    own_server.start()
    with reading(own_server, own_server.api_key) as reader:
        began = time.monotonic()
        assert own_server.stop() == 0
        assert time.monotonic() - began < 10
        *_, last = reader.rest()
    assert last.kind == "end"
    problem = msgspec.json.decode(last.data)
    assert (problem["status"], problem["code"]) == (503, "SHUTTING_DOWN")


def test_a_stop_does_not_wait_for_a_reader_that_does_not_read(own_server: LiveServer) -> None:
    own_server.start()
    headers = {"Authorization": f"Bearer {own_server.api_key}"}
    with (
        httpx2.Client(base_url=own_server.url, headers=headers) as client,
        client.stream("GET", "/live"),
    ):
        events = numbered(range(100))
        for each in events:
            each["details"]["text"] = "x" * 60_000
        for _ in range(4):
            with own_server.client() as sender:
                assert sender.post("/audit-logs/batch", json=events).status_code == 200
        time.sleep(1)
        began = time.monotonic()
        assert own_server.stop() == 0
        assert time.monotonic() - began < 15
