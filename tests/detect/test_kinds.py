"""Each kind of correlation, by example, live and swept."""

from __future__ import annotations

from typing import Any

import pytest

from tests.detect.conftest import History, live
from tests.detect.rules import a_correlation, a_rule, at
from trailkeeper.detect.detection import Detection
from trailkeeper.detect.evaluate import LiveEvaluator
from trailkeeper.detect.parse import load_rule_text
from trailkeeper.detect.rule import Rule
from trailkeeper.event import StoredEvent

N = "base"


def found(history: History, rule: Rule, events: list[StoredEvent]) -> list[Detection]:
    history.put(events)
    swept = history.swept(rule)
    assert live(rule, [[event] for event in reversed(events)]) == swept
    return swept


def numbers(kind: str, condition: str) -> Rule:
    return a_correlation(
        f"type: {kind}\nrules: base\ngroup-by: user_id\ntimespan: 10m\n"
        f"condition: {{field: details.n, {condition}}}",
        base="action: EXPORT",
    )


def exports(*values: Any) -> list[StoredEvent]:
    return [at(place, action="EXPORT", details={"n": value}) for place, value in enumerate(values)]


@pytest.mark.parametrize(
    ("kind", "condition", "values", "measured"),
    [
        ("value_sum", "gt: 10", (5, 5.5), 10.5),
        ("value_sum", "gt: 10", (5, "7", True, None, [7], 5), None),
        ("value_sum", "gt: 10", (2**63, 10), None),
        ("value_sum", "eq: 0.3", (0.1, 0.2), None),
        ("value_sum", "gte: 2000", (1e308, 1e308), 1e308),
        ("value_avg", "gte: 4", (3, 4, 5.5), 12.5 / 3),
        ("value_avg", "lt: 0", (3, -7), -2),
        ("value_median", "eq: 2.5", (2, 3), 2.5),
        ("value_median", "gt: 5", (1, 9, 9), 9),
        ("value_percentile", "gte: 90, percentile: 95", (1, 2, 95), 95),
        ("value_percentile", "lte: 1, percentile: 0", (3, 2, 1), 1),
        ("value_percentile", "gte: 5, percentile: 50", (1, 2, 9), None),
    ],
)
def test_numbers(
    history: History, kind: str, condition: str, values: tuple[Any, ...], measured: float | None
) -> None:
    detections = found(history, numbers(kind, condition), exports(*values))
    assert [each.measured for each in detections] == ([] if measured is None else [measured])


def test_different_values_count_and_absent_ones_do_not(history: History) -> None:
    rule = a_correlation(
        "type: value_count\nrules: base\ngroup-by: user_email\ntimespan: 1h\n"
        "condition: {field: ip_address, gte: 3}",
        base="action: LOGIN_FAILED",
    )
    addresses = ("::ffff:10.0.0.1", "::ffff:10.0.0.1", "::", "::ffff:10.0.0.2", "2001:db8::1")
    events = [
        at(place, action="LOGIN_FAILED", user_email="a@b", ip_address=address)
        for place, address in enumerate(addresses)
    ]
    assert not found(history, rule, events[:-1])
    (one,) = found(history, rule, events)
    assert (one.count, one.measured) == (4, 3)


def test_values_of_several_fields_count_together(history: History) -> None:
    rule = a_correlation(
        "type: value_count\nrules: base\ngroup-by: user_id\ntimespan: 1h\n"
        "condition: {field: [resource_type, resource_id], gte: 2}",
        base="action: LOGIN",
    )
    same = [at(each, resource_type="A", resource_id="1") for each in (0, 1)]
    assert not found(history, rule, same)
    assert found(history, rule, [*same, at(2, resource_type="B", resource_id="1")])


FAILED_THEN_IN = {"failed": "action: LOGIN_FAILED", "entered": "action: LOGIN"}


def temporal(kind: str, *lines: str) -> Rule:
    return a_correlation(
        "\n".join((f"type: {kind}", "group-by: user_id", "timespan: 5m", *lines)),
        **FAILED_THEN_IN,
    )


def test_temporal_needs_all_in_any_order(history: History) -> None:
    rule = temporal("temporal", "rules: [failed, entered]")
    assert found(history, rule, [at(1), at(0, action="LOGIN_FAILED")])
    assert found(history, rule, [at(0), at(1, action="LOGIN_FAILED")])
    assert not found(history, rule, [at(0), at(1)])
    assert not found(history, rule, [at(0), at(1, action="LOGIN_FAILED", user_id="v")])
    assert not found(history, rule, [at(0), at(6, action="LOGIN_FAILED")])


def test_temporal_with_fewer_than_all(history: History) -> None:
    rule = temporal("temporal", "rules: [failed, entered]", "condition: {gte: 1}")
    assert found(history, rule, [at(0)])


def test_temporal_ordered_needs_the_order(history: History) -> None:
    rule = temporal("temporal_ordered", "rules: [failed, entered]")
    (one,) = found(history, rule, [at(0, action="LOGIN_FAILED"), at(1)])
    assert (one.count, one.measured) == (2, 2)
    assert not found(history, rule, [at(0), at(1, action="LOGIN_FAILED")])
    assert found(history, rule, [at(0), at(0, action="LOGIN_FAILED")])


def test_an_extended_condition(history: History) -> None:
    rule = temporal("temporal", "condition: failed and not entered")
    (one,) = found(history, rule, [at(0, action="LOGIN_FAILED"), at(1)])
    assert one.count == 1
    assert not found(history, rule, [at(0, action="LOGIN_FAILED"), at(0)])
    either = temporal("temporal", "condition: failed or entered")
    assert len(found(history, either, [at(0), at(9, action="LOGIN_FAILED")])) == 2


def test_an_event_of_two_rules_counts_once(history: History) -> None:
    rule = a_correlation(
        "type: event_count\nrules: [a, b]\ngroup-by: user_id\ntimespan: 5m\ncondition: {gte: 2}",
        a="action: LOGIN",
        b="user_id: u",
    )
    assert not found(history, rule, [at(0)])
    assert found(history, rule, [at(0), at(1, action="OTHER")])


def test_aliases_group_different_fields_of_different_rules(history: History) -> None:
    rule = a_correlation(
        "type: temporal\nrules: [given, used]\ntimespan: 5m\ngroup-by: person\n"
        "aliases:\n  person:\n    given: resource_id\n    used: user_id",
        given="action: ROLE_CHANGED",
        used="action: DELETE",
    )
    events = [
        at(0, action="ROLE_CHANGED", user_id="admin", resource_id="u-1"),
        at(1, action="DELETE", user_id="u-1"),
        at(2, action="DELETE", user_id="u-2"),
    ]
    (one,) = found(history, rule, events)
    assert one.group == ("u-1",)
    assert one.count == 2


def test_conditions_of_a_list_and_of_each_and_any(history: History) -> None:
    text = """
title: T
detection:
  one: {action: LOGIN}
  two: {country: DE}
  other: {local_hour: 5}
  condition:
    - all of t* and not 1 of other
    - one and (two or other)
"""
    (rule,) = load_rule_text(text)
    assert len(found(history, rule, [at(0, country="DE", action="X")])) == 1
    assert len(found(history, rule, [at(0, country="DE", local_hour=5)])) == 1
    assert not found(history, rule, [at(0, action="X", country="DE", local_hour=5)])


def test_rules_that_only_serve_raise_nothing() -> None:
    rule = temporal("temporal", "rules: [failed, entered]")
    assert rule.is_raised
    serving = load_rule_text(
        "title: a\nname: a\ndetection: {s: {action: LOGIN}, condition: s}\n---\n"
        "title: b\ncorrelation: {type: event_count, rules: a, timespan: 1m, condition: {gt: 1}}\n"
    )
    assert [each.is_raised for each in serving] == [False, True]
    assert LiveEvaluator(serving).feed([at(0)]) == []
    generating = load_rule_text(
        "title: a\nname: a\ndetection: {s: {action: LOGIN}, condition: s}\n---\ntitle: b\n"
        "correlation: {type: event_count, rules: a, timespan: 1m, generate: true,"
        " condition: {gt: 1}}\n"
    )
    assert len(LiveEvaluator(generating).feed([at(0)])) == 1


def test_the_version_is_of_what_is_said() -> None:
    first, again = a_rule("action: LOGIN"), a_rule("action: 'LOGIN'")
    other = a_rule("action: LOGOUT")
    assert first.version == again.version != other.version
    assert first.id == other.id
    counted = [
        a_correlation(
            "type: event_count\nrules: base\ntimespan: 5m\ncondition: {gte: 2}", base=line
        )
        for line in ("action: A", "action: B")
    ]
    assert counted[0].version != counted[1].version
