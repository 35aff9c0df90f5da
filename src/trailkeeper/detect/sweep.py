"""The sweep: days into which events came too late are looked at once more, by the SQL evaluator.

The follower notes such days with its place. A sweep takes a few of them, finds what each rule
finds there as history is now, and brings the detections in line: those that it finds are opened
or grow, those of the day that it does not find any more are superseded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.detect.detection import DetectionKey
from trailkeeper.detect.detections import ACTIVE
from trailkeeper.detect.found import Found, found_of
from trailkeeper.detect.keeping import keep_found, withdraw
from trailkeeper.detect.sql import Slice, sweep
from trailkeeper.detect.stored_rules import enabled_rules
from trailkeeper.detect.suppress import Suppression, list_suppressions
from trailkeeper.detect.tables import DetectionRow, LateDayRow
from trailkeeper.detect.tally import is_monotone
from trailkeeper.detect.watch import expected
from trailkeeper.detect.watched import WatchedRule
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Tenant, system_tenant
from trailkeeper.store.base import insert_into
from trailkeeper.store.engine import EventsEngine
from trailkeeper.store.metadata import Metadata

DAY: Final = timedelta(days=1)
SETTLES: Final = timedelta(minutes=2)
"""A day is swept when no late event has come for it for so long."""
DAYS_AT_ONCE: Final = 5
MAX_EXPECTED_LATENESS: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class _Swept:
    watched: WatchedRule
    slice: Slice
    found: list[Found]


async def note_late_days(
    session: AsyncSession, tenant: Tenant, days: Iterable[datetime], now: datetime
) -> None:
    """Notes days for the sweep, in the transaction that saves the follower's place."""
    for day in sorted(days):
        await session.execute(
            insert_into(session, LateDayRow)
            .values(organization=tenant.organization, day=day, noted_at=now)
            .on_conflict_do_update(
                index_elements=[LateDayRow.organization, LateDayRow.day],
                set_={"noted_at": now},
            )
        )


async def sweep_late_days(
    engine: EventsEngine, metadata: Metadata, clock: Callable[[], datetime]
) -> int:
    """Sweeps the few days that were noted first and have come to rest. Returns how many.

    A late event that comes meanwhile notes its day anew. Raises Unavailable.
    """
    now = clock()
    async with metadata.reading() as session:
        rows = await session.scalars(
            select(LateDayRow)  # tenant-scope: the sweep serves every organization
            .where(LateDayRow.noted_at <= now - SETTLES)
            .order_by(LateDayRow.noted_at, LateDayRow.organization, LateDayRow.day)
            .limit(DAYS_AT_ONCE)
        )
        days = [(row.organization, row.day, row.noted_at) for row in rows]
    for organization, day, noted_at in days:
        tenant = system_tenant(OrganizationId(organization))
        await _sweep_day(engine, metadata, tenant, day, noted_at, clock)
    return len(days)


async def _sweep_day(
    engine: EventsEngine,
    metadata: Metadata,
    tenant: Tenant,
    day: datetime,
    noted_at: datetime,
    clock: Callable[[], datetime],
) -> None:
    began = clock()
    async with metadata.reading() as session:
        rules = await enabled_rules(session, tenant)
        suppressions = await list_suppressions(session, tenant, clock() - MAX_EXPECTED_LATENESS)
    swept = [
        await _look(engine, tenant, suppressions, watched, each)
        for watched in rules
        if watched.history is None
        async for each in sweep(
            engine, tenant, watched.rule, day, day + DAY + watched.rule.timespan
        )
    ]
    now = clock()
    async with metadata.transaction() as session:
        for each in swept:
            await _bring_in_line(session, tenant, each, began, now)
        await session.execute(
            delete(LateDayRow).where(
                tenant.owns(LateDayRow.organization),
                LateDayRow.day == day,
                LateDayRow.noted_at == noted_at,
            )
        )


async def _look(
    engine: EventsEngine,
    tenant: Tenant,
    suppressions: Sequence[Suppression],
    watched: WatchedRule,
    slice_: Slice,
) -> _Swept:
    found = [
        await expected(engine, tenant, suppressions, found_of(watched, detection))
        for detection in slice_.detections
    ]
    return _Swept(watched, slice_, found)


async def _bring_in_line(
    session: AsyncSession, tenant: Tenant, swept: _Swept, began: datetime, now: datetime
) -> None:
    """What the slice's rows are and should be. An earlier start gives a detection another key."""
    rows = list(
        await session.scalars(
            select(DetectionRow).where(
                tenant.owns(DetectionRow.organization),
                DetectionRow.rule_id == swept.watched.rule.id,
                DetectionRow.hot_at >= swept.slice.start,
                DetectionRow.hot_at < swept.slice.end,
                DetectionRow.state.in_(map(str, ACTIVE)),
            )
        )
    )
    keys = {each.key for each in swept.found}
    left = [row for row in rows if row.key not in keys]
    heirs: list[Found] = []
    for found in swept.found:
        replaced = [row for row in left if _overlaps(row, found)]
        heirs.append(found.superseding(tuple(DetectionKey(row.key) for row in replaced)))
        left = [row for row in left if row not in replaced]
    await keep_found(session, tenant, heirs, now)
    if is_monotone(swept.watched.rule.watched):
        # Only events that retention took can make such a detection vanish.
        return
    for row in left:
        if row.updated_at < began:
            await withdraw(session, row, now)


def _overlaps(row: DetectionRow, found: Found) -> bool:
    is_same_group = row.group_key == found.group_key
    return is_same_group and row.first_at <= found.last_at and found.first_at <= row.last_at
