"""Who changes the people of an organization does so alone.

Rules about all of them together ("one SUPER_ADMIN is left", "nobody holds this role") can
only be kept where no two changes look before either has written.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.tables import OrganizationRow
from trailkeeper.principal import Tenant


async def lock_people(session: AsyncSession, tenant: Tenant) -> None:
    """Waits for other changes of this organization's people, until the transaction's end.

    MUST come before the rows that are judged are read: what is read afterwards is what the
    others have committed. On SQLite each transaction that writes is alone anyway. On
    PostgreSQL this is FOR NO KEY UPDATE, so that sign-ins and new keys, which refer to the
    organization, do not wait.
    """
    await session.execute(
        select(OrganizationRow.id)
        .where(OrganizationRow.id == tenant.organization)
        .with_for_update(key_share=True)
    )
