"""The follower that detects: every committed event past every organization's rules.

Its evaluators live in memory; what they hold is worked out from the log alone, as of the places
that are saved with the detections. Where the two do not agree, after a start, a failure, or
when another process was at work, they are built anew from the log: so a crash neither loses a
detection nor tells one twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Final

from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.detect.keeping import keep_found
from trailkeeper.detect.stored_rules import enabled_rules, revisions
from trailkeeper.detect.suppress import list_suppressions
from trailkeeper.detect.surroundings import read_surroundings
from trailkeeper.detect.sweep import note_late_days
from trailkeeper.detect.watch import OrganizationWatch, Watched, build_watch
from trailkeeper.errors import NotFound
from trailkeeper.event import NodeId, NodeSeq, OrganizationId, StoredEvent
from trailkeeper.principal import Tenant, system_tenant
from trailkeeper.search.question import ALL_COLUMNS
from trailkeeper.store.engine import EventsEngine, Statement
from trailkeeper.store.follow import Follower, Span
from trailkeeper.store.heads import CommittedHeads
from trailkeeper.store.metadata import Metadata

REFRESH: Final = timedelta(seconds=15)
"""How long what an organization has set (hours, members) may be out of date."""
MAX_EXPECTED_LATENESS: Final = timedelta(days=90)

_SPAN: Final = f"""
SELECT {ALL_COLUMNS} FROM events
WHERE node = {{node:UInt32}} AND node_seq > {{after:UInt64}} AND node_seq <= {{upto:UInt64}}
ORDER BY node_seq
"""  # tenant-scope: a span of a node's stream holds every organization's events


class DetectFollower(Follower[list[Watched]]):
    """Detects where `is_active` says so: of several processes, only one should."""

    name: ClassVar[str] = "detect"
    pause_seconds: ClassVar[float] = 0.1

    def __init__(
        self,
        engine: EventsEngine,
        heads: CommittedHeads,
        metadata: Metadata,
        clock: Callable[[], datetime],
        is_active: Callable[[], bool],
    ) -> None:
        super().__init__(heads, metadata, clock)
        self._engine = engine
        self._is_active = is_active
        self._watches: dict[str, OrganizationWatch | None] = {}
        self._revisions: dict[str, int] = {}
        self._places: dict[NodeId, NodeSeq] = {}
        self._next_places: dict[NodeId, NodeSeq] = {}

    async def catch_up(self) -> int:
        if not self._is_active():
            return 0
        return await super().catch_up()

    async def read(self, span: Span) -> list[Watched]:
        events = await self._engine.rows(
            Statement(_SPAN, {"node": span.node, "after": span.after, "upto": span.upto}),
            StoredEvent,
        )
        places = {**self._places, span.node: span.after}
        # From here on the watches know more than is saved; until it is, they fit no places.
        self._places = {}
        by_organization: defaultdict[str, list[StoredEvent]] = defaultdict(list)
        for event in events:
            by_organization[event.organization].append(event)
        work = []
        for organization, own in by_organization.items():
            watch = await self._watch(organization, places)
            if watch is not None:
                work.append(await watch.feed(self._engine, own, places))
        self._next_places = {**places, span.node: span.upto}
        return work

    async def apply(self, work: list[Watched], session: AsyncSession) -> None:
        now = self._clock()
        for watched in work:
            await keep_found(session, watched.tenant, watched.found, now)
            await note_late_days(session, watched.tenant, watched.late_days, now)
        self._places = self._next_places

    async def _read_places(self) -> dict[NodeId, NodeSeq]:
        places = await super()._read_places()
        if places != self._places:
            self._watches.clear()
            self._places = dict(places)
        async with self._metadata.reading() as session:
            self._revisions = await revisions(session)
        return places

    async def _watch(
        self, organization: str, places: dict[NodeId, NodeSeq]
    ) -> OrganizationWatch | None:
        """The organization's watch as of these places; None where there is no such one."""
        known = self._watches.get(organization)
        revision = self._revisions.get(organization, 0)
        tenant = system_tenant(OrganizationId(organization))
        if known is None:
            self._watches[organization] = known = await self._build(tenant, revision, places)
        elif known.revision != revision:
            built = await self._build(tenant, revision, places)
            if built is not None:
                # Histories do not depend on rules.
                built.history.learn(known.history.people)
            self._watches[organization] = known = built
        elif abs(self._clock() - known.read_at) >= REFRESH:
            await self._refresh(tenant, known)
        return known

    async def _build(
        self, tenant: Tenant, revision: int, places: dict[NodeId, NodeSeq]
    ) -> OrganizationWatch | None:
        now = self._clock()
        async with self._metadata.reading() as session:
            try:
                around = await read_surroundings(session, tenant)
            except NotFound:
                return None
            rules = await enabled_rules(session, tenant)
            suppressions = await list_suppressions(session, tenant, now - MAX_EXPECTED_LATENESS)
        return await build_watch(
            self._engine,
            tenant,
            rules,
            suppressions,
            around,
            places,
            revision=revision,
            now=now,
        )

    async def _refresh(self, tenant: Tenant, watch: OrganizationWatch) -> None:
        async with self._metadata.reading() as session:
            around = await read_surroundings(session, tenant)
        around.exports = watch.history.around.exports
        around.failures = watch.history.around.failures
        watch.history.around = around
        watch.read_at = self._clock()

    def states(self) -> Sequence[OrganizationWatch]:
        """The watches in memory."""
        return [watch for watch in self._watches.values() if watch is not None]
