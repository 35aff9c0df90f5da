"""Any condition selects the same events live and in the engine, odd text included."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.search.conftest import Log, SelectedId, log
from tests.search.samples import leaves, paths, text_fields, texts
from trailkeeper.detect.condition import (
    AllOf,
    AnyOf,
    Asked,
    Condition,
    Negation,
    Pattern,
    SameAs,
    Text,
    Wildcard,
)
from trailkeeper.detect.condition_sql import rule_condition
from trailkeeper.detect.keys import Details
from trailkeeper.detect.match import compile_condition, given_action
from trailkeeper.detect.regex import with_flags
from trailkeeper.search.fields import FIELDS
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import Statement

__all__ = ["log"]

subjects = st.one_of(text_fields, paths, st.just(FIELDS["ip_address"]))
pieces = st.lists(st.one_of(texts.filter(bool), st.sampled_from(Wildcard)), max_size=4).map(tuple)
regexes = st.one_of(
    st.sampled_from(("", "a", "^a", "e$", ".", "[[:alpha:]]+x", r"\w\W", r"\d{2}", "a|b", "^$")),
    st.sampled_from((r"\p{Lu}", r"(?i)ä", r"\bai\b", "(a+)+$", r"\x00", "ü?", "[^a-z]", r"\s")),
    st.text(st.characters(categories=("L", "N")), max_size=3),
)
flags = st.sampled_from(("", "i", "m", "s", "im", "is"))
conditions: st.SearchStrategy[Condition] = st.recursive(
    st.one_of(
        st.builds(Text, subjects, pieces, st.booleans()),
        st.builds(Text, subjects, pieces, st.booleans()),
        st.builds(Pattern, subjects, st.builds(with_flags, regexes, flags)),
        st.builds(SameAs, text_fields, text_fields, st.booleans(), st.booleans()),
        st.builds(Asked, leaves),
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: AllOf(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        inner.map(Negation),
    ),
    max_leaves=4,
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(condition=conditions)
def test_both_select_the_same(log: Log, condition: Condition) -> None:
    binder = Binder()
    matching_condition = rule_condition(condition, binder)
    binder.parameters["tenant"] = "acme"
    statement = Statement(
        "SELECT id FROM events WHERE organization = {tenant:String}"
        f" AND ({matching_condition}) ORDER BY timestamp",
        binder.parameters,
    )
    selected = [row.id for row in log.runner.run(log.engine.rows(statement, SelectedId))]
    matches = compile_condition(condition, Details())
    assert selected == [event.id for event in log.events if matches(event)]
    for event in log.events[:40]:
        left = given_action(condition, event.action)
        assert (left is not None and compile_condition(left, Details())(event)) is matches(event)
