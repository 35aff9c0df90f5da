"""Users as the platform knows them: created or replaced, one by one or thousands at once.

A user without an account here becomes `observed`: the role that the platform gives is only
what an invitation would propose. For whoever has an account (active, invited, disabled) it is
a change of role like any other, and as bounded. A role that is left out stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.directory import ShownMember, show_members
from trailkeeper.access.people.checks import checked_email, checked_person_name, checked_user_id
from trailkeeper.access.people.editor import Editor
from trailkeeper.access.people.lock import lock_people
from trailkeeper.access.people.members import (
    Member,
    MemberStatus,
    check_may_change,
    check_may_give,
    check_not_last_super_admin,
    to_member,
    to_shown,
    void_moved_invitation,
)
from trailkeeper.access.people.tables import MemberRow
from trailkeeper.access.trail import changed_fields, own_event
from trailkeeper.errors import TrailkeeperError
from trailkeeper.ids import new_event_id
from trailkeeper.principal import Tenant
from trailkeeper.store.outbox import OwnEvent, record_all_later

MAX_USERS: Final = 10_000
CHUNK_USERS: Final = 500


class UserData(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A user as the platform knows them. Replaces what was known; a role left out stays."""

    name: str
    email: str = ""
    role: str | None = None


class SyncUser(UserData, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One of many, under the id that events name."""

    user_id: str


class SyncStatus(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Synced:
    """What became of one user; a rejected one has the error, and nothing of it was kept."""

    status: SyncStatus
    user_id: str
    error: TrailkeeperError | None = None


async def sync_user(
    session: AsyncSession, tenant: Tenant, user: SyncUser, *, editor: Editor, now: datetime
) -> Synced:
    """Creates or replaces one user. Raises what `sync_users` would reject it for."""
    [synced] = await sync_users(session, tenant, [user], editor=editor, now=now)
    if synced.error is not None:
        raise synced.error
    return synced


async def sync_users(
    session: AsyncSession,
    tenant: Tenant,
    users: Sequence[SyncUser],
    *,
    editor: Editor,
    now: datetime,
) -> list[Synced]:
    """Creates or replaces users, each judged alone, in order. At most `CHUNK_USERS` at once.

    Rejected with BadRequest (INVALID_USER_ID, INVALID_NAME, INVALID_EMAIL, ROLE_UNKNOWN),
    Forbidden(PERMISSIONS_TOO_WIDE) or Conflict(LAST_SUPER_ADMIN).
    """
    await lock_people(session, tenant)
    work = _Sync(session, tenant, editor, now, await _known(session, tenant, users))
    results = [await work.apply(user) for user in users]
    await session.flush()
    await show_members(session, list(work.shown.values()))
    await record_all_later(session, work.events)
    return results


@dataclass
class _Sync:
    """One chunk under way: the rows it may touch, and what is to be shown and recorded of them.

    That is written at the end, all at once: row by row it would take ten times as long.
    """

    session: AsyncSession
    tenant: Tenant
    editor: Editor
    now: datetime
    rows: dict[str, MemberRow]

    def __post_init__(self) -> None:
        self.shown: dict[str, ShownMember] = {}
        self.events: list[OwnEvent] = []

    async def apply(self, user: SyncUser) -> Synced:
        try:
            status = await self._apply(user)
        except TrailkeeperError as error:
            return Synced(SyncStatus.REJECTED, user.user_id, error)
        return Synced(status, user.user_id)

    async def _apply(self, user: SyncUser) -> SyncStatus:
        user_id = checked_user_id(user.user_id)
        name = checked_person_name(user.name)
        email = checked_email(user.email) if user.email else ""
        row = self.rows.get(user_id)
        if row is None:
            return await self._create(user_id, name, email, user.role)
        before = to_member(row)
        is_revived = before.status is MemberStatus.DELETED
        wanted = {
            "name": name,
            "email": email,
            "role": user.role if user.role is not None else before.role,
            "status": MemberStatus.OBSERVED if is_revived else before.status,
        }
        changes = {field: (getattr(before, field), value) for field, value in wanted.items()}
        if all(old == new for old, new in changes.values()):
            return SyncStatus.UNCHANGED
        await self._check(before, user.role)
        await void_moved_invitation(self.session, self.tenant, before, email, self.now)
        for field, value in wanted.items():
            setattr(row, field, value)
        if is_revived:
            # Whoever was deleted gets in again by an invitation alone.
            row.person = None
        row.updated_at = self.now
        self._note("UPDATE", to_member(row), changed_fields(changes))
        return SyncStatus.UPDATED

    async def _check(self, before: Member, role: str | None) -> None:
        """Before anything is changed: what is refused leaves no trace in the row."""
        await check_may_change(self.session, self.tenant, before, self.editor)
        if role is not None and role != before.role:
            await check_may_give(self.session, self.tenant, role, self.editor)
            await check_not_last_super_admin(self.session, self.tenant, before)

    async def _create(self, user_id: str, name: str, email: str, role: str | None) -> SyncStatus:
        if role is not None:
            await check_may_give(self.session, self.tenant, role, self.editor)
        row = MemberRow(
            organization=self.tenant.organization,
            user_id=user_id,
            email=email,
            name=name,
            role=role,
            status=MemberStatus.OBSERVED,
            created_at=self.now,
            updated_at=self.now,
        )
        self.session.add(row)
        self.rows[user_id] = row
        details = {"name": name, "email": email, "role": role, "status": str(row.status)}
        self._note("CREATE", to_member(row), details)
        return SyncStatus.CREATED

    def _note(self, action: str, member: Member, details: dict[str, Any]) -> None:
        self.shown[member.user_id] = to_shown(member)
        event = own_event(
            self.editor.requester,
            action,
            resource_type="USER",
            resource_id=member.user_id,
            resource_name=member.name or member.email,
            details=details,
        )
        self.events.append(OwnEvent(self.tenant, new_event_id(), event, self.now))


async def _known(
    session: AsyncSession, tenant: Tenant, users: Sequence[SyncUser]
) -> dict[str, MemberRow]:
    ids = {user.user_id for user in users if "\0" not in user.user_id}
    rows = await session.scalars(
        select(MemberRow)
        .where(tenant.owns(MemberRow.organization), MemberRow.user_id.in_(ids))
        .execution_options(populate_existing=True)
    )
    return {row.user_id: row for row in rows}
