"""Detections as they are kept: what people see of them, and what they do with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.trail import Changes, Requester, record
from trailkeeper.detect.rule import Level
from trailkeeper.detect.tables import DetectionHistoryRow, DetectionRow
from trailkeeper.detect.telling import leave_alert
from trailkeeper.errors import NotFound
from trailkeeper.principal import Tenant
from trailkeeper.store.base import by_id

DETECTION: Final = "DETECTION"
MAX_HISTORY: Final = 200


class DetectionState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    FALSE_POSITIVE = "false_positive"


ACTIVE: Final = frozenset({DetectionState.OPEN, DetectionState.ACKNOWLEDGED})


class Happened(StrEnum):
    """What a line of a detection's history tells."""

    OPENED = "opened"
    GREW = "grew"
    REOPENED = "reopened"
    SUPPRESSED = "suppressed"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    STATE = "state"
    ASSIGNEE = "assignee"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class StoredDetection:
    """One detection; see `DetectionRow` for the fields."""

    id: str
    key: str
    rule_id: str
    rule_version: str
    rule_title: str
    severity: Level
    tags: tuple[str, ...]
    grouped: tuple[tuple[str, str], ...]
    window_start: datetime
    hot_at: datetime
    first_at: datetime
    last_at: datetime
    count: int
    measured: float
    evidence: tuple[str, ...]
    reasons: tuple[str, ...]
    search_link: str
    state: DetectionState
    assignee: str | None
    suppressed_by: str | None
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened; `actor` is "" for the service itself."""

    at: datetime
    actor: str
    what: Happened
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Triage:
    """What to do with a detection; None leaves a part. An `assignee` of "" is nobody."""

    state: DetectionState | None = None
    assignee: str | None = None
    note: str | None = None


async def is_open_and_unacknowledged(
    session: AsyncSession, tenant: Tenant, detection_id: str
) -> bool:
    """Whether nobody has taken the detection on yet. False for one that there is not."""
    state = await session.scalar(
        select(DetectionRow.state).where(
            tenant.owns(DetectionRow.organization), DetectionRow.id == detection_id
        )
    )
    return state == DetectionState.OPEN


async def get_detection(session: AsyncSession, tenant: Tenant, id: str) -> StoredDetection:
    """Raises NotFound(DETECTION_NOT_FOUND)."""
    return to_stored(await _row(session, tenant, id))


async def history_of(session: AsyncSession, tenant: Tenant, id: str) -> list[HistoryLine]:
    """What happened to a detection, the oldest first; the last `MAX_HISTORY` lines."""
    rows = await session.scalars(
        select(DetectionHistoryRow)
        .where(tenant.owns(DetectionHistoryRow.organization), DetectionHistoryRow.detection == id)
        .order_by(DetectionHistoryRow.id.desc())
        .limit(MAX_HISTORY)
    )
    lines = [HistoryLine(row.at, row.actor, Happened(row.what), row.content) for row in rows]
    return lines[::-1]


async def triage(
    session: AsyncSession,
    tenant: Tenant,
    requester: Requester,
    id: str,
    wanted: Triage,
    now: datetime,
) -> StoredDetection:
    """Does it, on the record. Raises NotFound(DETECTION_NOT_FOUND)."""
    row = await _row(session, tenant, id)
    changes: dict[str, tuple[Any, Any]] = {}
    if wanted.state is not None and wanted.state != row.state:
        changes["state"] = (row.state, str(wanted.state))
        await _move(session, row, wanted.state, now)
        _note(session, row, now, Happened.STATE, requester.user_id, _from_to(changes["state"]))
    if wanted.assignee is not None and (wanted.assignee or None) != row.assignee:
        changes["assignee"] = (row.assignee, wanted.assignee or None)
        row.assignee = wanted.assignee or None
        _note(
            session, row, now, Happened.ASSIGNEE, requester.user_id, _from_to(changes["assignee"])
        )
    if wanted.note:
        _note(session, row, now, Happened.NOTE, requester.user_id, {"text": wanted.note})
    if changes or wanted.note:
        row.updated_at = now
        await _record(session, tenant, requester, row, now, changes, wanted.note)
    await session.flush()
    return to_stored(row)


async def _move(
    session: AsyncSession, row: DetectionRow, state: DetectionState, now: datetime
) -> None:
    """Who opens a closed one again tells of it anew; who closes one ends its incidents."""
    was_active, closed_at = row.state in ACTIVE, row.closed_at
    row.state, row.closed_at = state, None if state in ACTIVE else now
    if row.suppressed_by is not None:
        # Nobody was told of it.
        return
    if was_active and state not in ACTIVE:
        await leave_alert(session, row, "closed", now, closed_at=now)
    elif not was_active and state is DetectionState.OPEN:
        await leave_alert(session, row, "reopened", now, closed_at=closed_at)


def note_history(
    session: AsyncSession,
    row: DetectionRow,
    now: datetime,
    what: Happened,
    content: dict[str, Any] | None = None,
) -> None:
    """Adds a line of the service's own to a detection's history."""
    _note(session, row, now, what, "", content or {})


def to_stored(row: DetectionRow) -> StoredDetection:
    return StoredDetection(
        id=row.id,
        key=row.key,
        rule_id=row.rule_id,
        rule_version=row.rule_version,
        rule_title=row.rule_title,
        severity=Level(row.severity),
        tags=tuple(row.tags),
        grouped=tuple((each["field"], each["value"]) for each in row.grouped),
        window_start=row.window_start,
        hot_at=row.hot_at,
        first_at=row.first_at,
        last_at=row.last_at,
        count=row.count,
        measured=row.measured,
        evidence=tuple(row.evidence),
        reasons=tuple(row.reasons),
        search_link=row.search_link,
        state=DetectionState(row.state),
        assignee=row.assignee,
        suppressed_by=row.suppressed_by,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        closed_at=row.closed_at,
    )


async def _row(session: AsyncSession, tenant: Tenant, id: str) -> DetectionRow:
    rows = select(DetectionRow).where(tenant.owns(DetectionRow.organization)).with_for_update()
    row = await by_id(session, rows, DetectionRow.id, id)
    if row is None:
        raise NotFound("DETECTION_NOT_FOUND", f"There is no detection {id[:64]}.")
    return row


def _note(
    session: AsyncSession,
    row: DetectionRow,
    now: datetime,
    what: Happened,
    actor: str,
    content: dict[str, Any],
) -> None:
    session.add(
        DetectionHistoryRow(
            organization=row.organization,
            detection=row.id,
            at=now,
            actor=actor,
            what=what,
            content=content,
        )
    )


def _from_to(pair: tuple[Any, Any]) -> dict[str, Any]:
    return {"from": pair[0], "to": pair[1]}


async def _record(
    session: AsyncSession,
    tenant: Tenant,
    requester: Requester,
    row: DetectionRow,
    now: datetime,
    changes: Changes,
    note: str | None,
) -> None:
    await record(
        session,
        tenant,
        requester,
        "UPDATE",
        now=now,
        resource_type=DETECTION,
        resource_id=row.id,
        resource_name=row.rule_title,
        details={"rule_id": row.rule_id, **({"noted": True} if note else {})},
        changes=changes,
    )
