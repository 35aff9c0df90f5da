"""Members: the users of an organization that it knows by name, with a role and a status.

A member's `user_id` is the id that events name. Who signs in has an account too (`person`);
who was only told about by the platform has none. Disabling and deleting, which end sessions,
are in `standing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.directory import ShownMember, show_members
from trailkeeper.access.people.accounts import Person as Person
from trailkeeper.access.people.accounts import create_person as create_person
from trailkeeper.access.people.accounts import find_person as find_person
from trailkeeper.access.people.break_glass import check_not_break_glass
from trailkeeper.access.people.checks import checked_email, checked_person_name, checked_user_id
from trailkeeper.access.people.editor import Editor
from trailkeeper.access.people.links import LinkPurpose, revoke_links
from trailkeeper.access.people.lock import lock_people
from trailkeeper.access.people.roles import check_role_exists, permissions_of
from trailkeeper.access.people.tables import MemberRow
from trailkeeper.access.roles import BuiltInRole
from trailkeeper.access.trail import record
from trailkeeper.errors import Conflict, NotFound
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Tenant
from trailkeeper.store.base import by_id, insert_into


class MemberStatus(StrEnum):
    """`active` signs in. `invited` may accept. `observed` has no account: known from the
    platform or from events only. `disabled` and `deleted` are kept out and stay named.
    """

    ACTIVE = "active"
    INVITED = "invited"
    DISABLED = "disabled"
    DELETED = "deleted"
    OBSERVED = "observed"


ONLY_ACTIVE: Final = frozenset({MemberStatus.ACTIVE})


@dataclass(frozen=True, slots=True)
class Member:
    """One user of one organization. `email` is in lower case, '' where none is known.

    `person` is the account that signs in as this member. The role of a member who is not
    active is the one they would have.
    """

    organization: OrganizationId
    user_id: str
    person: str | None
    email: str
    name: str
    role: str | None
    status: MemberStatus
    created_at: datetime
    updated_at: datetime
    last_sign_in_at: datetime | None


async def get_member(session: AsyncSession, tenant: Tenant, user_id: str) -> Member:
    """Raises NotFound(USER_NOT_FOUND)."""
    return to_member(await member_row(session, tenant, user_id))


async def find_member(session: AsyncSession, tenant: Tenant, user_id: str) -> Member | None:
    row = await _find_row(session, tenant, user_id)
    return to_member(row) if row is not None else None


async def member_of_person(session: AsyncSession, tenant: Tenant, person_id: str) -> Member | None:
    """The member that a person is in an organization, whatever their status; None: they are not."""
    row = await session.scalar(
        select(MemberRow).where(tenant.owns(MemberRow.organization), MemberRow.person == person_id)
    )
    return to_member(row) if row is not None else None


async def members_with_email(session: AsyncSession, tenant: Tenant, email: str) -> list[Member]:
    """By `user_id`. Nothing keeps two from having the same e-mail: the platform knows better."""
    rows = await session.scalars(
        select(MemberRow)
        .where(tenant.owns(MemberRow.organization), MemberRow.email == checked_email(email))
        .order_by(MemberRow.user_id)
    )
    return [to_member(row) for row in rows]


async def memberships_of(
    session: AsyncSession,
    person_id: str,
    statuses: frozenset[MemberStatus] = ONLY_ACTIVE,
) -> list[Member]:
    """Where a person is a member, by organization: where they are active, unless told."""
    rows = await session.scalars(
        select(MemberRow)  # tenant-scope: finds out which organizations a person belongs to
        .where(MemberRow.person == person_id, MemberRow.status.in_(sorted(statuses)))
        .order_by(MemberRow.organization)
    )
    return [to_member(row) for row in rows]


async def add_member(
    session: AsyncSession,
    tenant: Tenant,
    *,
    user_id: str,
    editor: Editor,
    now: datetime,
    status: MemberStatus,
    name: str = "",
    email: str = "",
    role: str | None = None,
    person: str | None = None,
    action: str = "CREATE",
) -> Member:
    """Adds a member and records it under `action`.

    Raises BadRequest (INVALID_USER_ID, INVALID_NAME, INVALID_EMAIL, ROLE_UNKNOWN),
    Conflict(USER_EXISTS), or Forbidden(PERMISSIONS_TOO_WIDE) where the role could do more
    than the editor. `status` ACTIVE needs a `person`.
    """
    if (status is MemberStatus.ACTIVE) != (person is not None):
        raise ValueError("who is active has an account, and nobody else who is new has one")
    await lock_people(session, tenant)
    if role is not None:
        await check_may_give(session, tenant, role, editor)
    added = await session.scalar(
        insert_into(session, MemberRow)
        .values(
            organization=tenant.organization,
            user_id=checked_user_id(user_id),
            person=person,
            email=checked_email(email) if email else "",
            name=checked_person_name(name) if name else "",
            role=role,
            status=status,
            created_at=now,
            updated_at=now,
        )
        .on_conflict_do_nothing()
        .returning(MemberRow)
    )
    if added is None:
        raise Conflict("USER_EXISTS", "There is such a user already.", field="user_id")
    member = to_member(added)
    await show_members(session, [to_shown(member)])
    details = {"name": member.name, "email": member.email, "role": role, "status": str(status)}
    await record_member(session, tenant, editor, action, member, now=now, details=details)
    return member


async def update_member(
    session: AsyncSession,
    tenant: Tenant,
    user_id: str,
    *,
    editor: Editor,
    now: datetime,
    name: str | None = None,
    email: str | None = None,
) -> Member:
    """Changes what is given: the organization's own record of a user.

    The address that a person signs in with is their account's and stays as it is. Raises
    NotFound(USER_NOT_FOUND), BadRequest (INVALID_NAME, INVALID_EMAIL), or
    Forbidden(PERMISSIONS_TOO_WIDE) for someone who may do more than the editor.
    """
    await lock_people(session, tenant)
    row = await member_row(session, tenant, user_id)
    before = to_member(row)
    if name is not None:
        row.name = checked_person_name(name) if name else ""
    if email is not None:
        row.email = checked_email(email) if email else ""
    return await save_changes(session, tenant, row, before, editor=editor, now=now)


async def set_role(
    session: AsyncSession,
    tenant: Tenant,
    user_id: str,
    role: str,
    *,
    editor: Editor,
    now: datetime,
) -> Member:
    """Gives another role. Nobody grants more than they may do themself, nor changes someone
    who may do more. After the commit, sessions of the person are to be forgotten.

    Raises NotFound(USER_NOT_FOUND), BadRequest(ROLE_UNKNOWN), Conflict (LAST_SUPER_ADMIN,
    USER_DELETED), Forbidden(PERMISSIONS_TOO_WIDE).
    """
    await lock_people(session, tenant)
    row = await member_row(session, tenant, user_id)
    before = to_member(row)
    if before.status is MemberStatus.DELETED:
        raise Conflict("USER_DELETED", "This user was deleted.", hint="Invite them anew.")
    await check_may_give(session, tenant, role, editor)
    if role != before.role:
        await check_may_change(session, tenant, before, editor)
        await check_not_last_super_admin(session, tenant, before)
    row.role = role
    return await save_changes(session, tenant, row, before, editor=editor, now=now)


async def check_may_give(session: AsyncSession, tenant: Tenant, role: str, editor: Editor) -> None:
    """Raises BadRequest(ROLE_UNKNOWN) or Forbidden(PERMISSIONS_TOO_WIDE)."""
    await check_role_exists(session, tenant, role)
    editor.check_covers(await permissions_of(session, tenant, role), field="role")


async def check_may_change(
    session: AsyncSession, tenant: Tenant, member: Member, editor: Editor
) -> None:
    """Raises Forbidden(PERMISSIONS_TOO_WIDE) for a member who may do more than the editor.

    A role that nobody holds yet (observed, deleted) protects nobody.
    """
    if member.status not in (MemberStatus.OBSERVED, MemberStatus.DELETED):
        editor.check_covers(await permissions_of(session, tenant, member.role), field="role")


async def check_not_last_super_admin(session: AsyncSession, tenant: Tenant, member: Member) -> None:
    """Raises Conflict(LAST_SUPER_ADMIN) where without `member` no active one would be left, or
    Conflict(BREAK_GLASS_USER).

    MUST be called under `lock_people`.
    """
    if member.role != BuiltInRole.SUPER_ADMIN or member.status is not MemberStatus.ACTIVE:
        return
    await check_not_break_glass(session, tenant, member.user_id)
    others = await session.scalar(
        select(func.count())
        .select_from(MemberRow)
        .where(
            tenant.owns(MemberRow.organization),
            MemberRow.role == BuiltInRole.SUPER_ADMIN,
            MemberRow.status == MemberStatus.ACTIVE,
            MemberRow.user_id != member.user_id,
        )
    )
    if not others:
        raise Conflict(
            "LAST_SUPER_ADMIN",
            "This is the organization's last active SUPER_ADMIN.",
            hint="Make someone else SUPER_ADMIN first.",
        )


async def save_changes(
    session: AsyncSession,
    tenant: Tenant,
    row: MemberRow,
    before: Member,
    *,
    editor: Editor,
    now: datetime,
    action: str = "UPDATE",
    details: dict[str, Any] | None = None,
) -> Member:
    """Keeps and records what differs from `before`; where nothing does, nothing is done.

    MUST be called under `lock_people`. Raises Forbidden(PERMISSIONS_TOO_WIDE).
    """
    after = to_member(row)
    if after == before:
        return before
    await check_may_change(session, tenant, before, editor)
    await void_moved_invitation(session, tenant, before, after.email, now)
    row.updated_at = now
    await session.flush()
    member = to_member(row)
    await show_members(session, [to_shown(member)])
    changes = {
        field: (getattr(before, field), getattr(after, field))
        for field in ("name", "email", "role", "status")
    }
    await record_member(
        session, tenant, editor, action, member, now=now, details=details, changes=changes
    )
    return member


async def void_moved_invitation(
    session: AsyncSession, tenant: Tenant, before: Member, email: str, now: datetime
) -> None:
    """Where the e-mail of an invited member changes, whoever had the old one is not let in."""
    if before.status is MemberStatus.INVITED and before.email != email:
        await revoke_links(
            session,
            LinkPurpose.INVITATION,
            now=now,
            organization=tenant.organization,
            user_id=before.user_id,
        )


async def record_member(
    session: AsyncSession,
    tenant: Tenant,
    editor: Editor,
    action: str,
    member: Member,
    *,
    now: datetime,
    details: dict[str, Any] | None = None,
    changes: dict[str, tuple[Any, Any]] | None = None,
) -> None:
    """An event about a member, in the transaction of what it tells."""
    await record(
        session,
        tenant,
        editor.requester,
        action,
        now=now,
        resource_type="USER",
        resource_id=member.user_id,
        resource_name=member.name or member.email,
        details=details,
        changes=changes,
    )


async def member_row(session: AsyncSession, tenant: Tenant, user_id: str) -> MemberRow:
    """The row as it is now, also where the session has read it before."""
    row = await _find_row(session, tenant, user_id)
    if row is None:
        raise NotFound(
            "USER_NOT_FOUND",
            "There is no such user, or none that more than events know.",
            hint="PUT /users/{user_id} tells of one.",
        )
    return row


async def _find_row(session: AsyncSession, tenant: Tenant, user_id: str) -> MemberRow | None:
    rows = select(MemberRow).where(tenant.owns(MemberRow.organization))
    return await by_id(
        session, rows.execution_options(populate_existing=True), MemberRow.user_id, user_id
    )


def to_member(row: MemberRow) -> Member:
    return Member(
        organization=OrganizationId(row.organization),
        user_id=row.user_id,
        person=row.person,
        email=row.email,
        name=row.name,
        role=row.role,
        status=MemberStatus(row.status),
        created_at=row.created_at,
        updated_at=row.updated_at,
        last_sign_in_at=row.last_sign_in_at,
    )


def to_shown(member: Member) -> ShownMember:
    return ShownMember(
        organization=member.organization,
        user_id=member.user_id,
        name=member.name,
        email=member.email,
        role=member.role,
        status=member.status,
    )
