"""The job table: work that leaves the transaction that asked for it (outbox).

A job is a row written in the same transaction as the reason for it, so it exists exactly
when the reason does. It is run at least once, by one claimant at a time, until it is done
or has failed too often; then it is dead, and stays in sight.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    and_,
    bindparam,
    delete,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.errors import Conflict, NotFound
from trailkeeper.principal import Tenant
from trailkeeper.store.base import insert_into
from trailkeeper.store.metadata import Metadata, announce
from trailkeeper.store.tables import JobRow

MAX_ATTEMPTS: Final = 10
FIRST_DELAY: Final = timedelta(seconds=2)
LONGEST_DELAY: Final = timedelta(hours=1)
MAX_ERROR_LENGTH: Final = 2000


class JobState(StrEnum):
    READY = "ready"
    CLAIMED = "claimed"
    DONE = "done"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Job:
    """One job as claimed. `attempts` counts this claim too, and tells it from later ones.

    A claimant MUST finish before `lease_expires_at` or expect that another one runs the job
    as well; it then learns of it by Conflict(JOB_LEASE_LOST) and MUST roll back.
    """

    id: int
    kind: str
    organization: str | None
    payload: dict[str, Any]
    state: JobState
    run_at: datetime
    attempts: int
    lease_expires_at: datetime | None
    dedupe_key: str | None
    last_error: str | None
    created_at: datetime


async def enqueue(
    session: AsyncSession,
    kind: str,
    payload: Mapping[str, Any],
    *,
    now: datetime,
    organization: str | None = None,
    dedupe_key: str | None = None,
    run_at: datetime | None = None,
) -> int | None:
    """Adds a job in the caller's transaction; it becomes visible when that commits.

    `run_at` is the earliest start (default: now). Returns the job's id, or None where a job
    with this `dedupe_key` exists already, in whatever state, until `forget_done` removes it.
    """
    inserted = await session.execute(
        insert_into(session, JobRow)
        .values(
            kind=kind,
            organization=organization,
            payload=dict(payload),
            state=JobState.READY,
            run_at=run_at or now,
            attempts=0,
            dedupe_key=dedupe_key,
            created_at=now,
        )
        .on_conflict_do_nothing(index_elements=[JobRow.dedupe_key])
        .returning(JobRow.id)
    )
    announce(session, kind)
    return inserted.scalar_one_or_none()


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job as `enqueue_all` takes it; `at` is when it was made and may start."""

    kind: str
    payload: dict[str, Any]
    organization: str | None
    dedupe_key: str | None
    at: datetime


async def enqueue_all(session: AsyncSession, jobs: Sequence[NewJob]) -> None:
    """Adds jobs in the caller's transaction, as `enqueue` does one by one."""
    if not jobs:
        return
    rows = [
        {
            "kind": job.kind,
            "organization": job.organization,
            "payload": job.payload,
            "state": JobState.READY,
            "run_at": job.at,
            "attempts": 0,
            "dedupe_key": job.dedupe_key,
            "created_at": job.at,
        }
        for job in jobs
    ]
    await session.execute(
        insert_into(session, JobRow).on_conflict_do_nothing(index_elements=[JobRow.dedupe_key]),
        rows,
    )
    for job in jobs:
        announce(session, job.kind)


async def claim(
    metadata: Metadata, kinds: Collection[str], lease: timedelta, limit: int, now: datetime
) -> list[Job]:
    """Claims up to `limit` due jobs until `now + lease`, the longest due first.

    A job whose claimant let the lease expire is due again, and after `MAX_ATTEMPTS` dead:
    what takes its process down must not do so for ever.
    """
    async with metadata.reading() as session:
        # Mostly there is none, and to look for one must not wait for the one who writes.
        if await session.scalar(_ONE_DUE, {"kinds": list(kinds), "now": now}) is None:
            return []
    expired = _has_expired(now)
    async with metadata.transaction() as session:
        await session.execute(
            update(JobRow)  # tenant-scope: the worker serves every organization's jobs
            .where(JobRow.kind.in_(kinds), expired, JobRow.attempts >= MAX_ATTEMPTS)
            .values(
                state=JobState.DEAD,
                lease_expires_at=None,
                last_error="The lease expired on the last attempt: the worker stopped or hung.",
            )
        )
        rows = await session.scalars(
            select(JobRow)  # tenant-scope: the worker serves every organization's jobs
            .where(JobRow.kind.in_(kinds), _is_due(now))
            .order_by(JobRow.run_at, JobRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        claimed = list(rows)
        for row in claimed:
            row.state = JobState.CLAIMED
            row.attempts += 1
            row.lease_expires_at = now + lease
    return [_to_job(row) for row in claimed]


async def release(session: AsyncSession, kinds: Collection[str]) -> int:
    """Gives back all claims, whoever holds them. Returns how many.

    MUST be called only where no other process runs such jobs: at the start of one that is alone.
    """
    result = await session.execute(
        update(JobRow)  # tenant-scope: the worker serves every organization's jobs
        .where(JobRow.kind.in_(kinds), JobRow.state == JobState.CLAIMED)
        .values(state=JobState.READY, lease_expires_at=None)
    )
    return _changed(result)


async def complete(session: AsyncSession, job: Job) -> None:
    """Marks the job done, in the transaction that keeps its result.

    Raises Conflict(JOB_LEASE_LOST) where another claimant has taken over.
    """
    await _settle(session, job, state=JobState.DONE, last_error=None)


async def complete_all(session: AsyncSession, jobs: Collection[Job]) -> None:
    """Marks jobs done whose work may be done twice; those that another claimant took are left."""
    if not jobs:
        return
    claims = [(job.id, job.attempts) for job in jobs]
    await session.execute(
        update(JobRow)  # tenant-scope: jobs of the worker that claimed them
        .where(
            tuple_(JobRow.id, JobRow.attempts).in_(claims),
            JobRow.state == JobState.CLAIMED,
        )
        .values(state=JobState.DONE, lease_expires_at=None, last_error=None)
    )


async def fail(
    session: AsyncSession, job: Job, error: str, now: datetime, *, permanent: bool = False
) -> JobState:
    """Puts the job back with exponential back-off, or declares it dead.

    Dead where `permanent`, or on its attempt number `MAX_ATTEMPTS`. Raises
    Conflict(JOB_LEASE_LOST) where another claimant has taken over.
    """
    state = JobState.DEAD if permanent or job.attempts >= MAX_ATTEMPTS else JobState.READY
    await _settle(
        session,
        job,
        state=state,
        run_at=now + delay_after(job.attempts),
        last_error=error[:MAX_ERROR_LENGTH],
    )
    return state


async def put_back(session: AsyncSession, job: Job, error: str, now: datetime) -> None:
    """Puts the job back without counting the attempt: it could not even be tried.

    It is due again after `FIRST_DELAY`. Raises Conflict(JOB_LEASE_LOST) as `fail` does.
    """
    await _settle(
        session,
        job,
        state=JobState.READY,
        attempts=job.attempts - 1,
        run_at=now + FIRST_DELAY,
        last_error=error[:MAX_ERROR_LENGTH],
    )


def delay_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: doubling, at most an hour, half of it jitter."""
    doublings = min(attempts - 1, 32)
    delay = min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)
    return delay * random.uniform(0.5, 1.0)


async def dead_letters(
    session: AsyncSession, tenant: Tenant | None = None, limit: int = 100
) -> list[Job]:
    """Jobs that failed for good, the newest first; of all organizations for the operator."""
    statement = select(JobRow).where(JobRow.state == JobState.DEAD)  # tenant-scope: operator's view
    if tenant is not None:
        statement = statement.where(tenant.owns(JobRow.organization))
    rows = await session.scalars(statement.order_by(JobRow.id.desc()).limit(limit))
    return [_to_job(row) for row in rows]


async def revive(session: AsyncSession, job_id: int, now: datetime) -> None:
    """Gives a dead job a fresh start. Raises NotFound(JOB_NOT_FOUND) where none is dead."""
    result = await session.execute(
        update(JobRow)  # tenant-scope: the operator revives any organization's job
        .where(JobRow.id == job_id, JobRow.state == JobState.DEAD)
        .values(state=JobState.READY, run_at=now, attempts=0)
    )
    if _changed(result) == 0:
        raise NotFound("JOB_NOT_FOUND", f"There is no dead job {job_id}.")


async def forget_done(session: AsyncSession, before: datetime) -> int:
    """Deletes done jobs made before a moment, with their dedupe keys. Returns how many."""
    result = await session.execute(
        delete(JobRow).where(  # tenant-scope: housekeeping of the whole table
            JobRow.state == JobState.DONE, JobRow.created_at < before
        )
    )
    return _changed(result)


async def _settle(session: AsyncSession, job: Job, **values: Any) -> None:
    result = await session.execute(
        update(JobRow)  # tenant-scope: one job, by the worker that claimed it
        .where(_is_claimed_as(job))
        .values(lease_expires_at=None, **values)
    )
    if _changed(result) == 0:
        raise Conflict("JOB_LEASE_LOST", f"Job {job.id} was claimed by another worker.")


def _has_expired(now: object) -> ColumnElement[bool]:
    return and_(JobRow.state == JobState.CLAIMED, JobRow.lease_expires_at <= now)


def _is_due(now: object) -> ColumnElement[bool]:
    return or_(and_(JobRow.state == JobState.READY, JobRow.run_at <= now), _has_expired(now))


# Made once: the worker asks several times a second, and making it costs more than asking.
_ONE_DUE: Final = (
    select(JobRow.id)  # tenant-scope: the worker serves every organization's jobs
    .where(JobRow.kind.in_(bindparam("kinds", expanding=True)), _is_due(bindparam("now")))
    .limit(1)
)


def _is_claimed_as(job: Job) -> ColumnElement[bool]:
    return and_(
        JobRow.id == job.id,
        JobRow.state == JobState.CLAIMED,
        JobRow.attempts == job.attempts,
    )


def _changed(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0


def _to_job(row: JobRow) -> Job:
    return Job(
        id=row.id,
        kind=row.kind,
        organization=row.organization,
        payload=row.payload,
        state=JobState(row.state),
        run_at=row.run_at,
        attempts=row.attempts,
        lease_expires_at=row.lease_expires_at,
        dedupe_key=row.dedupe_key,
        last_error=row.last_error,
        created_at=row.created_at,
    )
