"""The one person who may still use a password where single sign-on is required."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.signin.tables import OidcProviderRow
from trailkeeper.errors import Conflict
from trailkeeper.principal import Tenant


async def check_not_break_glass(session: AsyncSession, tenant: Tenant, user_id: str) -> None:
    """Raises Conflict(BREAK_GLASS_USER): without this person, a provider that is down or set
    up wrongly would lock everybody out.
    """
    found = await session.scalar(
        select(OidcProviderRow.break_glass_user).where(
            tenant.owns(OidcProviderRow.organization), OidcProviderRow.is_required
        )
    )
    if found == user_id:
        raise Conflict(
            "BREAK_GLASS_USER",
            "This is who gets in where single sign-on fails.",
            hint="Name somebody else in the settings of single sign-on first.",
        )
