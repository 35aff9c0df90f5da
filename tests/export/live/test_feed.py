"""The feed over several nodes' streams, when it is behind, and places that are too old."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.engine import an_event, insert
from trailkeeper.access.organization_settings import RetentionRule, WorkingHours
from trailkeeper.access.organizations import Organization
from trailkeeper.client.live import LiveFrame, read_frames
from trailkeeper.errors import BadRequest
from trailkeeper.event import OrganizationId
from trailkeeper.export import live_feed
from trailkeeper.export.live_channel import Channel
from trailkeeper.export.live_connection import Connection
from trailkeeper.export.live_feed import LiveFeed
from trailkeeper.export.live_place import Place
from trailkeeper.principal import Permission, Principal, system_tenant
from trailkeeper.search.cursor import CommitCursor, CursorSigner
from trailkeeper.search.params import parse_parameters, parse_time_range
from trailkeeper.search.question import Question
from trailkeeper.store.engine import EventsEngine
from trailkeeper.store.heads import CommittedHeads

ACME = OrganizationId("acme")
SIGNER = CursorSigner(b"secret")
FINGERPRINT = b"question"


class Nodes:
    ended_upto = 0


class Log:
    """Commits as several nodes would, all of them other processes."""

    def __init__(self, engine: EventsEngine) -> None:
        self._engine = engine
        self._heads: dict[int, int] = {}

    async def commit(self, node: int, count: int, **changes: Any) -> list[str]:
        first = self._heads.get(node, 0) + 1
        now = datetime.now(UTC)
        events = [
            an_event(node=node, node_seq=seq, timestamp=now, **{"received_at": now, **changes})
            for seq in range(first, first + count)
        ]
        self._heads[node] = first + count - 1
        await insert(self._engine, events)
        return [each.id for each in events]


def a_channel(**parameters: str) -> Channel:
    question = Question(
        system_tenant(ACME), parse_parameters(parameters.items()), parse_time_range(None, None)
    )
    return Channel(question, sorted(parameters.items()), FINGERPRINT, SIGNER)


def a_principal(key: str = "k", organization: OrganizationId = ACME) -> Principal:
    return Principal(organization, key, "test", frozenset({Permission.USER_VIEW}))


def place_of(cursor: str | None) -> Place:
    found = SIGNER.from_text(cursor or "", FINGERPRINT)
    assert isinstance(found, CommitCursor)
    return Place.of(found)


async def frames_from(connection: Connection, events: int) -> list[LiveFrame]:
    """Frames with so many events in all, missed ones too."""
    frames = list[LiveFrame]()
    count = 0
    while count < events:
        data = await asyncio.wait_for(connection.take(), 10)
        assert data is not None
        for frame in read_frames(data.decode().split("\n"), None):
            frames.append(frame)
            count += frame.missed.count if frame.missed is not None else frame.kind == "event"
    assert count == events
    return frames


def ids_in(frames: Sequence[LiveFrame]) -> list[str]:
    return [each.event.id for each in frames if each.event is not None]


@pytest.fixture
def log(events_engine: EventsEngine) -> Log:
    return Log(events_engine)


@pytest.fixture
async def feed(events_engine: EventsEngine) -> AsyncIterator[LiveFeed]:
    made = LiveFeed(
        events_engine,
        CommittedHeads(events_engine),
        Nodes(),
        lambda: datetime.now(UTC),
        is_exclusive=False,
    )
    running = asyncio.create_task(made.run())
    await asyncio.sleep(0)
    yield made
    made.close()
    await asyncio.wait_for(running, 10)


async def joined(feed: LiveFeed, channel: Channel) -> Connection:
    connection = feed.hub.admit(a_principal(), channel, await feed.here())
    await feed.join(connection)
    return connection


async def test_it_follows_every_node(feed: LiveFeed, log: Log) -> None:
    await log.commit(1, 3)
    connection = await joined(feed, a_channel())
    wanted = await log.commit(2, 2) + await log.commit(1, 700) + await log.commit(3, 1)
    frames = await frames_from(connection, len(wanted))
    assert sorted(ids_in(frames)) == sorted(wanted)


async def test_from_each_place_on_it_is_the_rest(
    feed: LiveFeed, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was read last, live or from the log: the rest, none left out and none twice."""
    monkeypatch.setattr("trailkeeper.export.live_replay.PAGE_EVENTS", 3)
    channel = a_channel(action="LOGIN")
    connection = await joined(feed, channel)
    for node in (2, 1, 3, 2):
        await log.commit(node, 4)
        await log.commit(node, 1, organization="other")
        await log.commit(node, 1, action="LOGOUT")
    frames = await frames_from(connection, 16)
    await log.commit(4, 1)
    everything = {*ids_in(frames), *ids_in(await frames_from(connection, 1))}
    upto = await feed.here()
    seen = set[str]()
    for frame in frames:
        seen |= set(ids_in([frame]))
        place, rest = place_of(frame.cursor), list[str]()
        has_more = True
        while has_more:
            page = await feed.replay.page(channel.question, place, upto)
            rest += [event.id for event, _ in page.events]
            for number, (_, after) in enumerate(page.events):
                again = await feed.replay.page(channel.question, after, upto)
                following = [event.id for event, _ in page.events[number + 1 :]]
                assert [event.id for event, _ in again.events][: len(following)] == following
            place, has_more = page.place, page.has_more
        assert len(rest) == len(set(rest))
        assert seen | set(rest) == everything
        assert not seen & set(rest)


async def test_nodes_that_are_over_are_left_out_of_places(feed: LiveFeed, log: Log) -> None:
    connection = await joined(feed, a_channel())
    await log.commit(1, 2)
    await frames_from(connection, 2)
    feed._nodes.ended_upto = 1
    await log.commit(2, 1)
    await frames_from(connection, 1)
    await asyncio.sleep(live_feed.POLL_SECONDS + 0.5)
    assert await feed.here() == Place(1, {2: 1})


async def test_far_behind_it_passes_over_with_a_word(
    feed: LiveFeed, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_feed, "MAX_BEHIND_EVENTS", 50)
    connection = await joined(feed, a_channel(action="LOGIN"))
    before = place_of(connection.sign(connection.place))
    await log.commit(1, 40, action="LOGOUT")
    missed_ids = await log.commit(1, 60)
    [frame] = await frames_from(connection, 60)
    assert frame.missed is not None
    assert place_of(frame.missed.cursor) == before
    shown = await log.commit(1, 1)
    assert ids_in(await frames_from(connection, 1)) == shown
    question = a_channel(action="LOGIN").question
    page = await feed.replay.page(question, before, place_of(frame.cursor))
    assert [event.id for event, _ in page.events] == missed_ids


async def test_it_waits_for_a_place_that_another_process_made(feed: LiveFeed, log: Log) -> None:
    connection = await joined(feed, a_channel())
    await log.commit(1, 5)
    await asyncio.wait_for(feed.reach(Place(0, {1: 5})), 5)
    assert (await feed.here()).at(1) >= 5
    await frames_from(connection, 5)
    # One that nobody knows of (any more) is not waited for.
    await asyncio.wait_for(feed.reach(Place(0, {77: 5})), 5)


def an_organization(days: int, rules: Sequence[RetentionRule] = ()) -> Organization:
    return Organization(
        ACME, "Acme", "UTC", days, tuple(rules), {}, WorkingHours(), None, datetime.now(UTC)
    )


async def test_a_place_older_than_retention_is_refused(
    feed: LiveFeed, log: Log, events_engine: EventsEngine
) -> None:
    now = datetime.now(UTC)
    await log.commit(1, 3, received_at=now - timedelta(days=20))
    await log.commit(1, 3)
    heads = CommittedHeads(events_engine)
    await heads.refresh()
    known = heads.snapshot()
    check = feed.replay.check_kept
    await check(an_organization(30), Place(0, {1: 2}), known, now)
    await check(an_organization(10), Place(0, {1: 4}), known, now)
    await check(an_organization(10), Place(0, {1: 6}), known, now)
    by_rule = an_organization(30, [RetentionRule(days=10, action="LOGIN")])
    for organization, place in [
        (an_organization(10), Place(0, {1: 2})),
        (by_rule, Place(0, {1: 2})),
        (an_organization(10), Place(0, {})),
        (an_organization(30), Place(0, {1: 6, 9: 4})),
    ]:
        with pytest.raises(BadRequest) as refused:
            await check(organization, place, known, now)
        assert refused.value.code == "CURSOR_EXPIRED"


async def test_nobody_connected_reads_nothing(feed: LiveFeed, log: Log) -> None:
    connection = await joined(feed, a_channel())
    feed.hub.leave(connection)
    feed.wake()
    await asyncio.sleep(0.3)
    place = feed.place
    await log.commit(1, 3)
    await asyncio.sleep(live_feed.POLL_SECONDS + 0.3)
    assert feed.place == place
    later = await joined(feed, a_channel())
    shown = await log.commit(1, 1)
    assert ids_in(await frames_from(later, 1)) == shown
