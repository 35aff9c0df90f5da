"""The directory's follower: who was seen, when, how often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.directory import SeenUser, upsert_seen
from trailkeeper.store.engine import EventsEngine, Statement
from trailkeeper.store.follow import Follower, Span
from trailkeeper.store.heads import CommittedHeads
from trailkeeper.store.metadata import Metadata

_SEEN: Final = """
SELECT organization, user_id, argMaxIf(user_email, (timestamp, node_seq), user_email != ''),
  maxOrNullIf(timestamp, user_email != ''), min(timestamp), max(timestamp),
  maxOrNullIf(timestamp, action = 'LOGIN' AND status = 'SUCCESS'),
  count(), countIf(action = 'LOGIN_FAILED' OR action = 'LOGIN' AND status = 'FAILED')
FROM events
WHERE node = {node:UInt32} AND node_seq > {after:UInt64} AND node_seq <= {upto:UInt64}
  AND user_id != ''
GROUP BY organization, user_id
"""  # tenant-scope: a span of a node's stream holds every organization's events


class DirectoryFollower(Follower[list[SeenUser]]):
    """Adds what each span shows of each user to the directory."""

    name: ClassVar[str] = "directory"
    pause_seconds: ClassVar[float] = 0.25

    def __init__(
        self,
        engine: EventsEngine,
        heads: CommittedHeads,
        metadata: Metadata,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(heads, metadata, clock)
        self._engine = engine

    async def read(self, span: Span) -> list[SeenUser]:
        return await self._engine.rows(
            Statement(_SEEN, {"node": span.node, "after": span.after, "upto": span.upto}), SeenUser
        )

    async def apply(self, work: list[SeenUser], session: AsyncSession) -> None:
        await upsert_seen(session, work)
