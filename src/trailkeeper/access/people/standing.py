"""Keeping members out, letting them back in, and parting with them.

Whoever is disabled or deleted has no session left when the transaction is committed; the
caller then tells its own `Sessions` to forget the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.key_changes import revoke_key
from trailkeeper.access.keys import ApiKey, list_keys
from trailkeeper.access.people.editor import Editor
from trailkeeper.access.people.links import LinkPurpose, revoke_links
from trailkeeper.access.people.lock import lock_people
from trailkeeper.access.people.members import (
    Member,
    MemberStatus,
    check_may_change,
    check_may_give,
    check_not_last_super_admin,
    member_row,
    save_changes,
    to_member,
)
from trailkeeper.access.signin.sessions import end_sessions
from trailkeeper.errors import Conflict
from trailkeeper.principal import Permission, Tenant


@dataclass(frozen=True, slots=True)
class Departure:
    """A deleted member: how many sessions were ended, and the active keys they had made."""

    member: Member
    sessions_ended: int
    keys: tuple[ApiKey, ...]


async def disable_member(
    session: AsyncSession, tenant: Tenant, user_id: str, *, editor: Editor, now: datetime
) -> Member:
    """Keeps a member out until they are enabled; an invitation of theirs is revoked.

    Raises NotFound(USER_NOT_FOUND), Conflict (LAST_SUPER_ADMIN, USER_DELETED),
    Forbidden(PERMISSIONS_TOO_WIDE).
    """
    await lock_people(session, tenant)
    row = await member_row(session, tenant, user_id)
    before = to_member(row)
    _check_not_deleted(before)
    if before.status is MemberStatus.DISABLED:
        return before
    await check_may_change(session, tenant, before, editor)
    await check_not_last_super_admin(session, tenant, before)
    ended = await _shut_out(session, tenant, before, now)
    row.status = MemberStatus.DISABLED
    details = {"sessions_ended": ended}
    return await save_changes(session, tenant, row, before, editor=editor, now=now, details=details)


async def enable_member(
    session: AsyncSession, tenant: Tenant, user_id: str, *, editor: Editor, now: datetime
) -> Member:
    """Lets a disabled member back in: as `active` with an account, else as `observed`.

    Enabling someone gives them their role again, so nobody enables whose role is wider than
    their own. Raises NotFound(USER_NOT_FOUND), Conflict (USER_DELETED, NOT_A_MEMBER_YET for
    whom only an invitation makes active), Forbidden(PERMISSIONS_TOO_WIDE).
    """
    await lock_people(session, tenant)
    row = await member_row(session, tenant, user_id)
    before = to_member(row)
    _check_not_deleted(before)
    if before.status is MemberStatus.ACTIVE:
        return before
    if before.status is not MemberStatus.DISABLED:
        raise Conflict(
            "NOT_A_MEMBER_YET",
            f"This user is {before.status}: there is no account to enable.",
            hint="Invite them: POST /invitations/.",
        )
    if before.role is not None:
        await check_may_give(session, tenant, before.role, editor)
    row.status = MemberStatus.ACTIVE if before.person is not None else MemberStatus.OBSERVED
    return await save_changes(session, tenant, row, before, editor=editor, now=now)


async def delete_member(
    session: AsyncSession,
    tenant: Tenant,
    user_id: str,
    *,
    editor: Editor,
    now: datetime,
    revokes_keys: bool = False,
) -> Departure:
    """Parts with a member, who stays named in the trail and in the directory.

    Keys that they made go on working unless `revokes_keys`, which takes key:manage. A second
    time changes nothing, but revokes keys. Raises NotFound(USER_NOT_FOUND),
    Conflict(LAST_SUPER_ADMIN), Forbidden(PERMISSIONS_TOO_WIDE).
    """
    if revokes_keys:
        editor.check_covers([Permission.KEY_MANAGE], field="revoke_keys")
    await lock_people(session, tenant)
    row = await member_row(session, tenant, user_id)
    before = to_member(row)
    keys = await list_keys(session, tenant, created_by=user_id)
    active = [each for each in keys if each.is_active(now)]
    if revokes_keys:
        active = [await revoke_key(session, tenant, editor, key.id, now) for key in active]
    if before.status is MemberStatus.DELETED:
        return Departure(before, 0, tuple(active))
    await check_may_change(session, tenant, before, editor)
    await check_not_last_super_admin(session, tenant, before)
    ended = await _shut_out(session, tenant, before, now)
    row.status = MemberStatus.DELETED
    details: dict[str, Any] = {
        "name": before.name,
        "email": before.email,
        "role": before.role,
        "sessions_ended": ended,
        "keys": [key.id for key in active],
        "keys_revoked": revokes_keys,
    }
    member = await save_changes(
        session, tenant, row, before, editor=editor, now=now, action="DELETE", details=details
    )
    return Departure(member, ended, tuple(active))


async def _shut_out(session: AsyncSession, tenant: Tenant, member: Member, now: datetime) -> int:
    """Ends the member's sessions here and revokes an invitation; returns how many were ended."""
    await revoke_links(
        session,
        LinkPurpose.INVITATION,
        now=now,
        organization=tenant.organization,
        user_id=member.user_id,
    )
    if member.person is None:
        return 0
    ended = await end_sessions(session, member.person, organization=tenant.organization, now=now)
    return len(ended)


def _check_not_deleted(member: Member) -> None:
    if member.status is MemberStatus.DELETED:
        raise Conflict("USER_DELETED", "This user was deleted.", hint="Invite them anew.")
