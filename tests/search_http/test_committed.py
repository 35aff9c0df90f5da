"""Polling in commit order for ever: every event exactly once, however late it comes."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from tests.api.tenant import Json, Tenant, event, ids, opened
from tests.live import LiveServer

WRITERS = 2
DEADLINE_SECONDS = 60.0


def late_event(rng: random.Random) -> Json:
    """An event of any time in the last three months, or a few hours ahead."""
    moment = datetime.now(UTC) - timedelta(seconds=rng.uniform(-20_000, 90 * 86_400))
    return event(
        action=rng.choice(("LOGIN", "CREATE")),
        user_id=rng.choice(("ann", "bob")),
        timestamp=moment.isoformat(),
    )


@dataclass
class Writer:
    """Writes until told to stop; sends again what was not acknowledged."""

    server: LiveServer
    token: str
    stop: threading.Event
    acknowledged: list[Json] = field(default_factory=list)

    def run(self, seed: int) -> None:
        rng = random.Random(seed)
        with self.server.client(self.token, timeout=5) as client:
            while not self.stop.is_set():
                events = [late_event(rng) for _ in range(rng.randrange(1, 30))]
                self._send(client, events)
                self.acknowledged += events
                time.sleep(rng.uniform(0, 0.1))

    def _send(self, client: httpx2.Client, events: list[Json]) -> None:
        while True:
            try:
                if client.post("/audit-logs/batch", json=events).status_code == 200:
                    return
            except httpx2.HTTPError:
                pass
            time.sleep(0.05)


@dataclass
class Follower:
    """Follows one search in commit order, keeping its cursor over restarts."""

    asked: Json
    cursor: str | None = None
    seen: list[Json] = field(default_factory=list)

    def poll(self, tenant: Tenant, limit: int) -> bool:
        """Reads a page; says whether there may be more at once."""
        asked = {**self.asked, "order": "committed", "limit": limit}
        page = tenant.search(**asked, **({"cursor": self.cursor} if self.cursor else {}))
        assert page["next_cursor"] is not None
        assert page["has_more"] is False or len(page["items"]) == limit
        self.cursor = page["next_cursor"]
        self.seen += page["items"]
        return bool(page["has_more"])


@pytest.mark.slow
def test_every_event_exactly_once_over_restarts(own_server: LiveServer) -> None:
    own_server.start()
    with opened(own_server) as tenant, opened(own_server) as other, ExitStack() as cleanup:
        stop = threading.Event()
        writers = [Writer(own_server, tenant.token, stop) for _ in range(WRITERS)]
        # What others commit in between takes places in the same streams.
        noise = Writer(own_server, other.token, stop)
        threads = [
            threading.Thread(target=each.run, args=(seed,))
            for seed, each in enumerate([*writers, noise])
        ]
        cleanup.callback(stop.set)
        for thread in threads:
            thread.start()
        everything = Follower({})
        creations = Follower({"action": "CREATE", "user_id": "ann"})
        rng = random.Random(5)
        for end in (own_server.kill, own_server.stop, own_server.kill):
            for _ in range(15):
                everything.poll(tenant, rng.randrange(1, 40))
                creations.poll(tenant, rng.randrange(1, 5))
            end()
            own_server.start()
        stop.set()
        for thread in threads:
            thread.join()
        finish(tenant, everything, creations)
    sent = [each for writer in writers for each in writer.acknowledged]
    assert len(sent) > 300
    check(everything.seen, sent)
    check(
        creations.seen,
        [each for each in sent if (each["action"], each["user_id"]) == ("CREATE", "ann")],
    )
    assert len({each["node"] for each in everything.seen}) == 4


def finish(tenant: Tenant, *followers: Follower) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    for follower in followers:
        while follower.poll(tenant, 500):
            assert time.monotonic() < deadline


def check(seen: list[Json], sent: list[Json]) -> None:
    """All that was acknowledged was seen, nothing twice, and each stream in its order."""
    counted = Counter(each["id"] for each in seen)
    assert counted == Counter(each["id"] for each in sent)
    for node in {each["node"] for each in seen}:
        stream = [each["node_seq"] for each in seen if each["node"] == node]
        assert stream == sorted(set(stream))


def test_a_cursor_from_latest_begins_after_all_that_is_committed(tenant: Tenant) -> None:
    tenant.record([event() for _ in range(5)])
    latest = tenant.search(order="committed", cursor="latest")
    assert (latest["items"], latest["has_more"], latest["total"]) == ([], False, None)
    late = [event(timestamp="1999-01-01T00:00:00Z"), event()]
    tenant.record(late)
    page = tenant.search(order="committed", cursor=latest["next_cursor"])
    assert ids(page) == [each["id"] for each in late]
    again = tenant.search(order="committed", cursor=page["next_cursor"])
    assert again["items"] == []
    assert again["next_cursor"] is not None


def test_latest_keeps_to_its_filter(tenant: Tenant) -> None:
    latest = tenant.search(order="committed", cursor="latest", action="CREATE")["next_cursor"]
    wanted = event(action="CREATE")
    tenant.record([event(), wanted, event()])
    page = tenant.search(order="committed", cursor=latest, action="CREATE")
    assert ids(page) == [wanted["id"]]
    problem = tenant.refused("/audit-logs/", {"order": "committed", "cursor": latest})
    assert problem["code"] == "CURSOR_MISMATCH"


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 1000])
def test_pages_of_any_size_hold_the_stream_in_order(tenant: Tenant, limit: int) -> None:
    events = [event(timestamp=f"2025-01-{30 - day:02}T00:00:00Z") for day in range(20)]
    tenant.record(events)
    follower = Follower({})
    while follower.poll(tenant, limit):
        pass
    assert [each["id"] for each in follower.seen] == [each["id"] for each in events]


def test_a_range_of_time_narrows_the_stream(tenant: Tenant) -> None:
    events = [event(timestamp=f"2025-01-{day:02}T00:00:00Z") for day in (9, 1, 5, 7)]
    tenant.record(events)
    page = tenant.search(order="committed", start_date="2025-01-02", end_date="2025-01-07")
    assert ids(page) == [events[2]["id"], events[3]["id"]]


@pytest.mark.slow
def test_a_cursor_stays_short_however_many_nodes_there_were(own_server: LiveServer) -> None:
    own_server.start()
    with opened(own_server) as tenant:
        follower = Follower({})
        lengths = []
        for _ in range(3):
            tenant.record([event(), event()])
            follower.poll(tenant, 100)
            assert follower.cursor is not None
            lengths.append(len(follower.cursor))
            own_server.stop()
            own_server.start()
        assert len({each["id"] for each in follower.seen}) == 6
    assert lengths[-1] <= lengths[1] + 2
