"""Many large bodies that arrive slowly: few are let in, and the others are not held."""

from __future__ import annotations

import json
import select
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Final

import pytest

from tests.faults.server import FaultServer, resident_bytes

MIB: Final = 1024 * 1024
EVENT: Final = {"action": "LOGIN", "resource_type": "USER", "details": {"pad": "x" * 60_000}}
BODY: Final = json.dumps([EVENT] * 104).encode()
HALF: Final = len(BODY) // 2
BUDGET_BYTES: Final = 16 * MIB
SENDERS: Final = 40


@dataclass
class SlowSender:
    """A connection that sends half a batch and then waits. `answer` is what came back."""

    connection: socket.socket
    is_chunked: bool
    answer: bytes = b""

    def begin(self, api_key: str) -> None:
        length = "Transfer-Encoding: chunked" if self.is_chunked else f"Content-Length: {len(BODY)}"
        head = (
            "POST /audit-logs/batch HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {api_key}\r\n{length}\r\n\r\n"
        )
        # A server that has refused need not listen any more.
        with suppress(ConnectionError):
            self.connection.sendall(head.encode() + self._framed(BODY[:HALF]))

    def finish(self) -> None:
        end = b"0\r\n\r\n" if self.is_chunked else b""
        self.connection.sendall(self._framed(BODY[HALF:]) + end)
        self.answer = self.connection.recv(65_536)

    def _framed(self, data: bytes) -> bytes:
        return b"%x\r\n%s\r\n" % (len(data), data) if self.is_chunked else data


@contextmanager
def slow_senders(server: FaultServer, is_chunked: bool) -> Iterator[list[SlowSender]]:
    with ExitStack() as stack:
        senders = []
        for _ in range(SENDERS):
            connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
            stack.enter_context(connection)
            senders.append(SlowSender(connection, is_chunked))
            senders[-1].begin(server.api_key)
        yield senders


def collect_refusals(senders: list[SlowSender], at_least: int) -> list[SlowSender]:
    """Reads the answers that come although the other half never did."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        waiting = [sender.connection for sender in senders if not sender.answer]
        readable, _, _ = select.select(waiting, [], [], 0.5)
        for sender in senders:
            if sender.connection in readable:
                sender.answer = sender.connection.recv(65_536)
        if not readable and len(senders) - len(waiting) >= at_least:
            break
    return [sender for sender in senders if sender.answer]


def settled_bytes(pid: int) -> int:
    """Resident memory once the server has done what follows a start: rules, histories."""
    deadline = time.monotonic() + 20
    before, now = 0, resident_bytes(pid)
    while now - before > MIB // 2 and time.monotonic() < deadline:
        time.sleep(1)
        before, now = now, resident_bytes(pid)
    return now


@pytest.mark.timeout(120)
@pytest.mark.parametrize("is_chunked", [False, True], ids=["declared", "chunked"])
def test_slow_bodies_do_not_pile_up(fault_server: FaultServer, is_chunked: bool) -> None:
    fault_server.settings["TRAILKEEPER_QUEUE_BYTES"] = str(BUDGET_BYTES)
    fault_server.start()
    before = settled_bytes(fault_server.pid)
    with slow_senders(fault_server, is_chunked) as senders:
        # A declared length takes its share at once, otherwise only what has arrived does.
        share = HALF if is_chunked else len(BODY)
        refused = collect_refusals(senders, at_least=SENDERS - BUDGET_BYTES // share)
        growth = resident_bytes(fault_server.pid) - before
        assert growth < 3 * BUDGET_BYTES, f"{growth / MIB:.0f} MiB for {BUDGET_BYTES / MIB} MiB"
        for sender in refused:
            head, _, problem = sender.answer.partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 503 "), head
            assert b"\r\nretry-after: 1\r\n" in head + b"\r\n"
            assert json.loads(problem)["code"] == "OVERLOADED"
        admitted = [sender for sender in senders if not sender.answer]
        if is_chunked:
            assert 1 <= len(admitted) <= BUDGET_BYTES // share
        else:
            assert len(admitted) == BUDGET_BYTES // share
        for sender in admitted[1:]:
            sender.connection.close()
        _finish_once_there_is_room(admitted[0])
        assert admitted[0].answer.startswith(b"HTTP/1.1 200 "), admitted[0].answer[:200]


def _finish_once_there_is_room(sender: SlowSender) -> None:
    # The server takes a moment to notice that the others are gone.
    time.sleep(1.0)
    sender.finish()
