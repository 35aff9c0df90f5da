"""Rules that can be read but hardly mean what they say are warned of, others are not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detect.rules import BASES, a_correlation, a_rule, correlations
from tests.detect.test_conditions_agree import conditions
from tests.search.samples import EVENTS
from trailkeeper.detect.builtin import builtin_rules
from trailkeeper.detect.condition import Condition
from trailkeeper.detect.keys import Details
from trailkeeper.detect.lint import lint
from trailkeeper.detect.match import compile_condition
from trailkeeper.detect.parse import load_rule_text
from trailkeeper.detect.possible import can_match
from trailkeeper.detect.rule import Rule


def codes(*rules: Rule) -> list[str]:
    return [warning.code for warning in lint(rules)]


@pytest.mark.parametrize(
    ("detection", "expected"),
    [
        ("local_hour: 25", "RULE_NEVER_MATCHES"),
        ("local_hour|gte: 24", "RULE_NEVER_MATCHES"),
        ("local_hour|gt: 20\nlocal_hour|lt: 6", "RULE_NEVER_MATCHES"),
        ("local_weekday: 0", "RULE_NEVER_MATCHES"),
        ("status: FINE", "RULE_NEVER_MATCHES"),
        ("source|startswith: web", "RULE_NEVER_MATCHES"),
        ("action|all: [LOGIN, LOGOUT]", "RULE_NEVER_MATCHES"),
        ("action: LOGIN\naction|startswith: DEL", "RULE_NEVER_MATCHES"),
        ("action|cased: login", "RULE_NEVER_MATCHES"),
        ("action: LOGIN\naction|neq: login", "RULE_NEVER_MATCHES"),
        ("action: null", "RULE_NEVER_MATCHES"),
        ("country: DE\ncountry|exists: false", "RULE_NEVER_MATCHES"),
        ("user_id: a\nuser_id|contains: b", "RULE_NEVER_MATCHES"),
        ("action: '*'", "RULE_MATCHES_EVERYTHING"),
        ("local_hour|gte: 0", "RULE_MATCHES_EVERYTHING"),
        ("action|neq: LOGIN\n", None),
        ("- local_hour|lt: 12\n- local_hour|gte: 12", "RULE_MATCHES_EVERYTHING"),
        ("- status: FAILED\n- status: SUCCESS", "RULE_MATCHES_EVERYTHING"),
        ("- user_id: a\n- user_id|neq: a", "RULE_MATCHES_EVERYTHING"),
        ("local_hour|gt: 20\nlocal_weekday|lt: 6", None),
        ("user_id: a\nuser_id|cased: A", None),
        ("user_id: a\nuser_id|re: A", None),
        ("user: a\nuser_email: b", None),
        ("details.tags|all: [a, b]", None),
        ("'|all': [a, b]", None),
        ("- local_hour|lt: 6\n- local_hour|gte: 22", None),
    ],
)
def test_a_condition(detection: str, expected: str | None) -> None:
    assert codes(a_rule(detection)) == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("type: event_count\ncondition: {lt: 1}", "RULE_UNREACHABLE_COUNT"),
        ("type: event_count\ncondition: {eq: 0}", "RULE_UNREACHABLE_COUNT"),
        ("type: event_count\ncondition: {eq: 2.5}", "RULE_UNREACHABLE_COUNT"),
        ("type: event_count\ncondition: {gte: 1}", "RULE_ALWAYS_REACHED"),
        ("type: event_count\ncondition: {gt: 0}", "RULE_ALWAYS_REACHED"),
        ("type: event_count\ncondition: {gt: 1}", None),
        ("type: event_count\ncondition: {lt: 3}", None),
        ("type: value_count\ncondition: {gt: 1, field: user_id}", "RULE_UNREACHABLE_COUNT"),
        ("type: value_count\ncondition: {gt: 1, field: ip_address}", None),
        ("type: temporal\ncondition: {gte: 2}", "RULE_UNREACHABLE_COUNT"),
        ("type: value_sum\ncondition: {gte: 2, field: details.n}", None),
    ],
)
def test_a_count(lines: str, expected: str | None) -> None:
    rule = a_correlation(
        f"rules: base\ntimespan: 5m\ngroup-by: user_id\n{lines}", base="action: LOGIN"
    )
    assert codes(rule) == ([] if expected is None else [expected])


def test_a_correlation_without_a_group() -> None:
    rule = a_correlation(
        "type: event_count\nrules: base\ntimespan: 5m\ncondition: {gt: 5}", base="action: LOGIN"
    )
    assert codes(rule) == ["RULE_NO_GROUP"]


def test_fields_that_there_are_not() -> None:
    rule = a_rule("action: LOGIN", fields="[user, CommandLine, details.x]")
    (warning,) = lint([rule])
    assert warning.code == "RULE_UNKNOWN_FIELD"
    assert "'CommandLine'" in warning.detail
    assert str(warning.place) == "rule.yml:1:1"


def test_the_built_in_rules_have_no_warnings() -> None:
    assert lint(builtin_rules()) == ()


def test_huge_conditions_are_not_spread_out() -> None:
    selections = "".join(
        f"  s{each}: [{{action: a{each}}}, {{user_id: b{each}}}]\n" for each in range(60)
    )
    text = f"title: T\ndetection:\n{selections}  condition: all of s*\n"
    assert codes(*load_rule_text(text)) == []


@settings(max_examples=300, deadline=None)
@given(condition=conditions)
def test_no_event_meets_what_cannot_match(condition: Condition) -> None:
    matches = compile_condition(condition, Details())
    if any(matches(event) for event in EVENTS):
        assert can_match(condition)


@settings(max_examples=50, deadline=None)
@given(rule=st.one_of(correlations(), st.sampled_from(BASES).map(a_rule)))
def test_generated_rules_can_match(rule: Rule) -> None:
    assert "RULE_NEVER_MATCHES" not in codes(rule)
