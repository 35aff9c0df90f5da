"""Mails through the job table: asked for in a transaction, sent after it, at least once.

A mail that was sent and not yet marked when the process died is sent again, with the same
Message-ID. Bodies may hold secret links, so they leave the table once the mail is settled.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.errors import Conflict
from trailkeeper.event import OrganizationId
from trailkeeper.outbound.errors import MailServerAway, OutboundError
from trailkeeper.outbound.mail import Mail, Mailer, checked_mail
from trailkeeper.store.jobs import Job, JobState, claim, complete, enqueue, fail, put_back
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.tables import JobRow

SEND_MAIL: Final = "send_mail"
BATCH: Final = 10
LEASE: Final = timedelta(minutes=5)
"""Longer than a batch may take: a mailer gives up on a mail after 25 s."""

GIVE_UP_AFTER: Final = timedelta(days=2)
FIRST_DELAY: Final = timedelta(seconds=5)
LONGEST_DELAY: Final = timedelta(minutes=15)

log = structlog.get_logger(__name__)


class MailJob(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A job's payload until it is settled."""

    mail: Mail
    expires_at: datetime | None = None


async def mail_later(
    session: AsyncSession,
    mail: Mail,
    *,
    now: datetime,
    organization: OrganizationId | None = None,
    dedupe_key: str | None = None,
    expires_at: datetime | None = None,
) -> int | None:
    """Queues a mail in the caller's transaction. After `expires_at` (of its link) it is not sent.

    Returns the job's id, or None where a mail with this `dedupe_key` was queued already. Raises
    OutboundRefused(MAIL_INVALID).
    """
    # Checking gives it its Message-ID, which all tries share.
    payload = msgspec.to_builtins(MailJob(checked_mail(mail), expires_at))
    return await enqueue(
        session,
        SEND_MAIL,
        payload,
        now=now,
        organization=organization,
        dedupe_key=dedupe_key,
    )


async def deliver_mails(metadata: Metadata, mailer: Mailer, clock: Callable[[], datetime]) -> int:
    """Sends what is due and returns how many mails were settled: sent, or given up.

    A mail that failed for now comes back later; where the server is away, so do the rest of
    the batch, untried.
    """
    jobs = await claim(metadata, [SEND_MAIL], LEASE, BATCH, clock())
    settled = 0
    for tried, job in enumerate(jobs):
        try:
            settled += await _deliver(metadata, mailer, job, clock)
        except MailServerAway as error:
            log.warning("mails wait for the mail server", code=error.code, error=error.detail)
            for waiting in jobs[tried:]:
                await _put_off(metadata, waiting, error, clock())
            return settled
    return settled


async def forget_dead_mails(session: AsyncSession) -> int:
    """Clears mails that died without `deliver_mails`: by a lease that ran out on the last try."""
    rows = await session.execute(
        select(JobRow.id, JobRow.payload).where(  # tenant-scope: housekeeping of the whole table
            JobRow.kind == SEND_MAIL,
            JobRow.state == JobState.DEAD,
            JobRow.payload["mail"]["text"].as_string().is_not(None),
        )
    )
    dead = rows.all()
    for job_id, payload in dead:
        await _clear(session, job_id, payload)
    return len(dead)


def delay_at(age: timedelta) -> timedelta:
    """How long a mail of this age waits: half its age, 5 s to 15 min, up to half of it jitter."""
    delay = min(max(age / 2, FIRST_DELAY), LONGEST_DELAY)
    return delay * random.uniform(0.5, 1.0)


async def _deliver(
    metadata: Metadata, mailer: Mailer, job: Job, clock: Callable[[], datetime]
) -> bool:
    """True once the mail is settled. Raises MailServerAway with nothing changed."""
    try:
        queued = msgspec.convert(job.payload, MailJob)
    except msgspec.ValidationError:
        # Revived by hand after it had died: there is nothing left to send.
        return await _give_up(metadata, job, "Its text was removed when it was given up.", clock())
    if queued.expires_at is not None and queued.expires_at <= clock():
        return await _give_up(metadata, job, "Its link expired before it was sent.", clock())
    try:
        await mailer.send(queued.mail)
    except MailServerAway:
        raise
    except OutboundError as error:
        if error.is_permanent:
            return await _give_up(metadata, job, f"{error.code}: {error.detail}", clock())
        await _put_off(metadata, job, error, clock())
        return False
    return await _settle(metadata, job, None, clock())


async def _give_up(metadata: Metadata, job: Job, why: str, now: datetime) -> bool:
    log.warning("a mail was given up", job=job.id, organization=job.organization, error=why)
    return await _settle(metadata, job, why, now)


async def _settle(metadata: Metadata, job: Job, why: str | None, now: datetime) -> bool:
    """Done, or dead where there is a reason why; without its body either way."""
    try:
        async with metadata.transaction() as session:
            if why is None:
                await complete(session, job)
            else:
                await fail(session, job, why, now, permanent=True)
            await _clear(session, job.id, job.payload)
    except Conflict as error:
        _report_lost(job, error)
        return False
    return True


async def _put_off(metadata: Metadata, job: Job, error: OutboundError, now: datetime) -> None:
    age = now - job.created_at
    why = f"{error.code}: {error.detail}"
    if age >= GIVE_UP_AFTER:
        await _give_up(metadata, job, f"Tried for {GIVE_UP_AFTER.days} days. {why}", now)
        return
    try:
        async with metadata.transaction() as session:
            # By age and not by attempts, which count tries that took the process down.
            await put_back(session, job, why, now)
            await session.execute(
                update(JobRow)  # tenant-scope: one job, by the worker that claimed it
                .where(JobRow.id == job.id)
                .values(run_at=now + delay_at(age))
            )
    except Conflict as lost:
        _report_lost(job, lost)


def _report_lost(job: Job, error: Conflict) -> None:
    """Another worker took over: it settles the mail, whose Message-ID is the same."""
    log.warning("a mail took longer than its lease", job=job.id, error=error.detail)


async def _clear(session: AsyncSession, job_id: int, payload: Mapping[str, Any]) -> None:
    mail = payload.get("mail", payload)
    kept = {name: mail[name] for name in ("to", "subject", "message_id") if name in mail}
    await session.execute(
        update(JobRow)  # tenant-scope: one mail that is settled
        .where(JobRow.id == job_id)
        .values(payload=kept)
    )
