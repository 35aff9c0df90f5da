"""What the tests of the trail share: deliver what waits, and look at the log itself."""

from __future__ import annotations

from typing import Any

import msgspec

from tests.engine import Service
from trailkeeper.event import StoredEvent
from trailkeeper.search.question import ALL_COLUMNS
from trailkeeper.store.engine import Statement

Json = dict[str, Any]


async def own_events(service: Service, organization: str, *actions: str) -> list[Json]:
    """The organization's events with these actions (default: all), as the log has them.

    They are read from the store, since a read through the API would add one.
    """
    await service.services.recorder.flush(everything=True)
    await service.services.own_events.deliver_all()
    rows = await service.services.engine.rows(
        Statement(
            f"SELECT {ALL_COLUMNS} FROM events WHERE organization = {{tenant:String}}"
            " ORDER BY node, node_seq",
            {"tenant": organization},
        ),
        StoredEvent,
    )
    return [
        {**msgspec.structs.asdict(row), "details": msgspec.json.decode(row.details)}
        for row in rows
        if not actions or row.action in actions
    ]
