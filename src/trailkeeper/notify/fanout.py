"""From one alert to all who are to hear of it: deliveries, inboxes, escalations to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.organizations import get_organization
from trailkeeper.notify.alert import Alert, AlertKind, Severity
from trailkeeper.notify.channels.in_app import put_in_inboxes
from trailkeeper.notify.daily import fold_into_inboxes
from trailkeeper.notify.deliveries import keep_alert, make_due
from trailkeeper.notify.incidents import close_incidents
from trailkeeper.notify.people import Addressee, addressees, managing_roles
from trailkeeper.notify.plan import AlertPlan, Escalation
from trailkeeper.notify.schedule import Slot, next_daily, slot_for
from trailkeeper.notify.setting_changes import AlertSetting, list_settings
from trailkeeper.notify.tables import ChannelRow, EscalationRow
from trailkeeper.notify.targets import ChannelKind
from trailkeeper.principal import Tenant
from trailkeeper.store.base import insert_into

DEFAULT_SEVERITY: Final = Severity.MEDIUM
"""Without any alert setting, what is at least so bad is shown to those who could make one."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One alert being told, within one transaction; `time_zone` is the organization's."""

    session: AsyncSession
    tenant: Tenant
    alert_id: str
    alert: Alert
    now: datetime
    time_zone: str


@dataclass(frozen=True, slots=True)
class Means:
    """By what and to whom: of an alert setting, or of its escalation."""

    channels: Sequence[str]
    people: Sequence[str]
    roles: Sequence[str]


async def fan_out(session: AsyncSession, tenant: Tenant, alert: Alert, now: datetime) -> None:
    """Writes all that follows from an alert, in the caller's transaction.

    Raises NotFound(ORGANIZATION_NOT_FOUND).
    """
    if alert.what is AlertKind.CLOSED:
        await close_incidents(session, tenant, alert, now)
        return
    organization = await get_organization(session, tenant.organization)
    settings = await list_settings(session, tenant)
    alert_id = await keep_alert(session, tenant, alert, now)
    telling = Telling(session, tenant, alert_id, alert, now, organization.time_zone)
    if not settings:
        await _tell_managers(telling)
        return
    if alert.what is AlertKind.REOPENED:
        await _forget_escalations(telling)
    for setting in settings:
        if not setting.is_enabled or not setting.plan.means(alert):
            continue
        if alert.what is AlertKind.ESCALATION and setting.plan.escalation is not None:
            await escalate(telling, setting, setting.plan.escalation, settings)
            continue
        slot = slot_for(
            setting.plan,
            alert.severity,
            now,
            organization.time_zone,
            is_daily=alert.is_daily is True,
        )
        await tell(telling, setting.id, means_of(setting.plan), slot)
        if alert.what in (AlertKind.OPENED, AlertKind.REOPENED):
            await arm(telling, setting)


async def escalate(
    telling: Telling,
    setting: AlertSetting,
    escalation: Escalation,
    settings: Sequence[AlertSetting],
) -> None:
    """Tells at once, quiet or not, whom the escalation names; then the next one is armed."""
    at_once = Slot(telling.now, is_digest=False)
    means = Means(escalation.channels, escalation.people, escalation.roles)
    await tell(telling, setting.id, means, at_once)
    following = next((each for each in settings if each.id == escalation.setting), None)
    if following is not None and following.is_enabled:
        await tell(telling, following.id, means_of(following.plan), at_once)
        await arm(telling, following)


async def tell(telling: Telling, setting: str, means: Means, slot: Slot) -> None:
    """Inboxes are filled at once: they wake nobody."""
    session, tenant = telling.session, telling.tenant
    rows = await session.execute(
        select(ChannelRow.id, ChannelRow.kind, ChannelRow.shown).where(
            tenant.owns(ChannelRow.organization),
            ChannelRow.id.in_(means.channels),
            ChannelRow.is_enabled.is_(True),
        )
    )
    people = await addressees(session, tenant, means.people, means.roles)
    to: list[tuple[str, str]] = []
    has_inbox = False
    for channel, kind, shown in rows.all():
        if kind == ChannelKind.IN_APP:
            has_inbox = True
        elif kind == ChannelKind.EMAIL:
            mails = [*shown.get("to", ()), *(each.email for each in people if each.email)]
            to += [(channel, mail) for mail in mails]
        else:
            to.append((channel, ""))
    await make_due(session, tenant, telling.alert_id, setting, to, slot, telling.now)
    if has_inbox:
        await _fill_inboxes(telling, people)


async def arm(telling: Telling, setting: AlertSetting) -> None:
    """Once for a detection and a setting, so that settings that lead in a circle come to rest."""
    escalation = setting.plan.escalation
    if escalation is None:
        return
    await telling.session.execute(
        insert_into(telling.session, EscalationRow)
        .values(
            organization=telling.tenant.organization,
            detection_id=telling.alert.detection_id,
            setting=setting.id,
            alert=telling.alert_id,
            due_at=telling.now + timedelta(minutes=escalation.after_minutes),
        )
        .on_conflict_do_nothing()
    )


def means_of(plan: AlertPlan) -> Means:
    return Means(plan.channels, plan.people, plan.roles)


async def _tell_managers(telling: Telling) -> None:
    if telling.alert.severity.rank < DEFAULT_SEVERITY.rank:
        return
    roles = await managing_roles(telling.session, telling.tenant)
    await _fill_inboxes(telling, await addressees(telling.session, telling.tenant, [], roles))


async def _fill_inboxes(telling: Telling, people: Sequence[Addressee]) -> None:
    session, tenant, alert, now = telling.session, telling.tenant, telling.alert, telling.now
    user_ids = [each.user_id for each in people]
    if alert.is_daily is True and alert.what is not AlertKind.ESCALATION:
        day = next_daily(now, telling.time_zone)
        await fold_into_inboxes(session, tenant, alert, user_ids, day, now)
    else:
        await put_in_inboxes(session, tenant, telling.alert_id, alert, user_ids, now)


async def _forget_escalations(telling: Telling) -> None:
    """Who reopens a detection starts its clocks anew."""
    rows = await telling.session.scalars(
        select(EscalationRow).where(
            telling.tenant.owns(EscalationRow.organization),
            EscalationRow.detection_id == telling.alert.detection_id,
        )
    )
    for row in rows:
        await telling.session.delete(row)
    await telling.session.flush()
