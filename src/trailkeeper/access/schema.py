"""The access room on the wire."""

from __future__ import annotations

from datetime import datetime

import msgspec

from trailkeeper.access.organization_settings import Redaction, RetentionRule, WorkingHours
from trailkeeper.access.organizations import Organization


class OrganizationView(msgspec.Struct, kw_only=True):
    """An organization's settings. Retention counts in days from receipt."""

    id: str
    name: str
    time_zone: str
    retention_days: int
    retention_rules: list[RetentionRule]
    redaction: Redaction
    working_hours: WorkingHours
    created_at: datetime


def to_organization_view(organization: Organization) -> OrganizationView:
    return OrganizationView(
        id=organization.id,
        name=organization.name,
        time_zone=organization.time_zone,
        retention_days=organization.retention_days,
        retention_rules=list(organization.retention_rules),
        redaction=msgspec.convert(organization.redaction, Redaction),
        working_hours=organization.working_hours,
        created_at=organization.created_at,
    )
