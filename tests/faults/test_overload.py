"""Overload: what does not fit is refused at the door, memory stays flat, nothing is lost."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import pytest

from tests.faults.log import check_once_each, check_streams_whole, read_log, sent
from tests.faults.server import FaultServer, resident_bytes
from tests.faults.writers import Writer, acknowledged_by, finish_all

MIB: Final = 1024 * 1024
WARM_UP_SECONDS: Final = 2.0
LOAD_SECONDS: Final = 6.0
SAMPLE_SECONDS: Final = 0.05


@dataclass(frozen=True)
class Peaks:
    """The most that was seen under load, once warm."""

    queue_events: float
    queue_bytes: float
    resident_growth_bytes: int


def gauge(metrics: str, name: str) -> float:
    found = re.search(rf"^{name} (\S+)$", metrics, re.MULTILINE)
    assert found is not None, metrics
    return float(found.group(1))


@contextmanager
def writing(server: FaultServer, writers: list[Writer]) -> Iterator[None]:
    for writer in writers:
        writer.start()
    yield
    finish_all(writers)


def peaks_under_load(server: FaultServer) -> Peaks:
    """Watches the server for a while."""
    time.sleep(WARM_UP_SECONDS)
    before = resident_bytes(server.pid)
    events, queued_bytes, resident = [0.0], [0.0], [before]
    ends = time.monotonic() + LOAD_SECONDS
    with server.client() as client:
        while time.monotonic() < ends:
            metrics = client.get("/metrics").text
            events.append(gauge(metrics, "trailkeeper_queue_events"))
            queued_bytes.append(gauge(metrics, "trailkeeper_queue_bytes"))
            resident.append(resident_bytes(server.pid))
            time.sleep(SAMPLE_SECONDS)
    return Peaks(max(events), max(queued_bytes), max(resident) - before)


def check_refused_kindly_and_kept_all(server: FaultServer, writers: list[Writer]) -> None:
    refusals: Counter[tuple[int, str]] = Counter()
    for writer in writers:
        refusals += writer.refusals
    assert refusals.keys() == {(503, "OVERLOADED")}, refusals
    assert sum(writer.without_retry_after for writer in writers) == 0
    acknowledged = acknowledged_by(writers)
    with server.client() as client:
        metrics = client.get("/metrics").text
        assert gauge(metrics, "trailkeeper_capture_overload_total") == refusals.total()
        assert gauge(metrics, "trailkeeper_queue_events") == 0
        assert gauge(metrics, "trailkeeper_queue_bytes") == 0
        event = {"action": "LOGIN", "resource_type": "USER"}
        assert client.post("/audit-logs/", json=event).status_code == 201, "the load is gone"
        events = read_log(client)
    check_once_each(events, acknowledged)
    check_streams_whole(events)
    assert {event["id"] for event in sent(events)} == acknowledged.keys()


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_a_full_queue_refuses_and_does_not_grow(fault_server: FaultServer) -> None:
    queue_events = 200
    fault_server.settings["TRAILKEEPER_QUEUE_EVENTS"] = str(queue_events)
    fault_server.start()
    writers = [Writer(fault_server, f"writer-{number}", batch=80) for number in range(24)]
    with writing(fault_server, writers):
        peaks = peaks_under_load(fault_server)
    check_refused_kindly_and_kept_all(fault_server, writers)
    assert queue_events / 2 < peaks.queue_events <= queue_events
    assert peaks.resident_growth_bytes < 64 * MIB


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_large_bodies_share_a_budget(fault_server: FaultServer) -> None:
    budget_bytes = MIB // 2
    fault_server.settings["TRAILKEEPER_QUEUE_BYTES"] = str(budget_bytes)
    fault_server.start()
    writers = [
        Writer(fault_server, f"writer-{number}", batch=12, details={"pad": "x" * 20_000})
        for number in range(12)
    ]
    with writing(fault_server, writers):
        peaks = peaks_under_load(fault_server)
    check_refused_kindly_and_kept_all(fault_server, writers)
    assert budget_bytes / 2 < peaks.queue_bytes <= budget_bytes
