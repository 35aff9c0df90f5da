"""Who is connected to this process's live feed, and what each of them is sent.

    hub.publish(organization, "notification", payload, user_id=user_id)

sends a frame of another room's kind to this process's connections. Every process runs a hub of
its own: what should reach all of them is published by each, from the log or the metadata.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from trailkeeper.errors import TooManyRequests, Unavailable
from trailkeeper.event import OrganizationId, StoredEvent
from trailkeeper.export.live_channel import Channel, Key
from trailkeeper.export.live_connection import Chunk, Connection
from trailkeeper.export.live_frames import (
    HEARTBEAT,
    EncodedEvent,
    Kind,
    other_frame,
    position_frame,
)
from trailkeeper.export.live_place import Place
from trailkeeper.principal import Permission, Principal

MAX_OF_ONE: Final = 10
MAX_OF_ORGANIZATION: Final = 500
QUIET_SECONDS: Final = 15.0
YIELD_SECONDS: Final = 0.005
"""How long matching may hold up everything else in this process at a time."""
SLICE_EVENTS: Final = 50
RETRY_AFTER_SECONDS: Final = 10


@dataclass(slots=True)
class _Group:
    """An organization's connections, and what they ask."""

    connections: dict[Connection, Channel] = field(default_factory=dict)
    channels: dict[Key, Channel] = field(default_factory=dict)


class LiveHub:
    """Connections by organization and question.

    It MUST NOT make whoever publishes wait for a reader, and MUST NOT send anything to a
    connection of another organization.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.is_open = False
        """Whether the feed is running: a connection to one that is not ends at once."""
        self._monotonic = monotonic
        self._groups: dict[OrganizationId, _Group] = defaultdict(_Group)
        self._sent_at: dict[Connection, float] = {}

    def open(self) -> None:
        self.is_open = True

    def close(self) -> None:
        """Ends all connections, and from then on each new one."""
        self.is_open = False
        for connection in self.connections():
            connection.end(_stopping())

    def connections(self) -> list[Connection]:
        return list(self._sent_at)

    def organizations(self) -> list[OrganizationId]:
        """Those that committed events are for."""
        return [each for each, group in self._groups.items() if _listening(group)]

    def readers(self) -> frozenset[OrganizationId]:
        """Whose connections there are: those that frames of other kinds are for."""
        return frozenset(self._groups)

    def channels(self) -> list[Channel]:
        return [channel for group in self._groups.values() for channel in _listening(group)]

    def admit(self, principal: Principal, channel: Channel, place: Place) -> Connection:
        """Takes a reader in.

        Raises TooManyRequests(TOO_MANY_LIVE_CONNECTIONS) where one person or key, or one
        organization, has as many as it may.
        """
        _check_room(self._groups.get(principal.organization, _Group()), principal)
        group = self._groups[principal.organization]
        shared = group.channels.setdefault(channel.key, channel)
        connection = Connection(principal, shared.sign, list(shared.filters), place)
        group.connections[connection] = shared
        self._sent_at[connection] = self._monotonic()
        if not self.is_open:
            connection.end(_stopping())
        return connection

    def join(self, connection: Connection, place: Place) -> None:
        """From now on the connection is offered what comes; it has all up to `place`."""
        channel = self._groups[connection.principal.organization].connections.get(connection)
        if channel is not None:
            connection.go_live(place)
            channel.connections.add(connection)

    def leave(self, connection: Connection) -> None:
        """Lets a connection go; once is enough, twice does no harm."""
        organization = connection.principal.organization
        group = self._groups[organization]
        channel = group.connections.pop(connection, None)
        if channel is not None:
            channel.connections.discard(connection)
            if channel not in group.connections.values():
                group.channels.pop(channel.key, None)
        if not group.connections:
            del self._groups[organization]
        self._sent_at.pop(connection, None)

    async def offer(self, events: Sequence[StoredEvent], before: Place) -> None:
        """Offers committed events of one node, right after `before`, to whom they concern."""
        began = self._monotonic()
        for start in range(0, len(events), SLICE_EVENTS):
            part = events[start : start + SLICE_EVENTS]
            for organization, encoded in _by_organization(part):
                for channel in _listening(self._groups.get(organization, _Group())):
                    channel.offer(encoded, before)
                    if self._monotonic() - began >= YIELD_SECONDS:
                        await asyncio.sleep(0)
                        began = self._monotonic()
            before = before.after(part[-1].node, part[-1].node_seq)

    def publish(
        self,
        organization: OrganizationId,
        kind: str,
        payload: object,
        *,
        permission: Permission | None = None,
        user_id: str | None = None,
    ) -> None:
        """Sends a frame of another kind to the organization's connections in this process.

        `payload` is what msgspec makes JSON of. With `permission`, only to who has it; with
        `user_id`, only to that user of the organization. Raises ValueError for a kind that is
        the feed's own, or no word.
        """
        if kind in set(Kind) or not kind.isidentifier():
            raise ValueError(f"{kind!r} cannot be a kind of frame")
        chunk = Chunk(other_frame(kind, payload), kind)
        for connection in self._groups.get(organization, _Group()).connections:
            principal = connection.principal
            is_meant = user_id is None or principal.user_id == user_id
            if is_meant and (permission is None or principal.may(permission)):
                connection.offer(chunk)

    def note_sent(self, connection: Connection) -> None:
        if connection in self._sent_at:
            self._sent_at[connection] = self._monotonic()

    def beat(self, place: Place) -> None:
        """Sends something to those who have heard nothing for a while: a heartbeat, and where
        the feed has moved on, where it is. To be called every second or so."""
        quiet_since = self._monotonic() - QUIET_SECONDS
        for group in self._groups.values():
            for connection, channel in group.connections.items():
                if not connection.is_drained or self._sent_at[connection] > quiet_since:
                    continue
                connection.offer(Chunk(HEARTBEAT, Kind.POSITION))
                if connection.is_live and connection.place != place:
                    frame = position_frame(channel.sign(place))
                    connection.offer(Chunk(frame, Kind.POSITION, 0, connection.place, place))


def _listening(group: _Group) -> list[Channel]:
    return [channel for channel in group.channels.values() if channel.connections]


def _by_organization(
    events: Sequence[StoredEvent],
) -> Iterator[tuple[OrganizationId, list[EncodedEvent]]]:
    """Runs of events of one organization, in the order they were committed."""
    for organization, run in groupby(events, key=lambda event: event.organization):
        yield OrganizationId(organization), [EncodedEvent(each) for each in run]


def _check_room(group: _Group, principal: Principal) -> None:
    of_one = sum(_who(each.principal) == _who(principal) for each in group.connections)
    if of_one >= MAX_OF_ONE:
        raise _too_many(f"You have {of_one} live connections already.")
    if len(group.connections) >= MAX_OF_ORGANIZATION:
        of_all = len(group.connections)
        raise _too_many(f"Your organization has {of_all} live connections already.")


def _who(principal: Principal) -> str:
    return principal.person_id or f"key:{principal.key_id}"


def _too_many(detail: str) -> TooManyRequests:
    return TooManyRequests(
        "TOO_MANY_LIVE_CONNECTIONS",
        detail,
        hint="Close one of them, or share one between several readers.",
        retry_after_seconds=RETRY_AFTER_SECONDS,
    )


def _stopping() -> Unavailable:
    return Unavailable(
        "SHUTTING_DOWN",
        "The live feed ends here: this server is not running it (any more).",
        hint="Connect again with the last id; nothing is missed.",
    )
