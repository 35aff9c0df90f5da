"""Reads and refusals on the record, without slowing them and without a storm.

What changes something is recorded in its own transaction (`trail.record`). A read changes
nothing, so there is nothing to be atomic with: it is noted in memory, and a background task
writes what is noted to the outbox within `LINGER_SECONDS`, in one transaction.

Promises:

- The first time somebody reads something is written at once; repeats within a minute are
  counted, and written when the minute is over as one event with `count`, `first_at` and
  `last_at`.
- Nothing is dropped: where too many counts are open the oldest is written early, and where too
  much waits to be written (the metadata store is down) the next read is refused, 503.
- `kill -9` loses the notes of the last second and the open counts. A stop loses nothing.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import structlog

from trailkeeper.access.trail import Requester, own_event
from trailkeeper.errors import TrailkeeperError, Unavailable
from trailkeeper.event import Status
from trailkeeper.ids import new_event_id
from trailkeeper.principal import Tenant
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.outbox import OwnEvent, record_all_later

FOLD: Final = timedelta(minutes=1)
LINGER_SECONDS: Final = 0.3
RETRY_SECONDS: Final = 1.0
MAX_FOLDS: Final = 10_000
MAX_WAITING: Final = 10_000
MAX_WAITING_BYTES: Final = 16 * 1024 * 1024
EVENTS_PER_WRITE: Final = 500
MAX_PATH_LENGTH: Final = 500
SEPARATE_REFUSALS: Final = 30
"""Refusals of one requester that are told apart in a minute; what follows is counted together."""
VARIOUS_PATHS: Final = "*"

ACCESS_DENIED: Final = "ACCESS_DENIED"
AUDIT_LOG: Final = "AUDIT_LOG"
ROWS: Final = "rows"
TOTAL: Final = "total"

_ENCODER: Final = msgspec.json.Encoder(order="sorted")

log = structlog.get_logger(__name__)

Key = tuple[str, str, str | None, str, str, str, bytes]


@dataclass(slots=True)
class _Note:
    """What was done, as its event will say; `details` without rows and total."""

    tenant: Tenant
    requester: Requester
    action: str
    resource_type: str
    resource_id: str
    status: Status
    details: dict[str, Any]

    def key(self) -> Key:
        """What makes two notes repeats of one another. A browser may be several."""
        who = self.requester
        return (
            self.tenant.organization,
            who.user_id,
            who.address,
            self.action,
            self.resource_type,
            self.resource_id,
            _ENCODER.encode(self.details),
        )

    def to_event(self, at: datetime, more: Mapping[str, Any]) -> OwnEvent:
        event = own_event(
            self.requester,
            self.action,
            resource_type=self.resource_type,
            resource_id=self.resource_id,
            status=self.status,
            details={**self.details, **more},
        )
        return OwnEvent(self.tenant, new_event_id(), event, at)


@dataclass(slots=True)
class _Fold:
    """Repeats of a note since it was written at `began`."""

    note: _Note
    began: datetime
    count: int = 0
    rows: int | None = None
    total: int | None = None
    first_at: datetime | None = None
    last_at: datetime | None = None

    def add(self, at: datetime, rows: int | None, total: int | None) -> None:
        self.count += 1
        self.first_at = self.first_at or at
        self.last_at = at
        if rows is not None:
            self.rows = (self.rows or 0) + rows
        if total is not None:
            self.total = total

    def to_event(self) -> OwnEvent:
        """The event of the repeats. There MUST be one."""
        first_at, last_at = self.first_at or self.began, self.last_at or self.began
        more = {
            "count": self.count,
            "first_at": first_at.isoformat(),
            "last_at": last_at.isoformat(),
            **_present(self.rows, self.total),
        }
        return self.note.to_event(last_at, more)


@dataclass
class Recorder:
    """Notes reads and refused requests, and writes them to the outbox. One per process.

    Neither `read` nor `refused` waits. `read` raises Unavailable(RECORD_BACKLOG_FULL) where
    the read cannot be recorded: it MUST then not be answered.
    """

    metadata: Metadata
    clock: Callable[[], datetime]
    _waiting: deque[OwnEvent] = field(default_factory=deque)
    _waiting_bytes: int = 0
    _folds: OrderedDict[Key, _Fold] = field(default_factory=OrderedDict)
    _refusals: dict[tuple[str, str], tuple[datetime, int]] = field(default_factory=dict)
    _arrival: asyncio.Event = field(default_factory=asyncio.Event)
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def read(
        self,
        tenant: Tenant,
        requester: Requester,
        action: str,
        *,
        resource_type: str,
        resource_id: str = "",
        details: Mapping[str, Any],
        status: Status = Status.SUCCESS,
    ) -> None:
        """Notes a read: SEARCH, VIEW or EXPORT.

        `details` are JSON-ready. Reads that differ in `rows` and `total` alone are repeats; of
        repeats, rows are added up and the last total is told.
        """
        told = {name: value for name, value in details.items() if name not in (ROWS, TOTAL)}
        note = _Note(tenant, requester, action, resource_type, resource_id, status, told)
        self._take(note, details.get(ROWS), details.get(TOTAL))

    def refused(
        self,
        tenant: Tenant,
        requester: Requester,
        *,
        method: str,
        path: str,
        code: str,
        permission: str | None = None,
    ) -> None:
        """Notes a request that was answered 403 with `code`, for want of `permission`."""
        now = self.clock()
        details = {"method": method, "path": self._told_path(tenant, requester, path, now)}
        details["code"] = code
        if permission is not None:
            details["permission"] = str(permission)
        note = _Note(tenant, requester, ACCESS_DENIED, AUDIT_LOG, "", Status.FAILED, details)
        try:
            self._take(note, None, None)
        except Unavailable:
            # The request is refused anyway: it is counted, and told when there is room again.
            details["path"] = VARIOUS_PATHS
            self._folds.setdefault(note.key(), _Fold(note, now)).add(now, None, None)

    async def flush(self, *, everything: bool = False) -> int:
        """Writes what waits and the counts whose minute is over; returns how many events.

        With `everything`, also the counts of a minute that is not over: before a stop. Raises
        Unavailable where the metadata store cannot be written; all of it still waits then.
        """
        async with self._writing:
            self._close_ended(everything=everything)
            written = 0
            while self._waiting:
                batch = [self._waiting[place] for place in range(self._next_write())]
                async with self.metadata.transaction() as session:
                    await record_all_later(session, batch)
                for event in batch:
                    self._waiting.popleft()
                    self._waiting_bytes -= event.size_bytes
                written += len(batch)
                self._close_ended(everything=everything)
            return written

    async def run(self) -> None:
        """Writes for ever. While the metadata store is down it tries again each second."""
        while True:
            try:
                await asyncio.wait_for(self._arrival.wait(), self._seconds_to_next_end())
            except TimeoutError:
                pass
            else:
                # Reads come in flocks: a console's page makes several. One write for them all.
                await asyncio.sleep(LINGER_SECONDS)
            self._arrival.clear()
            try:
                await self.flush()
            except TrailkeeperError as error:
                log.warning("reads wait to be recorded", waiting=len(self._waiting), why=str(error))
                self._arrival.set()
                await asyncio.sleep(RETRY_SECONDS)

    def _take(self, note: _Note, rows: int | None, total: int | None) -> None:
        now = self.clock()
        key = note.key()
        fold = self._folds.get(key)
        if fold is not None and not _is_over(fold, now):
            fold.add(now, rows, total)
            return
        if fold is not None:
            self._close(key, fold)
        while len(self._folds) >= MAX_FOLDS:
            self._close(*next(iter(self._folds.items())))
        self._queue(note.to_event(now, _present(rows, total)))
        self._folds[key] = _Fold(note, now)

    def _close(self, key: Key, fold: _Fold) -> None:
        if fold.count:
            self._queue(fold.to_event())
        del self._folds[key]

    def _close_ended(self, *, everything: bool) -> None:
        now = self.clock()
        # The oldest stands first, so the first one that is not over ends the search.
        while self._folds and self._has_room():
            key, fold = next(iter(self._folds.items()))
            if not (everything or _is_over(fold, now)):
                break
            self._close(key, fold)
        self._refusals = {
            who: since for who, since in self._refusals.items() if now - since[0] < FOLD
        }

    def _queue(self, event: OwnEvent) -> None:
        if not self._has_room():
            raise Unavailable(
                "RECORD_BACKLOG_FULL",
                "Reads are on the record, and the record cannot be written at the moment.",
                hint="The metadata store is down or slow: /readyz says more. Nothing was handed "
                "out; ask again later.",
            )
        self._waiting.append(event)
        self._waiting_bytes += event.size_bytes
        self._arrival.set()

    def _has_room(self) -> bool:
        return len(self._waiting) < MAX_WAITING and self._waiting_bytes < MAX_WAITING_BYTES

    def _next_write(self) -> int:
        return min(len(self._waiting), EVENTS_PER_WRITE)

    def _seconds_to_next_end(self) -> float | None:
        """Until the oldest count's minute is over; None while there is none."""
        for fold in self._folds.values():
            return max(0.0, (fold.began + FOLD - self.clock()).total_seconds()) + LINGER_SECONDS
        return None

    def _told_path(self, tenant: Tenant, requester: Requester, path: str, now: datetime) -> str:
        who = (tenant.organization, requester.user_id)
        began, refusals = self._refusals.get(who, (now, 0))
        if now - began >= FOLD:
            began, refusals = now, 0
        self._refusals[who] = (began, refusals + 1)
        return path[:MAX_PATH_LENGTH] if refusals < SEPARATE_REFUSALS else VARIOUS_PATHS


def _is_over(fold: _Fold, now: datetime) -> bool:
    return now - fold.began >= FOLD


def _present(rows: int | None, total: int | None) -> dict[str, int]:
    pairs = ((ROWS, rows), (TOTAL, total))
    return {name: value for name, value in pairs if value is not None}
