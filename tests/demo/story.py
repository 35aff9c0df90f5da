"""What the demo's tests share: the moment, the size, and the shape of a told event."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from trailkeeper.event import NewEvent

NOW: Final = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
EVENTS: Final = 60_000


class Told(NamedTuple):
    """An event of the stream after the trip through JSON, and its moment in UTC."""

    at: datetime
    event: NewEvent

    @property
    def details(self) -> dict[str, Any]:
        return self.event.details or {}


def to_told(event: NewEvent) -> Told:
    if event.timestamp is None:
        raise ValueError("every event of the demo has a timestamp")
    return Told(event.timestamp, event)
