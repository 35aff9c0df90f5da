"""The dataset's landmarks are where they say they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.dataset import EVENTS_PER_NEEDLE, Dataset, ingest_events, prepare
from bench.generator import MARKER

EVENTS = 2000


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return prepare(tmp_path_factory.mktemp("dataset"), EVENTS)


@pytest.fixture(scope="module")
def lines(dataset: Dataset) -> list[str]:
    return [line for chunk in dataset.chunks for line in chunk.read_text().splitlines()]


def test_all_events_are_there_and_different(dataset: Dataset, lines: list[str]) -> None:
    events = [json.loads(line) for line in lines]
    assert len(events) == dataset.events
    assert len({event["id"] for event in events}) == dataset.events
    assert dataset.first <= min(event["timestamp"] for event in events)
    assert max(event["timestamp"] for event in events) < dataset.after


def test_each_needle_is_in_its_few_events(dataset: Dataset, lines: list[str]) -> None:
    for needle in dataset.needles:
        assert sum(needle in line for line in lines) == EVENTS_PER_NEEDLE


def test_a_fragment_is_in_one_event(dataset: Dataset, lines: list[str]) -> None:
    for fragment in dataset.fragments:
        assert sum(fragment in line for line in lines) == 1


def test_samples_were_drawn_from_the_events(dataset: Dataset, lines: list[str]) -> None:
    text = "\n".join(lines)
    assert len(dataset.users) > 5
    assert len(dataset.resources) > 5
    assert all(f'"user_id":"{user}"' in text for user in dataset.users)
    assert all(f'"resource_id":"{resource}"' in text for _, resource in dataset.resources)


def test_the_export_window_holds_what_it_says(dataset: Dataset, lines: list[str]) -> None:
    times = [json.loads(line)["timestamp"] for line in lines]
    assert sum(time >= dataset.export_from for time in times) == dataset.export_events
    assert dataset.export_events >= EVENTS // 2


def test_a_second_run_finds_the_events_made(dataset: Dataset) -> None:
    assert prepare(Path(dataset.folder), EVENTS) == dataset
    with pytest.raises(SystemExit, match="--events 2000"):
        prepare(Path(dataset.folder), EVENTS + 1)


def test_ingest_events_leave_room_for_new_ids() -> None:
    events = ingest_events(300)
    ids = [str(event["id"]) for event in events]
    assert len(set(ids)) == 300
    assert all(one.startswith(MARKER.decode() + "-7") and len(one) == 36 for one in ids)
