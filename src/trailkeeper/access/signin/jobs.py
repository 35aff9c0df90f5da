"""What sign-in leaves for later, so that a request takes the same time whatever it is about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.signin.failures import SIGN_IN_FAILED, record_failure
from trailkeeper.access.signin.reset import RESET_ASKED, PasswordResets
from trailkeeper.errors import Conflict
from trailkeeper.store.jobs import Job, claim, complete
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.tables import JobRow

LEASE: Final = timedelta(minutes=1)
BATCH: Final = 100

log = structlog.get_logger(__name__)


async def run_sign_in_jobs(
    metadata: Metadata, resets: PasswordResets, clock: Callable[[], datetime]
) -> bool:
    """Does what is due, each in a transaction of its own; True while there may be more."""
    work: dict[str, Callable[[AsyncSession, Job], Awaitable[None]]] = {
        SIGN_IN_FAILED: record_failure,
        RESET_ASKED: resets.mail_link,
    }
    jobs = await claim(metadata, list(work), LEASE, BATCH, clock())
    for job in jobs:
        try:
            async with metadata.transaction() as session:
                await work[job.kind](session, job)
                await complete(session, job)
                # It names whoever somebody typed, and attacks make many: none is kept.
                await session.execute(
                    delete(JobRow).where(JobRow.id == job.id)  # tenant-scope: one that is done
                )
        except Conflict as error:
            log.warning("a sign-in job took longer than its lease", job=job.id, why=error.detail)
    return len(jobs) == BATCH
