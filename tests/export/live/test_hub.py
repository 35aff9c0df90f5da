"""The hub: who is sent what, how many may come, and what waits for each."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine import an_event
from tests.export.live.test_feed import ACME, a_channel, a_principal, place_of
from trailkeeper.client.live import LiveFrame, read_frames
from trailkeeper.errors import TooManyRequests, Unauthenticated
from trailkeeper.event import OrganizationId
from trailkeeper.export.live_connection import Chunk, Connection
from trailkeeper.export.live_frames import EncodedEvent, Kind
from trailkeeper.export.live_hub import MAX_OF_ONE, MAX_OF_ORGANIZATION, QUIET_SECONDS, LiveHub
from trailkeeper.export.live_place import Place
from trailkeeper.principal import Permission

START = Place(0, {})


class Monotonic:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def a_hub(monotonic: Monotonic | None = None) -> LiveHub:
    hub = LiveHub(monotonic or Monotonic())
    hub.open()
    return hub


async def taken(connection: Connection) -> list[LiveFrame]:
    """All that waits now."""
    frames = list[LiveFrame]()
    while not connection.is_drained:
        data = await connection.take()
        assert data is not None
        frames += read_frames(data.decode().split("\n"), None)
    return frames


async def test_other_kinds_reach_whom_they_are_for() -> None:
    hub = a_hub()
    person = replace(a_principal("p"), key_id=None, person_id="person-1", user_id="u-1")
    manager = replace(a_principal("m"), permissions=frozenset({Permission.USER_MANAGE}))
    stranger = a_principal("s", OrganizationId("other"))
    mine, managers, others = (
        hub.admit(each, a_channel(), START) for each in (person, manager, stranger)
    )
    hub.publish(ACME, "notification", {"n": 1}, user_id="u-1")
    hub.publish(ACME, "detection", {"n": 2}, permission=Permission.USER_MANAGE)
    hub.publish(ACME, "detection", {"n": 3}, permission=Permission.USER_VIEW)
    told = [[(each.kind, msgspec.json.decode(each.data)["n"]) for each in await taken(reader)]
            for reader in (mine, managers, others)]  # fmt: skip
    assert told == [
        [("notification", 1), ("detection", 3)],
        [("detection", 2), ("detection", 3)],
        [],
    ]


@pytest.mark.parametrize("kind", [*Kind, "", "two words", "line\nbreak"])
async def test_a_kind_is_a_word_and_not_the_feed_s_own(kind: str) -> None:
    with pytest.raises(ValueError, match="kind of frame"):
        a_hub().publish(ACME, kind, {})


async def test_connections_are_counted_by_key_and_by_organization() -> None:
    hub = a_hub()
    of_one = [hub.admit(a_principal("one"), a_channel(), START) for _ in range(MAX_OF_ONE)]
    with pytest.raises(TooManyRequests, match="You have 10"):
        hub.admit(a_principal("one"), a_channel(), START)
    for number in range(MAX_OF_ORGANIZATION - MAX_OF_ONE):
        hub.admit(a_principal(f"key-{number}"), a_channel(), START)
    with pytest.raises(TooManyRequests, match="organization has 500"):
        hub.admit(a_principal("another"), a_channel(), START)
    hub.admit(a_principal("another", OrganizationId("other")), a_channel(), START)
    hub.leave(of_one[0])
    hub.leave(of_one[0])
    hub.admit(a_principal("another"), a_channel(), START)


async def test_those_who_ask_the_same_share_one_frame() -> None:
    hub = a_hub()
    same = [hub.admit(a_principal(), a_channel(action="LOGIN"), START) for _ in range(2)]
    other = hub.admit(a_principal(), a_channel(action="LOGOUT"), START)
    for each in (*same, other):
        hub.join(each, START)
    assert len(hub.channels()) == 2
    await hub.offer([an_event(node=1, node_seq=1)], START)
    first, second = [await each.take() for each in same]
    assert first is second
    assert other.is_drained
    hub.leave(other)
    assert len(hub.channels()) == 1


async def test_a_quiet_connection_hears_a_heartbeat_and_its_place() -> None:
    monotonic = Monotonic()
    hub = a_hub(monotonic)
    connection = hub.admit(a_principal(), a_channel(), START)
    hub.join(connection, START)
    hub.beat(START)
    assert connection.is_drained
    monotonic.now += QUIET_SECONDS + 1
    hub.beat(START)
    assert await connection.take() == b": heartbeat\n\n"
    hub.note_sent(connection)
    hub.beat(Place(0, {1: 5}))
    assert connection.is_drained
    monotonic.now += QUIET_SECONDS + 1
    hub.beat(Place(0, {1: 5}))
    [frame] = await taken(connection)
    assert (frame.kind, place_of(frame.cursor)) == ("position", Place(0, {1: 5}))
    assert connection.place == Place(0, {1: 5})


async def test_at_its_end_a_connection_is_sent_that_alone() -> None:
    hub = a_hub()
    connection = hub.admit(a_principal(), a_channel(), START)
    hub.join(connection, START)
    await hub.offer([an_event(node=1, node_seq=1)], START)
    connection.end(Unauthenticated("REVOKED_KEY", "This API key was revoked."))
    await hub.offer([an_event(node=1, node_seq=2)], START)
    last = await connection.take()
    assert last is not None
    assert last.startswith(b"event: end\n")
    assert b"REVOKED_KEY" in last
    assert await connection.take() is None


async def test_a_feed_that_does_not_run_ends_what_comes() -> None:
    hub = a_hub()
    before = hub.admit(a_principal(), a_channel(), START)
    hub.close()
    after = hub.admit(a_principal(), a_channel(), START)
    for connection in (before, after):
        data = await connection.take()
        assert data is not None
        assert b"SHUTTING_DOWN" in data


@given(st.lists(st.one_of(st.integers(1, 900), st.none()), max_size=30))
async def test_whatever_the_reader_s_pace_each_event_is_shown_or_counted(
    steps: list[int | None],
) -> None:
    """A number offers so many events, None lets the reader take once."""
    channel = a_channel()
    connection = Connection(a_principal(), channel.sign, [], START)
    channel.connections.add(connection)
    place, frames = START, list[LiveFrame]()
    for step in steps:
        if step is not None:
            events = [
                EncodedEvent(an_event(node=1, node_seq=place.at(1) + number + 1))
                for number in range(step)
            ]
            channel.offer(events, place)
            place = place.after(1, place.at(1) + step)
            connection.offer(Chunk(b"event: test\ndata: 1\n\n", "test"))
        elif not connection.is_drained:
            data = await connection.take()
            assert data is not None
            frames += read_frames(data.decode().split("\n"), None)
    frames += await taken(connection)
    others = Counter[str]()
    seq = 0
    for frame in frames:
        if frame.missed is not None:
            assert place_of(frame.missed.cursor).at(1) == seq
            seq += frame.missed.count
            others.update(frame.missed.others)
            assert place_of(frame.cursor).at(1) == seq
        elif frame.event is not None:
            seq += 1
            assert frame.event.node_seq == place_of(frame.cursor).at(1) == seq
        else:
            others[frame.kind] += 1
    offered = [step for step in steps if step is not None]
    assert seq == sum(offered)
    assert others["test"] == len(offered)
