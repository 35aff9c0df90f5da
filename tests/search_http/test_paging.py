"""Pages in time order, while others write: no event is skipped and none repeated."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.api.tenant import Json, Tenant, at, event, ids, opened, twin
from tests.live import LiveServer

BEGIN = at("2025-03-01T00:00:00Z")
ACTIONS = ("LOGIN", "CREATE", "DELETE")
MAX_PAGES = 500


def events_around(rng: random.Random, count: int) -> list[Json]:
    """Events of a few instants, so that many share one and only the id tells them apart.

    Some are of now: the server looks for the newest page in the newest days first.
    """
    found = []
    for _ in range(count):
        moment = BEGIN + timedelta(days=rng.randrange(6), microseconds=rng.randrange(3))
        found.append(
            event(
                action=rng.choice(ACTIONS),
                user_id=rng.choice(("ann", "bob")),
                timestamp=None if rng.random() < 0.2 else moment.isoformat(),
            )
        )
    return found


@dataclass
class Writer:
    """Keeps writing events, also late ones, for as long as it is told to."""

    tenant: Tenant
    stop: threading.Event = field(default_factory=threading.Event)
    written: int = 0

    def run(self) -> None:
        rng = random.Random(7)
        while not self.stop.is_set():
            self.written += len(self.tenant.record(events_around(rng, rng.randrange(1, 6))))
            self.stop.wait(0.01)


@dataclass(frozen=True)
class BusyLog:
    tenant: Tenant
    settled: list[Json]
    """Events that were there before any page was read."""


@pytest.fixture(scope="module")
def busy(live_server: LiveServer) -> Iterator[BusyLog]:
    settled = events_around(random.Random(1), 120)
    with opened(live_server) as tenant, twin(tenant, live_server) as other:
        tenant.record(settled)
        writer = Writer(other)
        thread = threading.Thread(target=writer.run)
        thread.start()
        yield BusyLog(tenant, settled)
        writer.stop.set()
        thread.join()
    assert writer.written > 50


def read_all(tenant: Tenant, **asked: object) -> list[Json]:
    found: list[Json] = []
    cursor: str | None = None
    for _ in range(MAX_PAGES):
        page = tenant.search(**asked, **({"cursor": cursor} if cursor else {}))
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found
    raise AssertionError("the pages have no end")


@settings(max_examples=25, deadline=None)
@given(
    order=st.sampled_from(["desc", "asc"]),
    limit=st.integers(7, 60),
    action=st.lists(st.sampled_from(ACTIONS), unique=True, max_size=2),
    user=st.sampled_from([None, "ann"]),
    is_ranged=st.booleans(),
)
def test_no_event_is_skipped_or_repeated_while_others_are_written(
    busy: BusyLog, order: str, limit: int, action: list[str], user: str | None, is_ranged: bool
) -> None:
    asked: dict[str, object] = {"order": order, "limit": limit, "action": action}
    if user is not None:
        asked["user_id"] = user
    if is_ranged:
        asked |= {"start_date": "2025-03-02", "end_date": "2025-03-04"}
    found = read_all(busy.tenant, **asked)
    keys = [(at(each["timestamp"]), each["id"]) for each in found]
    assert keys == sorted(set(keys), reverse=order == "desc")
    seen = {each["id"] for each in found}
    for each in busy.settled:
        day = "" if each["timestamp"] is None else each["timestamp"][:10]
        is_wanted = (
            (not action or each["action"] in action)
            and user in (None, each["user_id"])
            and (not is_ranged or "2025-03-02" <= day <= "2025-03-04")
        )
        assert (each["id"] in seen) is is_wanted


@pytest.mark.parametrize("order", ["desc", "asc"])
def test_events_of_one_instant_are_told_apart_by_their_ids(tenant: Tenant, order: str) -> None:
    events = [event(timestamp="2025-03-01T00:00:00.000001Z") for _ in range(25)]
    tenant.record(events)
    found = [each["id"] for each in read_all(tenant, order=order, limit=1)]
    assert found == sorted((each["id"] for each in events), reverse=order == "desc")


def test_ids_sort_byte_by_byte_across_pages(tenant: Tenant) -> None:
    names = ["a", "A", "é", "é2", "\U0001f600", "Z", "10", "9", "~", "ÿ", "a b", "_"]
    tenant.record([event(id=name, timestamp="2025-03-01T00:00:00Z") for name in names])
    found = [each["id"] for each in read_all(tenant, order="asc", limit=2)]
    assert found == sorted(names, key=str.encode)


def test_the_last_page_has_no_cursor_and_the_total_is_carried(tenant: Tenant) -> None:
    tenant.record([event() for _ in range(6)])
    first = tenant.search(limit=3)
    tenant.record([event() for _ in range(4)])
    second = tenant.search(limit=3, cursor=first["next_cursor"])
    assert (second["next_cursor"], second["has_more"]) == (None, False)
    assert (first["total"], second["total"]) == (6, 6)
    assert set(ids(first)).isdisjoint(ids(second))


def test_very_old_and_very_new_events_are_found_from_either_end(tenant: Tenant) -> None:
    moments = [
        "1970-01-01T00:00:00Z", "1999-12-31T23:59:59.999999Z", "2025-06-01T00:00:00Z", None,
    ]  # fmt: skip
    events = [event(timestamp=moment) for moment in moments]
    tenant.record(events)
    expected = [each["id"] for each in events]
    assert [each["id"] for each in read_all(tenant, order="asc", limit=1)] == expected
    assert [each["id"] for each in read_all(tenant, order="desc", limit=1)] == expected[::-1]
    assert ids(tenant.search(limit=2)) == expected[:1:-1]
