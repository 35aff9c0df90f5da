"""Changes of an organization's settings, each on the record with what it was and is."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.organizations import (
    Organization,
    OrganizationChanges,
    get_organization,
    update_organization,
)
from trailkeeper.access.trail import Requester, record
from trailkeeper.principal import Tenant

ORGANIZATION: Final = "ORGANIZATION"
SETTINGS: Final = OrganizationChanges.__struct_fields__


async def change_settings(
    session: AsyncSession,
    tenant: Tenant,
    requester: Requester,
    changes: OrganizationChanges,
    now: datetime,
) -> Organization:
    """Changes what is given, and records what differs. Raises as `update_organization` does."""
    before = await get_organization(session, tenant.organization)
    after = await update_organization(session, tenant.organization, changes)
    changed = {name: _pair(before, after, name) for name in SETTINGS}
    if any(old != new for old, new in changed.values()):
        await record(
            session,
            tenant,
            requester,
            "UPDATE",
            now=now,
            resource_type=ORGANIZATION,
            resource_id=tenant.organization,
            resource_name=after.name,
            changes=changed,
        )
    return after


def _pair(before: Organization, after: Organization, name: str) -> tuple[Any, Any]:
    old, new = getattr(before, name), getattr(after, name)
    return msgspec.to_builtins(old), msgspec.to_builtins(new)
