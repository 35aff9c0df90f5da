"""Who is connected to this process's live feed, and what each of them is sent.

    hub.publish(organization, "notification", payload, person=person_id)

sends a frame of another room's kind to this process's connections. Every process runs a hub of
its own: what should reach all of them is published by each, from the log or the metadata.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from trailkeeper.errors import TooManyRequests, Unavailable
from trailkeeper.event import OrganizationId, StoredEvent
from trailkeeper.export.live_channel import Channel
from trailkeeper.export.live_connection import Chunk, Connection
from trailkeeper.export.live_frames import HEARTBEAT, EncodedEvent, Kind, other_frame, position_frame
from trailkeeper.export.live_place import Place
from trailkeeper.principal import Permission, Principal

MAX_OF_ONE: Final = 10
MAX_OF_ORGANIZATION: Final = 500
QUIET_SECONDS: Final = 15.0
YIELD_SECONDS: Final = 0.005
"""How long matching may hold up everything else in this process at a time."""

RETRY_AFTER_SECONDS: Final = 10


class LiveHub:
    """Connections by organization and question.

    It MUST NOT make whoever publishes wait for a reader, and MUST NOT send anything to a
    connection of another organization.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.is_open = False
        """Whether the feed is running: a connection to one that is not ends at once."""
        self._monotonic = monotonic
        self._connections: dict[OrganizationId, dict[Connection, Channel]] = defaultdict(dict)
        self._sent_at: dict[Connection, float] = {}

    def open(self) -> None:
        self.is_open = True

    def close(self) -> None:
        """Ends all connections, and from then on each new one."""
        self.is_open = False
        for connection in self.connections():
            connection.end(stopping())

    def connections(self) -> list[Connection]:
        return [each for group in self._connections.values() for each in group]

    def organizations(self) -> list[OrganizationId]:
        """Those with a connection that is live."""
        return [
            organization
            for organization, group in self._connections.items()
            if any(each.is_live for each in group)
        ]

    def channels(self) -> list[Channel]:
        """Those with a connection that is live."""
        return list(dict.fromkeys(self._live_channels(self._connections)))

    def admit(self, connection: Connection, channel: Channel) -> Channel:
        """Takes a connection in, and answers the channel that it shares with its like.

        Raises TooManyRequests(TOO_MANY_LIVE_CONNECTIONS) where one person or key, or one
        organization, has as many as it may.
        """
        principal = connection.principal
        group = self._connections.get(principal.organization, {})
        of_one = sum(_who(each.principal) == _who(principal) for each in group)
        if of_one >= MAX_OF_ONE:
            raise _too_many(f"You have {of_one} live connections already.")
        if len(group) >= MAX_OF_ORGANIZATION:
            raise _too_many(f"Your organization has {len(group)} live connections already.")
        shared = next((each for each in group.values() if each.asks_like(channel)), channel)
        self._connections[principal.organization][connection] = shared
        self._sent_at[connection] = self._monotonic()
        if not self.is_open:
            connection.end(stopping())
        return shared

    def join(self, connection: Connection, place: Place) -> None:
        """From now on the connection gets what is offered; it has all up to `place`."""
        channel = self._connections[connection.principal.organization].get(connection)
        if channel is not None:
            connection.is_live = True
            connection.place = place
            channel.connections.add(connection)

    def leave(self, connection: Connection) -> None:
        """Lets a connection go; once is enough, twice does no harm."""
        organization = connection.principal.organization
        group = self._connections.get(organization, {})
        channel = group.pop(connection, None)
        if channel is not None:
            channel.connections.discard(connection)
        if not group:
            self._connections.pop(organization, None)
        self._sent_at.pop(connection, None)

    async def offer(self, events: Sequence[StoredEvent], before: Place) -> None:
        """Offers committed events of one node, right after `before`, to whom they concern."""
        by_organization: dict[str, list[EncodedEvent]] = defaultdict(list)
        for stored in events:
            by_organization[stored.organization].append(EncodedEvent(stored))
        began = self._monotonic()
        for organization, encoded in by_organization.items():
            for channel in self._channels_of(OrganizationId(organization)):
                channel.offer(encoded, before)
                if self._monotonic() - began >= YIELD_SECONDS:
                    await asyncio.sleep(0)
                    began = self._monotonic()

    def publish(
        self,
        organization: OrganizationId,
        kind: str,
        payload: object,
        *,
        permission: Permission | None = None,
        person: str | None = None,
    ) -> None:
        """Sends a frame of another kind to the organization's connections in this process.

        `payload` is what msgspec makes JSON of. With `permission`, only to who has it; with
        `person` (an account's id), only to that person. Raises ValueError for a kind that is
        the feed's own.
        """
        if kind in set(Kind):
            raise ValueError(f"{kind} is a kind of the feed itself")
        chunk = Chunk(other_frame(kind, payload), kind)
        for connection in self._connections.get(organization, {}):
            principal = connection.principal
            is_meant = person is None or principal.person_id == person
            if is_meant and (permission is None or principal.may(permission)):
                connection.offer(chunk)

    def note_sent(self, connection: Connection) -> None:
        if connection in self._sent_at:
            self._sent_at[connection] = self._monotonic()

    def beat(self, place: Place) -> None:
        """Sends something to those who have heard nothing for a while: where the feed is by
        now, or where it has not moved, a heartbeat. To be called every second or so."""
        quiet_since = self._monotonic() - QUIET_SECONDS
        for group in self._connections.values():
            for connection, channel in group.items():
                if not connection.is_drained or self._sent_at[connection] > quiet_since:
                    continue
                connection.offer(Chunk(HEARTBEAT, Kind.POSITION))
                if connection.is_live and connection.place != place:
                    frame = position_frame(channel.sign(place))
                    connection.offer(Chunk(frame, Kind.POSITION, 0, connection.place, place))

    def _channels_of(self, organization: OrganizationId) -> list[Channel]:
        return list(dict.fromkeys(self._live_channels([organization])))

    def _live_channels(self, organizations: Iterable[OrganizationId]) -> Iterator[Channel]:
        for organization in list(organizations):
            for channel in self._connections.get(organization, {}).values():
                if channel.connections:
                    yield channel


def stopping() -> Unavailable:
    return Unavailable(
        "SHUTTING_DOWN",
        "The live feed ends here: the server is stopping.",
        hint="Connect again with the last id; nothing is missed.",
    )


def _who(principal: Principal) -> str:
    return principal.person_id or f"key:{principal.key_id}"


def _too_many(detail: str) -> TooManyRequests:
    return TooManyRequests(
        "TOO_MANY_LIVE_CONNECTIONS",
        detail,
        hint="Close one of them, or share one between several readers.",
        retry_after_seconds=RETRY_AFTER_SECONDS,
    )
