"""What capture needs to know of an organization, read from metadata at most every 5 s."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from trailkeeper.access.organizations import get_organization
from trailkeeper.capture.redact import RedactionRules, Redactor
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Tenant
from trailkeeper.store.metadata import Metadata

REFRESH_SECONDS: Final = 5.0


@dataclass(frozen=True)
class Profile:
    """An organization's time zone and redactor."""

    organization: OrganizationId
    zone: ZoneInfo
    redactor: Redactor


class Profiles:
    """Profiles by organization. A changed setting is seen within REFRESH_SECONDS."""

    def __init__(self, metadata: Metadata, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._metadata = metadata
        self._monotonic = monotonic
        self._known: dict[OrganizationId, tuple[float, Profile]] = {}

    async def of(self, tenant: Tenant) -> Profile:
        now = self._monotonic()
        cached = self._known.get(tenant.organization)
        if cached is not None and now - cached[0] < REFRESH_SECONDS:
            return cached[1]
        profile = await self._read(tenant, cached[1] if cached else None)
        self._known[tenant.organization] = (now, profile)
        return profile

    async def _read(self, tenant: Tenant, before: Profile | None) -> Profile:
        async with self._metadata.reading() as session:
            organization = await get_organization(session, tenant.organization)
            rules = RedactionRules.from_config(organization.redaction)
            zone = ZoneInfo(organization.time_zone)
        # Keeping an unchanged redactor keeps what it has learnt about keys.
        if before is not None and before.redactor.rules == rules and before.zone == zone:
            return before
        return Profile(tenant.organization, zone, Redactor(rules))
