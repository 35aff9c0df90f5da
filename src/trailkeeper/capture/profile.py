"""What capture needs to know of an organization, read from metadata at most every 5 s."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from trailkeeper.access.organizations import get_organization
from trailkeeper.capture.redact import RedactionRules, Redactor
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Tenant
from trailkeeper.store.metadata import Metadata

REFRESH_SECONDS: Final = 5.0
FILTER: Final = "filter"

OWN_REDACTOR: Final = Redactor()
"""The default rules, for the service's own events."""


@dataclass(frozen=True)
class Profile:
    """An organization's time zone and redactor."""

    organization: OrganizationId
    zone: ZoneInfo
    redactor: Redactor

    def redact_own(self, details: dict[str, Any] | None) -> tuple[str, list[str]]:
        """As `Redactor.redact`, for the service's own events.

        What the service says is under the default rules alone: an administrator's pattern must
        not blot out that administrator's doings. The filter of a search is what somebody typed,
        and is under the organization's rules like anything else that was sent in.
        """
        if not details or FILTER not in details:
            return OWN_REDACTOR.redact(details)
        typed, typed_removed = self.redactor.redact({FILTER: details[FILTER]})
        said, said_removed = OWN_REDACTOR.redact(
            {**details, FILTER: msgspec.json.decode(typed)[FILTER]}
        )
        return said, [*typed_removed, *said_removed]


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
