"""A damaged file of the events store is told of: in the answer, in /readyz and in the log."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.faults.server import FaultServer

EVENTS = 50


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> FaultServer:
    """A stopped server with one commit: one part, which no merge has copied."""
    server = FaultServer(tmp_path_factory.mktemp("damage") / "data").start()
    with server.client() as client:
        events = [
            {"id": f"event-{number}", "action": "UPDATE", "resource_type": "PROJECT"}
            for number in range(EVENTS)
        ]
        client.post("/audit-logs/batch", json=events).raise_for_status()
    assert server.stop() == 0
    return server


@pytest.fixture
def server(stopped: FaultServer, tmp_path: Path) -> Iterator[FaultServer]:
    """The same server on a copy of its data, not yet started."""
    shutil.copytree(stopped.data, tmp_path / "data", symlinks=True)
    server = FaultServer(tmp_path / "data", api_key=stopped.api_key)
    yield server
    server.kill()
    assert server.surprises() == []


def a_file_of_a_part(server: FaultServer) -> Path:
    """The columns of the largest part; the other holds what the service recorded of its start."""
    found = (server.data / "events" / "store").rglob("data.bin")
    return max(found, key=lambda path: path.stat().st_size)


def total_sent(client: httpx2.Client) -> int:
    """How many events are found, but for those that the service recorded of itself."""
    found = client.get("/audit-logs/", params={"q": "-details.operator:* -action:SEARCH"})
    return int(found.json()["total"])


def test_a_flipped_bit_is_told_to_who_asks_for_it(server: FaultServer) -> None:
    path = a_file_of_a_part(server)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x01
    path.write_bytes(content)
    server.start()
    with server.client() as client:
        answers = [
            client.get("/audit-logs/", params={"limit": "1000"}),
            client.get("/audit-logs/export", params={"format": "ndjson", "q": "event-1"}),
        ]
        told = [each.json() for each in answers if each.status_code == 503]
        assert told, "no answer needed the damaged part"
        for problem in told:
            assert problem["code"] == "STORE_DAMAGED"
            assert "backup" in problem["hint"]
            assert str(server.data) not in problem["detail"], "callers need not know the path"
        assert client.get("/readyz").status_code == 200
        event = {"action": "LOGIN", "resource_type": "USER"}
        assert client.post("/audit-logs/", json=event).status_code == 201, "capture goes on"
    assert str(path.parent) in server.log.read_text()


def test_a_part_that_was_cut_is_missed(server: FaultServer) -> None:
    path = a_file_of_a_part(server)
    path.write_bytes(path.read_bytes()[:100])
    server.start()
    with server.client() as client:
        assert total_sent(client) == 0
        assert "EVENTS_SET_ASIDE" in client.get("/readyz").json()["warnings"]
    said = server.log.read_text()
    assert "events may be missing" in said
    assert f"broken-on-start_{path.parent.name}" in said


def test_a_whole_store_is_not_suspected(server: FaultServer) -> None:
    server.start()
    with server.client() as client:
        assert total_sent(client) == EVENTS
        assert client.get("/readyz").json()["warnings"] == []
