"""Retention reports on itself: its policy, its runs, and what the log holds."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from trailkeeper import telemetry
from trailkeeper.keep.policy import Policy
from trailkeeper.keep.retention import RUN_EVERY, Retention, last_good_run, last_runs
from trailkeeper.keep.tables import RetentionRunRow
from trailkeeper.principal import Tenant
from trailkeeper.store.engine import EventsEngine, Statement
from trailkeeper.store.metadata import Metadata

SHOWN_RUNS: Final = 10


class RetentionRuleView(msgspec.Struct, frozen=True, kw_only=True):
    days: int
    action: str | None
    resource_type: str | None


class RetentionRunView(msgspec.Struct, frozen=True, kw_only=True):
    """One run: what it removed, by action; `error` where it did not end well."""

    id: int
    started_at: datetime
    finished_at: datetime | None
    removed: dict[str, int]
    error: str | None


class ActionHoldings(msgspec.Struct, frozen=True, kw_only=True):
    """What the log holds of one action. `bytes` is its share of the store, by rows."""

    action: str
    events: int
    bytes: int


class RetentionStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How retention stands for one organization. Age counts from receipt."""

    days: int
    rules: list[RetentionRuleView]
    oldest_received_at: datetime | None
    oldest_timestamp: datetime | None
    events: int
    bytes: int
    holdings: list[ActionHoldings]
    would_remove: dict[str, int]
    last_run_at: datetime | None
    next_run_at: datetime | None
    runs: list[RetentionRunView]


class _Holdings(msgspec.Struct, frozen=True, array_like=True):
    action: str
    events: int
    oldest_received_at: datetime
    oldest_timestamp: datetime


class _Size(msgspec.Struct, frozen=True, array_like=True):
    bytes: int
    rows: int


_HOLDINGS: Final = """
SELECT action, count() AS events, min(received_at), min(timestamp) FROM events
WHERE organization = {tenant:String} GROUP BY action ORDER BY events DESC, action
"""
_ALL_HOLDINGS: Final = """
SELECT action, count() AS events, min(received_at), min(timestamp) FROM events
GROUP BY action ORDER BY events DESC, action
"""  # tenant-scope: the service's own metrics tell of all organizations together
_SIZE: Final = """
SELECT sum(bytes_on_disk), sum(rows) FROM system.parts
WHERE database = currentDatabase() AND table = 'events' AND active
"""


async def retention_status(
    engine: EventsEngine, metadata: Metadata, retention: Retention, tenant: Tenant
) -> RetentionStatus:
    """Reads policy, runs and holdings, and works out what a run would remove now."""
    policy = await retention.policy_of(tenant)
    async with metadata.reading() as session:
        runs = await last_runs(session, tenant, SHOWN_RUNS)
        last_good = await last_good_run(session)
    holdings = await engine.rows(Statement(_HOLDINGS, tenant.parameters()), _Holdings)
    bytes_per_event = await _bytes_per_event(engine)
    events = sum(each.events for each in holdings)
    return RetentionStatus(
        days=policy.days,
        rules=_rules(policy),
        oldest_received_at=min((each.oldest_received_at for each in holdings), default=None),
        oldest_timestamp=min((each.oldest_timestamp for each in holdings), default=None),
        events=events,
        bytes=round(events * bytes_per_event),
        holdings=[
            ActionHoldings(
                action=each.action,
                events=each.events,
                bytes=round(each.events * bytes_per_event),
            )
            for each in holdings
        ],
        would_remove=await retention.preview(tenant),
        last_run_at=runs[0].started_at if runs else None,
        next_run_at=last_good + RUN_EVERY if last_good is not None else None,
        runs=[to_run_view(run) for run in runs],
    )


async def observe_holdings(
    engine: EventsEngine, retention: Retention, last_run: datetime | None
) -> None:
    """Tells the metrics what the log holds, of all organizations together."""
    holdings = await engine.rows(Statement(_ALL_HOLDINGS), _Holdings)
    bytes_per_event = await _bytes_per_event(engine)
    telemetry.HELD_EVENTS.clear()
    telemetry.HELD_BYTES.clear()
    for each in holdings:
        telemetry.HELD_EVENTS.labels(action=each.action).set(each.events)
        telemetry.HELD_BYTES.labels(action=each.action).set(each.events * bytes_per_event)
    oldest = min((each.oldest_received_at for each in holdings), default=None)
    telemetry.OLDEST_EVENT.set(oldest.timestamp() if oldest is not None else 0)
    telemetry.RETENTION_WOULD_REMOVE.set(await retention.preview_all())
    if last_run is not None:
        telemetry.RETENTION_LAST_RUN.set(last_run.timestamp())
        telemetry.RETENTION_NEXT_RUN.set((last_run + RUN_EVERY).timestamp())


async def _bytes_per_event(engine: EventsEngine) -> float:
    size = (await engine.rows(Statement(_SIZE), _Size))[0]
    return size.bytes / size.rows if size.rows else 0.0


def to_run_view(run: RetentionRunRow) -> RetentionRunView:
    return RetentionRunView(
        id=run.id,
        started_at=run.started_at,
        finished_at=run.finished_at,
        removed={str(action): int(events) for action, events in run.removed.items()},
        error=run.error,
    )


def _rules(policy: Policy) -> list[RetentionRuleView]:
    return [
        RetentionRuleView(days=rule.days, action=rule.action, resource_type=rule.resource_type)
        for rule in policy.rules
    ]
