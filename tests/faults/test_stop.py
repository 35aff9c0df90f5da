"""A stop as an operator's (SIGTERM): exit code 0, and what was let in is committed first."""

from __future__ import annotations

import signal
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest

from tests.faults.log import Receipt, check_once_each, check_streams_whole, read_log, receipt_of
from tests.faults.server import FaultServer

SENDERS = 12


@dataclass
class Sender:
    """Sends until the server is gone. The last request of a connection may meet its end."""

    server: FaultServer
    name: str
    acknowledged: dict[str, Receipt] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)

    def run(self) -> None:
        with self.server.client() as client:
            for number in range(100_000):
                event_id = f"{self.name}-{number}"
                try:
                    response = client.post("/audit-logs/batch", json=self._batch(event_id))
                except httpx2.HTTPError:
                    return
                if response.status_code == 200:
                    results = response.json()["results"]
                    self.acknowledged |= {each["id"]: receipt_of(each) for each in results}
                elif response.json()["code"] != "SHUTTING_DOWN":
                    self.strange.append(response.text)

    def _batch(self, event_id: str) -> list[dict[str, Any]]:
        return [
            {"id": f"{event_id}-{index}", "action": "UPDATE", "resource_type": "PROJECT"}
            for index in range(50)
        ]


@pytest.mark.timeout(180)
def test_a_stop_answers_and_commits_what_waits(fault_server: FaultServer) -> None:
    fault_server.start()
    senders = [Sender(fault_server, f"sender-{number}") for number in range(SENDERS)]
    threads = [threading.Thread(target=sender.run) for sender in senders]
    for thread in threads:
        thread.start()
    time.sleep(2.0)
    assert fault_server.stop() == 0
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    assert not [text for sender in senders for text in sender.strange]
    acknowledged = {
        event_id: receipt for sender in senders for event_id, receipt in sender.acknowledged.items()
    }
    assert len(acknowledged) > 50 * SENDERS

    fault_server.start()
    with fault_server.client() as client:
        events = read_log(client)
    check_once_each(events, acknowledged)
    check_streams_whole(events)
    stored = {event["id"] for event in events if event["id"].startswith("sender-")}
    assert stored == acknowledged.keys(), "what was let in was committed, and answered"


@pytest.mark.timeout(120)
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_while_idle_is_clean(fault_server: FaultServer, how: signal.Signals) -> None:
    fault_server.start()
    began = time.monotonic()
    assert fault_server._end(how) == 0
    assert time.monotonic() - began < 10


@pytest.mark.timeout(120)
def test_a_stop_while_starting_is_clean(fault_server: FaultServer) -> None:
    fault_server.start()
    assert fault_server.stop() == 0
    for seconds in (0.8, 1.4, 2.0):
        fault_server.launch()
        time.sleep(seconds)
        assert fault_server.stop() in (0, -signal.SIGTERM)
    fault_server.start()
    with fault_server.client() as client:
        event = {"action": "LOGIN", "resource_type": "USER"}
        assert client.post("/audit-logs/", json=event).status_code == 201
