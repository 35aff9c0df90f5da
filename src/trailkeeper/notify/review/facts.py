"""What a week's review says: counted from the log, the detections and the directory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.people.members import MemberStatus
from trailkeeper.access.people.tables import MemberRow
from trailkeeper.access.tables import NEVER, DirectoryRow
from trailkeeper.detect.detections import DetectionState
from trailkeeper.detect.stored_rules import enabled_rules
from trailkeeper.detect.tables import DetectionRow
from trailkeeper.principal import Tenant
from trailkeeper.search.counts import count_events
from trailkeeper.search.params import parse_parameters
from trailkeeper.search.question import Question
from trailkeeper.search.times import TimeRange
from trailkeeper.store.engine import EventsEngine, Statement, engine_time
from trailkeeper.store.metadata import Metadata

SILENT_AFTER: Final = timedelta(days=30)
RULE_SILENT_AFTER: Final = timedelta(days=30)
MAX_NAMES: Final = 20

FAILED_SIGN_INS: Final = "action:LOGIN_FAILED"
ROLE_CHANGES: Final = "action:UPDATE resource_type:USER details.changed_fields:role"
DELETIONS: Final = "action:DELETE"


class CountOf(msgspec.Struct, frozen=True, kw_only=True):
    """How many events a query matches in the week, and in the week before. `query` is a `q`."""

    query: str
    count: int
    before: int


class SeverityCount(msgspec.Struct, frozen=True, kw_only=True):
    """Detections of one severity that were opened in the week, and how many of them are open."""

    severity: str
    opened: int
    still_open: int


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """`at` is the first sign-in of a newcomer, or when who is silent was last seen."""

    user_id: str
    email: str
    at: datetime | None


class People(msgspec.Struct, frozen=True, kw_only=True):
    """How many there are; `named` are the first twenty."""

    count: int
    named: list[Person]


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """Retention as `GET /retention` knows it; None where it never ended well."""

    retention_last_run_at: datetime | None
    retention_is_overdue: bool


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """One organization's week, from `start` up to `end`."""

    start: datetime
    end: datetime
    detections: list[SeverityCount]
    failed_sign_ins: CountOf
    role_changes: CountOf
    deletions: CountOf
    first_sign_ins: People
    silent: People
    silent_rules: list[str]
    health: Health


class _First(msgspec.Struct, frozen=True, array_like=True):
    user_id: str
    user_email: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Reads what reviews say. A week is that of events' own times."""

    engine: EventsEngine
    metadata: Metadata

    async def review(
        self, tenant: Tenant, start: datetime, end: datetime, health: Health
    ) -> Review:
        """Raises Unavailable."""
        async with self.metadata.reading() as session:
            detections = await _detections(session, tenant, start, end)
            silent = await _silent(session, tenant, end)
            silent_rules = await _silent_rules(session, tenant, end)
        return Review(
            start=start,
            end=end,
            detections=detections,
            failed_sign_ins=await self._count(tenant, FAILED_SIGN_INS, start, end),
            role_changes=await self._count(tenant, ROLE_CHANGES, start, end),
            deletions=await self._count(tenant, DELETIONS, start, end),
            first_sign_ins=await self._first_sign_ins(tenant, start, end),
            silent=silent,
            silent_rules=silent_rules,
            health=health,
        )

    async def _count(self, tenant: Tenant, query: str, start: datetime, end: datetime) -> CountOf:
        wanted = parse_parameters([("q", query)])
        now, before = [
            await count_events(self.engine, Question(tenant, wanted, each))
            for each in (TimeRange(start, end), TimeRange(start - (end - start), start))
        ]
        return CountOf(query=query, count=now, before=before)

    async def _first_sign_ins(self, tenant: Tenant, start: datetime, end: datetime) -> People:
        """Of all that the log still holds: retention may have taken an earlier one."""
        rows: Sequence[_First] = await self.engine.rows(
            Statement(
                "SELECT user_id, argMin(user_email, timestamp), min(timestamp) AS first"
                f" FROM events WHERE {tenant.sql()} AND action = 'LOGIN' AND status = 'SUCCESS'"
                " AND user_id != '' AND timestamp < {end:DateTime64(6, 'UTC')} GROUP BY user_id"
                " HAVING first >= {start:DateTime64(6, 'UTC')} ORDER BY first",
                {
                    **tenant.parameters(),
                    "start": engine_time(start),
                    "end": engine_time(end),
                },
            ),
            _First,
        )
        named = [
            Person(user_id=each.user_id, email=each.user_email, at=each.at)
            for each in rows[:MAX_NAMES]
        ]
        return People(count=len(rows), named=named)


async def _detections(
    session: AsyncSession, tenant: Tenant, start: datetime, end: datetime
) -> list[SeverityCount]:
    is_open = DetectionRow.state == DetectionState.OPEN
    rows = await session.execute(
        select(DetectionRow.severity, func.count(), func.count().filter(is_open))
        .where(
            tenant.owns(DetectionRow.organization),
            DetectionRow.opened_at >= start,
            DetectionRow.opened_at < end,
            DetectionRow.suppressed_by.is_(None),
        )
        .group_by(DetectionRow.severity)
    )
    counted = [
        SeverityCount(severity=severity, opened=opened, still_open=still_open)
        for severity, opened, still_open in rows
    ]
    order = ["critical", "high", "medium", "low", "informational"]
    return sorted(counted, key=lambda each: order.index(each.severity))


async def _silent(session: AsyncSession, tenant: Tenant, end: datetime) -> People:
    """Active members who did nothing for a while, those gone the longest first."""
    joined = (DirectoryRow.organization == MemberRow.organization) & (
        DirectoryRow.user_id == MemberRow.user_id
    )
    last_seen = func.coalesce(DirectoryRow.last_seen_at, NEVER)
    rows = (
        await session.execute(
            select(MemberRow.user_id, MemberRow.email, last_seen)
            .outerjoin(DirectoryRow, joined)
            .where(
                tenant.owns(MemberRow.organization),
                MemberRow.status == MemberStatus.ACTIVE,
                MemberRow.created_at < end - SILENT_AFTER,
                last_seen < end - SILENT_AFTER,
            )
            .order_by(last_seen, MemberRow.user_id)
        )
    ).all()
    named = [
        Person(user_id=user_id, email=email, at=None if at == NEVER else at)
        for user_id, email, at in rows[:MAX_NAMES]
    ]
    return People(count=len(rows), named=named)


async def _silent_rules(session: AsyncSession, tenant: Tenant, end: datetime) -> list[str]:
    """Titles of rules that are on and found nothing for a while."""
    spoke = await session.scalars(
        select(DetectionRow.rule_id)
        .where(
            tenant.owns(DetectionRow.organization),
            DetectionRow.opened_at >= end - RULE_SILENT_AFTER,
        )
        .distinct()
    )
    heard = set(spoke)
    rules = [watched.rule for watched in await enabled_rules(session, tenant)]
    return sorted(rule.title for rule in rules if rule.id not in heard)
