"""Delivers the service's own events from the job table to the log, each exactly once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from trailkeeper.capture.pipeline import Origin, Pipeline, ResultStatus
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant
from trailkeeper.store.jobs import Job, claim, complete, fail
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.outbox import RECORD_EVENT

LEASE: Final = timedelta(minutes=1)
BATCH: Final = 100


async def deliver_own_events(
    metadata: Metadata, pipeline: Pipeline, clock: Callable[[], datetime]
) -> int:
    """Delivers what is due and returns how many jobs that was.

    Raises Unavailable where the log cannot be written: the jobs are tried again when their
    lease has run out.
    """
    jobs = await claim(metadata, [RECORD_EVENT], LEASE, BATCH, clock())
    for job in jobs:
        await _deliver(job, metadata, pipeline, clock)
    return len(jobs)


async def _deliver(
    job: Job, metadata: Metadata, pipeline: Pipeline, clock: Callable[[], datetime]
) -> None:
    tenant = system_tenant(OrganizationId(job.organization or ""))
    [result] = await pipeline.capture([msgspec.json.encode(job.payload)], Origin(tenant))
    async with metadata.transaction() as session:
        if result.status is ResultStatus.REJECTED:
            await fail(session, job, f"{result.code}: {result.reason}", clock(), permanent=True)
        else:
            await complete(session, job)
