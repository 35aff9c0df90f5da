"""`kill -9` between a change and its event in the log: the event is there, and once."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.access.trail.crashing import EVENTS, MOMENTS, ORGANIZATION
from tests.live import LiveServer
from tests.orgs import new_key

ROOT = Path(__file__).parents[3]
KILLS = 4
SERVED_SECONDS = 1.2


def events_of(client: httpx2.Client, **filters: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        asked = {"limit": "1000", **filters, **({"cursor": cursor} if cursor else {})}
        page = client.get("/audit-logs/", params=asked).raise_for_status().json()
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.timeout(120)
def test_each_event_is_in_the_log_once_after_a_kill(own_server: LiveServer, moment: str) -> None:
    own_server.data.mkdir()
    command = [sys.executable, "-m", "tests.access.trail.crashing", str(own_server.data), moment]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()[-2000:]

    own_server.start()
    token = new_key(own_server, ORGANIZATION)
    with own_server.client(token) as client:
        deadline = time.monotonic() + 20
        while len(events_of(client, resource_type="ROLE")) < EVENTS:
            assert time.monotonic() < deadline, "events are missing"
            time.sleep(0.1)
        time.sleep(1.5)  # A second delivery would be due by now.
        told = Counter(each["resource_id"] for each in events_of(client, resource_type="ROLE"))
    assert told == {f"ROLE_{number}": 1 for number in range(EVENTS)}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_killed_again_and_again_each_change_has_its_one_event(own_server: LiveServer) -> None:
    own_server.start()
    made: list[str] = []
    stop = threading.Event()

    def make_keys() -> None:
        with own_server.client(timeout=5.0) as client:
            while not stop.is_set():
                body = {"name": "made", "permissions": ["event:write"]}
                try:
                    answer = client.post("/api-keys/", json=body)
                except httpx2.HTTPError:
                    time.sleep(0.05)
                    continue
                if answer.status_code == 201:
                    made.append(answer.json()["id"])

    maker = threading.Thread(target=make_keys)
    maker.start()
    for _ in range(KILLS):
        time.sleep(SERVED_SECONDS)
        own_server.kill()
        own_server.start()
    time.sleep(SERVED_SECONDS)
    stop.set()
    maker.join()
    assert len(made) > KILLS * 5, "hardly any key was made"
    with own_server.client() as client:
        kept = {each["id"] for each in client.get("/api-keys/").json()["items"]}
        wanted = {each for each in kept if each in made} | set(made)
        deadline = time.monotonic() + 30
        told: Counter[str] = Counter()
        while not wanted <= told.keys() and time.monotonic() < deadline:
            time.sleep(0.2)
            asked = {"resource_type": "API_KEY", "action": "CREATE"}
            told = Counter(each["resource_id"] for each in events_of(client, **asked))
    assert set(made) <= kept, "an acknowledged key is gone"
    assert wanted <= told.keys(), "a key has no event"
    assert set(told.values()) == {1}, "a key has several events"
    assert told.keys() <= kept, "an event tells of a key that was not made"
