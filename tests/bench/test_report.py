"""The verdicts of the table, at the borders of what must be reached."""

from __future__ import annotations

import pytest

from bench import report
from bench.paging import Depth, Export
from bench.phases import Results
from bench.queries import differences, without
from bench.side import Size
from bench.timing import Timing
from tests.bench.making import load


def verdicts(ours: Results, peer: Results) -> list[bool | None]:
    return [row.is_reached for row in report.rows(ours, peer)]


@pytest.mark.parametrize(("events", "is_reached"), [(1000, True), (999, False)])
def test_batches_must_reach_ten_times_the_peer(events: int, is_reached: bool) -> None:
    assert verdicts(Results(batches=load(events)), Results(batches=load(100))) == [is_reached]


@pytest.mark.parametrize(("events", "is_reached"), [(200, True), (199, False)])
def test_singles_must_reach_twice_the_peer(events: int, is_reached: bool) -> None:
    assert verdicts(Results(singles=load(events)), Results(singles=load(100))) == [is_reached]


@pytest.mark.parametrize(("size_bytes", "is_reached"), [(25, True), (26, False)])
def test_bytes_per_event_may_be_a_quarter(size_bytes: int, is_reached: bool) -> None:
    ours = Results(sizes=[Size("a", size_bytes - 5), Size("b", 5)], sized_events=1)
    peer = Results(sizes=[Size("heap", 600), Size("index", 400)], sized_events=10)
    assert verdicts(ours, peer) == [is_reached]


@pytest.mark.parametrize(
    ("name", "mine", "their", "is_reached"),
    [
        ("counts", 1.0, 10.0, True),
        ("counts", 1.0, 9.9, False),
        ("hourly", 1.0, 9.9, False),
        ("distinct", 1.0, 9.9, False),
        ("counts_from", 1.0, 0.1, None),
        ("text", 1.0, 20.0, True),
        ("text", 1.0, 19.0, False),
        ("latest", 2.0, 1.0, True),
        ("latest_user", 2.1, 1.0, False),
        ("latest_resource", 2.1, 1.0, False),
    ],
)
def test_medians_are_judged(name: str, mine: float, their: float, is_reached: bool | None) -> None:
    ours, peer = Results(timings={name: Timing([mine])}), Results(timings={name: Timing([their])})
    assert verdicts(ours, peer) == [is_reached]


@pytest.mark.parametrize(("deep", "is_reached"), [(1.5, True), (1.6, False)])
def test_a_deep_page_is_judged_by_our_own_first(deep: float, is_reached: bool) -> None:
    ours = Results(depth=Depth(1.0, deep, 1000))
    assert verdicts(ours, Results(depth=Depth(0.1, 0.1, 1000))) == [is_reached]


@pytest.mark.parametrize(
    ("rows", "growth_bytes", "reached"),
    [
        (100_000, 199_999_999, [True, True]),
        (50_000, 0, [True, True]),
        (49_999, 200_000_000, [False, False]),
    ],
)
def test_an_export_is_fast_or_faster_than_the_peer_and_flat(
    rows: int, growth_bytes: int, reached: list[bool]
) -> None:
    ours = Results(export=Export(rows, 1.0, 1, growth_bytes))
    assert verdicts(ours, Results(export=Export(10_000, 1.0, 1, 0))) == reached


def test_answers_are_compared_without_the_rest() -> None:
    assert without({"LOGIN": 5, "CREATE": 1}, {"CREATE": 1}) == {"LOGIN": 5}
    assert without(["own", "b", "a"], ["own"]) == ["b", "a"]
    assert without(7, 2) == 5


def test_differences_name_the_path() -> None:
    ours = Timing([1.0], {"/a": ["2", "1"], "/b": ["9"]})
    assert differences(ours, Timing([1.0], {"/a": ["2", "1", "0"], "/b": ["9"]})) == []
    assert differences(ours, Timing([1.0], {"/a": ["1", "2"], "/b": ["9"]})) == ["/a"]
    assert differences(Timing([1.0], {"/x": 3}), Timing([1.0], {"/y": 4})) == ["/x"]
