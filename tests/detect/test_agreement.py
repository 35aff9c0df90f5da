"""Live and swept, the same detections, each once: whatever the order in which events come."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.detect.conftest import History, live
from tests.detect.rules import disordered, random_stream, rules
from trailkeeper.detect.detection import Detection
from trailkeeper.detect.rule import Rule

agreeing = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

STREAMS = [random_stream(seed, 90) for seed in range(3)]


def assert_each_once(found: list[Detection]) -> None:
    assert len({each.key for each in found}) == len(found)


@agreeing
@given(rule=rules, stream=st.sampled_from(range(len(STREAMS))), seed=st.integers(0, 10**6))
def test_live_and_swept_find_the_same(history: History, rule: Rule, stream: int, seed: int) -> None:
    events = STREAMS[stream]
    if history.events is not events:
        history.put(events)
    found = live(rule, disordered(events, seed))
    assert found == history.swept(rule)
    assert_each_once(found)
