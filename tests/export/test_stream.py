"""Exports of many rows: streamed, whole, of one moment, and no harm to others when cut."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta

import httpx2
import msgspec
import pytest

from tests.api.tenant import Tenant, at, event, opened, twin
from tests.export.reading import FORMATS, READERS, export, ids_of
from tests.live import LiveServer

ROWS = 50_000
BEGIN = at("2025-02-01T00:00:00Z")
READ_BYTES = 64 * 1024


@pytest.fixture(scope="module")
def large(live_server: LiveServer) -> Iterator[tuple[Tenant, list[str]]]:
    """An organization with many events, three of each instant; their ids, oldest first."""
    with opened(live_server) as tenant:
        events = [
            event(
                id=f"event-{number:06}",
                timestamp=(BEGIN + timedelta(seconds=number // 3)).isoformat(),
                details={"number": number, "text": "x" * (number % 50)},
            )
            for number in range(ROWS)
        ]
        tenant.record(events[ROWS // 2 :])
        tenant.record(events[: ROWS // 2])
        yield tenant, [each["id"] for each in events]


@pytest.mark.parametrize("format", FORMATS)
def test_fifty_thousand_rows_come_whole_and_in_order(
    large: tuple[Tenant, list[str]], format: str
) -> None:
    tenant, expected = large
    exported = export(tenant, format, {"order": "asc"})
    assert ids_of(exported.rows) == expected
    assert exported.summary["rows"] == ROWS


def test_newest_first_and_filtered_are_the_same_rows(large: tuple[Tenant, list[str]]) -> None:
    tenant, expected = large
    assert ids_of(export(tenant, "ndjson").rows) == expected[::-1]
    filtered = export(tenant, "ndjson", {"q": "details.number:>=25000", "order": "asc"})
    assert ids_of(filtered.rows) == expected[25_000:]


def test_it_is_streamed(large: tuple[Tenant, list[str]]) -> None:
    tenant, _ = large
    with tenant.client.stream("GET", "/audit-logs/export") as answer:
        assert answer.headers["transfer-encoding"] == "chunked"
        assert "content-length" not in answer.headers
        sizes = [len(chunk) for chunk in answer.iter_raw()]
    assert len(sizes) > 5
    assert max(sizes) < sum(sizes) / 2


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_committed_during_the_export_is_left_out(
    live_server: LiveServer, large: tuple[Tenant, list[str]], format: str
) -> None:
    tenant, expected = large
    asked = {"format": format, "order": "asc"}
    with twin(tenant, live_server) as other:
        with tenant.client.stream("GET", "/audit-logs/export", params=asked) as answer:
            chunks = answer.iter_raw(READ_BYTES)
            body = next(chunks)
            # Late ones that belong to what was read already and to what is yet to come.
            late = [event(timestamp=f"2025-02-01T0{hour}:00:00Z") for hour in range(1, 5)]
            receipts = other.record(late)
            body += b"".join(chunks)
        assert other.get(f"/audit-logs/{late[0]['id']}")
    exported = READERS[format](body)
    found = ids_of(exported.rows)
    assert len(found) == exported.summary["rows"]
    assert [each for each in found if each.startswith("event-")] == expected
    assert {each["id"] for each in late}.isdisjoint(found)
    upto = at(exported.summary["committed_upto"])
    assert all(at(each["received_at"]) > upto for each in receipts)


def test_rows_of_every_size_fit(tenant: Tenant) -> None:
    """Pages become shorter where `details` are long; none of it shows."""
    events = [event(details={"text": "x" * size}) for size in (60_000, 10, 30_000) * 400]
    for start in range(0, len(events), 300):
        tenant.record(events[start : start + 300])
    exported = export(tenant, "ndjson")
    assert set(ids_of(exported.rows)) == {each["id"] for each in events}
    assert sum(len(row["details"]["text"]) for row in exported.rows) == 400 * 90_010


def cut_off(server: LiveServer, token: str, format: str) -> None:
    """Asks for an export, reads a little and hangs up without a word."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(
            f"GET /audit-logs/export?format={format} HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {token}\r\n\r\n".encode()
        )
        assert connection.recv(1024).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.timeout(180)
def test_clients_that_hang_up_do_no_harm(
    live_server: LiveServer, large: tuple[Tenant, list[str]]
) -> None:
    """More of them than reads may wait at once: a place that leaked would be missed."""
    tenant, expected = large
    logged = live_server.log.stat().st_size
    threads = [
        threading.Thread(target=hang_up, args=(live_server, tenant.token, turn))
        for turn in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tenant.search(limit=1)["items"]
    exported = export(tenant, "ndjson", {"q": "event-", "order": "asc"})
    assert ids_of(exported.rows) == expected
    assert httpx2.get(f"{live_server.url}/readyz", timeout=10).status_code == 200
    log = live_server.log.read_bytes()[logged:].splitlines()
    assert not [line for line in log if msgspec.json.decode(line)["level"] == "error"]


def hang_up(server: LiveServer, token: str, turn: int) -> None:
    for each in range(20):
        cut_off(server, token, FORMATS[(turn + each) % len(FORMATS)])
