"""Concurrent senders who keep their word: an event is sent until it is acknowledged."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2

from tests.faults.log import Receipt, receipt_of
from tests.live import LiveServer

PAUSE_SECONDS: Final = 0.05
GIVE_UP_SECONDS: Final = 120.0
SEND_AGAIN_EVERY: Final = 7
"""Every so many requests the writer sends one again that was acknowledged long ago."""


class NotAcknowledged(Exception):
    """No answer, or one that asks to come again."""


@dataclass
class Writer:
    """Sends batches and single events until told to stop, then ends what it has begun.

    `acknowledged` are the receipts given for its events; `refusals` counts answers that were
    no success, by status and code; `fault` is what the server did wrong, if anything.
    """

    server: LiveServer
    name: str
    batch: int = 40
    details: dict[str, Any] = field(default_factory=dict)
    acknowledged: dict[str, Receipt] = field(default_factory=dict)
    refusals: Counter[tuple[int, str]] = field(default_factory=Counter)
    without_retry_after: int = 0
    sent: int = 0
    fault: str | None = None

    def __post_init__(self) -> None:
        self.random = random.Random(self.name)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Lets the writer end its last request and begin no other."""
        self._stopping.set()

    def finish(self) -> None:
        """Waits for the end of its last request, and passes on what went wrong."""
        self._thread.join(GIVE_UP_SECONDS)
        assert not self._thread.is_alive(), f"{self.name} hangs"
        assert self.fault is None, self.fault

    def _run(self) -> None:
        try:
            with self.server.client() as client:
                while not self._stopping.is_set():
                    self._send_until_acknowledged(client, self._next_events())
                    if self.sent % SEND_AGAIN_EVERY == 0:
                        self._send_again(client)
        except AssertionError as error:
            self.fault = str(error)

    def _next_events(self) -> list[dict[str, Any]]:
        count = 1 if self.random.random() < 0.4 else self.random.randrange(2, self.batch + 1)
        first = len(self.acknowledged)
        return [self._event(f"{self.name}-{first + index}") for index in range(count)]

    def _event(self, event_id: str) -> dict[str, Any]:
        return {
            "id": event_id,
            "action": "UPDATE",
            "resource_type": "PROJECT",
            "user_id": self.name,
            "details": {"of": event_id, **self.details},
        }

    def _send_until_acknowledged(self, client: httpx2.Client, events: list[dict[str, Any]]) -> None:
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while True:
            try:
                results = self._send(client, events)
                break
            except (httpx2.HTTPError, NotAcknowledged):
                assert time.monotonic() < deadline, f"{self.name}: nothing is acknowledged"
                time.sleep(PAUSE_SECONDS * self.random.uniform(0.5, 1.5))
        for event, result in zip(events, results, strict=True):
            assert result["status"] in ("committed", "duplicate"), result
            assert result["id"] == event["id"], (event, result)
            self.acknowledged[event["id"]] = receipt_of(result)

    def _send_again(self, client: httpx2.Client) -> None:
        event_id = self.random.choice(list(self.acknowledged))
        try:
            [result] = self._send(client, [self._event(event_id)])
        except (httpx2.HTTPError, NotAcknowledged):
            return
        assert result["status"] == "duplicate", result
        assert receipt_of(result) == self.acknowledged[event_id], (event_id, result)

    def _send(self, client: httpx2.Client, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self.sent += 1
        if len(events) == 1:
            response = client.post("/audit-logs/", json=events[0])
            self._expect_success(response)
            return [response.json()]
        response = client.post("/audit-logs/batch", json=events)
        self._expect_success(response)
        results: list[dict[str, Any]] = response.json()["results"]
        return results

    def _expect_success(self, response: httpx2.Response) -> None:
        if response.is_success:
            return
        assert response.status_code in (503, 507), f"{response.status_code}: {response.text[:500]}"
        self.refusals[response.status_code, response.json()["code"]] += 1
        self.without_retry_after += "Retry-After" not in response.headers
        raise NotAcknowledged


def acknowledged_by(writers: list[Writer]) -> dict[str, Receipt]:
    """All that was acknowledged to any of them."""
    return {
        event_id: receipt for writer in writers for event_id, receipt in writer.acknowledged.items()
    }


def finish_all(writers: list[Writer]) -> None:
    """Stops them together, so that none has to compete with the others to the end."""
    for writer in writers:
        writer.stop()
    for writer in writers:
        writer.finish()
