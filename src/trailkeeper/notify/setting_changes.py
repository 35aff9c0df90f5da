"""Alert settings: made, changed, listed, deleted; each change is on the record."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.organization_settings import checked_name
from trailkeeper.access.people.lock import lock_people
from trailkeeper.access.people.members import find_member
from trailkeeper.access.people.roles import check_role_exists
from trailkeeper.access.trail import Requester, record
from trailkeeper.errors import BadRequest, Conflict, NotFound
from trailkeeper.notify.plan import AlertPlan, check_quiet_hours
from trailkeeper.notify.tables import AlertSettingRow, ChannelRow
from trailkeeper.principal import Tenant
from trailkeeper.store.base import by_id

ALERT_SETTING: Final = "ALERT_SETTING"
ID_BYTES: Final = 8
MAX_SETTINGS: Final = 100


@dataclass(frozen=True, slots=True)
class AlertSetting:
    """Which alerts reach whom. One that is not `is_enabled` means no alert."""

    id: str
    name: str
    is_enabled: bool
    plan: AlertPlan
    created_at: datetime
    updated_at: datetime


async def list_settings(session: AsyncSession, tenant: Tenant) -> list[AlertSetting]:
    """All of the organization, the oldest first."""
    rows = await session.scalars(
        select(AlertSettingRow)
        .where(tenant.owns(AlertSettingRow.organization))
        .order_by(AlertSettingRow.created_at, AlertSettingRow.id)
    )
    return [_to_setting(row) for row in rows]


async def get_setting(session: AsyncSession, tenant: Tenant, setting_id: str) -> AlertSetting:
    """Raises NotFound(ALERT_SETTING_NOT_FOUND)."""
    return _to_setting(await _row(session, tenant, setting_id))


async def create_setting(
    session: AsyncSession,
    tenant: Tenant,
    requester: Requester,
    name: str,
    plan: AlertPlan,
    *,
    is_enabled: bool,
    now: datetime,
) -> AlertSetting:
    """Raises BadRequest (INVALID_NAME, INVALID_QUIET_HOURS, CHANNEL_UNKNOWN, USER_UNKNOWN,
    ROLE_UNKNOWN, ALERT_SETTING_UNKNOWN), Conflict(TOO_MANY_ALERT_SETTINGS).
    """
    await lock_people(session, tenant)
    if len(await list_settings(session, tenant)) >= MAX_SETTINGS:
        raise Conflict(
            "TOO_MANY_ALERT_SETTINGS", f"An organization has at most {MAX_SETTINGS} of them."
        )
    row = AlertSettingRow(
        id=secrets.token_hex(ID_BYTES),
        organization=tenant.organization,
        name=checked_name(name),
        is_enabled=is_enabled,
        plan=await _checked_plan(session, tenant, plan),
        created_at=now,
        updated_at=now,
    )
    session.add(row)
    await session.flush()
    await record(
        session,
        tenant,
        requester,
        "CREATE",
        now=now,
        resource_type=ALERT_SETTING,
        resource_id=row.id,
        resource_name=row.name,
        details={"is_enabled": is_enabled, "plan": row.plan},
    )
    return _to_setting(row)


async def change_setting(
    session: AsyncSession,
    tenant: Tenant,
    requester: Requester,
    setting_id: str,
    *,
    now: datetime,
    name: str | UnsetType = UNSET,
    is_enabled: bool | UnsetType = UNSET,
    plan: AlertPlan | UnsetType = UNSET,
) -> AlertSetting:
    """Changes what is given; `plan` as a whole. Raises NotFound and BadRequest as above."""
    await lock_people(session, tenant)
    row = await _row(session, tenant, setting_id)
    before = (row.name, row.is_enabled, row.plan)
    if name is not UNSET:
        row.name = checked_name(name)
    if is_enabled is not UNSET:
        row.is_enabled = is_enabled
    if plan is not UNSET:
        row.plan = await _checked_plan(session, tenant, plan, own_id=row.id)
    after = (row.name, row.is_enabled, row.plan)
    if after == before:
        return _to_setting(row)
    row.updated_at = now
    await session.flush()
    await record(
        session,
        tenant,
        requester,
        "UPDATE",
        now=now,
        resource_type=ALERT_SETTING,
        resource_id=row.id,
        resource_name=row.name,
        changes={
            "name": (before[0], after[0]),
            "is_enabled": (before[1], after[1]),
            "plan": (before[2], after[2]),
        },
    )
    return _to_setting(row)


async def delete_setting(
    session: AsyncSession, tenant: Tenant, requester: Requester, setting_id: str, now: datetime
) -> None:
    """What it made due is still sent. Raises NotFound(ALERT_SETTING_NOT_FOUND),
    Conflict(ALERT_SETTING_IN_USE) where another escalates to it.
    """
    await lock_people(session, tenant)
    row = await _row(session, tenant, setting_id)
    users = [
        each.name
        for each in await list_settings(session, tenant)
        if each.plan.escalation is not None and each.plan.escalation.setting == setting_id
    ]
    if users:
        raise Conflict("ALERT_SETTING_IN_USE", f"Others escalate to it: {', '.join(users[:10])}.")
    await session.delete(row)
    await session.flush()
    await record(
        session,
        tenant,
        requester,
        "DELETE",
        now=now,
        resource_type=ALERT_SETTING,
        resource_id=row.id,
        resource_name=row.name,
        details={"plan": row.plan},
    )


async def _checked_plan(
    session: AsyncSession, tenant: Tenant, plan: AlertPlan, own_id: str = ""
) -> dict[str, Any]:
    if plan.quiet_hours is not None:
        check_quiet_hours(plan.quiet_hours)
    if plan.rule_id is not None and (not plan.rule_id or len(plan.rule_id) > 200):
        raise BadRequest("INVALID_RULE_ID", "A rule's id has 1 to 200 characters.", field="rule_id")
    await _check_channels(session, tenant, plan.channels, "plan.channels")
    await _check_people(session, tenant, plan.people, "plan.people")
    for role in plan.roles:
        await check_role_exists(session, tenant, role)
    escalation = plan.escalation
    if escalation is not None:
        await _check_channels(session, tenant, escalation.channels, "plan.escalation.channels")
        await _check_people(session, tenant, escalation.people, "plan.escalation.people")
        for role in escalation.roles:
            await check_role_exists(session, tenant, role)
        await _check_next(session, tenant, escalation.setting, own_id)
    kept: dict[str, Any] = msgspec.to_builtins(plan)
    return kept


async def _check_channels(
    session: AsyncSession, tenant: Tenant, channels: Collection[str], field: str
) -> None:
    known = await session.scalars(
        select(ChannelRow.id).where(
            tenant.owns(ChannelRow.organization),
            ChannelRow.id.in_([each.replace("\0", "") for each in channels]),
        )
    )
    unknown = sorted(set(channels) - set(known))
    if unknown:
        raise BadRequest(
            "CHANNEL_UNKNOWN", f"There is no channel {unknown[0][:64]!r}.", field=field
        )


async def _check_people(
    session: AsyncSession, tenant: Tenant, people: Collection[str], field: str
) -> None:
    for user_id in people:
        if await find_member(session, tenant, user_id) is None:
            raise BadRequest("USER_UNKNOWN", f"There is no user {user_id[:64]!r}.", field=field)


async def _check_next(
    session: AsyncSession, tenant: Tenant, setting: str | None, own_id: str
) -> None:
    if setting is None:
        return
    known = {each.id for each in await list_settings(session, tenant)} - {own_id}
    if setting not in known:
        raise BadRequest(
            "ALERT_SETTING_UNKNOWN",
            "There is no other alert setting of this id to escalate to.",
            field="plan.escalation.setting",
        )


async def _row(session: AsyncSession, tenant: Tenant, setting_id: str) -> AlertSettingRow:
    rows = select(AlertSettingRow).where(tenant.owns(AlertSettingRow.organization))
    row = await by_id(session, rows, AlertSettingRow.id, setting_id)
    if row is None:
        raise NotFound("ALERT_SETTING_NOT_FOUND", "There is no such alert setting.")
    return row


def _to_setting(row: AlertSettingRow) -> AlertSetting:
    return AlertSetting(
        id=row.id,
        name=row.name,
        is_enabled=row.is_enabled,
        plan=msgspec.convert(row.plan, AlertPlan),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
