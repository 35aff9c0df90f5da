"""Delivers the service's own events from the job table to the log, each exactly once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from trailkeeper.capture.pipeline import Origin, Pipeline, ResultStatus
from trailkeeper.errors import NotFound, Unavailable
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant
from trailkeeper.store.jobs import Job, claim, complete, fail, put_back
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.outbox import RECORD_EVENT

LEASE: Final = timedelta(minutes=1)
BATCH: Final = 100


async def deliver_own_events(
    metadata: Metadata, pipeline: Pipeline, clock: Callable[[], datetime]
) -> int:
    """Delivers what is due and returns how many jobs that was.

    Raises Unavailable where the log cannot be written: the jobs are put back, however often
    that happens, because the service's own events must not be lost to a long outage.
    """
    jobs = await claim(metadata, [RECORD_EVENT], LEASE, BATCH, clock())
    for delivered, job in enumerate(jobs):
        try:
            fault = await _fault_of(job, pipeline)
        except Unavailable as error:
            async with metadata.transaction() as session:
                for undelivered in jobs[delivered:]:
                    await put_back(session, undelivered, error.detail, clock())
            raise
        async with metadata.transaction() as session:
            if fault is None:
                await complete(session, job)
            else:
                await fail(session, job, fault, clock(), permanent=True)
    return len(jobs)


async def _fault_of(job: Job, pipeline: Pipeline) -> str | None:
    """Delivers one event; None once it is committed, else why the log will never take it."""
    tenant = system_tenant(OrganizationId(job.organization or ""))
    try:
        [result] = await pipeline.capture([msgspec.json.encode(job.payload)], Origin(tenant))
    except NotFound as error:
        return f"{error.code}: {error.detail}"
    is_rejected = result.status is ResultStatus.REJECTED
    return f"{result.code}: {result.reason}" if is_rejected else None
