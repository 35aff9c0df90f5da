from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from trailkeeper.errors import Conflict, NotFound
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant
from trailkeeper.store.jobs import (
    FIRST_DELAY,
    LONGEST_DELAY,
    MAX_ATTEMPTS,
    Job,
    JobState,
    claim,
    complete,
    dead_letters,
    delay_after,
    enqueue,
    fail,
    forget_done,
    revive,
)
from trailkeeper.store.metadata import Metadata

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEASE = timedelta(minutes=1)
LATER = NOON + timedelta(days=1)


async def add(metadata: Metadata, kind: str = "mail", **options: Any) -> int | None:
    async with metadata.transaction() as session:
        return await enqueue(session, kind, {"to": "ada"}, now=NOON, **options)


async def claim_mail(metadata: Metadata, now: datetime = NOON, limit: int = 10) -> list[Job]:
    return await claim(metadata, ["mail"], LEASE, limit, now)


async def fail_once(metadata: Metadata, job: Job, **options: Any) -> JobState:
    async with metadata.transaction() as session:
        return await fail(session, job, "no route to host", NOON, **options)


async def test_a_job_is_claimed_run_and_done(metadata: Metadata) -> None:
    added = await add(metadata, organization="acme")

    [job] = await claim_mail(metadata)
    assert (job.id, job.payload, job.organization) == (added, {"to": "ada"}, "acme")
    assert (job.state, job.attempts, job.lease_expires_at) == (JobState.CLAIMED, 1, NOON + LEASE)
    assert await claim_mail(metadata) == []

    async with metadata.transaction() as session:
        await complete(session, job)
    assert await claim_mail(metadata, LATER) == []


async def test_a_job_shares_the_fate_of_its_transaction(metadata: Metadata) -> None:
    with pytest.raises(LookupError):
        async with metadata.transaction() as session:
            await enqueue(session, "mail", {}, now=NOON)
            raise LookupError

    assert await claim_mail(metadata) == []


async def test_only_due_jobs_of_the_asked_kinds_the_longest_due_first(metadata: Metadata) -> None:
    second = await add(metadata, run_at=NOON - timedelta(seconds=1))
    first = await add(metadata, run_at=NOON - timedelta(seconds=2))
    await add(metadata, run_at=NOON + timedelta(seconds=1))
    await add(metadata, kind="slack")

    assert [job.id for job in await claim_mail(metadata, limit=1)] == [first]
    assert [job.id for job in await claim_mail(metadata)] == [second]
    assert await claim_mail(metadata) == []


async def test_a_dedupe_key_admits_one_job_also_once_it_is_done(metadata: Metadata) -> None:
    assert await add(metadata, dedupe_key="alert-1") is not None
    assert await add(metadata, dedupe_key="alert-1") is None
    assert await add(metadata) is not None
    assert await add(metadata) is not None

    jobs = await claim_mail(metadata)
    assert len(jobs) == 3
    async with metadata.transaction() as session:
        for job in jobs:
            await complete(session, job)
    assert await add(metadata, dedupe_key="alert-1") is None

    async with metadata.transaction() as session:
        assert await forget_done(session, NOON) == 0
        assert await forget_done(session, LATER) == 3
    assert await add(metadata, dedupe_key="alert-1") is not None


async def test_claimants_never_share_a_job(metadata: Metadata, metadata_url: str) -> None:
    async with metadata.transaction() as session:
        for number in range(60):
            await enqueue(session, "mail", {"n": number}, now=NOON)
    other = Metadata.open(metadata_url)

    claims = await asyncio.gather(*(claim_mail(each, limit=7) for each in (metadata, other) * 5))
    await other.close()
    rest = await claim_mail(metadata, limit=100)

    numbers = [job.payload["n"] for jobs in (*claims, rest) for job in jobs]
    assert sorted(numbers) == list(range(60))


async def test_a_failed_job_comes_back_later(metadata: Metadata) -> None:
    await add(metadata)
    [job] = await claim_mail(metadata)

    assert await fail_once(metadata, job) is JobState.READY

    assert await claim_mail(metadata, NOON + FIRST_DELAY / 4) == []
    [again] = await claim_mail(metadata, NOON + FIRST_DELAY)
    assert (again.attempts, again.last_error) == (2, "no route to host")


async def test_a_job_that_always_fails_is_dead_and_in_sight(metadata: Metadata) -> None:
    await add(metadata, organization="acme")
    states = []
    for attempt in range(MAX_ATTEMPTS):
        [job] = await claim_mail(metadata, NOON + timedelta(days=attempt))
        states.append(await fail_once(metadata, job))

    assert states == [JobState.READY] * (MAX_ATTEMPTS - 1) + [JobState.DEAD]
    assert await claim_mail(metadata, NOON + timedelta(days=99)) == []
    async with metadata.reading() as session:
        [dead] = await dead_letters(session)
        assert await dead_letters(session, system_tenant(OrganizationId("acme"))) == [dead]
        assert await dead_letters(session, system_tenant(OrganizationId("other"))) == []
    assert (dead.attempts, dead.last_error) == (MAX_ATTEMPTS, "no route to host")

    async with metadata.transaction() as session:
        await revive(session, dead.id, NOON)
    [revived] = await claim_mail(metadata)
    assert revived.attempts == 1


async def test_a_permanent_failure_is_not_retried(metadata: Metadata) -> None:
    await add(metadata)
    [job] = await claim_mail(metadata)

    assert await fail_once(metadata, job, permanent=True) is JobState.DEAD
    assert await claim_mail(metadata, LATER) == []


async def test_an_expired_lease_is_taken_over_and_the_first_claimant_refused(
    metadata: Metadata,
) -> None:
    await add(metadata)
    [slow] = await claim_mail(metadata)
    assert await claim_mail(metadata, NOON + LEASE - timedelta(seconds=1)) == []
    [fast] = await claim_mail(metadata, NOON + LEASE)
    assert fast.id == slow.id

    for settle in (complete, lambda session, job: fail(session, job, "late", NOON)):
        with pytest.raises(Conflict) as raised:
            async with metadata.transaction() as session:
                await settle(session, slow)
        assert raised.value.code == "JOB_LEASE_LOST"
    async with metadata.transaction() as session:
        await complete(session, fast)


async def test_a_job_that_kills_its_worker_is_dead_in_the_end(metadata: Metadata) -> None:
    await add(metadata)
    for attempt in range(MAX_ATTEMPTS):
        assert len(await claim_mail(metadata, NOON + attempt * LEASE)) == 1

    assert await claim_mail(metadata, NOON + MAX_ATTEMPTS * LEASE) == []
    async with metadata.reading() as session:
        [dead] = await dead_letters(session)
    assert dead.last_error is not None
    assert "lease expired" in dead.last_error


async def test_only_a_dead_job_is_revived(metadata: Metadata) -> None:
    added = await add(metadata)
    assert added is not None
    for job_id in (added, added + 1):
        with pytest.raises(NotFound):
            async with metadata.transaction() as session:
                await revive(session, job_id, NOON)


async def test_a_payload_comes_back_as_it_was(metadata: Metadata) -> None:
    payload = {"nul": "a\0b", "text": "ünï€🎉", "deep": [{"n": 1.5, "none": None}], "big": 2**53}
    async with metadata.transaction() as session:
        await enqueue(session, "mail", payload, now=NOON)

    [job] = await claim_mail(metadata)
    assert job.payload == payload


def test_the_delay_doubles_up_to_an_hour_with_jitter() -> None:
    for attempts in range(1, 200):
        full = min(FIRST_DELAY * 2 ** min(attempts - 1, 40), LONGEST_DELAY)
        assert full / 2 <= delay_after(attempts) <= full
    assert len({delay_after(5) for _ in range(20)}) > 1
