"""What `setup-link` does on the server's own machine, straight on the metadata database."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from trailkeeper.access.organizations import Organization, get_organization, list_organizations
from trailkeeper.access.signin.setup import LINK_LIFETIME, has_super_admin
from trailkeeper.access.signin.setup import setup_link as issue
from trailkeeper.cli.exits import CommandFailed, usage_error
from trailkeeper.cli.local import Document, on_metadata
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant
from trailkeeper.settings import Settings


def new_setup_link(settings: Settings, organization_id: str | None) -> Document:
    """The link's document. Fails where a SUPER_ADMIN can sign in: they invite others."""

    async def work(session: AsyncSession) -> Document:
        organization = await _meant(session, organization_id)
        if await has_super_admin(session, system_tenant(organization.id)):
            raise CommandFailed(
                "SETUP_DONE",
                f"{organization.id} has a SUPER_ADMIN who can sign in",
                hint="Let them invite you, or reset their password by mail.",
            )
        now = datetime.now(UTC)
        return {
            "organization": organization.id,
            "link": await issue(session, settings.public_url, organization.id, now),
            "expires_at": (now + LINK_LIFETIME).isoformat(timespec="seconds"),
        }

    return on_metadata(settings, work)


async def _meant(session: AsyncSession, organization_id: str | None) -> Organization:
    """The one that was named, or the only one there is."""
    if organization_id is not None:
        return await get_organization(session, OrganizationId(organization_id))
    found = await list_organizations(session)
    if len(found) != 1:
        names = ", ".join(each.id for each in found) or "none yet"
        raise usage_error(
            "WHICH_ORGANIZATION",
            f"--org is needed: the organizations are {names}",
            "`trailkeeper org create NAME` adds one." if not found else None,
        )
    return found[0]
