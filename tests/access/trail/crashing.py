"""A process that is killed with -9 between two steps of a delivery: `… FOLDER MOMENT`.

It records events of an organization and begins to deliver them; MOMENT says how far it gets.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any, Final

from tests.engine import MEMORY_BYTES, committing
from trailkeeper.access.organizations import create_organization
from trailkeeper.access.trail import Requester, record
from trailkeeper.capture import outbox
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant
from trailkeeper.services import Services, open_services, utc_now
from trailkeeper.settings import Settings

ORGANIZATION: Final = OrganizationId("acme")
EVENTS: Final = 25
MOMENTS: Final = ("before delivery", "after the claim", "before the mark")


def settings_of(folder: Path) -> Settings:
    return Settings(
        data=folder,
        events_dsn=f"chdb://{folder}/events",
        metadata_url=f"sqlite+aiosqlite:///{folder}/metadata.db",
        engine_memory_bytes=MEMORY_BYTES,
    )


async def begin(folder: Path, moment: str) -> None:
    async with open_services(settings_of(folder)) as services, committing(services.committer):
        await _make_changes(services)
        if moment == "before delivery":
            _die()
        if moment == "after the claim":
            vars(outbox)["_faults_of"] = _die
        if moment == "before the mark":
            vars(outbox)["complete_all"] = _die
        await services.own_events.deliver_all()


async def _make_changes(services: Services) -> None:
    tenant = system_tenant(ORGANIZATION)
    now = utc_now()
    async with services.metadata.transaction() as session:
        await create_organization(session, "acme", id=ORGANIZATION, retention_days=90, now=now)
        for number in range(EVENTS):
            await record(
                session,
                tenant,
                Requester("ann"),
                "UPDATE",
                now=now,
                resource_type="ROLE",
                resource_id=f"ROLE_{number}",
            )


def _die(*_: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(begin(Path(sys.argv[1]), sys.argv[2]))
