from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import xxhash
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.engine import NOON, an_event, insert
from trailkeeper.capture.known import RETENTION, KnownIds, SortedRuns, identity
from trailkeeper.capture.receipts import read_known_ids
from trailkeeper.store.engine import EventsEngine

HASHES = st.one_of(
    st.integers(0, 20), st.integers(2**64 - 20, 2**64 - 1), st.integers(0, 2**64 - 1)
)
PROBES = [*range(21), *range(2**64 - 20, 2**64)]
MONDAY = date(2026, 3, 2)


def packed(hashes: list[int]) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return np.array(hashes, dtype=np.uint64)


@given(st.lists(st.lists(HASHES, max_size=30)), st.lists(HASHES, max_size=30))
def test_sorted_runs_hold_what_a_set_would(batches: list[list[int]], probes: list[int]) -> None:
    runs = SortedRuns()
    reference: set[int] = set()
    for batch in batches:
        runs.add(packed(batch))
        reference.update(batch)

    asked = probes + [each for batch in batches for each in batch]
    assert runs.contains(packed(asked)).tolist() == [each in reference for each in asked]


def test_runs_stay_few_however_many_are_added() -> None:
    runs = SortedRuns()
    for start in range(0, 100_000, 10):
        runs.add(packed(list(range(start, start + 10))))

    assert len(runs) == 100_000
    assert len(runs._runs) <= 20


class KnownIdsAgainstSets(RuleBasedStateMachine):
    """KnownIds beside a set for each day, while days pass."""

    def __init__(self) -> None:
        super().__init__()
        self.known = KnownIds()
        self.days: dict[date, set[int]] = {}
        self.today = MONDAY

    @rule(batch=st.lists(HASHES, min_size=1, max_size=20))
    def commit(self, batch: list[int]) -> None:
        self.known.add(self.today, packed(batch))
        self.days.setdefault(self.today, set()).update(batch)

    @rule(days=st.integers(1, 12))
    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)

    @invariant()
    def knows_all_that_is_promised(self) -> None:
        told = dict(zip(PROBES, self.known.maybe_known(PROBES), strict=True))
        for day, hashes in self.days.items():
            if day >= self.today - RETENTION:
                assert all(told[each] for each in hashes if each in told)

    @invariant()
    def knows_nothing_that_never_was(self) -> None:
        ever = set().union(*self.days.values())
        told = self.known.maybe_known(PROBES)
        assert all(probe in ever for probe, known in zip(PROBES, told, strict=True) if known)

    @invariant()
    def forgets_what_is_past_keeping(self) -> None:
        latest = max(self.days, default=self.today)
        assert len(self.known._days) <= RETENTION.days + 1
        assert all(day >= latest - RETENTION for day in self.known._days)


TestKnownIdsAgainstSets = KnownIdsAgainstSets.TestCase
TestKnownIdsAgainstSets.settings = settings(max_examples=30, stateful_step_count=25)


def test_nothing_is_known_at_first() -> None:
    assert KnownIds().maybe_known([1, 2]) == [False, False]
    assert KnownIds().maybe_known([]) == []


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(min_size=1, max_size=20))
def test_an_identity_is_of_organization_and_id_together(organization: str, event_id: str) -> None:
    text = f"{organization}\0{event_id}".encode()

    assert identity(organization, event_id) == xxhash.xxh3_64(text).intdigest()


async def test_the_engine_computes_the_same_identities(events_engine: EventsEngine) -> None:
    texts = ["1", "x" * 128, "ü€😀", "a'b\\c", "tab\there"]
    events = [
        an_event(id=text, organization=organization, received_at=NOON - timedelta(days=age))
        for text in texts
        for organization in ("acme", "other")
        for age in (0, 3, 8)
    ]
    forgotten = an_event(id="old", received_at=NOON - timedelta(days=9))
    await insert(events_engine, [*events, forgotten])

    known = await read_known_ids(events_engine, NOON)

    assert len(known) == len(events)
    assert all(known.maybe_known([identity(each.organization, each.id) for each in events]))
    assert known.maybe_known([identity("acme", "old"), identity("third", "1")]) == [False, False]
