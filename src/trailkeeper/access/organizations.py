"""Organizations: each is one log, one set of settings, one tenant."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.organization_settings import (
    Redaction,
    RetentionRule,
    WorkingHours,
    checked_name,
    checked_redaction,
    checked_retention_days,
    checked_retention_rules,
    checked_time_zone,
    checked_working_hours,
)
from trailkeeper.access.tables import OrganizationRow
from trailkeeper.errors import BadRequest, Conflict, NotFound
from trailkeeper.event import OrganizationId
from trailkeeper.store.base import insert_into

ID: Final = re.compile(r"[a-z0-9][a-z0-9_\-]{0,63}")
ID_RULE: Final = "1 to 64 characters: a-z, 0-9, - and _, the first a letter or digit"


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization and its settings. `redaction` has `Redaction`'s fields as keys."""

    id: OrganizationId
    name: str
    time_zone: str
    retention_days: int
    retention_rules: tuple[RetentionRule, ...]
    redaction: dict[str, list[str]]
    working_hours: WorkingHours
    second_factor_required_from: datetime | None
    created_at: datetime


class OrganizationChanges(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What to change; what is left out stays. Lists replace the whole list."""

    name: str | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET
    retention_days: int | UnsetType = UNSET
    retention_rules: list[RetentionRule] | UnsetType = UNSET
    redaction: Redaction | UnsetType = UNSET
    working_hours: WorkingHours | UnsetType = UNSET


async def create_organization(
    session: AsyncSession,
    name: str,
    *,
    retention_days: int,
    now: datetime,
    id: str | None = None,
    time_zone: str = "UTC",
) -> Organization:
    """Adds an organization; without `id`, one is made from the name.

    Raises BadRequest (INVALID_ORGANIZATION_ID, INVALID_NAME, INVALID_TIME_ZONE,
    INVALID_RETENTION) or Conflict(ORGANIZATION_EXISTS).
    """
    row = {
        "id": _checked_id(id) if id is not None else id_from_name(name),
        "name": checked_name(name),
        "time_zone": checked_time_zone(time_zone),
        "retention_days": checked_retention_days(retention_days, "retention_days"),
        "retention_rules": [],
        "redaction": msgspec.to_builtins(Redaction()),
        "working_hours": msgspec.to_builtins(WorkingHours()),
        "allow_list": [],
        "created_at": now,
    }
    added = await session.scalar(
        insert_into(session, OrganizationRow)
        .values(row)
        .on_conflict_do_nothing()
        .returning(OrganizationRow.id)
    )
    if added is None:
        raise Conflict(
            "ORGANIZATION_EXISTS",
            f"There is an organization {row['id']} already.",
            hint="Choose another id.",
            field="id",
        )
    return await get_organization(session, OrganizationId(added))


async def get_organization(session: AsyncSession, organization: OrganizationId) -> Organization:
    """Raises NotFound(ORGANIZATION_NOT_FOUND)."""
    return _to_organization(await _row(session, organization))


async def list_organizations(session: AsyncSession) -> list[Organization]:
    """All organizations, by id: for the operator and the service, never for a principal."""
    rows = await session.scalars(select(OrganizationRow).order_by(OrganizationRow.id))
    return [_to_organization(row) for row in rows]


async def update_organization(
    session: AsyncSession, organization: OrganizationId, changes: OrganizationChanges
) -> Organization:
    """Changes settings. Raises NotFound as above, BadRequest naming the field at fault."""
    row = await _row(session, organization)
    if changes.name is not UNSET:
        row.name = checked_name(changes.name)
    if changes.time_zone is not UNSET:
        row.time_zone = checked_time_zone(changes.time_zone)
    if changes.retention_days is not UNSET:
        row.retention_days = checked_retention_days(changes.retention_days, "retention_days")
    if changes.retention_rules is not UNSET:
        row.retention_rules = msgspec.to_builtins(checked_retention_rules(changes.retention_rules))
    if changes.redaction is not UNSET:
        row.redaction = msgspec.to_builtins(checked_redaction(changes.redaction))
    if changes.working_hours is not UNSET:
        row.working_hours = msgspec.to_builtins(checked_working_hours(changes.working_hours))
    await session.flush()
    return _to_organization(row)


def id_from_name(name: str) -> str:
    """`Acme, Inc.` becomes `acme-inc`; a name without any a-z or 0-9 gets a random id."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:64].strip("-")
    return slug or f"org-{secrets.token_hex(6)}"


def _checked_id(id: str) -> str:
    if not ID.fullmatch(id):
        raise BadRequest(
            "INVALID_ORGANIZATION_ID",
            f"{id!r} cannot be an organization's id.",
            hint=f"Use {ID_RULE}.",
            field="id",
        )
    return id


async def _row(session: AsyncSession, organization: OrganizationId) -> OrganizationRow:
    row: OrganizationRow | None = None
    # What cannot be an id is not looked up: PostgreSQL refuses a NUL in any text.
    if ID.fullmatch(organization):
        row = await session.scalar(
            select(OrganizationRow).where(OrganizationRow.id == organization)
        )
    if row is None:
        raise NotFound("ORGANIZATION_NOT_FOUND", f"There is no organization {organization}.")
    return row


def _to_organization(row: OrganizationRow) -> Organization:
    redaction: dict[str, Any] = row.redaction
    return Organization(
        id=OrganizationId(row.id),
        name=row.name,
        time_zone=row.time_zone,
        retention_days=row.retention_days,
        retention_rules=tuple(msgspec.convert(row.retention_rules, list[RetentionRule])),
        redaction={key: list(patterns) for key, patterns in redaction.items()},
        working_hours=msgspec.convert(row.working_hours, WorkingHours),
        second_factor_required_from=row.second_factor_required_from,
        created_at=row.created_at,
    )
