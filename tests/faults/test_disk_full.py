"""A full disk: 507 with a code and Retry-After, reads go on, and room heals it without help."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.faults.disk import SmallDisk, on_small_disk
from tests.faults.log import check_once_each, check_streams_whole, read_log, receipt_of, sent
from tests.faults.server import start_to_fail, wait_for_lag
from tests.faults.writers import Writer, acknowledged_by, finish_all
from trailkeeper.store.engine import HEADROOM_BYTES

EVENT = {"action": "LOGIN", "resource_type": "USER", "user_id": "alice"}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    disk = on_small_disk(tmp_path, "480m")
    yield disk
    disk.server.kill()
    assert disk.server.surprises() == []


def batch(name: str) -> list[dict[str, Any]]:
    return [{**EVENT, "id": f"{name}-{number}"} for number in range(100)]


def check_full(response: httpx2.Response, code: str) -> None:
    assert response.status_code == 507, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert int(response.headers["retry-after"]) > 0
    problem = response.json()
    assert problem["code"] == code
    assert "full" in problem["detail"]
    assert "room" in problem["hint"]


@pytest.mark.timeout(180)
def test_a_full_disk_refuses_writes_alone_and_recovers_by_itself(disk: SmallDisk) -> None:
    disk.server.start()
    with disk.server.client() as client:
        first = client.post("/audit-logs/batch", json=batch("before")).raise_for_status().json()
        acknowledged = {result["id"]: receipt_of(result) for result in first["results"]}
        wait_for_lag(client)
        disk.fill()
        assert disk.free_bytes == 0

        check_full(client.post("/audit-logs/batch", json=batch("during")), "STORE_FULL")
        check_full(client.post("/audit-logs/", json=EVENT), "STORE_FULL")
        check_full(
            client.post("/audit-logs/", json=EVENT, headers={"Idempotency-Key": "once"}),
            "METADATA_FULL",
        )
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 200
        found = client.get("/audit-logs/", params={"limit": "1000", "user_id": "alice"}).json()
        assert {event["id"] for event in found["items"]} == acknowledged.keys()
        assert found["total"] == len(acknowledged)
        # What cannot be put on record is not handed out whole.
        check_full(client.get("/audit-logs/export"), "METADATA_FULL")
        again = client.post("/audit-logs/batch", json=batch("before"))
        assert again.json()["duplicate"] == len(acknowledged), "nothing new has to be stored"

        disk.make_room()
        for name in ("during", "after"):
            answer = client.post("/audit-logs/batch", json=batch(name)).raise_for_status().json()
            assert answer["committed"] == 100
            acknowledged |= {result["id"]: receipt_of(result) for result in answer["results"]}
        keyed = client.post("/audit-logs/", json=EVENT, headers={"Idempotency-Key": "once"})
        assert keyed.status_code == 201, keyed.text
        events = read_log(client)
        check_once_each(events, acknowledged)
        assert len(check_streams_whole(events)) == 1, "the node went on with its stream"
        wait_for_lag(client)
    assert disk.server.stop() == 0


@pytest.mark.timeout(180)
def test_room_for_what_runs_is_left_alone(disk: SmallDisk) -> None:
    disk.server.start()
    with disk.server.client() as client:
        disk.fill(leave_bytes=HEADROOM_BYTES)
        check_full(client.post("/audit-logs/", json=EVENT), "STORE_FULL")
        assert disk.free_bytes > HEADROOM_BYTES / 2
        disk.make_room()
        assert client.post("/audit-logs/", json=EVENT).status_code == 201


@pytest.mark.timeout(180)
def test_writers_lose_nothing_when_the_disk_fills_under_them(disk: SmallDisk) -> None:
    server = disk.server.start()
    writers = [
        Writer(server, f"writer-{number}", details={"pad": "x" * 200}) for number in range(4)
    ]
    for writer in writers:
        writer.start()
    # Each time merges are under way, too: what they write must not be cut either.
    for _ in range(4):
        time.sleep(0.5)
        disk.fill()
        time.sleep(1.0)
        disk.make_room()
    finish_all(writers)
    refusals = sum((writer.refusals for writer in writers), start=type(writers[0].refusals)())
    assert {status for status, _ in refusals} == {507}, refusals
    assert not any(writer.without_retry_after for writer in writers)
    with server.client() as client:
        events = read_log(client)
    acknowledged = acknowledged_by(writers)
    check_once_each(events, acknowledged)
    check_streams_whole(events)
    assert {event["id"] for event in sent(events)} == acknowledged.keys()


@pytest.mark.timeout(180)
def test_a_start_on_a_full_disk_says_so(tmp_path: Path) -> None:
    disk = on_small_disk(tmp_path, "64k")
    failed = start_to_fail(disk.server.settings, disk.server.prefix)
    assert failed.exit_code != 0
    assert failed.code == "METADATA_FULL", failed
    assert str(disk.place) in failed.detail
    assert failed.hint == "Make room, then start again."
