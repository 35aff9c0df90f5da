"""Every incident that the demo hides is found with its reasons; little else is."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.detect.service.demo import Story, between, send, told
from tests.engine import NOON, Clock, in_process
from trailkeeper.demo import IncidentKind, IncidentNote, generate, incidents
from trailkeeper.demo.places import write_geo
from trailkeeper.detect.detections import StoredDetection
from trailkeeper.detect.keeping import TOLD_FOR
from trailkeeper.detect.silence import look_for_silence
from trailkeeper.settings import Settings

pytestmark = pytest.mark.timeout(600)
"""All three months are captured anew for each test, on a machine that may be busy."""

EVENTS = 40_000
BY_INCIDENT = {
    IncidentKind.BRUTE_FORCE: (
        "Many failed logins from one address",
        "Sign-in right after a burst of failures",
    ),
    IncidentKind.NEW_COUNTRY: ("Sign-in from a country that is new for this person",),
    IncidentKind.IMPOSSIBLE_TRAVEL: ("Impossible travel",),
    IncidentKind.AFTER_HOURS_DELETION: ("Changes outside of working hours",),
    IncidentKind.BULK_DELETION: ("Bulk deletions by one person",),
    IncidentKind.PERMISSION_ESCALATION: ("Role with wide permissions given",),
}
REASONS = {
    IncidentKind.BRUTE_FORCE: "28 failed sign-ins from 198.51.100.247",
    IncidentKind.NEW_COUNTRY: "First sign of this person from Lisbon, PT.",
    IncidentKind.IMPOSSIBLE_TRAVEL: "4,129 km in 45 min: 5,505 km/h",
    IncidentKind.AFTER_HOURS_DELETION: "Activity at 02:",
    IncidentKind.BULK_DELETION: "11 events within 10 minutes (the rule asks for more than 10)",
    IncidentKind.PERMISSION_ESCALATION: "Role with wide permissions given: 1 event",
}
QUIET_AT_MOST = {
    # Work at night by those who are on call, until their nights are usual.
    "Changes outside of working hours": 10,
    # Whoever gets a new task does it a first time.
    "First use of a sensitive action by this person": 12,
    # The demo's administrators lift the organization's requirement now and then.
    "Second factor removed": 3,
}


@pytest.fixture
async def story(service_settings: Settings, tmp_path: Path) -> AsyncIterator[Story]:
    write_geo(tmp_path / "demo.mmdb")
    settings = replace(service_settings, mmdb=tmp_path / "demo.mmdb")
    async with in_process(settings, Clock()) as service:
        organization, token = await service.new_organization(time_zone="Europe/Berlin")
        sent = await send(service, token, generate(NOON, target_events=EVENTS))
        assert await service.services.detect.catch_up() >= sent
        await look_for_silence(
            service.services.engine, service.services.metadata, service.services.clock
        )
        yield await told(service, organization)


def of_incident(story: Story, title: str, note: IncidentNote) -> list[StoredDetection]:
    named = {note.user_id, note.user_email, *note.addresses, *note.accounts}
    return [
        each
        for each in story.of(title)
        if between(note.starts, each.hot_at, note.ends)
        and named & {value for _, value in each.grouped}
    ]


async def test_each_incident_is_found_once_with_reasons_and_nothing_else_is(story: Story) -> None:
    hidden = []
    for note in incidents(NOON):
        for title in BY_INCIDENT[note.kind]:
            found = of_incident(story, title, note)
            assert len(found) == 1, (note.kind, title, found)
            assert found[0].evidence
            hidden += found
        reasons = " ".join(reason for each in found for reason in each.reasons)
        assert REASONS[note.kind] in reasons, reasons
    others = Counter(
        each.rule_title for each in story.detections if each.id not in {one.id for one in hidden}
    )
    assert set(others) <= set(QUIET_AT_MOST), others
    assert all(count <= QUIET_AT_MOST[title] for title, count in others.items()), others
    told_of = Counter(alert["detection_id"] for alert in story.alerts if alert["what"] == "opened")
    recent = {
        each.id
        for each in story.detections
        if each.suppressed_by is None and NOON - each.last_at <= TOLD_FOR
    }
    assert len(recent) >= 2
    assert told_of == dict.fromkeys(recent, 1)
