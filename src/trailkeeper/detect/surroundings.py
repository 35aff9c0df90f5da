"""What rules about history know of an organization beside its events: hours, who has left."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.organizations import get_organization
from trailkeeper.access.people.members import MemberStatus
from trailkeeper.access.people.tables import MemberRow
from trailkeeper.access.tables import ApiKeyRow
from trailkeeper.detect.profile_looks import Departed, Surroundings
from trailkeeper.principal import Tenant

_GONE: Final = (MemberStatus.DISABLED, MemberStatus.DELETED)


async def read_surroundings(session: AsyncSession, tenant: Tenant) -> Surroundings:
    """Raises NotFound(ORGANIZATION_NOT_FOUND)."""
    organization = await get_organization(session, tenant.organization)
    return Surroundings(
        hours=organization.working_hours,
        zone=ZoneInfo(organization.time_zone),
        departed=await read_departed(session, tenant),
    )


async def read_departed(session: AsyncSession, tenant: Tenant) -> dict[str, Departed]:
    """Members who are kept out, and the keys that they made, by the id in events."""
    rows = await session.scalars(
        select(MemberRow).where(
            tenant.owns(MemberRow.organization), MemberRow.status.in_(map(str, _GONE))
        )
    )
    members = {
        row.user_id: Departed(row.updated_at, f"This person is {row.status}") for row in rows
    }
    if not members:
        return {}
    keys = await session.execute(
        select(ApiKeyRow.id, ApiKeyRow.created_by).where(
            tenant.owns(ApiKeyRow.organization), ApiKeyRow.created_by.in_(list(members))
        )
    )
    found = dict(members)
    for key_id, maker in keys:
        if maker is None:
            continue
        since = members[maker].since
        words = f"This key was made by {maker}, who is {_status(members[maker])}"
        found[f"api-key:{key_id}"] = Departed(since, words)
    return found


def _status(departed: Departed) -> str:
    return departed.words.rpartition(" ")[2]
