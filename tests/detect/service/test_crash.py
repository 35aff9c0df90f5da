"""kill -9 while events are committed and detected: nothing lost, nothing told twice."""

from __future__ import annotations

import asyncio
import random
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import msgspec
from sqlalchemy import select

from tests.live import LiveServer
from tests.orgs import on_metadata
from trailkeeper.access.organizations import list_organizations
from trailkeeper.detect.detections import StoredDetection, to_stored
from trailkeeper.detect.tables import DetectionRow
from trailkeeper.principal import system_tenant
from trailkeeper.store.tables import JobRow

ADDRESSES = 40
PER_ADDRESS = 12
KILLS = 3
PATIENCE_SECONDS = 60


def story() -> list[dict[str, Any]]:
    """Bursts from many addresses, interleaved; each is one detection of twelve events."""
    start = datetime.now(UTC) - timedelta(minutes=5)
    events = [
        {
            "id": f"e-{address}-{attempt}",
            "timestamp": (start + timedelta(seconds=2 * attempt)).isoformat(),
            "action": "LOGIN_FAILED",
            "resource_type": "USER",
            "status": "FAILED",
            "user_email": f"person{address}@acme.example",
            "ip_address": f"203.0.113.{address}",
        }
        for attempt in range(PER_ADDRESS)
        for address in range(ADDRESSES)
    ]
    random.Random(7).shuffle(events)
    return events


def send(server: LiveServer, events: list[dict[str, Any]]) -> None:
    """One after the other, each until it is committed."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    for start in range(0, len(events), 10):
        body = msgspec.json.encode(events[start : start + 10])
        while True:
            assert time.monotonic() < deadline
            try:
                with server.client(timeout=5) as client:
                    answer = client.post(
                        "/audit-logs/batch",
                        content=body,
                        headers={"Content-Type": "application/json"},
                    )
                if answer.status_code == 200:
                    break
            except httpx2.HTTPError:
                pass
            time.sleep(0.02)


def kept(server: LiveServer) -> tuple[list[StoredDetection], list[dict[str, Any]]]:
    async def read(session: Any) -> tuple[list[StoredDetection], list[dict[str, Any]]]:
        [organization] = await list_organizations(session)
        tenant = system_tenant(organization.id)
        rows = await session.scalars(
            select(DetectionRow).where(tenant.owns(DetectionRow.organization))
        )
        jobs = await session.scalars(
            select(JobRow).where(tenant.owns(JobRow.organization), JobRow.kind == "alert")
        )
        return [to_stored(row) for row in rows], [job.payload for job in jobs]

    return on_metadata(server, read)


async def test_a_plug_that_is_pulled_again_and_again_changes_nothing(
    own_server: LiveServer,
) -> None:
    own_server.start()
    with ThreadPoolExecutor(1) as sender:
        sending = asyncio.get_running_loop().run_in_executor(sender, send, own_server, story())
        for _ in range(KILLS):
            await asyncio.sleep(0.4)
            own_server.kill()
            await asyncio.to_thread(own_server.start)
        await sending
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        detections, alerts = kept(own_server)
        by_address = [each for each in detections if each.grouped[0][0] == "ip_address"]
        if sum(each.count for each in by_address) == ADDRESSES * PER_ADDRESS:
            break
        assert time.monotonic() < deadline, [each.count for each in by_address]
        await asyncio.sleep(0.2)

    assert len(by_address) == ADDRESSES
    assert {each.grouped for each in by_address} == {
        (("ip_address", f"203.0.113.{address}"),) for address in range(ADDRESSES)
    }
    opened = [each["detection_id"] for each in alerts if each["what"] == "opened"]
    assert sorted(opened) == sorted(each.id for each in detections)
