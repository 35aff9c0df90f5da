"""What is expected, and so not told: by a person, a network, a resource, or a rule's group.

A detection is covered where all of its events are of what is named, within its time. It is kept
all the same, as resolved, and says which expectation covers it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.networks import network_set, parse_network, to_text
from trailkeeper.access.trail import Requester, record
from trailkeeper.detect.found import Found, group_text
from trailkeeper.detect.keys import shown_address
from trailkeeper.detect.stored_rules import get_rule, touch_rules
from trailkeeper.detect.tables import SuppressionRow
from trailkeeper.errors import BadRequest, NotFound
from trailkeeper.ids import new_event_id
from trailkeeper.principal import Tenant
from trailkeeper.store.base import by_id

SUPPRESSION: Final = "SUPPRESSION"
MAX_LENGTH: Final = timedelta(days=366)
GRACE: Final = timedelta(minutes=5)
MAX_VALUE: Final = 1024
MAX_REASON: Final = 1000


class Subject(StrEnum):
    """What is named. A `group` is that of a detection, as it is shown: `ip_address 192.0.2.1`."""

    PERSON = "person"
    NETWORK = "network"
    RESOURCE = "resource"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Suppression:
    """Not told from `starts_at` to `ends_at` (of event time), of one rule or of all."""

    id: str
    rule_id: str | None
    subject: Subject
    value: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    created_by: str
    created_at: datetime


class Evidence(msgspec.Struct, frozen=True, array_like=True):
    """What of an event may be expected."""

    id: str
    user_id: str
    user_email: str
    ip_address: str
    resource_id: str


async def list_suppressions(
    session: AsyncSession, tenant: Tenant, since: datetime | None = None
) -> list[Suppression]:
    """All of them, the last to end first; with `since` only those that end after that."""
    statement = select(SuppressionRow).where(tenant.owns(SuppressionRow.organization))
    if since is not None:
        statement = statement.where(SuppressionRow.ends_at > since)
    rows = await session.scalars(
        statement.order_by(SuppressionRow.ends_at.desc(), SuppressionRow.id)
    )
    return [_to_suppression(row) for row in rows]


async def add_suppression(
    session: AsyncSession,
    tenant: Tenant,
    requester: Requester,
    *,
    rule_id: str | None,
    subject: Subject,
    value: str,
    reason: str,
    ends_at: datetime,
    now: datetime,
) -> Suppression:
    """Says what is expected from now on. Raises NotFound(RULE_NOT_FOUND), BadRequest
    (INVALID_SUPPRESSION)."""
    if rule_id is not None:
        await get_rule(session, tenant, rule_id)
    elif subject is Subject.GROUP:
        raise _invalid("rule_id", "A group is one of a rule.", "Name the rule.")
    row = SuppressionRow(
        id=new_event_id(),
        organization=tenant.organization,
        rule_id=rule_id,
        subject=subject,
        value=_checked_value(subject, value),
        reason=_checked_reason(reason),
        # Clocks of senders are not exactly ours.
        starts_at=now - GRACE,
        ends_at=_checked_end(ends_at, now),
        created_by=requester.user_id,
        created_at=now,
    )
    session.add(row)
    await touch_rules(session, tenant)
    details = _details(row)
    await _record(session, tenant, requester, "CREATE", row.id, details, now)
    return _to_suppression(row)


async def remove_suppression(
    session: AsyncSession, tenant: Tenant, requester: Requester, id: str, now: datetime
) -> None:
    """What it named is told again from now on. Raises NotFound(SUPPRESSION_NOT_FOUND)."""
    rows = select(SuppressionRow).where(tenant.owns(SuppressionRow.organization))
    row = await by_id(session, rows, SuppressionRow.id, id)
    if row is None:
        raise NotFound("SUPPRESSION_NOT_FOUND", f"There is no suppression {id[:64]}.")
    await session.execute(
        delete(SuppressionRow).where(
            tenant.owns(SuppressionRow.organization), SuppressionRow.id == id
        )
    )
    await touch_rules(session, tenant)
    await _record(session, tenant, requester, "DELETE", row.id, _details(row), now)


def may_cover(suppressions: Iterable[Suppression], found: Found) -> list[Suppression]:
    """Those whose rule and time fit."""
    return [
        each
        for each in suppressions
        if each.rule_id in (None, found.watched.rule.id)
        and each.starts_at <= found.first_at
        and found.last_at <= each.ends_at
    ]


def covering(
    candidates: Sequence[Suppression], found: Found, evidence: Sequence[Evidence]
) -> str | None:
    """The id of one that covers the detection; `evidence` are the events known of it."""
    for each in candidates:
        if each.subject is Subject.GROUP:
            if each.value == group_text(found.grouped):
                return each.id
        elif evidence and all(_is_of(each, event) for event in evidence):
            return each.id
    return None


def _is_of(suppression: Suppression, event: Evidence) -> bool:
    value = suppression.value
    match suppression.subject:
        case Subject.PERSON:
            return value in (event.user_id, event.user_email) or (
                value.lower() == event.user_email.lower()
            )
        case Subject.NETWORK:
            return network_set((value,)).holds(shown_address(event.ip_address) or None)
        case Subject.RESOURCE:
            return value == event.resource_id
        case Subject.GROUP:
            return False


def _checked_value(subject: Subject, value: str) -> str:
    value = value.strip()
    if not value or len(value) > MAX_VALUE or not value.isprintable():
        raise _invalid("value", f"A value has 1 to {MAX_VALUE} printable characters.")
    if subject is not Subject.NETWORK:
        return value
    try:
        return to_text(parse_network(value))
    except ValueError as error:
        raise _invalid("value", f"{value[:64]!r} {error}.") from None


def _checked_reason(reason: str) -> str:
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON or "\0" in reason:
        raise _invalid("reason", f"A reason has 1 to {MAX_REASON} characters.")
    return reason


def _checked_end(ends_at: datetime, now: datetime) -> datetime:
    if not now < ends_at <= now + MAX_LENGTH:
        raise _invalid("ends_at", f"The end lies ahead, at most {MAX_LENGTH.days} days.")
    return ends_at


def _invalid(field: str, detail: str, hint: str | None = None) -> BadRequest:
    return BadRequest("INVALID_SUPPRESSION", detail, hint=hint, field=field)


def _details(row: SuppressionRow) -> dict[str, Any]:
    return {
        "rule_id": row.rule_id,
        "subject": str(row.subject),
        "value": row.value,
        "reason": row.reason,
        "ends_at": row.ends_at.isoformat(),
    }


async def _record(
    session: AsyncSession,
    tenant: Tenant,
    requester: Requester,
    action: str,
    id: str,
    details: dict[str, Any],
    now: datetime,
) -> None:
    await record(
        session,
        tenant,
        requester,
        action,
        now=now,
        resource_type=SUPPRESSION,
        resource_id=id,
        details=details,
    )


def _to_suppression(row: SuppressionRow) -> Suppression:
    return Suppression(
        row.id,
        row.rule_id,
        Subject(row.subject),
        row.value,
        row.reason,
        row.starts_at,
        row.ends_at,
        row.created_by,
        row.created_at,
    )
