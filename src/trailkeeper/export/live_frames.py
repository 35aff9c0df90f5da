"""The event stream format: what a client of the live feed reads.

Source: WHATWG HTML, "Server-sent events". A frame is lines `field: value` and an empty one.
JSON text has no raw line break, so one `data:` line holds a document.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from trailkeeper.errors import Problem
from trailkeeper.event import StoredEvent, to_event

RETRY_MILLISECONDS: Final = 2000
HEARTBEAT: Final = b": heartbeat\n\n"

_JSON: Final = msgspec.json.Encoder()


class Kind(StrEnum):
    """The feed's own kinds of frames; other rooms publish theirs beside them."""

    EVENT = "event"
    POSITION = "position"
    MISSED = "missed"
    END = "end"


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """A place in the log, for a quiet filter: nothing that matches lies before it."""

    cursor: str


class Missed(msgspec.Struct, frozen=True, kw_only=True):
    """What a connection was too slow for, or the feed had to pass over.

    `count` events that match lie after `cursor`, a cursor of the search in commit order (`url`
    is that search); the stream goes on after them. `others` counts frames of other kinds.
    """

    count: int
    cursor: str
    url: str
    others: dict[str, int]


class EncodedEvent:
    """An event and its JSON, which is made once for all connections that want it."""

    __slots__ = ("_json", "stored")

    def __init__(self, stored: StoredEvent) -> None:
        self.stored = stored
        self._json = b""

    def json(self) -> bytes:
        """The API's shape of the event."""
        if not self._json:
            self._json = _JSON.encode(to_event(self.stored))
        return self._json


def opening_frames(cursor: str) -> bytes:
    """What every stream begins with: so that headers are sent and a place is known."""
    return f"retry: {RETRY_MILLISECONDS}\n\n".encode() + position_frame(cursor)


def event_frame(cursor: str, json: bytes) -> bytes:
    return b"event: event\nid: %b\ndata: %b\n\n" % (cursor.encode(), json)


def position_frame(cursor: str) -> bytes:
    return _frame(Kind.POSITION, Position(cursor=cursor), cursor)


def missed_frame(cursor: str, missed: Missed) -> bytes:
    return _frame(Kind.MISSED, missed, cursor)


def end_frame(problem: Problem) -> bytes:
    """Why the stream ends; it has no id, for the place is what it was."""
    return _frame(Kind.END, problem)


def other_frame(kind: str, payload: object) -> bytes:
    """A frame of another room's kind. It is no place in the log and has no id."""
    return _frame(kind, payload)


def _frame(kind: str, payload: object, cursor: str = "") -> bytes:
    identifier = f"id: {cursor}\n" if cursor else ""
    return b"event: %b\n%bdata: %b\n\n" % (
        kind.encode(),
        identifier.encode(),
        _JSON.encode(payload),
    )
