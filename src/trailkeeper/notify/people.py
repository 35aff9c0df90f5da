"""Whom an alert setting means: active members, by id and by role."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.people.members import MemberStatus
from trailkeeper.access.people.roles import list_roles
from trailkeeper.access.people.tables import MemberRow
from trailkeeper.principal import Permission, Tenant


@dataclass(frozen=True, slots=True)
class Addressee:
    """`email` is '' where none is known."""

    user_id: str
    email: str


async def addressees(
    session: AsyncSession, tenant: Tenant, people: Collection[str], roles: Collection[str]
) -> list[Addressee]:
    """Active members alone, each once, by id: who was let go hears nothing more."""
    if not people and not roles:
        return []
    rows = await session.execute(
        select(MemberRow.user_id, MemberRow.email)
        .where(
            tenant.owns(MemberRow.organization),
            MemberRow.status == MemberStatus.ACTIVE,
            or_(MemberRow.user_id.in_(people), MemberRow.role.in_(roles)),
        )
        .order_by(MemberRow.user_id)
    )
    return [Addressee(user_id, email) for user_id, email in rows]


async def managing_roles(session: AsyncSession, tenant: Tenant) -> list[str]:
    """Roles that may manage channels."""
    roles = await list_roles(session, tenant)
    return [each.name for each in roles if Permission.CHANNEL_MANAGE in each.permissions]
