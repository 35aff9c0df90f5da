"""The simple form: to Sigma and back, meaning the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detect.rules import at
from tests.search.samples import EVENTS, filters
from trailkeeper.detect.evaluate import LiveEvaluator
from trailkeeper.detect.form import Form, checked, from_sentence, from_yaml, to_sentence, to_yaml
from trailkeeper.detect.keys import Details
from trailkeeper.detect.match import compile_condition
from trailkeeper.detect.parse import load_rule_text
from trailkeeper.detect.rule import Level
from trailkeeper.errors import BadRequest
from trailkeeper.search.evaluate import compile_filter
from trailkeeper.search.parse import parse_query
from trailkeeper.search.show import to_query

SENTENCE = "LOGIN_FAILED by ip_address more than 5 in 10 minutes"


def test_a_sentence_is_a_form_is_a_rule() -> None:
    form = from_sentence(SENTENCE)
    assert (form.query, form.group_by, form.more_than) == (
        "action:LOGIN_FAILED",
        ("ip_address",),
        5,
    )
    assert form.window == timedelta(minutes=10)
    assert to_sentence(form) == SENTENCE.replace("LOGIN", "action:LOGIN", 1)
    assert from_sentence(to_sentence(form), title=form.title) == form
    rules = load_rule_text(to_yaml(form))
    assert [rule.is_raised for rule in rules] == [False, True]
    evaluator = LiveEvaluator(rules)
    attempts = [
        at(each, action="LOGIN_FAILED", ip_address="::ffff:10.0.0.1", user_id=f"u{each}")
        for each in range(6)
    ]
    assert evaluator.feed(attempts[:5]) == []
    (change,) = evaluator.feed(attempts[5:])
    assert change.detection.group == ("10.0.0.1",)


@pytest.mark.parametrize(
    ("sentence", "query", "group", "window"),
    [
        ("DELETE more than 10 in 1 hour", "action:DELETE", (), timedelta(hours=1)),
        ("status:FAILED by user more than 1 in 2 days", "status:FAILED", ("user",), timedelta(2)),
        (
            'action:LOGIN -user:"x by y" by user_id, country more than 0 in 30 seconds',
            'action:LOGIN -user:"x by y"',
            ("user_id", "country"),
            timedelta(seconds=30),
        ),
        ("* by details.a.b more than 3 in 1 day", "", ("details.a.b",), timedelta(1)),
    ],
)
def test_sentences(sentence: str, query: str, group: tuple[str, ...], window: timedelta) -> None:
    form = from_sentence(sentence)
    assert form.query == to_query(parse_query(query))
    assert (form.group_by, form.window) == (group, window)
    assert from_sentence(to_sentence(form), form.title) == form


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("LOGIN_FAILED", "INVALID_FORM"),
        ("LOGIN_FAILED more than many in 5 minutes", "INVALID_FORM"),
        ("LOGIN_FAILED by nobody more than 5 in 5 minutes", "INVALID_FORM"),
        ("LOGIN_FAILED more than 5 in 0 minutes", "INVALID_FORM"),
        ("LOGIN_FAILED more than 5 in 999 days", "INVALID_FORM"),
        ("LOGIN_FAILED more than 5000000 in 5 minutes", "INVALID_FORM"),
        ("nobody:x more than 5 in 5 minutes", "UNKNOWN_FIELD"),
        ("action:( more than 5 in 5 minutes", "INVALID_QUERY"),
    ],
)
def test_wrong_sentences(sentence: str, code: str) -> None:
    with pytest.raises(BadRequest) as raised:
        from_sentence(sentence)
    assert raised.value.code == code


@settings(max_examples=150, deadline=None)
@given(
    node=filters,
    more_than=st.integers(0, 1000),
    window=st.integers(1, 10**6),
    group=st.sampled_from(((), ("user",), ("ip_address", "details.a"))),
    level=st.sampled_from(Level),
    suppression=st.integers(0, 10**5),
)
def test_a_form_survives_being_sigma(
    node: object,
    more_than: int,
    window: int,
    group: tuple[str, ...],
    level: Level,
    suppression: int,
) -> None:
    query = to_query(node)  # type: ignore[arg-type]
    if len(query) > 4096:
        return
    form = checked(
        Form(
            "A form: 'x' #1",
            query,
            more_than,
            timedelta(seconds=window),
            group,
            level,
            "why: because",
            timedelta(seconds=suppression),
        )
    )
    text = to_yaml(form)
    events, counted = load_rule_text(text)
    assert events.condition is not None
    matches, asked = (
        compile_condition(events.condition, Details()),
        compile_filter(parse_query(query)),
    )
    assert [matches(event) for event in EVENTS] == [asked(event) for event in EVENTS], text
    read = from_yaml(text)
    assert read is not None
    again = compile_filter(parse_query(read.query))
    assert [again(event) for event in EVENTS] == [asked(event) for event in EVENTS]
    assert (read.more_than, read.window, read.group_by, read.level, read.suppression, read.id) == (
        (form.more_than, form.window, form.group_by, form.level, form.suppression, form.id)
    )
    assert (read.title, read.description) == (form.title, form.description)
    assert counted.id == form.id
    assert from_yaml(to_yaml(read)) == read


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("action: LOGIN_FAILED", "action|re: LOGIN"),
        ("action: LOGIN_FAILED", "action|cased: LOGIN_FAILED"),
        ("action: LOGIN_FAILED", "action: LOGIN?FAILED"),
        ("gt: 5", "gte: 5"),
        ("gt: 5", "lt: 5"),
        ("type: event_count", "generate: true\n  type: event_count"),
        ("title: L", "tags: [a.b]\ntitle: L"),
        ("action: LOGIN_FAILED", "nothing: x"),
        ("---", "---\ntitle: More\ndetection: {s: {action: a}, condition: s}\n---"),
    ],
)
def test_richer_rules_are_no_forms(old: str, new: str) -> None:
    text = to_yaml(from_sentence(SENTENCE))
    assert from_yaml(text) is not None
    assert old in text
    assert from_yaml(text.replace(old, new, 1)) is None


def test_what_is_no_rule_at_all_is_no_form() -> None:
    assert from_yaml("") is None
    assert from_yaml("a: [") is None
    assert from_yaml("title: x\n---\ntitle: y\n") is None


def test_a_form_with_too_many_terms_is_refused() -> None:
    query = " OR ".join(f"user_id:u{each}" for each in range(100))
    with pytest.raises(BadRequest) as raised:
        to_yaml(Form("t", query, 1, timedelta(minutes=1)))
    assert raised.value.code == "INVALID_FORM"
