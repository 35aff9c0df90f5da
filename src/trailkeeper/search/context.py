"""Context: what the same user, address or resource did just before and after an event."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from trailkeeper.errors import NotFound
from trailkeeper.event import NO_ADDRESS, StoredEvent, displayed_address
from trailkeeper.principal import Tenant
from trailkeeper.search.cursor import TimeCursor
from trailkeeper.search.pages import Order, page_statement
from trailkeeper.search.params import TimeRange, parse_parameters
from trailkeeper.search.question import ALL_COLUMNS, Question
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement
from trailkeeper.store.schema import id_condition

ADDRESS_WINDOW: Final = timedelta(hours=24)
"""Addresses have no order of their own in the store, so their context is looked for nearby."""

MOMENT: Final = timedelta(microseconds=1)
"""A range leaves its end out; the last moment of the window is in it, as the first one is."""


@dataclass(frozen=True)
class Neighbours:
    """Events around another, nearest first in both directions."""

    before: list[StoredEvent]
    after: list[StoredEvent]


NOBODY: Final = Neighbours([], [])


@dataclass(frozen=True)
class Context:
    event: StoredEvent
    user: Neighbours
    ip_address: Neighbours
    resource: Neighbours

    @property
    def size(self) -> int:
        """How many events it shows, one that stands in two places twice."""
        around = (self.user, self.ip_address, self.resource)
        return 1 + sum(len(each.before) + len(each.after) for each in around)


async def read_event(engine: EventsEngine, tenant: Tenant, event_id: str) -> StoredEvent:
    """One event by its id. Raises NotFound(EVENT_NOT_FOUND)."""
    binder = Binder()
    binder.parameters.update(tenant.parameters())
    id_sql = binder.bind(event_id, "String")
    found = await engine.rows(
        Statement(
            f"SELECT {ALL_COLUMNS} FROM events WHERE {tenant.sql()} AND {id_condition(id_sql)}"
            " ORDER BY received_at LIMIT 1",
            binder.parameters,
        ),
        StoredEvent,
    )
    if not found:
        raise NotFound(
            "EVENT_NOT_FOUND",
            "There is no event with this id.",
            hint="It may have been let go by retention, or belong to another organization.",
        )
    return found[0]


async def read_context(engine: EventsEngine, tenant: Tenant, event_id: str, limit: int) -> Context:
    """An event and its neighbours: up to `limit` on each side, whatever the filter was."""
    event = await read_event(engine, tenant, event_id)
    user, address, resource = await asyncio.gather(
        _neighbours(engine, tenant, event, {"user_id": event.user_id}, limit),
        _neighbours(engine, tenant, event, {"ip_address": _address(event)}, limit, ADDRESS_WINDOW),
        _neighbours(
            engine,
            tenant,
            event,
            {"resource_type": event.resource_type, "resource_id": event.resource_id},
            limit,
        ),
    )
    return Context(event, user, address, resource)


def _address(event: StoredEvent) -> str:
    return "" if event.ip_address == NO_ADDRESS else displayed_address(event.ip_address) or ""


async def _neighbours(
    engine: EventsEngine,
    tenant: Tenant,
    event: StoredEvent,
    same: dict[str, str],
    limit: int,
    window: timedelta | None = None,
) -> Neighbours:
    if not all(same.values()):
        return NOBODY
    here = TimeCursor(b"", event.timestamp, event.id, None)
    span = (
        TimeRange(None, None)
        if window is None
        else TimeRange(event.timestamp - window, event.timestamp + window + MOMENT)
    )
    question = Question(tenant, parse_parameters(same.items()), span)
    before, after = await asyncio.gather(
        engine.rows(page_statement(question, Order.DESC, limit, 0, here), StoredEvent),
        engine.rows(page_statement(question, Order.ASC, limit, 0, here), StoredEvent),
    )
    return Neighbours(before, after)
