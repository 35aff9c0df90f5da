"""What the rules, telling and the live feed must reach, at the borders."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench.live import Reader, Sent, delays, to_followed
from bench.outcome import Outcome
from bench.watch import Watch, outcomes
from bench.watch_offline import Evaluated, Grown, measure_evaluation, measure_groups, thirty_rules
from bench.watch_served import Cost, Paced, Told, Turns, Watched, to_watched
from tests.bench.making import load
from trailkeeper.detect.rule import Kind


def watched(full: tuple[float, float] = (90, 100), half: tuple[float, float] = (50, 50)) -> Watched:
    return Watched(
        full=Cost(*full, [full[0]], [full[1]]),
        half=Cost(*half),
        full_lag_p99=700,
        half_lag_p99=3,
        half_p50_on=0.011,
        half_p50_off=0.010,
        half_p99_on=0.031,
        half_p99_off=0.030,
    )


def reader(seen: list[tuple[int, float]]) -> Reader:
    made = Reader("host", "token")
    made.seen = seen
    return made


GOOD = Watch(
    evaluated=Evaluated(30, 4, 50_000, 900_000),
    grown=Grown(1_000_000, 60_000_000, 100_000, 100_000),
    unbounded=Grown(1_000_000, 600_000_000, 1_000_000, 1_000_000),
    watched=watched((80, 100)),
    followed=to_followed(Sent(1, [0.0], [0.0]), [reader([(1, 0.25)])]),
    told=Told(200, 0.2, 1.0),
)


def found(watch: Watch, beginning: str) -> Outcome:
    (outcome,) = (each for each in outcomes(watch) if each.what.startswith(beginning))
    return outcome


def test_what_is_just_good_enough_is_reached() -> None:
    judged = [each for each in outcomes(GOOD) if each.is_reached is not None]
    assert len(judged) == 6
    assert all(each.is_reached for each in judged)


@pytest.mark.parametrize(
    ("watch", "beginning"),
    [
        (replace(GOOD, evaluated=Evaluated(30, 4, 49_999, 900_000)), "live evaluation"),
        (replace(GOOD, watched=watched((79, 100))), "cost of all built-in rules"),
        (replace(GOOD, watched=watched(half=(49, 50))), "the same at half the rate"),
        (replace(GOOD, told=Told(200, 0.2, 1.001)), "commit to delivery"),
        (replace(GOOD, grown=Grown(10, 1, 11, 10)), "memory of one correlation"),
        (
            replace(GOOD, followed=replace(GOOD.followed, p99=0.251)),
            "commit to SSE client",
        ),
        (replace(GOOD, followed=replace(GOOD.followed, short=1)), "commit to SSE client"),
    ],
)
def test_what_is_not_is_said_of_its_line_alone(watch: Watch, beginning: str) -> None:
    assert found(watch, beginning).is_reached is False
    assert sum(each.is_reached is False for each in outcomes(watch)) == 1


def test_the_run_without_a_rule_stands_beside() -> None:
    line = found(GOOD, "live evaluation, 30 rules (4 correlations)")
    assert line.measured == "50,000 events/s; without a rule 900,000"


def test_the_lag_is_printed() -> None:
    line = found(GOOD, "lag of detection")
    assert line.measured == "p99 700 events, 3 events"
    assert line.must == "printed"


def test_a_cost_is_of_all_turns_together() -> None:
    on = Turns(
        [load(100, 2.0), load(300, 2.0)],
        [Paced(100, 2.0, [0.1]), Paced(100, 2.0, [0.3])],
        [1.0],
        [2.0],
    )
    off = Turns([load(400, 2.0), load(400, 2.0)], [Paced(200, 2.0, [0.2])], [0.0], [0.0])
    together = to_watched(on, off)
    assert together.full == Cost(100.0, 200.0, [50.0, 150.0], [200.0, 200.0])
    assert together.full.cost == 0.5
    assert together.half.cost == 0.5
    assert (together.half_p50_on, together.half_p50_off) == (0.3, 0.2)


def test_what_is_faster_with_rules_costs_nothing() -> None:
    assert Cost(110, 100).cost == 0


def test_thirty_rules_four_of_them_correlations_of_different_kinds() -> None:
    rules = thirty_rules()
    kinds = {rule.correlation.kind for rule in rules if rule.correlation is not None}
    assert len(rules) == 30
    assert sum(rule.correlation is not None for rule in rules) == 4
    assert kinds == {Kind.EVENT_COUNT, Kind.VALUE_COUNT, Kind.TEMPORAL_ORDERED}


def test_the_evaluator_is_measured() -> None:
    evaluated = measure_evaluation(500)
    assert (evaluated.rules, evaluated.correlations) == (30, 4)
    assert evaluated.per_second > 0


def test_groups_are_kept_up_to_the_limit() -> None:
    assert measure_groups(3_000, 1_000).kept <= 1_000
    assert measure_groups(3_000, 3_000).kept == 3_000


def test_each_event_is_timed_from_its_own_batch() -> None:
    late = reader([(1, 10.5), (4, 11.5)])
    assert np.allclose(delays(late, [10.0, 11.0], 2), [0.5, 1.5, 0.5, 0.5])


def test_frames_are_counted_across_reads() -> None:
    half = Reader("host", "token")
    half.data_received(b"event: ev")
    half.data_received(b"ent\nid: 1\n\nevent: event\n")
    assert [count for count, _ in half.seen] == [2]


def test_clients_that_had_fewer_are_counted() -> None:
    sent = Sent(2, [10.0, 11.0], [10.1, 11.1])
    followed = to_followed(sent, [reader([(4, 11.2)]), reader([(2, 10.2)])])
    assert (followed.events, followed.clients, followed.short) == (4, 2, 1)
    assert followed.p99 < followed.request_p99


def test_a_client_that_had_nothing_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="no event at all"):
        to_followed(Sent(1, [1.0], [1.0]), [reader([])])
