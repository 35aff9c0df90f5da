"""An organization's rules: the built-in ones with what was changed of them, and its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.trail import Changes, Requester, record
from trailkeeper.detect.rule import Level, RuleId
from trailkeeper.detect.tables import RuleRow, RuleSetRow
from trailkeeper.detect.watched import WatchedRule, built_in_watched, check_text, read_text
from trailkeeper.errors import Conflict, NotFound, Unprocessable
from trailkeeper.principal import Tenant
from trailkeeper.store.base import by_id, insert_into

MAX_OWN_RULES: Final = 200
RULE: Final = "RULE"


@dataclass(frozen=True, slots=True)
class StoredRule:
    """A rule and who changed it when; nobody yet for a built-in rule as shipped."""

    watched: WatchedRule
    created_by: str | None = None
    updated_by: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


async def list_rules(session: AsyncSession, tenant: Tenant) -> list[StoredRule]:
    """The built-in rules, then the organization's own, each by title.

    An own rule that an older version took and this one cannot read is left out.
    """
    rows = await session.scalars(select(RuleRow).where(tenant.owns(RuleRow.organization)))
    stored = {RuleId(row.id): row for row in rows}
    found = [_built_in(watched, stored.get(id)) for id, watched in built_in_watched().items()]
    own = [_own(row) for row in stored.values() if not row.is_built_in]
    found += [each for each in own if each is not None]
    return sorted(
        found, key=lambda each: (not each.watched.is_built_in, each.watched.rule.title.lower())
    )


async def get_rule(session: AsyncSession, tenant: Tenant, rule_id: str) -> StoredRule:
    """Raises NotFound(RULE_NOT_FOUND)."""
    row = await _row(session, tenant, rule_id)
    built_in = built_in_watched().get(RuleId(rule_id))
    if built_in is not None:
        return _built_in(built_in, row)
    found = _own(row) if row is not None else None
    if found is None:
        raise NotFound("RULE_NOT_FOUND", f"There is no rule {rule_id[:64]}.")
    return found


async def add_rule(
    session: AsyncSession,
    tenant: Tenant,
    requester: Requester,
    text: str,
    now: datetime,
    *,
    is_enabled: bool = True,
    severity: Level | None = None,
) -> StoredRule:
    """Keeps an own rule. Raises InvalidRules, Conflict(RULE_EXISTS),
    Unprocessable(TOO_MANY_RULES)."""
    watched = read_text(text)
    rule = watched.rule
    if rule.id in built_in_watched() or await _row(session, tenant, rule.id) is not None:
        raise Conflict(
            "RULE_EXISTS",
            f"There is a rule {rule.id} already.",
            hint="Give it another id; without `id` it is made from the name or the title.",
        )
    count = await session.scalar(
        select(func.count())
        .select_from(RuleRow)
        .where(tenant.owns(RuleRow.organization), RuleRow.is_built_in.is_(False))
    )
    if (count or 0) >= MAX_OWN_RULES:
        raise Unprocessable("TOO_MANY_RULES", f"There may be {MAX_OWN_RULES} own rules.")
    row = _new_row(tenant, watched, text, requester, now)
    row.is_enabled, row.severity = is_enabled, severity
    session.add(row)
    await _changed(session, tenant)
    await _record(session, tenant, requester, "CREATE", row, now)
    return await get_rule(session, tenant, rule.id)


async def replace_rule(
    session: AsyncSession,
    tenant: Tenant,
    requester: Requester,
    rule_id: str,
    text: str,
    now: datetime,
) -> StoredRule:
    """Replaces the text of an own rule, whose id stays.

    Raises NotFound(RULE_NOT_FOUND), InvalidRules, Conflict (RULE_BUILT_IN, RULE_ID_DIFFERS).
    """
    before = await get_rule(session, tenant, rule_id)
    _check_own(before)
    watched = read_text(text)
    if watched.rule.id != before.watched.rule.id:
        raise Conflict(
            "RULE_ID_DIFFERS",
            f"The text is of a rule {watched.rule.id}.",
            hint=f"Write `id: {rule_id}` into it.",
        )
    row = await _existing(session, tenant, rule_id)
    changes = {"version": (row.version, str(watched.rule.version))}
    row.text, row.title, row.version = text, watched.rule.title, watched.rule.version
    row.updated_at, row.updated_by = now, requester.user_id
    await _changed(session, tenant)
    await _record(session, tenant, requester, "UPDATE", row, now, changes)
    return await get_rule(session, tenant, rule_id)


async def change_rule(
    session: AsyncSession,
    tenant: Tenant,
    requester: Requester,
    rule_id: str,
    now: datetime,
    *,
    is_enabled: bool,
    severity: Level | None,
) -> StoredRule:
    """Turns a rule on or off, or overrides its severity. Raises NotFound(RULE_NOT_FOUND)."""
    before = (await get_rule(session, tenant, rule_id)).watched
    changes: Changes = {
        "enabled": (before.is_enabled, is_enabled),
        "severity": (str(before.severity), str(severity or before.rule.level)),
    }
    row = await _row(session, tenant, rule_id)
    if row is None:
        row = _new_row(tenant, before, "", requester, now)
        session.add(row)
    row.is_enabled, row.severity = is_enabled, severity
    row.updated_at, row.updated_by = now, requester.user_id
    await _changed(session, tenant)
    await _record(session, tenant, requester, "UPDATE", row, now, changes)
    return await get_rule(session, tenant, rule_id)


async def delete_rule(
    session: AsyncSession, tenant: Tenant, requester: Requester, rule_id: str, now: datetime
) -> None:
    """Deletes an own rule; what it found stays. Raises NotFound(RULE_NOT_FOUND),
    Conflict(RULE_BUILT_IN)."""
    _check_own(await get_rule(session, tenant, rule_id))
    row = await _existing(session, tenant, rule_id)
    await session.execute(
        delete(RuleRow).where(tenant.owns(RuleRow.organization), RuleRow.id == rule_id)
    )
    await _changed(session, tenant)
    await _record(session, tenant, requester, "DELETE", row, now)


async def touch_rules(session: AsyncSession, tenant: Tenant) -> None:
    """Says that something changed that the follower has to know."""
    await _changed(session, tenant)


async def enabled_rules(session: AsyncSession, tenant: Tenant) -> list[WatchedRule]:
    """What is watched for the organization."""
    found: Sequence[StoredRule] = await list_rules(session, tenant)
    return [each.watched for each in found if each.watched.is_enabled]


async def revisions(session: AsyncSession) -> dict[str, int]:
    """By organization, how often its rules were changed."""
    rows = await session.execute(
        select(RuleSetRow.organization, RuleSetRow.revision)  # tenant-scope: the follower's view
    )
    found: dict[str, int] = {}
    for organization, revision in rows:
        found[organization] = revision
    return found


def _built_in(watched: WatchedRule, row: RuleRow | None) -> StoredRule:
    if row is None:
        return StoredRule(watched)
    changed = watched.with_changes(is_enabled=row.is_enabled, severity=_severity(row))
    return StoredRule(changed, row.created_by, row.updated_by, row.created_at, row.updated_at)


def _own(row: RuleRow) -> StoredRule | None:
    watched = check_text(row.text).watched
    if watched is None:
        return None
    changed = watched.with_changes(is_enabled=row.is_enabled, severity=_severity(row))
    return StoredRule(changed, row.created_by, row.updated_by, row.created_at, row.updated_at)


def _severity(row: RuleRow) -> Level | None:
    return Level(row.severity) if row.severity is not None else None


def _check_own(stored: StoredRule) -> None:
    if stored.watched.is_built_in:
        raise Conflict(
            "RULE_BUILT_IN",
            "This rule comes with the service.",
            hint="Turn it off, and keep a copy of its text under another id.",
        )


def _new_row(
    tenant: Tenant, watched: WatchedRule, text: str, requester: Requester, now: datetime
) -> RuleRow:
    return RuleRow(
        organization=tenant.organization,
        id=watched.rule.id,
        is_built_in=watched.is_built_in,
        text=text,
        title=watched.rule.title,
        version=watched.rule.version,
        is_enabled=watched.is_enabled,
        severity=watched.severity_override,
        created_by=requester.user_id,
        updated_by=requester.user_id,
        created_at=now,
        updated_at=now,
    )


async def _row(session: AsyncSession, tenant: Tenant, rule_id: str) -> RuleRow | None:
    rows = select(RuleRow).where(tenant.owns(RuleRow.organization))
    return await by_id(session, rows, RuleRow.id, rule_id)


async def _existing(session: AsyncSession, tenant: Tenant, rule_id: str) -> RuleRow:
    row = await _row(session, tenant, rule_id)
    if row is None:
        raise NotFound("RULE_NOT_FOUND", f"There is no rule {rule_id[:64]}.")
    return row


async def _changed(session: AsyncSession, tenant: Tenant) -> None:
    await session.flush()
    await session.execute(
        insert_into(session, RuleSetRow)
        .values(organization=tenant.organization, revision=1)
        .on_conflict_do_update(
            index_elements=[RuleSetRow.organization],
            set_={"revision": RuleSetRow.revision + 1},
        )
    )


async def _record(
    session: AsyncSession,
    tenant: Tenant,
    requester: Requester,
    action: str,
    row: RuleRow,
    now: datetime,
    changes: Changes | None = None,
) -> None:
    await record(
        session,
        tenant,
        requester,
        action,
        now=now,
        resource_type=RULE,
        resource_id=row.id,
        resource_name=row.title,
        details={"version": row.version},
        changes=changes,
    )
