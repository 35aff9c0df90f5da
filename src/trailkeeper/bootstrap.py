"""First start: an organization and a key to begin with, so that one command suffices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from trailkeeper.access.keys import create_key
from trailkeeper.access.organizations import create_organization, list_organizations
from trailkeeper.demo.places import write_geo
from trailkeeper.principal import Permission, system_tenant
from trailkeeper.services import Services
from trailkeeper.settings import Settings

DEMO_NAME: Final = "Acme AI"
DEMO_ZONE: Final = "Europe/Berlin"
DEMO_KEY_LIFETIME: Final = timedelta(hours=2)


@dataclass(frozen=True)
class FirstKey:
    """The first organization's key, shown once."""

    organization: str
    token: str


async def ensure_first_organization(services: Services, *, demo: bool) -> FirstKey | None:
    """Makes the first organization and its key where there is none; None where there is."""
    async with services.metadata.transaction() as session:
        if await list_organizations(session):
            return None
        organization = await create_organization(
            session,
            DEMO_NAME if demo else "Default",
            retention_days=services.settings.retention_days,
            now=services.clock(),
            id="acme-ai" if demo else "default",
            time_zone=DEMO_ZONE if demo else "UTC",
        )
        issued = await create_key(
            session,
            services.keys.hasher,
            system_tenant(organization.id),
            "first key",
            list(Permission),
            now=services.clock(),
        )
    return FirstKey(organization.id, issued.token)


def with_demo_places(settings: Settings) -> Settings:
    """The demo's addresses are made up: without a database of one's own, one that knows them."""
    if settings.mmdb is not None:
        return settings
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = settings.data / "demo.mmdb"
    write_geo(path)
    return replace(settings, mmdb=path)


async def issue_demo_key(services: Services) -> str:
    """A short-lived key with which the demo loads its events through the public API."""
    async with services.metadata.transaction() as session:
        first = (await list_organizations(session))[0]
        issued = await create_key(
            session,
            services.keys.hasher,
            system_tenant(first.id),
            "demo loader",
            [Permission.EVENT_WRITE, Permission.USER_VIEW],
            now=services.clock(),
            expires_at=services.clock() + DEMO_KEY_LIFETIME,
        )
    return issued.token
