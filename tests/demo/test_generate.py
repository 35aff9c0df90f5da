"""Same arguments, same events; and as many as were asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

import pytest

from tests.demo.story import NOW
from trailkeeper.demo import generate, incidents, people, resources, scaled

DIGEST = """
import hashlib, json
from datetime import UTC, datetime
from trailkeeper.demo import generate, incidents
now = datetime(2026, 11, 24, 6, tzinfo=UTC)
told = hashlib.sha256(repr(incidents(now)).encode())
for event in generate(now, days=60, target_events=10_000):
    told.update(json.dumps(event, sort_keys=True).encode())
print(told.hexdigest())
"""


def count(events: Iterator[dict[str, object]]) -> int:
    return sum(1 for _ in events)


def test_the_same_arguments_give_the_same_events() -> None:
    first = list(generate(NOW, days=10, target_events=5_000))
    assert first == list(generate(NOW, days=10, target_events=5_000))
    assert first != list(generate(NOW, seed=2027, days=10, target_events=5_000))


def test_another_process_tells_the_same_events() -> None:
    """A second upload must send the same ids, whatever the interpreter's hash seed."""
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
    assert len(digests.pop().strip()) == 64


def test_the_time_zone_of_now_does_not_matter() -> None:
    local = NOW.astimezone()
    assert list(generate(local, days=3, target_events=500)) == list(
        generate(NOW, days=3, target_events=500)
    )
    assert incidents(local) == incidents(NOW)


def test_the_default_is_200_000_events_give_or_take_a_tenth() -> None:
    assert 180_000 <= count(generate(NOW)) <= 220_000


@pytest.mark.parametrize("days", [14, 30, 90])
@pytest.mark.parametrize("weeks_later", [0, 6, 30])
def test_other_windows_come_close_to_their_target(days: int, weeks_later: int) -> None:
    now = NOW + timedelta(weeks=weeks_later, hours=7)
    told = count(generate(now, days=days, target_events=20_000))
    assert 17_500 <= told <= 22_500


def test_scaled_has_more_people_and_programs() -> None:
    actors = set()
    told = 0
    for event in scaled(NOW, 5, people=300, events=60_000, days=30):
        told += 1
        actors.add(event.get("user_id"))
    assert 54_000 <= told <= 66_000
    assert sum(person.id in actors for person in people(5, 300)) > 270
    assert "service-ci-bot-5" in actors


def test_scaled_starts_at_once_however_much_was_asked_for() -> None:
    events = list(islice(scaled(NOW, 5, people=200, events=50_000_000, days=900), 100))
    assert len(events) == 100


def test_a_longer_roster_begins_with_the_shorter_one() -> None:
    assert people(7, 500)[:60] == people(7, 60)


def test_people_are_told_apart_by_id_email_and_name() -> None:
    roster = people(2026, 2_000)
    for field in ("id", "email", "name"):
        assert len({getattr(person, field) for person in roster}) == 2_000
    assert all(person.email.isascii() for person in roster)


def test_the_roster_has_every_role_and_several_time_zones() -> None:
    roster = people()
    assert {person.role for person in roster} == {
        "SUPER_ADMIN",
        "ADMIN",
        "DEVOPS",
        "DEVELOPER",
        "TESTER",
    }
    zones = {person.time_zone for person in roster}
    assert {"Europe/Berlin", "America/New_York", "Asia/Kolkata"} <= zones
    assert [person.is_night_owl for person in roster].count(True) == 1


def test_resources_are_those_that_the_stream_starts_with() -> None:
    known = {resource.id for resource in resources()}
    assert len(known) == len(resources())
    made: set[object] = set()
    touched: set[object] = set()
    for event in generate(NOW, days=2, target_events=2_000):
        if event["resource_type"] == "CLUSTER":
            (made if event["action"] == "CREATE" else touched).add(event["resource_id"])
    assert len(touched & known) > 10
    assert touched - made <= known


@pytest.mark.parametrize(
    ("now", "days", "events"),
    [(datetime(2026, 11, 24), 90, 1_000), (NOW, 0, 1_000), (NOW, 90, 0)],
)
def test_nonsense_is_refused_before_the_first_event(now: datetime, days: int, events: int) -> None:
    with pytest.raises(ValueError, match=r"time zone|positive"):
        generate(now, days=days, target_events=events)


def test_too_few_people_cannot_play_the_story() -> None:
    with pytest.raises(ValueError, match="at least 40"):
        list(scaled(NOW, 1, people=39, events=1_000))
