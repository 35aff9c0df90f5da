"""The rule that applies to an event, in the engine and in memory."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.engine import NOON, an_event, insert
from trailkeeper.event import OrganizationId, StoredEvent
from trailkeeper.keep.policy import Policy, Rule
from trailkeeper.principal import system_tenant
from trailkeeper.store.engine import EventsEngine, Statement

ACME = system_tenant(OrganizationId("acme"))
ACTIONS = ("LOGIN", "CREATE", "DELETE")
TYPES = ("USER", "PROJECT", "MODEL")
DAY = timedelta(days=1)


class ExpiredId(msgspec.Struct, array_like=True):
    id: str


def policy(days: int, *rules: Rule) -> Policy:
    return Policy(ACME, days, tuple(sorted(rules, key=lambda rule: -rule.specificity)))


async def expired(engine: EventsEngine, subject: Policy) -> set[str]:
    parameters: dict[str, Any] = {}
    condition = subject.expired_condition(NOON, parameters)
    statement = Statement(f"SELECT id FROM events WHERE {ACME.sql()} AND {condition}", parameters)
    return {row.id for row in await engine.rows(statement, ExpiredId)}


def test_the_most_specific_rule_wins() -> None:
    subject = policy(
        90,
        Rule(10, None, "USER"),
        Rule(20, "LOGIN", None),
        Rule(30, "LOGIN", "USER"),
    )

    assert subject.days_for("LOGIN", "USER") == 30
    assert subject.days_for("LOGIN", "PROJECT") == 20
    assert subject.days_for("CREATE", "USER") == 10
    assert subject.days_for("CREATE", "PROJECT") == 90
    assert subject.shortest_cutoff(NOON) == NOON - 10 * DAY


async def test_a_rule_may_keep_longer_than_the_default(events_engine: EventsEngine) -> None:
    old = 40 * DAY
    await insert(
        events_engine,
        [
            an_event(id="kept", action="DELETE", received_at=NOON - old),
            an_event(id="expired", action="LOGIN", received_at=NOON - old),
        ],
    )

    assert await expired(events_engine, policy(30, Rule(400, "DELETE", None))) == {"expired"}


async def test_an_event_expires_when_its_days_are_over(events_engine: EventsEngine) -> None:
    tick = timedelta(microseconds=1)
    await insert(
        events_engine,
        [
            an_event(id="just", received_at=NOON - 30 * DAY),
            an_event(id="over", received_at=NOON - 30 * DAY - tick),
        ],
    )

    assert await expired(events_engine, policy(30)) == {"over"}


async def test_age_counts_from_receipt_and_not_from_the_events_own_time(
    events_engine: EventsEngine,
) -> None:
    await insert(
        events_engine,
        [
            an_event(id="imported", timestamp=NOON - 3000 * DAY, received_at=NOON),
            an_event(id="backdated", timestamp=NOON, received_at=NOON - 31 * DAY),
        ],
    )

    assert await expired(events_engine, policy(30)) == {"backdated"}


@pytest.mark.parametrize("seed", range(8))
async def test_the_engine_and_memory_agree_on_what_has_expired(
    events_engine: EventsEngine, seed: int
) -> None:
    chance = random.Random(seed)
    events: list[StoredEvent] = [
        an_event(
            organization=chance.choice(("acme", "other")),
            action=chance.choice(ACTIONS),
            resource_type=chance.choice(TYPES),
            received_at=NOON - chance.randrange(100) * DAY - chance.choice((0, 1)) * DAY / 2,
        )
        for _ in range(200)
    ]
    subjects = {
        (chance.choice((None, *ACTIONS)), chance.choice((None, *TYPES)))
        for _ in range(chance.randrange(6))
    } - {(None, None)}
    subject = policy(
        chance.choice((10, 50, 90)),
        *(Rule(chance.choice((1, 20, 50, 99)), *subject) for subject in subjects),
    )
    for start in range(0, len(events), 50):
        await insert(events_engine, events[start : start + 50])

    assert await expired(events_engine, subject) == {
        event.id
        for event in events
        if event.organization == "acme"
        and NOON - event.received_at
        > timedelta(days=subject.days_for(event.action, event.resource_type))
    }
