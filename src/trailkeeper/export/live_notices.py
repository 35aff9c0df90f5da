"""What the live feed carries beside events: detections and notifications, as they are written.

They are read from the metadata, so that they come whichever process wrote them. While nobody
is connected nothing is read; who connects again fetches the inbox, which has them all.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import msgspec
import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.detect.detections import DetectionState
from trailkeeper.detect.found import group_text
from trailkeeper.detect.tables import DetectionHistoryRow, DetectionRow
from trailkeeper.errors import Unavailable
from trailkeeper.event import OrganizationId
from trailkeeper.export.live_hub import LiveHub
from trailkeeper.notify.inbox import Notification, to_notification
from trailkeeper.notify.tables import NotificationRow
from trailkeeper.principal import Permission
from trailkeeper.store.metadata import Metadata

POLL_SECONDS: Final = 0.25
RETRY_SECONDS: Final = 2.0
MAX_ROWS: Final = 500
LOOKS_BACK: Final = 100
"""Rows that may have been written while somebody connected; well below `MAX_ROWS`."""
OVERLAP_SECONDS: Final = 10.0
"""Ids are given out before their rows are committed, so a smaller one may appear later."""

JUST_NOW: Final = timedelta(seconds=2)
"""Longer than it takes from a connection to the next look."""

DETECTION: Final = "detection"
NOTIFICATION: Final = "notification"

log = structlog.get_logger(__name__)


class DetectionNotice(msgspec.Struct, frozen=True, kw_only=True):
    """Something happened to a detection: `what` is the word of its history."""

    id: str
    what: str
    rule_id: str
    rule_title: str
    severity: str
    group: str
    count: int
    state: DetectionState
    url: str
    at: str


class NotificationNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A new line of the reader's inbox. `url` is a path of the console."""

    id: str
    title: str
    text: str
    severity: str
    detection_id: str
    url: str
    created_at: str


@dataclass
class _Sent:
    """Up to where one table was read: `floor`, and what was sent of the rows above it."""

    monotonic: Callable[[], float]
    floor: int = 0
    above: set[int] = field(default_factory=set)
    _tops: deque[tuple[float, int]] = field(default_factory=deque)

    def begin(self, floor: int, known: Iterable[int]) -> None:
        self.floor, self.above = floor, set(known)
        self._tops.clear()

    def is_new(self, row_id: int) -> bool:
        if row_id in self.above:
            return False
        self.above.add(row_id)
        return True

    def settle(self) -> None:
        """Raises the floor to what was the newest row a while ago."""
        now = self.monotonic()
        self._tops.append((now, max(self.above, default=self.floor)))
        while self._tops and self._tops[0][0] <= now - OVERLAP_SECONDS:
            self.floor = max(self.floor, self._tops.popleft()[1])
        self.above = {each for each in self.above if each > self.floor}


class LiveNotices:
    """Publishes detections and notifications to the hub's connections."""

    def __init__(
        self,
        metadata: Metadata,
        hub: LiveHub,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._metadata = metadata
        self._hub = hub
        self._clock = clock
        self._history = _Sent(monotonic)
        self._inboxes = _Sent(monotonic)
        self._is_following = False

    async def run(self) -> None:
        """Until cancelled. What fails is tried again."""
        while True:
            try:
                await self.look()
            except Unavailable as error:
                log.warning("live notices will be retried", error=error.detail)
                await asyncio.sleep(RETRY_SECONDS)
            await asyncio.sleep(POLL_SECONDS)

    async def look(self) -> None:
        """Publishes what was written since the last look. Raises Unavailable."""
        readers = self._hub.readers()
        if not readers:
            self._is_following = False
            return
        async with self._metadata.reading() as session:
            if not self._is_following:
                await self._begin(session)
            await self._publish_detections(session, readers)
            await self._publish_notifications(session, readers)
        self._history.settle()
        self._inboxes.settle()

    async def _begin(self, session: AsyncSession) -> None:
        """Takes all for told but what was written since somebody connected, a moment ago."""
        before = self._clock() - JUST_NOW
        for sent, row_id, moment in (
            (self._history, DetectionHistoryRow.id, DetectionHistoryRow.at),
            (self._inboxes, NotificationRow.id, NotificationRow.created_at),
        ):
            top = await session.scalar(select(func.max(row_id)))  # tenant-scope: a position only
            floor = max(0, (top or 0) - LOOKS_BACK)
            known = await session.scalars(
                select(row_id).where(row_id > floor, moment < before)  # tenant-scope: positions
            )
            sent.begin(floor, known)
        self._is_following = True

    async def _publish_detections(
        self, session: AsyncSession, readers: Set[OrganizationId]
    ) -> None:
        changed = (
            select(  # tenant-scope: each goes to its own organization's connections only
                DetectionHistoryRow, DetectionRow
            )
            .join(
                DetectionRow,
                (DetectionRow.organization == DetectionHistoryRow.organization)
                & (DetectionRow.id == DetectionHistoryRow.detection),
            )
            .where(
                DetectionHistoryRow.id > self._history.floor,
                DetectionHistoryRow.organization.in_(readers),
            )
            .order_by(DetectionHistoryRow.id)
            .limit(MAX_ROWS)
        )
        for line, row in await session.execute(changed):
            if self._history.is_new(line.id):
                self._hub.publish(
                    OrganizationId(row.organization),
                    DETECTION,
                    _detection_notice(line, row),
                    permission=Permission.DETECTION_VIEW,
                )

    async def _publish_notifications(
        self, session: AsyncSession, readers: Set[OrganizationId]
    ) -> None:
        rows = await session.scalars(
            select(NotificationRow)  # tenant-scope: each goes to its own organization's only
            .where(
                NotificationRow.id > self._inboxes.floor,
                NotificationRow.organization.in_(readers),
            )
            .order_by(NotificationRow.id)
            .limit(MAX_ROWS)
        )
        for row in rows:
            if self._inboxes.is_new(row.id):
                told = to_notification(row)
                self._hub.publish(
                    told.organization,
                    NOTIFICATION,
                    _notification_notice(told),
                    user_id=told.user_id,
                )


def _detection_notice(line: DetectionHistoryRow, row: DetectionRow) -> DetectionNotice:
    return DetectionNotice(
        id=row.id,
        what=line.what,
        rule_id=row.rule_id,
        rule_title=row.rule_title,
        severity=row.severity,
        group=group_text(tuple((each["field"], each["value"]) for each in row.grouped)),
        count=row.count,
        state=DetectionState(row.state),
        url=f"/security/detections/{row.id}",
        at=line.at.isoformat(),
    )


def _notification_notice(told: Notification) -> NotificationNotice:
    content = told.content
    is_of_detection = bool(content.detection_id)
    return NotificationNotice(
        id=str(told.id),
        title=content.title,
        text=content.reasons[0] if content.reasons else "",
        severity=content.severity,
        detection_id=content.detection_id,
        url=f"/security/detections/{content.detection_id}" if is_of_detection else content.link,
        created_at=told.created_at.isoformat(),
    )
