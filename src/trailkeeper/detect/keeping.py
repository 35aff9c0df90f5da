"""Keeps what the evaluators find: opens detections, lets them grow, and says what is to be told.

All of it happens in the caller's transaction, the jobs that tell people included. Found again,
the same changes nothing: a detection is known by its key.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.detect.detections import ACTIVE, DetectionState, Happened, note_history
from trailkeeper.detect.found import Found
from trailkeeper.detect.tables import DetectionRow
from trailkeeper.detect.telling import leave_alert
from trailkeeper.ids import new_event_id
from trailkeeper.principal import Tenant
from trailkeeper.telemetry import DETECTIONS_RAISED, count_when_committed

MAX_EVIDENCE: Final = 100
GREW_FACTOR: Final = 10
"""Growth is told when a detection has so many times the events that it was last told with."""
TOLD_FOR: Final = timedelta(days=7)
"""What is older when it is found is kept and told to nobody: history that was imported."""
QUIET: Final = "quiet"


async def keep_found(
    session: AsyncSession, tenant: Tenant, found: Sequence[Found], now: datetime
) -> None:
    """Writes all of it, in order."""
    for each in found:
        await _keep(session, tenant, each, now)
        await session.flush()


async def withdraw(session: AsyncSession, row: DetectionRow, now: datetime) -> None:
    """Closes a detection whose events, now that all are known, are none."""
    await _close(session, row, now, Happened.WITHDRAWN)


async def _keep(session: AsyncSession, tenant: Tenant, found: Found, now: datetime) -> None:
    row = await _by_key(session, tenant, found.key)
    if found.is_withdrawn:
        if row is not None and row.state in ACTIVE:
            await withdraw(session, row, now)
        return
    row = await _take_over(session, tenant, found, row, now)
    if row is None:
        await _open(session, tenant, found, now)
    elif _is_news(row, found):
        await _grow(session, tenant, row, found, now)


async def _take_over(
    session: AsyncSession, tenant: Tenant, found: Found, row: DetectionRow | None, now: datetime
) -> DetectionRow | None:
    """What is superseded goes on under the new identity, with what people did with it."""
    for key in found.supersedes:
        old = await _by_key(session, tenant, key)
        if old is None:
            continue
        if row is None:
            old.key = found.key
            row = old
            await session.flush()
        elif old.state in ACTIVE:
            await _close(session, old, now, Happened.SUPERSEDED, {"by": row.id})
    return row


async def _open(session: AsyncSession, tenant: Tenant, found: Found, now: datetime) -> None:
    silenced = found.expected_by or await _quiet_since(session, tenant, found)
    rule = found.watched.rule
    row = DetectionRow(
        id=new_event_id(),
        organization=tenant.organization,
        key=found.key,
        rule_id=rule.id,
        rule_version=rule.version,
        rule_title=rule.title,
        severity=found.watched.severity,
        tags=list(rule.tags),
        grouped=[{"field": field, "value": value} for field, value in found.grouped],
        group_key=found.group_key,
        window_start=found.window_start,
        hot_at=found.hot_at,
        first_at=found.first_at,
        last_at=found.last_at,
        count=found.count,
        told_count=found.count,
        measured=found.measured,
        evidence=list(found.evidence[:MAX_EVIDENCE]),
        reasons=list(found.reasons),
        search_link=found.search_link,
        state=DetectionState.RESOLVED if silenced else DetectionState.OPEN,
        assignee=None,
        suppressed_by=silenced,
        opened_at=now,
        updated_at=now,
        closed_at=now if silenced else None,
    )
    session.add(row)
    note_history(session, row, now, Happened.OPENED, {"count": found.count})
    if silenced:
        note_history(session, row, now, Happened.SUPPRESSED, {"by": silenced})
    else:
        await _tell(session, row, found, "opened", now)
        count_when_committed(session, DETECTIONS_RAISED.labels(severity=row.severity))


async def _grow(
    session: AsyncSession, tenant: Tenant, row: DetectionRow, found: Found, now: datetime
) -> None:
    _take_in(row, found)
    row.updated_at = now
    if row.suppressed_by is not None and not _is_still_silenced(row, found):
        # Something else came to what was expected: that is told.
        row.suppressed_by, row.closed_at, row.state = None, None, DetectionState.OPEN
        note_history(session, row, now, Happened.REOPENED, {"count": row.count})
        row.told_count = row.count
        await _tell(session, row, found, "opened", now)
    elif row.state == DetectionState.RESOLVED and row.suppressed_by is None:
        closed_at = row.closed_at
        row.closed_at, row.state = None, DetectionState.OPEN
        note_history(session, row, now, Happened.REOPENED, {"count": row.count})
        row.told_count = row.count
        await _tell(session, row, found, "reopened", now, closed_at)
    elif row.state in ACTIVE and row.count >= GREW_FACTOR * row.told_count:
        note_history(session, row, now, Happened.GREW, {"count": row.count})
        row.told_count = row.count
        await _tell(session, row, found, "grew", now)


def _is_news(row: DetectionRow, found: Found) -> bool:
    """A sweep and the live evaluator may tell the same, one later than the other."""
    if found.is_addition:
        # Of the live evaluator alone, which sees each event once.
        return True
    return found.count > row.count or found.first_at < row.first_at


def _take_in(row: DetectionRow, found: Found) -> None:
    rule = found.watched.rule
    row.rule_version, row.rule_title = rule.version, rule.title
    row.first_at = min(row.first_at, found.first_at)
    row.last_at = max(row.last_at, found.last_at)
    if found.is_addition:
        row.count += found.count
        row.evidence = [*row.evidence, *found.evidence][:MAX_EVIDENCE]
        return
    row.window_start, row.hot_at = found.window_start, found.hot_at
    row.count, row.measured = found.count, found.measured
    row.evidence = list(found.evidence[:MAX_EVIDENCE])
    row.reasons = list(found.reasons)
    row.search_link = found.search_link


def _is_still_silenced(row: DetectionRow, found: Found) -> bool:
    """A quiet period covers all that its detection grows by; an expectation what it names."""
    is_quiet = row.suppressed_by is not None and row.suppressed_by.startswith(QUIET)
    return is_quiet or found.expected_by is not None


async def _quiet_since(session: AsyncSession, tenant: Tenant, found: Found) -> str | None:
    """The rule's own quiet period: `quiet:<id>` of the detection that was told shortly before."""
    quiet = found.watched.rule.suppression
    if not quiet:
        return None
    earlier = await session.scalar(
        select(DetectionRow.id)
        .where(
            tenant.owns(DetectionRow.organization),
            DetectionRow.rule_id == found.watched.rule.id,
            DetectionRow.group_key == found.group_key,
            DetectionRow.suppressed_by.is_(None),
            DetectionRow.hot_at <= found.hot_at,
            DetectionRow.last_at >= found.hot_at - quiet,
        )
        .order_by(DetectionRow.hot_at.desc())
        .limit(1)
    )
    return f"{QUIET}:{earlier}" if earlier is not None else None


async def _close(
    session: AsyncSession,
    row: DetectionRow,
    now: datetime,
    what: Happened,
    content: dict[str, Any] | None = None,
) -> None:
    row.state, row.closed_at, row.updated_at = DetectionState.RESOLVED, now, now
    note_history(session, row, now, what, content)
    await leave_alert(session, row, "closed", now, closed_at=now)


async def _tell(
    session: AsyncSession,
    row: DetectionRow,
    found: Found,
    what: str,
    now: datetime,
    closed_at: datetime | None = None,
) -> None:
    if now - row.last_at > TOLD_FOR:
        return
    is_daily = found.watched.rule.is_daily
    await leave_alert(session, row, what, now, closed_at=closed_at, is_daily=is_daily)


async def _by_key(session: AsyncSession, tenant: Tenant, key: str) -> DetectionRow | None:
    found: DetectionRow | None = await session.scalar(
        select(DetectionRow).where(tenant.owns(DetectionRow.organization), DetectionRow.key == key)
    )
    return found
