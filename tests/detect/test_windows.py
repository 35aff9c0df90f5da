"""When a detection opens, what joins it, what late events do to it: each swept as well."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.detect.conftest import FOREVER, History, live
from tests.detect.rules import DAY, a_rule, at, count_rule
from trailkeeper.detect.detection import (
    MAX_EVIDENCE,
    ChangeKind,
    Detection,
    DetectionKey,
    apply_changes,
)
from trailkeeper.detect.evaluate import LiveEvaluator, warm_up_from
from trailkeeper.detect.rule import Rule
from trailkeeper.event import StoredEvent

MIDNIGHT_MINUTES = 24 * 60


def found(history: History, rule: Rule, events: list[StoredEvent]) -> list[Detection]:
    """What both find, which is the same."""
    history.put(events)
    swept = history.swept(rule)
    assert live(rule, [events]) == swept
    assert live(rule, [[event] for event in reversed(events)]) == swept
    return swept


def minutes(moment: datetime) -> float:
    return (moment - DAY) / timedelta(minutes=1)


def test_it_opens_where_the_window_first_holds_enough(history: History) -> None:
    (one,) = found(history, count_rule("gte: 3"), [at(0, id="a"), at(9, id="b"), at(10, id="c")])
    assert minutes(one.opened_at) == 10
    assert minutes(one.window_start) == 0
    assert (one.count, one.measured, one.evidence) == (3, 3, ("a", "b", "c"))
    assert one.group == ("u",)


def test_the_window_includes_both_of_its_ends_and_no_more(history: History) -> None:
    assert found(history, count_rule("gte: 2"), [at(0), at(10)])
    just_over = at(10, timestamp=DAY + timedelta(minutes=10, microseconds=1))
    assert not found(history, count_rule("gte: 2"), [at(0), just_over])


def test_a_burst_across_a_border_of_windows_is_one(history: History) -> None:
    events = [at(each) for each in (8, 9, 9.5, 10.5, 11, 12)]
    (one,) = found(history, count_rule("gte: 5"), events)
    assert one.count == 6


def test_following_events_join_and_a_pause_ends_it(history: History) -> None:
    rule = count_rule("gte: 2")
    first, second = found(history, rule, [at(each) for each in (0, 5, 14, 24, 40, 45)])
    assert (first.count, minutes(first.first_at), minutes(first.last_at)) == (4, 0, 24)
    assert (second.count, minutes(second.first_at)) == (2, 40)
    assert first.key != second.key


def test_what_does_not_meet_the_condition_any_more_does_not_join(history: History) -> None:
    (one,) = found(history, count_rule("gte: 3"), [at(each) for each in (0, 1, 2, 11, 19)])
    assert (one.count, minutes(one.last_at)) == (4, 11)


def test_what_goes_on_over_days_is_told_once_a_day(history: History) -> None:
    events = [at(each * 5) for each in range(3 * 24 * 12)]
    days = found(history, count_rule("gte: 2"), events)
    assert [minutes(each.opened_at) for each in days] == [5, MIDNIGHT_MINUTES, 2 * MIDNIGHT_MINUTES]


def test_a_burst_across_midnight_is_not_missed(history: History) -> None:
    near = [at(MIDNIGHT_MINUTES + each) for each in (-4, -3, -2, 1, 2, 3)]
    (one,) = found(history, count_rule("gte: 6"), near)
    assert minutes(one.opened_at) == MIDNIGHT_MINUTES + 3
    assert one.count == 6


def test_groups_are_apart_and_what_has_no_group_is_left_out(history: History) -> None:
    rule = count_rule("gte: 2", group="[user_id, country]")
    events = [
        *(at(0, country="DE"), at(1, country="DE"), at(2, country="FR")),
        *(at(3, country=""), at(4, country=""), at(5, user_id="v", country="DE")),
    ]
    (one,) = found(history, rule, events)
    assert one.group == ("u", "DE")


def test_text_that_compares_in_any_case_groups_in_any_case(history: History) -> None:
    rule = count_rule("gte: 2", group="user_email")
    (one,) = found(
        history, rule, [at(0, user_email="Ärger@acme.io"), at(1, user_email="äRGER@ACME.io")]
    )
    assert one.group == ("ärger@acme.io",)


def test_a_group_by_user_takes_the_first_name_there_is(history: History) -> None:
    rule = count_rule("gte: 2", group="user")
    events = [at(0, user_id="", user_email="a@b"), at(1, user_id="", user_email="A@B"), at(2)]
    (one,) = found(history, rule, events)
    assert one.group == ("a@b",)


def test_a_plain_rule_opens_with_each_event_and_is_told_once_an_hour(history: History) -> None:
    rule = a_rule("action: LOGIN")
    events = [at(0), at(30), at(95), at(3, user_id="", user_email="")]
    detections = found(history, rule, events)
    assert [(each.group, each.count) for each in detections] == [
        (("u",), 2),
        (("",), 1),
        (("u",), 1),
    ]


def test_evidence_is_bounded_and_the_count_is_not(history: History) -> None:
    events = [at(each / 60, id=f"{each:03}") for each in range(150)]
    (one,) = found(history, count_rule("gte: 3"), events)
    assert one.count == 150
    assert one.evidence == tuple(f"{each:03}" for each in range(MAX_EVIDENCE))


def test_the_same_event_again_changes_nothing() -> None:
    evaluator = LiveEvaluator([count_rule("gte: 2")])
    events = [at(0), at(1), at(1, id="x")]
    assert len(evaluator.feed(events)) == 1
    assert evaluator.feed(events) == []
    assert evaluator.feed([events[-1], at(2)])[0].detection.count == 4


def test_growing_is_told_once_a_batch() -> None:
    evaluator = LiveEvaluator([count_rule("gte: 2")])
    (opened,) = evaluator.feed([at(0), at(1), at(2)])
    (grew,) = evaluator.feed([at(3), at(4)])
    assert (opened.kind, opened.detection.count) == (ChangeKind.OPENED, 3)
    assert (grew.kind, grew.detection.count) == (ChangeKind.GREW, 5)
    assert grew.detection.key == opened.detection.key
    assert grew.supersedes == ()


def test_a_late_event_that_opens_it_earlier_supersedes() -> None:
    evaluator = LiveEvaluator([count_rule("gte: 3")])
    (before,) = evaluator.feed([at(1), at(4), at(6)])
    (after,) = evaluator.feed([at(2)])
    assert after.kind is ChangeKind.OPENED
    assert after.supersedes == (before.detection.key,)
    assert minutes(after.detection.opened_at) == 4
    assert after.detection.count == 4


def test_a_late_event_that_joins_two_leaves_one() -> None:
    evaluator = LiveEvaluator([count_rule("gte: 2")], lateness=timedelta(hours=1))
    first, second = evaluator.feed([at(0), at(1), at(15), at(16)])
    (joined,) = evaluator.feed([at(8)])
    assert joined.kind is ChangeKind.GREW
    assert joined.detection.key == first.detection.key
    assert joined.supersedes == (second.detection.key,)
    assert joined.detection.count == 5


def test_a_late_event_may_withdraw_what_was_too_few() -> None:
    evaluator = LiveEvaluator([count_rule("lt: 2", group="user_id")])
    (opened,) = evaluator.feed([at(5)])
    changes = evaluator.feed([at(4, id="a"), at(4, id="b")])
    assert [each.kind for each in changes] == [ChangeKind.WITHDRAWN]
    assert changes[0].detection.key == opened.detection.key


def test_what_is_too_late_is_counted_and_left_to_the_sweep(history: History) -> None:
    rule = count_rule("gte: 2")
    batches = [[at(0)], [at(60, user_id="v")], [at(1)]]
    evaluator = LiveEvaluator([rule], lateness=timedelta(minutes=20))
    assert [change for batch in batches for change in evaluator.feed(batch)] == []
    assert evaluator.states()[rule.id].late == 1
    history.put([event for batch in batches for event in batch])
    assert len(history.swept(rule)) == 1


def test_a_clock_that_runs_ahead_makes_nobody_late() -> None:
    evaluator = LiveEvaluator([count_rule("gte: 2")])
    ahead = at(0, timestamp=DAY + timedelta(hours=20), received_at=DAY, user_id="v")
    evaluator.feed([at(0), ahead])
    assert evaluator.feed([at(1)])
    assert evaluator.watermark == DAY + timedelta(minutes=1)


def test_silent_groups_are_forgotten_and_too_many_are_evicted() -> None:
    rule = count_rule("gte: 2")
    evaluator = LiveEvaluator([rule], max_groups=100)
    evaluator.feed([at(0, user_id=f"u{each}") for each in range(90)])
    assert evaluator.states()[rule.id].groups == 90
    evaluator.feed([at(60, user_id="v")])
    state = evaluator.states()[rule.id]
    assert (state.groups, state.items, state.evicted) == (1, 1, 0)
    evaluator.feed([at(60 + each / 1000, user_id=f"w{each:04}") for each in range(1000)])
    state = evaluator.states()[rule.id]
    assert state.groups <= 100
    assert state.evicted == 1001 - state.groups
    assert evaluator.feed([at(62, user_id="w0999")])


@pytest.mark.parametrize("size", [1, 7, 500])
def test_memory_of_one_busy_group_is_bounded(size: int) -> None:
    rule = count_rule("gte: 1000000")
    evaluator = LiveEvaluator([rule], lateness=timedelta(seconds=30))
    events = [at(each / 100) for each in range(20_000)]
    for start in range(0, len(events), size):
        evaluator.feed(events[start : start + size])
    # A window holds a thousand events; twice that and some more may wait to be let go.
    assert evaluator.states()[rule.id].items < 4_500


def test_settling_changes_no_detection(history: History) -> None:
    rule = count_rule("gte: 3", span="1m")
    events = [at(each**1.3 / 40) for each in range(3000)]
    history.put(events)
    swept = history.swept(rule)
    assert len(swept) == 1
    in_order = [events[start : start + 50] for start in range(0, len(events), 50)]
    assert live(rule, in_order, timedelta()) == swept
    swapped = [batch for pair in zip(in_order[1::2], in_order[::2], strict=True) for batch in pair]
    assert live(rule, swapped, timedelta(hours=12)) == swept


def test_a_new_evaluator_that_is_warmed_up_goes_on_as_the_old_one() -> None:
    rule = count_rule("gte: 2")
    events = [at(-600 + each * 4) for each in range(400)]
    lateness = timedelta(minutes=10)
    everything = {each.key: each for each in live(rule, [events], FOREVER)}
    now = events[299].timestamp
    start = warm_up_from([rule], now, lateness)
    assert start == DAY - timedelta(minutes=10)
    again = LiveEvaluator([rule], lateness=lateness, evaluate_from=start + rule.timespan)
    known: dict[DetectionKey, Detection] = {}
    apply_changes(known, again.feed([each for each in events[:300] if each.timestamp >= start]))
    apply_changes(known, again.feed(events[300:]))
    assert known == {key: each for key, each in everything.items() if each.opened_at >= DAY}
    assert known
