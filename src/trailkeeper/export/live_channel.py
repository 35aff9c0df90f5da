"""A question that is asked live: who waits for its answers, and the frames that answer it.

All connections of an organization that ask the same share one channel: an event is matched
and put into a frame once, however many wait for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from trailkeeper.event import StoredEvent
from trailkeeper.export.live_connection import Chunk, Connection
from trailkeeper.export.live_frames import EncodedEvent, Kind, event_frame
from trailkeeper.export.live_place import Place
from trailkeeper.search.cursor import CursorSigner
from trailkeeper.search.evaluate import compile_filter
from trailkeeper.search.question import Question
from trailkeeper.search.times import TimeRange

CHUNK_BYTES: Final = 256 * 1024

Key = tuple[TimeRange, tuple[tuple[str, str], ...]]


class Channel:
    """One question of one organization, asked by these filters.

    `fingerprint` is what its cursors are bound to.
    """

    def __init__(
        self,
        question: Question,
        filters: Sequence[tuple[str, str]],
        fingerprint: bytes,
        signer: CursorSigner,
    ) -> None:
        self.question = question
        self.filters = tuple(filters)
        self.connections: set[Connection] = set()
        self._fingerprint = fingerprint
        self._signer = signer
        self._matches = compile_filter(question.filter)

    @property
    def key(self) -> Key:
        """The same for all who ask the same."""
        return (self.question.range, self.filters)

    def sign(self, place: Place) -> str:
        """The place as a cursor of this question."""
        return self._signer.to_text(place.to_cursor(self._fingerprint))

    def offer(self, events: Sequence[EncodedEvent], before: Place) -> None:
        """Offers those that match, all of one node and right after `before`, to all who wait."""
        for chunk in self._chunks(events, before):
            for connection in self.connections:
                connection.offer(chunk)

    def miss(self, before: Place, after: Place, events: int) -> None:
        """Has all who wait know that so many were passed over."""
        for connection in self.connections:
            connection.miss(before, after, events)

    def _chunks(self, events: Sequence[EncodedEvent], before: Place) -> Iterator[Chunk]:
        frames: list[bytes] = []
        size = 0
        began = place = before
        for event in events:
            if not self._is_wanted(event.stored):
                continue
            if size >= CHUNK_BYTES:
                yield Chunk(b"".join(frames), Kind.EVENT, len(frames), began, place)
                frames, size, began = [], 0, place
            place = before.after(event.stored.node, event.stored.node_seq)
            frame = event_frame(self.sign(place), event.json())
            frames.append(frame)
            size += len(frame)
        if frames:
            yield Chunk(b"".join(frames), Kind.EVENT, len(frames), began, place)

    def _is_wanted(self, stored: StoredEvent) -> bool:
        return self._is_in_range(stored.timestamp) and self._matches(stored)

    def _is_in_range(self, moment: datetime) -> bool:
        start, end = self.question.range.start, self.question.range.end
        return (start is None or start <= moment) and (end is None or moment < end)
