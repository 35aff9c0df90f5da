"""An export on the record: its start durably before the first byte, its end before the last.

An export whose end is not recorded was cut short, and its start tells who had begun it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from trailkeeper.access.recorder import Recorder
from trailkeeper.access.trail import Requester, record, requester_of
from trailkeeper.event import Status
from trailkeeper.principal import Tenant
from trailkeeper.search.ast import Filter
from trailkeeper.search.noted import about, search_details
from trailkeeper.search.request import ReadRequest
from trailkeeper.store.metadata import Metadata

EXPORT: Final = "EXPORT"


@dataclass(frozen=True)
class RecordedExport:
    """A started export; `started` is its start's event."""

    metadata: Metadata
    recorder: Recorder
    clock: Callable[[], datetime]
    tenant: Tenant
    requester: Requester
    resource_type: str
    resource_id: str
    started: str

    async def finish(self, rows: int) -> None:
        """Records that all `rows` were handed out. Raises Unavailable where it cannot."""
        async with self.metadata.transaction() as session:
            await record(
                session,
                self.tenant,
                self.requester,
                EXPORT,
                now=self.clock(),
                resource_type=self.resource_type,
                resource_id=self.resource_id,
                details={"phase": "finished", "started": self.started, "rows": rows},
            )

    def cut_short(self, rows: int) -> None:
        """Notes that no more than `rows` were handed out."""
        self.recorder.read(
            self.tenant,
            self.requester,
            EXPORT,
            resource_type=self.resource_type,
            resource_id=self.resource_id,
            details={"phase": "cut_short", "started": self.started, "rows": rows},
            status=Status.FAILED,
        )


async def record_start(
    request: ReadRequest, found: Filter, filters: Mapping[str, list[str]], format: str
) -> RecordedExport:
    """Records the start. Raises Unavailable where it cannot: no byte MUST be sent then."""
    state = request.app.state
    metadata: Metadata = state["metadata"]
    clock: Callable[[], datetime] = state["clock"]
    tenant = request.user.tenant
    requester = requester_of(request, request.user)
    resource_type, resource_id = about(found)
    details: dict[str, Any] = {
        "phase": "started",
        "format": format,
        **search_details(found, filters),
    }
    async with metadata.transaction() as session:
        started = await record(
            session,
            tenant,
            requester,
            EXPORT,
            now=clock(),
            resource_type=resource_type,
            resource_id=resource_id,
            details=details,
        )
    return RecordedExport(
        metadata,
        state["recorder"],
        clock,
        tenant,
        requester,
        resource_type,
        resource_id,
        started,
    )
