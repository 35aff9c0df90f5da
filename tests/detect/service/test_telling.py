"""What people do with a detection is told in the transaction that does it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select

from tests.detect.service.test_keeping import TEXT, found, keep
from tests.engine import NOON
from trailkeeper.access.organizations import create_organization
from trailkeeper.access.trail import operator
from trailkeeper.detect.detections import DetectionState, Triage, triage
from trailkeeper.detect.faults import InvalidRules
from trailkeeper.detect.history_plan import AfterHours
from trailkeeper.detect.keeping import keep_found
from trailkeeper.detect.tables import DetectionRow
from trailkeeper.detect.watched import built_in_watched, read_text
from trailkeeper.principal import Tenant, system_tenant
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.tables import JobRow

LATER = NOON + timedelta(days=20)
DAILY = TEXT + "trailkeeper:\n  digest: daily\n"


@pytest.fixture
async def tenant(metadata: Metadata) -> Tenant:
    async with metadata.transaction() as session:
        made = await create_organization(session, "Acme", retention_days=90, now=NOON)
    return system_tenant(made.id)


async def move(metadata: Metadata, tenant: Tenant, *states: DetectionState) -> None:
    """The only detection, to one state after the other."""
    for number, state in enumerate(states):
        async with metadata.transaction() as session:
            [id] = await session.scalars(
                select(DetectionRow.id).where(tenant.owns(DetectionRow.organization))
            )
            now = LATER + timedelta(minutes=number)
            await triage(session, tenant, operator(), id, Triage(state), now)


async def told(metadata: Metadata) -> list[str]:
    async with metadata.reading() as session:
        jobs = await session.scalars(
            select(JobRow).where(JobRow.kind == "alert").order_by(JobRow.id)
        )
        return [job.payload["what"] for job in jobs]


@pytest.mark.parametrize("closed", [DetectionState.RESOLVED, DetectionState.FALSE_POSITIVE])
async def test_who_closes_it_and_opens_it_again_tells_so_also_weeks_later(
    metadata: Metadata, tenant: Tenant, closed: DetectionState
) -> None:
    await keep(metadata, tenant, found("a"))
    states = (DetectionState.ACKNOWLEDGED, closed, closed, DetectionState.OPEN, closed)
    await move(metadata, tenant, *states)
    assert await told(metadata) == ["opened", "closed", "reopened", "closed"]


async def test_from_one_closed_state_to_another_nothing_is_told(
    metadata: Metadata, tenant: Tenant
) -> None:
    await keep(metadata, tenant, found("a"))
    await move(metadata, tenant, DetectionState.RESOLVED, DetectionState.FALSE_POSITIVE)
    assert await told(metadata) == ["opened", "closed"]


async def test_who_takes_on_a_closed_one_tells_nobody(metadata: Metadata, tenant: Tenant) -> None:
    await keep(metadata, tenant, found("a"))
    await move(metadata, tenant, DetectionState.RESOLVED, DetectionState.ACKNOWLEDGED)
    assert await told(metadata) == ["opened", "closed"]


async def test_of_what_was_expected_nothing_is_told(metadata: Metadata, tenant: Tenant) -> None:
    await keep(metadata, tenant, found("a", expected_by="a suppression"))
    await move(metadata, tenant, DetectionState.OPEN, DetectionState.RESOLVED)
    assert await told(metadata) == []


async def test_what_the_service_withdraws_is_closed_too(metadata: Metadata, tenant: Tenant) -> None:
    await keep(metadata, tenant, found("a"))
    await keep(metadata, tenant, found("a", is_withdrawn=True))
    assert await told(metadata) == ["opened", "closed"]


async def test_a_transaction_that_fails_tells_and_counts_nothing(
    metadata: Metadata, tenant: Tenant
) -> None:
    def raised() -> float:
        labels = {"severity": "medium"}
        return REGISTRY.get_sample_value("trailkeeper_detections_raised_total", labels) or 0

    before = raised()
    with pytest.raises(RuntimeError, match="cut short"):
        await keep_and_fail(metadata, tenant)
    assert (raised() - before, await told(metadata)) == (0, [])
    await keep(metadata, tenant, found("a"), found("b", minute=5))
    assert raised() - before == 2


async def keep_and_fail(metadata: Metadata, tenant: Tenant) -> None:
    async with metadata.transaction() as session:
        await keep_found(session, tenant, [found("a")], NOON)
        raise RuntimeError("cut short")


async def test_a_rule_may_ask_to_be_told_once_a_day(metadata: Metadata, tenant: Tenant) -> None:
    await keep(metadata, tenant, found("a"), found("b", minute=5, watched=read_text(DAILY)))
    async with metadata.reading() as session:
        jobs = list(await session.scalars(select(JobRow).order_by(JobRow.id)))
    assert [job.payload.get("is_daily") for job in jobs] == [None, True]


def test_of_the_built_in_rules_work_at_night_is_told_once_a_day() -> None:
    daily = [each for each in built_in_watched().values() if each.rule.is_daily]
    assert [type(each.history) for each in daily] == [AfterHours]


def test_a_digest_is_daily_or_a_fault() -> None:
    with pytest.raises(InvalidRules) as raised:
        read_text(TEXT + "trailkeeper:\n  digest: hourly\n")
    [fault] = raised.value.faults
    assert (fault.place.line, fault.detail) == (7, "A digest is daily.")
