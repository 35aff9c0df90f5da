"""One reader of the live feed: what waits to be sent to it, and never more than that.

Whoever offers frames never waits. Where a reader does not keep up, its frames are counted
instead of kept, and once it has read what waits it is told how many it missed, and the cursor
of a search that finds them.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from trailkeeper.errors import TrailkeeperError
from trailkeeper.export.live_frames import Missed, end_frame, missed_frame
from trailkeeper.export.live_place import Place
from trailkeeper.principal import Principal

MAX_WAITING_EVENTS: Final = 2_000
MAX_WAITING_BYTES: Final = 4 * 1024 * 1024
"""What may wait for one reader, beside the few MiB that the server's own buffers take."""

SEND_BYTES: Final = 512 * 1024

Sign = Callable[[Place], str]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Frames that are sent together: `events` of the log, or one of another room's kind.

    Events lie between `before` and `after`; other kinds are no places in the log.
    """

    data: bytes
    kind: str
    events: int = 0
    before: Place | None = None
    after: Place | None = None


@dataclass(slots=True)
class _Gap:
    """What was not kept for the reader, since when, and up to where."""

    before: Place
    after: Place
    events: int = 0
    others: Counter[str] = field(default_factory=Counter)


class Connection:
    """A reader's place and what waits for it. `place` is where it is once that is sent.

    `sign` makes a cursor of a place; `filters` are the request's, for the search that finds
    what was missed.
    """

    def __init__(
        self, principal: Principal, sign: Sign, filters: list[tuple[str, str]], place: Place
    ) -> None:
        self.principal = principal
        self.sign = sign
        self.place = place
        self.is_live = False
        """Whether frames are offered as they come; before that the log itself is read."""
        self.ended = asyncio.Event()
        self._filters = filters
        self._end = b""
        self._waiting: deque[Chunk] = deque()
        self._waiting_events = 0
        self._waiting_bytes = 0
        self._gap: _Gap | None = None
        self._newest = place
        self._arrival = asyncio.Event()

    def go_live(self, place: Place) -> None:
        """From now on frames are offered as they come; the reader has all up to `place`."""
        self.is_live = True
        self.place = self._newest = place
        if self._gap is not None:
            self._gap.before = self._gap.after = place

    @property
    def is_drained(self) -> bool:
        return not self._waiting and self._gap is None

    def offer(self, chunk: Chunk) -> None:
        """Keeps frames for the reader, or counts them where there is no room."""
        if self.ended.is_set():
            return
        if self._gap is None and self._has_room(chunk):
            self._waiting.append(chunk)
            self._waiting_events += chunk.events
            self._waiting_bytes += len(chunk.data)
        elif chunk.before is not None and chunk.after is not None:
            self.miss(chunk.before, chunk.after, chunk.events)
        else:
            self._open_gap(self._newest, self._newest).others[chunk.kind] += 1
        if chunk.after is not None:
            self._newest = chunk.after
        self._arrival.set()

    def miss(self, before: Place, after: Place, events: int) -> None:
        """Counts events between two places that are not kept for the reader."""
        if self.ended.is_set():
            return
        gap = self._open_gap(before, after)
        gap.after = self._newest = after
        gap.events += events
        self._arrival.set()

    def end(self, why: TrailkeeperError) -> None:
        """Ends the stream. What waits is not sent: the reader's place tells where it was."""
        if self.ended.is_set():
            return
        self._end = end_frame(why.to_problem())
        self._waiting.clear()
        self._gap = None
        self.ended.set()
        self._arrival.set()

    async def take(self) -> bytes | None:
        """The next bytes to send, once there are any. None after the last."""
        while True:
            if self.ended.is_set():
                last, self._end = self._end, b""
                return last or None
            if self._waiting:
                return self._take_waiting()
            if self._gap is not None:
                return self._take_gap(self._gap)
            self._arrival.clear()
            await self._arrival.wait()

    def _has_room(self, chunk: Chunk) -> bool:
        # One that is larger than all the room is kept where nothing else waits.
        return not self._waiting or (
            self._waiting_events + chunk.events <= MAX_WAITING_EVENTS
            and self._waiting_bytes + len(chunk.data) <= MAX_WAITING_BYTES
        )

    def _open_gap(self, before: Place, after: Place) -> _Gap:
        if self._gap is None:
            self._gap = _Gap(before, after)
        return self._gap

    def _take_waiting(self) -> bytes:
        taken: list[bytes] = []
        size = 0
        while self._waiting and (not taken or size + len(self._waiting[0].data) <= SEND_BYTES):
            chunk = self._waiting.popleft()
            taken.append(chunk.data)
            size += len(chunk.data)
            self._waiting_events -= chunk.events
            self.place = chunk.after or self.place
        self._waiting_bytes -= size
        return taken[0] if len(taken) == 1 else b"".join(taken)

    def _take_gap(self, gap: _Gap) -> bytes:
        self._gap = None
        self.place = gap.after
        cursor = self.sign(gap.before)
        asked = [("order", "committed"), ("cursor", cursor), *self._filters]
        missed = Missed(
            count=gap.events,
            cursor=cursor,
            url=f"/audit-logs/?{urlencode(asked)}",
            others=dict(gap.others),
        )
        return missed_frame(self.sign(gap.after), missed)
