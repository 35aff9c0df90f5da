"""Delivers the service's own events from the job table to the log, each exactly once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import msgspec
import structlog

from trailkeeper.capture.pipeline import Origin, Pipeline, Result, ResultStatus
from trailkeeper.errors import NotFound, TrailkeeperError, Unavailable
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant
from trailkeeper.store.jobs import Job, claim, complete_all, fail, put_back, release
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.outbox import RECORD_EVENT

LEASE: Final = timedelta(minutes=1)
BATCH: Final = 200
POLL_SECONDS: Final = 1.0
"""How often to look for what other processes have queued: commits of this one are heard of."""

log = structlog.get_logger(__name__)


@dataclass
class OwnEventDelivery:
    """Delivers for as long as it runs: at once after a commit here, else within POLL_SECONDS."""

    metadata: Metadata
    pipeline: Pipeline
    clock: Callable[[], datetime]
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.metadata.on_commit(self._hear)

    async def run(self) -> None:
        while True:
            self._woken.clear()
            try:
                await self.deliver_all()
            except TrailkeeperError as error:
                log.warning("own events wait for the log", error=error.detail)
                await asyncio.sleep(POLL_SECONDS)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), POLL_SECONDS)

    async def take_over(self) -> None:
        """Makes due at once what a process that was killed had claimed. No other MUST run."""
        async with self.metadata.transaction() as session:
            await release(session, [RECORD_EVENT])

    async def deliver_all(self) -> None:
        """Delivers until nothing is due. Raises as `deliver_own_events` does."""
        while await deliver_own_events(self.metadata, self.pipeline, self.clock):
            pass

    def _hear(self, announced: Set[str]) -> None:
        if RECORD_EVENT in announced:
            self._woken.set()


async def deliver_own_events(
    metadata: Metadata, pipeline: Pipeline, clock: Callable[[], datetime]
) -> int:
    """Delivers what is due, a batch for each organization, and returns how many jobs that was.

    Raises Unavailable where the log cannot be written: the jobs are put back, however often
    that happens, because the service's own events must not be lost to a long outage.
    """
    jobs = await claim(metadata, [RECORD_EVENT], LEASE, BATCH, clock())
    waiting = _by_organization(jobs)
    while waiting:
        organization, batch = waiting[0]
        try:
            faults = await _faults_of(organization, batch, pipeline)
        except Unavailable as error:
            async with metadata.transaction() as session:
                for _, undelivered in waiting:
                    for job in undelivered:
                        await put_back(session, job, error.detail, clock())
            raise
        async with metadata.transaction() as session:
            await complete_all(session, [job for job in batch if job.id not in faults])
            for job in batch:
                if job.id in faults:
                    await fail(session, job, faults[job.id], clock(), permanent=True)
        waiting = waiting[1:]
    return len(jobs)


def _by_organization(jobs: Sequence[Job]) -> list[tuple[str, list[Job]]]:
    batches: dict[str, list[Job]] = {}
    for job in jobs:
        batches.setdefault(job.organization or "", []).append(job)
    return list(batches.items())


async def _faults_of(organization: str, jobs: Sequence[Job], pipeline: Pipeline) -> dict[int, str]:
    """Delivers events of one organization; of jobs that the log will never take, why."""
    origin = Origin(system_tenant(OrganizationId(organization)), is_own=True)
    try:
        results = await pipeline.capture([msgspec.json.encode(job.payload) for job in jobs], origin)
    except NotFound as error:
        return {job.id: f"{error.code}: {error.detail}" for job in jobs}
    return {
        job.id: _told(result)
        for job, result in zip(jobs, results, strict=True)
        if result.status is ResultStatus.REJECTED
    }


def _told(result: Result) -> str:
    return f"{result.code}: {result.reason}"
