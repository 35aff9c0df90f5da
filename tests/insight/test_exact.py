"""Every count equals counting by hand: any events, periods and time zones, both engines."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.insight.brute import Hand
from tests.insight.checks import check_all, check_times, check_totals
from tests.insight.conftest import Store, new_name
from tests.insight.samples import events, many_events, periods

exact = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MANY = "many"
STRANGERS = "strangers"
SPRING = many_events(MANY, 3000, seed=1)


@pytest.fixture(scope="module")
def merged(store: Store) -> Store:
    """The engine with a spring of two organizations, merged, so that roll-ups answer."""
    for made in (SPRING, many_events(STRANGERS, 3000, seed=2)):
        for start in range(0, len(made), 1000):
            store.insert(made[start : start + 1000])
    store.merge()
    return store


@exact
@given(data=st.data())
def test_random_events(store: Store, data: st.DataObject) -> None:
    name = new_name()
    made = data.draw(st.lists(events(name), max_size=40))
    store.insert(made)
    store.run(check_all(store.engine, Hand(made, data.draw(periods(name)))))


@pytest.mark.slow
@exact
@given(data=st.data())
def test_merged_events_in_any_period(merged: Store, data: st.DataObject) -> None:
    merged.run(check_all(merged.engine, Hand(SPRING, data.draw(periods(MANY)))))


@settings(parent=exact, max_examples=8)
@given(data=st.data())
def test_the_server_counts_the_same(server_store: Store, data: st.DataObject) -> None:
    name = new_name()
    made = data.draw(st.lists(events(name), min_size=5, max_size=40))
    server_store.insert(made)
    hand = Hand(made, data.draw(periods(name)))
    server_store.run(check_totals(server_store.engine, hand))
    server_store.run(check_times(server_store.engine, hand))
