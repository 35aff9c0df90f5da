"""`kill -9` in a loop under concurrent writers: what was acknowledged is there, once."""

from __future__ import annotations

import random
import sqlite3
import time
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from tests.faults.log import check_once_each, check_streams_whole, read_log, sent
from tests.faults.server import FaultServer
from tests.faults.writers import Writer, acknowledged_by, finish_all

KILLS_WHILE_SERVING: Final = 14
KILLS_WHILE_STARTING: Final = 4
"""Each comes after one more while serving."""
LONGEST_SERVICE_SECONDS: Final = 1.5
WRITERS: Final = 6


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_again_and_again_it_keeps_every_promise(fault_server: FaultServer) -> None:
    chance = random.Random()
    fault_server.start()
    writers = [Writer(fault_server, f"writer-{number}") for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    kills = ["serving"] * KILLS_WHILE_SERVING + ["starting"] * KILLS_WHILE_STARTING
    chance.shuffle(kills)
    start_seconds = 3.0
    for moment in kills:
        if moment == "serving":
            time.sleep(chance.uniform(0, LONGEST_SERVICE_SECONDS))
        else:
            fault_server.kill()
            fault_server.launch()
            time.sleep(chance.uniform(0, start_seconds))
        fault_server.kill()
        began = time.monotonic()
        fault_server.start()
        start_seconds = time.monotonic() - began
    finish_all(writers)
    acknowledged = acknowledged_by(writers)
    assert len(acknowledged) > WRITERS * len(kills), "the writers were hardly served"

    with fault_server.client() as client:
        events = read_log(client)
    check_once_each(events, acknowledged)
    lengths = check_streams_whole(events)
    assert len(lengths) > KILLS_WHILE_SERVING // 2, "hardly any node committed"
    ours = sent(events)
    assert {event["id"] for event in ours} == acknowledged.keys()
    assert all(event["details"] == {"of": event["id"]} for event in ours)
    per_user = Counter(event["user_id"] for event in ours)
    _wait_for_directory(fault_server.data / "metadata.db", per_user)
    assert fault_server.stop() == 0


def _wait_for_directory(metadata: Path, expected: Counter[str]) -> None:
    """The follower's counts become exactly those of the log: none missed, none twice."""
    deadline = time.monotonic() + 30
    counted: dict[str, int] = {}
    while time.monotonic() < deadline:
        counted = _directory(metadata)
        if counted == dict(expected):
            return
        assert all(counted[user] <= expected[user] for user in counted), "an event counted twice"
        time.sleep(0.1)
    raise AssertionError(f"the directory says {counted}, the log {dict(expected)}")


def _directory(metadata: Path) -> dict[str, int]:
    connection = sqlite3.connect(f"file:{metadata}?mode=ro", uri=True)
    try:
        rows = connection.execute(
            "SELECT user_id, events FROM directory WHERE user_id NOT LIKE 'api-key:%'"
        )
        return dict(rows)
    finally:
        connection.close()
