"""The demo's story in an organization of its own, detected by the service's own follower."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from tests.engine import Service
from trailkeeper.detect.detections import StoredDetection, to_stored
from trailkeeper.detect.tables import DetectionRow
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant
from trailkeeper.store.tables import JobRow

BATCH = 5000


@dataclass(frozen=True)
class Story:
    """What was detected, and what would be told of it."""

    organization: str
    detections: list[StoredDetection]
    alerts: list[dict[str, Any]]

    def of(self, title: str) -> list[StoredDetection]:
        return [each for each in self.detections if each.rule_title == title]


async def send(service: Service, token: str, events: Iterable[dict[str, Any]]) -> int:
    """Sends events through capture, in order; returns how many were committed."""
    committed, batch = 0, []
    async with service.client(token) as client:
        for event in [*events, None]:
            if event is not None:
                batch.append(event)
            if batch and (event is None or len(batch) == BATCH):
                answer = await client.post(
                    "/audit-logs/batch",
                    content=msgspec.json.encode(batch),
                    headers={"Content-Type": "application/json"},
                )
                assert answer.status_code == 200, answer.text
                assert answer.json()["rejected"] == 0, answer.text[:500]
                committed += answer.json()["committed"]
                batch = []
    return committed


async def told(service: Service, organization: str) -> Story:
    """What is in the metadata by now."""
    tenant = system_tenant(OrganizationId(organization))
    async with service.services.metadata.reading() as session:
        rows = await session.scalars(
            select(DetectionRow)
            .where(tenant.owns(DetectionRow.organization))
            .order_by(DetectionRow.hot_at, DetectionRow.id)
        )
        detections = [to_stored(row) for row in rows]
        jobs = await session.scalars(
            select(JobRow)
            .where(tenant.owns(JobRow.organization), JobRow.kind == "alert")
            .order_by(JobRow.id)
        )
        alerts = [job.payload for job in jobs]
    return Story(organization, detections, alerts)


def between(start: datetime, moment: datetime, end: datetime) -> bool:
    return start <= moment <= end
