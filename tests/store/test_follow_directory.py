"""The directory's numbers are those that counting all events by hand gives."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from tests.engine import NOON, Clock, an_event, insert
from trailkeeper.access.follow import DirectoryFollower
from trailkeeper.access.people.listing import DirectoryUser, list_directory
from trailkeeper.event import OrganizationId, StoredEvent
from trailkeeper.principal import system_tenant
from trailkeeper.store import follow
from trailkeeper.store.engine import EventsEngine
from trailkeeper.store.heads import CommittedHeads
from trailkeeper.store.metadata import Metadata

ORGANIZATIONS = ("acme", "other")
ACTIONS = ("LOGIN", "LOGIN", "LOGIN_FAILED", "CREATE", "LOGOUT")


def random_event(chance: random.Random, node: int, node_seq: int) -> StoredEvent:
    organization = chance.choice(ORGANIZATIONS)
    action = chance.choice(ACTIONS)
    user = chance.choice(["", "ada", "grace", "o'hara", "ünal", "x" * 512])
    is_failure = action == "LOGIN_FAILED" or (action == "LOGIN" and chance.random() < 0.3)
    return an_event(
        organization=organization,
        action=action,
        status="FAILED" if is_failure else "SUCCESS",
        user_id=user,
        user_email=f"{user[:8]}@{organization}.io" if user else "",
        timestamp=NOON + timedelta(seconds=chance.randrange(100_000)),
        node=node,
        node_seq=node_seq,
    )


def by_hand(events: list[StoredEvent], organization: str) -> dict[str, tuple[object, ...]]:
    """First seen, last seen, last login, events, failed logins of each user."""
    counted: dict[str, tuple[object, ...]] = {}
    for user in {event.user_id for event in events} - {""}:
        own = [e for e in events if (e.organization, e.user_id) == (organization, user)]
        times = sorted(event.timestamp for event in own)
        logins = [e.timestamp for e in own if (e.action, e.status) == ("LOGIN", "SUCCESS")]
        failures = [e for e in own if e.action.startswith("LOGIN") and e.status == "FAILED"]
        if own:
            counted[user[:100]] = (
                times[0],
                times[-1],
                max(logins, default=None),
                len(own),
                len(failures),
            )
    return counted


async def directory(metadata: Metadata, organization: str) -> dict[str, DirectoryUser]:
    async with metadata.reading() as session:
        page = await list_directory(session, system_tenant(OrganizationId(organization)))
    return {user.user_id[:100]: user for user in page.users}


def new_follower(engine: EventsEngine, metadata: Metadata) -> DirectoryFollower:
    return DirectoryFollower(engine, CommittedHeads(engine), metadata, Clock())


@pytest.mark.parametrize("span", [1, 7, 50_000])
async def test_its_numbers_equal_counting_by_hand(
    events_engine: EventsEngine,
    metadata: Metadata,
    monkeypatch: pytest.MonkeyPatch,
    span: int,
) -> None:
    monkeypatch.setattr(follow, "MAX_SPAN_EVENTS", span)
    chance = random.Random(span)
    follower = new_follower(events_engine, metadata)
    events: list[StoredEvent] = []
    seqs = {1: 0, 2: 0}
    for _ in range(4):
        fresh = []
        for _ in range(30):
            node = chance.choice([1, 2])
            seqs[node] += 1
            fresh.append(random_event(chance, node, seqs[node]))
        await insert(events_engine, fresh)
        events += fresh
        if chance.random() < 0.3:
            follower = new_follower(events_engine, metadata)
        await follower.catch_up()

    for organization in ORGANIZATIONS:
        found = await directory(metadata, organization)
        assert {
            user: (
                seen.first_seen_at,
                seen.last_seen_at,
                seen.last_login_at,
                seen.events,
                seen.failed_logins,
            )
            for user, seen in found.items()
        } == by_hand(events, organization)
        assert all(seen.user_email.endswith(f"@{organization}.io") for seen in found.values())


async def test_a_failed_login_is_no_login(events_engine: EventsEngine, metadata: Metadata) -> None:
    await insert(
        events_engine,
        [
            an_event(user_id="ada", action="LOGIN", node=1, node_seq=1),
            an_event(
                user_id="ada",
                action="LOGIN",
                status="FAILED",
                timestamp=NOON + timedelta(hours=1),
                node=1,
                node_seq=2,
            ),
            an_event(
                user_id="ada",
                action="LOGIN_FAILED",
                status="FAILED",
                timestamp=NOON + timedelta(hours=2),
                node=1,
                node_seq=3,
            ),
        ],
    )
    await new_follower(events_engine, metadata).catch_up()

    ada = (await directory(metadata, "acme"))["ada"]
    assert (ada.last_login_at, ada.failed_logins, ada.events) == (NOON, 2, 3)
    assert ada.last_seen_at == NOON + timedelta(hours=2)


async def test_a_user_without_login_has_none(
    events_engine: EventsEngine, metadata: Metadata
) -> None:
    await insert(events_engine, [an_event(user_id="ada", action="CREATE", node=1, node_seq=1)])
    await new_follower(events_engine, metadata).catch_up()

    ada = (await directory(metadata, "acme"))["ada"]
    assert ada.last_login_at is None


async def test_a_sighting_without_email_clears_none(
    events_engine: EventsEngine, metadata: Metadata
) -> None:
    def seen(seq: int, email: str, at: datetime) -> StoredEvent:
        return an_event(user_id="ada", user_email=email, timestamp=at, node=1, node_seq=seq)

    follower = new_follower(events_engine, metadata)
    earlier, later = NOON - timedelta(days=1), NOON + timedelta(days=1)
    emails = []
    for batch in (
        [seen(1, "", earlier)],
        [seen(2, "ada@acme.io", NOON), seen(3, "", NOON)],
        [seen(4, "", later)],
        [seen(5, "before@acme.io", earlier)],
        [seen(6, "after@acme.io", later)],
        # Of one span: the newest event has none, and the older of two comes last.
        [
            seen(7, "newest@acme.io", later + timedelta(hours=2)),
            seen(8, "", later + timedelta(hours=3)),
            seen(9, "older@acme.io", later + timedelta(hours=1)),
        ],
        # The span ends later than all before, but its e-mail is older than the one known.
        [seen(10, "older@acme.io", later), seen(11, "", later + timedelta(hours=9))],
    ):
        await insert(events_engine, batch)
        await follower.catch_up()
        emails.append((await directory(metadata, "acme"))["ada"].user_email)

    assert emails == [
        "",
        "ada@acme.io",
        "ada@acme.io",
        "ada@acme.io",
        "after@acme.io",
        "newest@acme.io",
        "newest@acme.io",
    ]
