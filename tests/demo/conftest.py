"""One stream for all: 90 days, thinner than the real one so that the tests stay quick."""

from __future__ import annotations

import msgspec
import pytest

from tests.demo.story import EVENTS, NOW, Told, to_told
from trailkeeper.demo import Person, generate, people
from trailkeeper.event import NewEvent


@pytest.fixture(scope="session")
def told() -> list[Told]:
    decoder = msgspec.json.Decoder(NewEvent)
    events = generate(NOW, target_events=EVENTS)
    return [to_told(decoder.decode(msgspec.json.encode(event))) for event in events]


@pytest.fixture(scope="session")
def by_id() -> dict[str, Person]:
    return {person.id: person for person in people()}
