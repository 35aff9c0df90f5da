"""Retention: lets go of what has expired, in bounded steps, and says what it did.

A run is planned first, written down, carried out week by week, and recorded as an event in
each organization's own log through the outbox. Weeks whose every event has expired are
dropped whole; in others the expired rows are deleted, one week and organization at a time,
beside running inserts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper import telemetry
from trailkeeper.access.organizations import get_organization, list_organizations
from trailkeeper.access.tables import OrganizationRow
from trailkeeper.access.trail import Requester, own_event
from trailkeeper.errors import Unavailable
from trailkeeper.event import OrganizationId, Status
from trailkeeper.keep.plan import WeekPlan, make_plan, removed_by
from trailkeeper.keep.policy import Policy
from trailkeeper.keep.tables import RetentionRunRow
from trailkeeper.principal import Tenant, system_tenant
from trailkeeper.store.engine import EventsEngine, Statement
from trailkeeper.store.metadata import Metadata
from trailkeeper.store.outbox import record_later

RUN_EVERY: Final = timedelta(hours=24)
OVERDUE_AFTER: Final = timedelta(hours=26)
SYSTEM: Final = Requester()
INTERRUPTED: Final = "The server stopped during the run."

log = structlog.get_logger(__name__)


class Retention:
    """Plans and carries out retention. One run at a time in this process."""

    def __init__(
        self, engine: EventsEngine, metadata: Metadata, clock: Callable[[], datetime]
    ) -> None:
        self._engine = engine
        self._metadata = metadata
        self._clock = clock
        self._running = asyncio.Lock()

    async def policy_of(self, tenant: Tenant) -> Policy:
        async with self._metadata.reading() as session:
            return Policy.of(await get_organization(session, tenant.organization))

    async def preview(self, tenant: Tenant) -> dict[str, int]:
        """What a run would remove now, by action."""
        plans = await make_plan(self._engine, [await self.policy_of(tenant)], self._clock())
        return removed_by(plans, tenant.organization)

    async def run(self, tenant: Tenant, by: Requester = SYSTEM) -> RetentionRunRow:
        """Runs for one organization and returns the finished run; its event names `by`.

        Raises Unavailable.
        """
        [run] = await self._run([await self.policy_of(tenant)], by)
        return run

    async def run_all(self) -> list[RetentionRunRow]:
        """Runs for all organizations together, so that weeks can be dropped whole."""
        async with self._metadata.reading() as session:
            policies = [Policy.of(each) for each in await list_organizations(session)]
        return await self._run(policies)

    async def preview_all(self) -> int:
        """How many events a run for all organizations would remove now."""
        async with self._metadata.reading() as session:
            policies = [Policy.of(each) for each in await list_organizations(session)]
        plans = await make_plan(self._engine, policies, self._clock())
        return sum(
            sum(removed_by(plans, policy.tenant.organization).values()) for policy in policies
        )

    async def close_interrupted(self, before: datetime) -> None:
        """Records runs begun before a moment that a crash cut short."""
        async with self._metadata.transaction() as session:
            unfinished = await session.scalars(
                select(RetentionRunRow).where(  # tenant-scope: whatever this service left undone
                    RetentionRunRow.finished_at.is_(None), RetentionRunRow.started_at < before
                )
            )
            for run in unfinished:
                await self._finish(session, run, INTERRUPTED)

    async def _run(
        self, policies: Sequence[Policy], by: Requester = SYSTEM
    ) -> list[RetentionRunRow]:
        async with self._running:
            now = self._clock()
            plans = await make_plan(self._engine, policies, now)
            runs = await self._write_down(plans, policies, now)
            # Stands where the run is cancelled, as a stopping server does.
            error: str | None = INTERRUPTED
            try:
                for plan in plans:
                    await self._carry_out(plan, policies, now)
                error = None
            except Unavailable as failure:
                error = failure.detail
                raise
            finally:
                runs = await self._finish_all(runs, error, by)
            telemetry.RETENTION_LAST_RUN.set(now.timestamp())
            return runs

    async def _finish_all(
        self, runs: Sequence[RetentionRunRow], error: str | None, by: Requester
    ) -> list[RetentionRunRow]:
        async with self._metadata.transaction() as session:
            finished = [await session.merge(run) for run in runs]
            for run in finished:
                await self._finish(session, run, error, by)
        return finished

    async def _write_down(
        self, plans: Sequence[WeekPlan], policies: Sequence[Policy], now: datetime
    ) -> list[RetentionRunRow]:
        async with self._metadata.transaction() as session:
            runs = [
                RetentionRunRow(
                    organization=policy.tenant.organization,
                    started_at=now,
                    dry_run=False,
                    removed=removed_by(plans, policy.tenant.organization),
                )
                for policy in policies
            ]
            session.add_all(runs)
        return runs

    async def _carry_out(self, plan: WeekPlan, policies: Sequence[Policy], now: datetime) -> None:
        if plan.is_whole(now):
            log.info("retention drops a week", week=plan.week.isoformat(), events=plan.total)
            # tenant-scope: the plan has found each event in it expired under its own policy
            await self._engine.maintain(
                Statement(
                    "ALTER TABLE events DROP PARTITION {week:String}",
                    {"week": plan.week.isoformat()},
                )
            )
            telemetry.RETENTION_REMOVED.inc(plan.total)
            return
        for policy in policies:
            actions = plan.expired.get(policy.tenant.organization)
            if actions:
                await self._engine.maintain(_delete_statement(plan, policy, now))
                telemetry.RETENTION_REMOVED.inc(sum(actions.values()))

    async def _finish(
        self,
        session: AsyncSession,
        run: RetentionRunRow,
        error: str | None,
        by: Requester = SYSTEM,
    ) -> None:
        run.finished_at = self._clock()
        run.error = error
        if not run.removed:
            return
        await record_later(
            session,
            system_tenant(OrganizationId(run.organization)),
            own_event(
                by,
                "PURGE",
                resource_type="AUDIT_LOG",
                status=Status.SUCCESS if error is None else Status.FAILED,
                details=_details(run, error),
            ),
            event_id=f"retention-{run.id}-{run.started_at:%Y%m%dT%H%M%S}",
            now=run.finished_at,
        )


def _details(run: RetentionRunRow, error: str | None) -> dict[str, Any]:
    """What a run removed; of one cut short only what it had planned to remove is known."""
    events = sum(run.removed.values())
    told: dict[str, Any] = {"reason": "retention", "run": run.id}
    if error is None:
        return {**told, "events": events, "by_action": run.removed}
    return {**told, "error": error, "planned_events": events, "planned_by_action": run.removed}


def _delete_statement(plan: WeekPlan, policy: Policy, now: datetime) -> Statement:
    parameters: dict[str, Any] = {"week": plan.week.isoformat()}
    expired_condition = policy.expired_condition(now, parameters)
    return Statement(
        "ALTER TABLE events DELETE IN PARTITION {week:String}"
        f" WHERE {policy.tenant.sql()} AND {expired_condition} SETTINGS mutations_sync = 1",
        parameters,
    )


async def last_runs(session: AsyncSession, tenant: Tenant, limit: int) -> list[RetentionRunRow]:
    """The organization's latest runs, newest first."""
    rows = await session.scalars(
        select(RetentionRunRow)
        .where(tenant.owns(RetentionRunRow.organization))
        .order_by(RetentionRunRow.started_at.desc(), RetentionRunRow.id.desc())
        .limit(limit)
    )
    return list(rows)


async def last_good_run(session: AsyncSession) -> datetime | None:
    """What the next run and being overdue are reckoned from; None where none ever ended well.

    The last good run of the organization that waits the longest: one that runs its own by
    hand must not put off the others'. A new organization waits from the day it was made.
    """
    is_good = and_(
        RetentionRunRow.organization == OrganizationRow.id,
        RetentionRunRow.finished_at.is_not(None),
        RetentionRunRow.error.is_(None),
    )
    rows = await session.execute(
        select(OrganizationRow.created_at, func.max(RetentionRunRow.started_at))
        .outerjoin(RetentionRunRow, is_good)  # tenant-scope: the schedule is the service's
        .group_by(OrganizationRow.id, OrganizationRow.created_at)
    )
    waits: list[tuple[datetime, datetime | None]] = [(made, last) for made, last in rows]
    if all(last is None for _, last in waits):
        return None
    return min(last or made for made, last in waits)
