"""Pages of detections, the newest first."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, TypeVarTuple

from sqlalchemy import Select, Text, and_, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.detect.detections import DetectionState, StoredDetection, to_stored
from trailkeeper.detect.rule import Level
from trailkeeper.detect.tables import DetectionRow
from trailkeeper.errors import BadRequest
from trailkeeper.principal import Tenant
from trailkeeper.search.cursor import CursorSigner, TimeCursor, question_fingerprint
from trailkeeper.search.times import TimeRange

ALWAYS: Final = TimeRange(None, None)

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which detections: empty or None asks for all. `opened` are moments of the service;
    `about` is a value of the group: a user's id or e-mail, an address, a resource."""

    states: tuple[DetectionState, ...] = ()
    severities: tuple[Level, ...] = ()
    rule_id: str | None = None
    assignee: str | None = None
    about: str | None = None
    opened: TimeRange = ALWAYS

    def filters(self) -> list[tuple[str, str]]:
        """What names the question in its cursors."""
        asked = [("state", str(each)) for each in sorted(self.states)]
        asked += [("severity", str(each)) for each in sorted(self.severities)]
        asked += [("rule_id", self.rule_id or ""), ("assignee", self.assignee or "")]
        asked += [("about", self.about or "")]
        return asked


@dataclass(frozen=True, slots=True)
class Page:
    items: list[StoredDetection]
    next_cursor: str | None


async def list_detections(
    session: AsyncSession,
    tenant: Tenant,
    signer: CursorSigner,
    wanted: Wanted,
    *,
    limit: int,
    cursor: str | None = None,
) -> Page:
    """One page. Raises BadRequest (INVALID_CURSOR, CURSOR_MISMATCH, INVALID_VALUE)."""
    _check_text(wanted)
    fingerprint = question_fingerprint(tenant, wanted.opened, wanted.filters(), "detections")
    statement = select(DetectionRow).where(tenant.owns(DetectionRow.organization))
    statement = _narrowed(statement, wanted)
    if cursor is not None:
        after = signer.from_text(cursor, fingerprint)
        if not isinstance(after, TimeCursor):
            raise BadRequest("INVALID_CURSOR", "This is a cursor of another kind.", field="cursor")
        at = after.timestamp.replace(tzinfo=after.timestamp.tzinfo or UTC)
        statement = statement.where(
            or_(
                DetectionRow.opened_at < at,
                and_(DetectionRow.opened_at == at, DetectionRow.id < after.id),
            )
        )
    statement = statement.order_by(DetectionRow.opened_at.desc(), DetectionRow.id.desc())
    rows = list(await session.scalars(statement.limit(limit + 1)))
    next_cursor = None
    if len(rows) > limit:
        rows = rows[:limit]
        last = rows[-1]
        next_cursor = signer.to_text(TimeCursor(fingerprint, last.opened_at, last.id, None))
    return Page([to_stored(row) for row in rows], next_cursor)


async def count_detections(
    session: AsyncSession, tenant: Tenant, wanted: Wanted
) -> dict[str, dict[str, int]]:
    """How many there are by `state`, `severity` and `rule_id`, each ignoring its own filter.

    Raises BadRequest(INVALID_VALUE).
    """
    _check_text(wanted)
    ignoring = {
        "state": (DetectionRow.state, replace(wanted, states=())),
        "severity": (DetectionRow.severity, replace(wanted, severities=())),
        "rule_id": (DetectionRow.rule_id, replace(wanted, rule_id=None)),
    }
    counted: dict[str, dict[str, int]] = {}
    for name, (column, rest) in ignoring.items():
        statement = select(column, func.count()).where(tenant.owns(DetectionRow.organization))
        rows = await session.execute(_narrowed(statement, rest).group_by(column))
        counted[name] = {str(value): count for value, count in rows}
    return counted


def _check_text(wanted: Wanted) -> None:
    for name in ("rule_id", "assignee", "about"):
        # PostgreSQL refuses a NUL in any text.
        if "\0" in (getattr(wanted, name) or ""):
            raise BadRequest("INVALID_VALUE", "There is no NUL in any text.", field=name)


def _narrowed(statement: Select[*Columns], wanted: Wanted) -> Select[*Columns]:
    if wanted.states:
        statement = statement.where(DetectionRow.state.in_(map(str, wanted.states)))
    if wanted.severities:
        statement = statement.where(DetectionRow.severity.in_(map(str, wanted.severities)))
    if wanted.rule_id is not None:
        statement = statement.where(DetectionRow.rule_id == wanted.rule_id)
    if wanted.assignee is not None:
        column = DetectionRow.assignee
        is_nobody = not wanted.assignee
        statement = statement.where(column.is_(None) if is_nobody else column == wanted.assignee)
    if wanted.about:
        # Kept as JSON, which neither database has a common way to look into.
        value = f'"value": {json.dumps(wanted.about)}'
        statement = statement.where(
            cast(DetectionRow.grouped, Text).contains(value, autoescape=True)
        )
    start: datetime | None = wanted.opened.start
    end: datetime | None = wanted.opened.end
    if start is not None:
        statement = statement.where(DetectionRow.opened_at >= start)
    if end is not None:
        statement = statement.where(DetectionRow.opened_at < end)
    return statement
