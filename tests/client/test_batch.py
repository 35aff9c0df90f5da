"""Batches: lazily cut, in order, each event with an id."""

from __future__ import annotations

import gzip
import itertools
import uuid

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client.far_end import Answer, far_end
from trailkeeper.client import Client
from trailkeeper.client.batch import TARGET_BATCH_BYTES, to_batches, with_id
from trailkeeper.client.identifiers import new_event_id
from trailkeeper.event import MAX_DETAILS_BYTES, NewEvent


@given(total=st.integers(0, 60), size=st.integers(1, 25))
def test_batches_hold_every_event_once_and_in_order(total: int, size: int) -> None:
    events = [{"action": "A", "resource_type": "R", "id": str(n)} for n in range(total)]
    batches = list(to_batches(events, size))
    lines = [line for batch in batches for line in batch.ndjson.splitlines()]
    assert [msgspec.json.decode(line)["id"] for line in lines] == [str(n) for n in range(total)]
    assert all(batch.events <= size for batch in batches)
    counted = itertools.accumulate((batch.events for batch in batches), initial=0)
    assert [batch.first for batch in batches] == list(counted)[: len(batches)]


def test_large_events_make_smaller_batches() -> None:
    large = {"action": "A", "resource_type": "R", "details": {"x": "y" * MAX_DETAILS_BYTES}}
    batches = list(to_batches([large] * 300, 300))
    assert len(batches) > 1
    assert all(len(batch.ndjson) <= TARGET_BATCH_BYTES + 1 for batch in batches)


def test_an_endless_input_is_read_only_as_far_as_needed() -> None:
    endless = ({"action": "A", "resource_type": "R"} for _ in itertools.count())
    assert next(to_batches(endless, 10)).events == 10


@pytest.mark.parametrize("size", [0, 10_001])
def test_a_batch_size_that_the_server_refuses_is_refused_here(size: int) -> None:
    with pytest.raises(ValueError, match="batch_events"):
        next(to_batches([], size))


def test_an_id_is_kept_and_a_missing_one_is_made() -> None:
    assert with_id({"id": "mine", "action": "A"})["id"] == "mine"
    made = with_id(NewEvent(action="A", resource_type="R"))
    assert uuid.UUID(made["id"]).version == 7


def test_ids_are_version_7_and_ordered_by_time() -> None:
    first, second = uuid.UUID(new_event_id()), uuid.UUID(new_event_id())
    assert first.variant == uuid.RFC_4122
    assert first.version == second.version == 7
    assert first.int >> 80 <= second.int >> 80
    assert first != second


def test_indexes_count_over_the_whole_input() -> None:
    def answer(statuses: list[str]) -> Answer:
        items = [
            {"index": index, "status": status, "code": "X", "reason": "why"}
            for index, status in enumerate(statuses)
        ]
        counts = {name: statuses.count(name) for name in ("committed", "duplicate", "rejected")}
        return Answer(200, msgspec.json.encode({**counts, "results": items}))

    answers = [answer(["committed", "rejected"]), answer(["rejected", "duplicate"])]
    events = [{"action": "A", "resource_type": "R", "id": str(n)} for n in range(4)]
    with far_end(*answers) as server, Client(server.url, "tk_test") as client:
        result = client.record_batch(events, batch_events=2)
    assert (result.committed, result.duplicate, result.rejected) == (1, 1, 2)
    assert [item.index for item in result.rejects] == [1, 2]
    assert [item.index for item in result.results] == [0, 1, 2, 3]
    asked = server.asked[1]
    assert asked.headers["Content-Encoding"] == "gzip"
    lines = gzip.decompress(asked.body).splitlines()
    assert [msgspec.json.decode(line)["id"] for line in lines] == ["2", "3"]
