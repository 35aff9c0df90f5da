"""Roles of an organization: the built-in ones, and its own sets of permissions."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.people.editor import Editor
from trailkeeper.access.people.lock import lock_people
from trailkeeper.access.people.tables import MemberRow, RoleRow
from trailkeeper.access.roles import BUILT_IN_ROLES, ROLE_TITLES
from trailkeeper.access.trail import record
from trailkeeper.errors import BadRequest, Conflict, NotFound
from trailkeeper.principal import Permission, Tenant
from trailkeeper.store.base import insert_into

NAME: Final = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
MAX_DESCRIPTION: Final = 500
KNOWN: Final = frozenset(str(each) for each in Permission)
DELETED: Final = "deleted"


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions; `is_built_in` ones are everywhere and cannot be changed."""

    name: str
    description: str
    permissions: frozenset[Permission]
    is_built_in: bool


async def permissions_of(
    session: AsyncSession, tenant: Tenant, role_name: str | None
) -> frozenset[Permission]:
    """What a role holds, as listed (`manage` implies `view` beyond that).

    No role, and a role that is not there, hold nothing.
    """
    if role_name is None:
        return frozenset()
    built_in = BUILT_IN_ROLES.get(role_name)
    if built_in is not None:
        return built_in
    row = await _row(session, tenant, role_name)
    return _known(row.permissions) if row is not None else frozenset()


async def check_role_exists(session: AsyncSession, tenant: Tenant, role_name: str) -> None:
    """Raises BadRequest(ROLE_UNKNOWN), naming the field `role`."""
    if role_name in BUILT_IN_ROLES or await _row(session, tenant, role_name) is not None:
        return
    names = [role.name for role in await list_roles(session, tenant)]
    raise BadRequest(
        "ROLE_UNKNOWN", f"There is no role {role_name[:64]!r}.", field="role", expected=names
    )


async def list_roles(session: AsyncSession, tenant: Tenant) -> list[Role]:
    """The built-in roles, the widest first; then the organization's own, by name."""
    own = await session.scalars(
        select(RoleRow).where(tenant.owns(RoleRow.organization)).order_by(RoleRow.name)
    )
    built_in = [
        Role(name, ROLE_TITLES[name], permissions, is_built_in=True)
        for name, permissions in BUILT_IN_ROLES.items()
    ]
    return [*built_in, *(_to_role(row) for row in own)]


async def holders_of(session: AsyncSession, tenant: Tenant) -> dict[str, int]:
    """How many members hold each role, deleted ones left out."""
    rows = await session.execute(
        select(MemberRow.role, func.count())
        .where(
            tenant.owns(MemberRow.organization),
            MemberRow.role.is_not(None),
            MemberRow.status != DELETED,
        )
        .group_by(MemberRow.role)
    )
    return {str(role): count for role, count in rows}


async def create_role(
    session: AsyncSession,
    tenant: Tenant,
    name: str,
    permissions: Collection[Permission],
    *,
    editor: Editor,
    now: datetime,
    description: str = "",
) -> Role:
    """Adds an own role.

    Raises BadRequest (INVALID_ROLE_NAME, INVALID_DESCRIPTION), Conflict(ROLE_EXISTS), or
    Forbidden(PERMISSIONS_TOO_WIDE) where it could do more than its maker.
    """
    editor.check_covers(permissions)
    added = await session.scalar(
        insert_into(session, RoleRow)
        .values(
            organization=tenant.organization,
            name=_checked_name(name),
            description=_checked_description(description),
            permissions=sorted(set(permissions)),
            created_at=now,
            updated_at=now,
        )
        .on_conflict_do_nothing()
        .returning(RoleRow)
    )
    if added is None:
        raise Conflict("ROLE_EXISTS", f"There is a role {name} already.", field="name")
    role = _to_role(added)
    await record(
        session,
        tenant,
        editor.requester,
        "CREATE",
        now=now,
        resource_type="ROLE",
        resource_id=name,
        details={"permissions": sorted(role.permissions), "description": role.description},
    )
    return role


async def update_role(
    session: AsyncSession,
    tenant: Tenant,
    name: str,
    *,
    editor: Editor,
    now: datetime,
    permissions: Collection[Permission] | None = None,
    description: str | None = None,
) -> Role:
    """Changes what is given. Neither the role as it was nor as it becomes may be wider than
    what the editor may do. Raises as `create_role` does, and NotFound(ROLE_NOT_FOUND) or
    Conflict(ROLE_BUILT_IN).
    """
    await lock_people(session, tenant)
    row = await _own_row(session, tenant, name)
    before = _to_role(row)
    editor.check_covers(before.permissions | frozenset(permissions or ()))
    if permissions is not None:
        row.permissions = sorted(set(permissions))
    if description is not None:
        row.description = _checked_description(description)
    after = _to_role(row)
    if after == before:
        return before
    row.updated_at = now
    await session.flush()
    await record(
        session,
        tenant,
        editor.requester,
        "UPDATE",
        now=now,
        resource_type="ROLE",
        resource_id=name,
        changes={
            "description": (before.description, after.description),
            "permissions": (sorted(before.permissions), sorted(after.permissions)),
        },
    )
    return after


async def delete_role(
    session: AsyncSession, tenant: Tenant, name: str, *, editor: Editor, now: datetime
) -> None:
    """Removes an own role that nobody holds.

    Raises NotFound(ROLE_NOT_FOUND), Conflict (ROLE_BUILT_IN, ROLE_HELD) or
    Forbidden(PERMISSIONS_TOO_WIDE).
    """
    await lock_people(session, tenant)
    row = await _own_row(session, tenant, name)
    role = _to_role(row)
    editor.check_covers(role.permissions)
    holders = (await holders_of(session, tenant)).get(name, 0)
    if holders:
        raise Conflict(
            "ROLE_HELD",
            f"{holders} {'person holds' if holders == 1 else 'people hold'} the role {name}.",
            hint="Give them another role first: GET /users/?role=… lists them.",
        )
    await session.delete(row)
    await session.flush()
    await record(
        session,
        tenant,
        editor.requester,
        "DELETE",
        now=now,
        resource_type="ROLE",
        resource_id=name,
        details={"permissions": sorted(role.permissions)},
    )


async def _row(session: AsyncSession, tenant: Tenant, name: str) -> RoleRow | None:
    # What cannot be a role's name is not looked up: PostgreSQL refuses a NUL in any text.
    if not NAME.fullmatch(name):
        return None
    return await session.scalar(
        select(RoleRow).where(tenant.owns(RoleRow.organization), RoleRow.name == name)
    )


async def _own_row(session: AsyncSession, tenant: Tenant, name: str) -> RoleRow:
    if name in BUILT_IN_ROLES:
        raise Conflict("ROLE_BUILT_IN", f"The role {name} is built in and stays as it is.")
    row = await _row(session, tenant, name)
    if row is None:
        raise NotFound("ROLE_NOT_FOUND", "There is no such role.")
    return row


def _checked_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise BadRequest(
            "INVALID_ROLE_NAME",
            f"{name[:64]!r} cannot be a role's name.",
            hint="Use 1 to 64 characters: A-Z, 0-9 and _, the first a letter.",
            field="name",
        )
    if name in BUILT_IN_ROLES:
        raise Conflict("ROLE_EXISTS", f"There is a role {name} already.", field="name")
    return name


def _checked_description(description: str) -> str:
    description = description.strip()
    if len(description) > MAX_DESCRIPTION or not (description.isprintable() or not description):
        raise BadRequest(
            "INVALID_DESCRIPTION",
            f"A description has at most {MAX_DESCRIPTION} printable characters.",
            field="description",
        )
    return description


def _known(permissions: Collection[str]) -> frozenset[Permission]:
    """A permission that a newer version knew is left out."""
    return frozenset(Permission(each) for each in permissions if each in KNOWN)


def _to_role(row: RoleRow) -> Role:
    return Role(row.name, row.description, _known(row.permissions), is_built_in=False)
