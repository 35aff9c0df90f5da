"""The two evaluators select the same events: the engine's SQL and the function in memory."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from tests.search.conftest import Log
from tests.search.samples import NUMBERS, TEXTS, details_leaves, filters, leaves
from trailkeeper.event import StoredEvent
from trailkeeper.search.ast import DetailsMatch, Filter, FreeText, Like, Match
from trailkeeper.search.fields import FIELDS
from trailkeeper.store.engine import Statement

agreeing = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def assert_agreed(log: Log, node: Filter) -> None:
    assert log.selected(node) == log.evaluated(node)


def test_the_engine_hands_the_events_back_as_they_were(log: Log) -> None:
    statement = Statement("SELECT * FROM events ORDER BY timestamp")
    assert log.runner.run(log.engine.rows(statement, StoredEvent)) == log.events


@agreeing
@given(node=leaves)
def test_single_conditions_agree(log: Log, node: Filter) -> None:
    assert_agreed(log, node)


@agreeing
@given(node=details_leaves())
def test_conditions_on_details_agree(log: Log, node: Filter) -> None:
    assert_agreed(log, node)


@agreeing
@given(node=filters)
def test_whole_filters_agree(log: Log, node: Filter) -> None:
    assert_agreed(log, node)


@pytest.mark.parametrize("text", [text for text in TEXTS if text])
def test_free_text_agrees_and_finds(log: Log, text: str) -> None:
    node = FreeText(text)
    assert_agreed(log, node)
    assert log.evaluated(node)


@pytest.mark.parametrize("text", TEXTS)
def test_fields_agree(log: Log, text: str) -> None:
    for name in ("user_id", "user_email", "resource_name", "user_agent"):
        assert_agreed(log, Match(FIELDS[name], text))
        assert_agreed(log, Like(FIELDS[name], (text, text[:1])))


@pytest.mark.parametrize("value", [*NUMBERS, *TEXTS, True, False, None], ids=repr)
def test_values_in_details_agree(log: Log, value: str | float | bool | None) -> None:
    node = DetailsMatch(("b",), value)
    assert_agreed(log, node)
    assert log.evaluated(node)
