"""Rehearsals: what a rule would have found in stored history, before anyone turns it on.

A rehearsal is a row and a job. It is run by a worker, says how far it is, and starts over where
its worker died.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.trail import Requester, record
from trailkeeper.detect.found import Found, found_of, group_text, merged
from trailkeeper.detect.history_plan import SilentSource
from trailkeeper.detect.history_rehearsal import Replayed, replay
from trailkeeper.detect.profile_looks import Surroundings
from trailkeeper.detect.sql import sweep
from trailkeeper.detect.surroundings import read_surroundings
from trailkeeper.detect.tables import RehearsalRow
from trailkeeper.detect.watched import WatchedRule, check_text, read_text
from trailkeeper.errors import NotFound, TooManyRequests, TrailkeeperError, Unprocessable
from trailkeeper.event import OrganizationId
from trailkeeper.ids import new_event_id
from trailkeeper.principal import Tenant, system_tenant
from trailkeeper.store.base import by_id
from trailkeeper.store.engine import EventsEngine
from trailkeeper.store.jobs import Job, claim, complete, enqueue, fail
from trailkeeper.store.metadata import Metadata

REHEARSE: Final = "rehearse"
REHEARSAL: Final = "REHEARSAL"
MAX_UNFINISHED: Final = 3
LEASE: Final = timedelta(minutes=15)
KEPT: Final = timedelta(days=30)
TELLS_EVERY: Final = timedelta(seconds=0.5)
MAX_GROUPS: Final = 50
MAX_SHOWN: Final = 20


class RehearsalState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`done` of `total` periods are looked at. `result` is there when it is done."""

    id: str
    title: str
    days: int
    state: RehearsalState
    done: int
    total: int
    result: dict[str, Any] | None
    error: str
    created_by: str
    created_at: datetime
    finished_at: datetime | None


async def ask_rehearsal(
    session: AsyncSession, tenant: Tenant, requester: Requester, text: str, days: int, now: datetime
) -> Rehearsal:
    """Queues a rehearsal over the `days` before now.

    Raises InvalidRules, Unprocessable(RULE_NOT_REHEARSABLE), TooManyRequests.
    """
    watched = read_text(text)
    if isinstance(watched.history, SilentSource):
        raise Unprocessable(
            "RULE_NOT_REHEARSABLE",
            "A rule about silence goes by the clock, and cannot be rehearsed.",
            hint="Turn it on with a low severity, and look at what it finds.",
        )
    await _check_not_too_many(session, tenant)
    row = RehearsalRow(
        id=new_event_id(),
        organization=tenant.organization,
        text=text,
        days=days,
        state=RehearsalState.WAITING,
        done=0,
        total=0,
        result=None,
        error="",
        created_by=requester.user_id,
        created_at=now,
        finished_at=None,
    )
    session.add(row)
    await enqueue(
        session,
        REHEARSE,
        {"rehearsal": row.id},
        now=now,
        organization=tenant.organization,
        dedupe_key=f"{REHEARSE}:{row.id}",
    )
    await record(
        session,
        tenant,
        requester,
        "CREATE",
        now=now,
        resource_type=REHEARSAL,
        resource_id=row.id,
        resource_name=watched.rule.title,
        details={"rule_id": watched.rule.id, "version": watched.rule.version, "days": days},
    )
    return _to_rehearsal(row)


async def _check_not_too_many(session: AsyncSession, tenant: Tenant) -> None:
    unfinished = await session.scalar(
        select(func.count())
        .select_from(RehearsalRow)
        .where(tenant.owns(RehearsalRow.organization), RehearsalRow.finished_at.is_(None))
    )
    if (unfinished or 0) >= MAX_UNFINISHED:
        raise TooManyRequests(
            "REHEARSALS_UNDER_WAY",
            f"{MAX_UNFINISHED} rehearsals are under way.",
            retry_after_seconds=10,
        )


async def get_rehearsal(session: AsyncSession, tenant: Tenant, id: str) -> Rehearsal:
    """Raises NotFound(REHEARSAL_NOT_FOUND)."""
    rows = select(RehearsalRow).where(tenant.owns(RehearsalRow.organization))
    row = await by_id(session, rows, RehearsalRow.id, id)
    if row is None:
        raise NotFound("REHEARSAL_NOT_FOUND", f"There is no rehearsal {id[:64]}.")
    return _to_rehearsal(row)


async def run_rehearsal(
    engine: EventsEngine, metadata: Metadata, clock: Callable[[], datetime]
) -> bool:
    """Runs the rehearsal that has waited longest; False where none waits."""
    jobs = await claim(metadata, [REHEARSE], LEASE, 1, clock())
    for job in jobs:
        try:
            await _run(engine, metadata, clock, job)
        except TrailkeeperError as error:
            await _give_up(metadata, job, error.detail, clock())
    return bool(jobs)


async def forget_old_rehearsals(session: AsyncSession, now: datetime) -> None:
    await session.execute(
        delete(RehearsalRow).where(  # tenant-scope: housekeeping of the whole table
            RehearsalRow.created_at < now - KEPT
        )
    )


async def _run(
    engine: EventsEngine, metadata: Metadata, clock: Callable[[], datetime], job: Job
) -> None:
    tenant = system_tenant(OrganizationId(str(job.organization)))
    async with metadata.reading() as session:
        row = await session.scalar(
            select(RehearsalRow).where(
                tenant.owns(RehearsalRow.organization), RehearsalRow.id == job.payload["rehearsal"]
            )
        )
        around = await read_surroundings(session, tenant)
    if row is None:
        async with metadata.transaction() as session:
            await complete(session, job)
        return
    watched = read_text(row.text)
    start, end = row.created_at - timedelta(days=row.days), row.created_at
    found: list[Found] = []
    events, told_at = 0, clock()
    async for part in _parts(engine, tenant, watched, around, start, end):
        found += part.found
        events += part.events
        if clock() - told_at >= TELLS_EVERY:
            told_at = clock()
            state = {"state": RehearsalState.RUNNING, "done": part.done, "total": part.total}
            await _save(metadata, tenant, row.id, state)
    result = summarize(merged(found), events)
    async with metadata.transaction() as session:
        await _write(
            session,
            tenant,
            row.id,
            {"state": RehearsalState.DONE, "result": result, "finished_at": clock()},
        )
        await complete(session, job)


async def _parts(
    engine: EventsEngine,
    tenant: Tenant,
    watched: WatchedRule,
    around: Surroundings,
    start: datetime,
    end: datetime,
) -> AsyncIterator[Replayed]:
    """What opened in `[start, end)`, by the evaluator that the rule is for."""
    if watched.history is not None:
        async for replayed in replay(engine, tenant, watched, around, start, end):
            yield replayed
        return
    async for part in sweep(engine, tenant, watched.rule, start, end):
        opened = [each for each in part.detections if start <= each.opened_at < end]
        found = [found_of(watched, each) for each in opened]
        yield Replayed(found, part.events, part.done, part.total)


def summarize(all_found: list[Found], events: int) -> dict[str, Any]:
    """What it would have raised: by day, by group, and the first few in full."""
    days = Counter(each.hot_at.date().isoformat() for each in all_found)
    groups = Counter(group_text(each.grouped) for each in all_found)
    return {
        "detections": len(all_found),
        "events": events,
        "by_day": [{"day": day, "count": count} for day, count in sorted(days.items())],
        "by_group": [
            {"group": group, "count": count} for group, count in groups.most_common(MAX_GROUPS)
        ],
        "first": [
            {
                "group": group_text(each.grouped),
                "first_at": each.first_at.isoformat(),
                "last_at": each.last_at.isoformat(),
                "count": each.count,
                "reasons": list(each.reasons),
                "search_link": each.search_link,
            }
            for each in all_found[:MAX_SHOWN]
        ],
    }


async def _give_up(metadata: Metadata, job: Job, error: str, now: datetime) -> None:
    tenant = system_tenant(OrganizationId(str(job.organization)))
    async with metadata.transaction() as session:
        await _write(
            session,
            tenant,
            job.payload["rehearsal"],
            {"state": RehearsalState.FAILED, "error": error, "finished_at": now},
        )
        await fail(session, job, error, now, permanent=True)


async def _save(metadata: Metadata, tenant: Tenant, id: str, values: dict[str, Any]) -> None:
    async with metadata.transaction() as session:
        await _write(session, tenant, id, values)


async def _write(session: AsyncSession, tenant: Tenant, id: str, values: dict[str, Any]) -> None:
    await session.execute(
        update(RehearsalRow)
        .where(tenant.owns(RehearsalRow.organization), RehearsalRow.id == id)
        .values(**values)
    )


def _to_rehearsal(row: RehearsalRow) -> Rehearsal:
    watched = check_text(row.text).watched
    return Rehearsal(
        id=row.id,
        title=watched.rule.title if watched is not None else "",
        days=row.days,
        state=RehearsalState(row.state),
        done=row.done,
        total=row.total,
        result=row.result,
        error=row.error,
        created_by=row.created_by,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
