"""What is measured over the loaded store: analytics and rehearsals."""

from __future__ import annotations

import pytest

from bench.insight import outcome as insight_outcome
from bench.insight import questions
from bench.rehearsal import Rehearsed
from bench.rehearsal import outcome as rehearsal_outcome
from bench.timing import Timing
from tests.bench.making import dataset


@pytest.mark.parametrize(("p95", "is_reached"), [(0.5, True), (0.501, False)])
def test_a_route_is_judged_by_its_95th_percentile(p95: float, is_reached: bool) -> None:
    line = insight_outcome("team", Timing([0.1] * 19 + [p95]))
    assert line.is_reached is is_reached
    assert line.measured.startswith("p50 100 ms, p95 50")


def test_every_route_of_the_pages_is_asked() -> None:
    asked = {each.name: each.paths for each in questions(dataset())}
    assert {"dashboard", "team", "places", "user", "resources by events"} <= asked.keys()
    assert "dashboard, uneven" in asked
    assert all(paths for paths in asked.values())
    assert asked["user"][0].startswith("/insight/users/user%201?")


@pytest.mark.parametrize(("longest", "is_reached"), [(10.0, True), (10.1, False)])
def test_each_rehearsal_is_judged(longest: float, is_reached: bool) -> None:
    line = rehearsal_outcome(Rehearsed("a rule", [1.0, longest, 2.0], 70, 3, 10.0), 5_000_000)
    assert line.is_reached is is_reached
    assert line.what == "rehearsal over 5,000,000 events: a rule"
    assert line.measured.startswith("2.0 s (longest of 3: 10.")
    assert line.measured.endswith("70 events read, 3 detections")


def test_a_rehearsal_that_is_only_told_of_is_not_judged() -> None:
    line = rehearsal_outcome(Rehearsed("a rule", [99.0], 70, 3), 10)
    assert (line.must, line.is_reached) == ("printed", None)
