"""The event: what was done, by whom, to what.

Three shapes, one per stage of the journey:

- `NewEvent`: what a sender posts. Only `action` and `resource_type` are required.
- `StoredEvent`: one row of the events table, in the table's column order, so that the
  same struct writes `JSONCompactEachRow` to the engine and reads it back.
- `Event`: what the API hands out. Absent values are `null`, `details` is the stored JSON,
  byte for byte.

None of them can be part of a cycle, so the garbage collector need not visit them (`gc=False`):
at full rate it would spend more time on them than capture does.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NewType

import msgspec

OrganizationId = NewType("OrganizationId", str)
EventId = NewType("EventId", str)
NodeId = NewType("NodeId", int)
NodeSeq = NewType("NodeSeq", int)

MAX_DETAILS_BYTES: Final = 64 * 1024
MAX_EVENT_BYTES: Final = 256 * 1024
MAX_BATCH_EVENTS: Final = 10_000
MAX_BATCH_BYTES: Final = 32 * 1024 * 1024
MAX_TEXT_LENGTH: Final = 1024
MAX_DETAILS_DEPTH: Final = 32
MAX_FUTURE: Final = timedelta(hours=24)
"""How far an event may lie ahead of its receipt. Capture holds to it, and search relies on it
to leave out weeks of receipt: with two values of it, events would be passed over."""


class Status(StrEnum):
    """How the action ended."""

    SUCCESS = "SUCCESS"
    FAILED = "FAILED"


class Source(StrEnum):
    """Through which door the action came."""

    UI = "UI"
    API = "API"
    CLI = "CLI"
    SDK = "SDK"
    SYSTEM = "SYSTEM"


class NewEvent(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, gc=False):
    """An event as a sender posts it."""

    action: str
    resource_type: str
    id: str | None = None
    resource_id: str | None = None
    resource_name: str | None = None
    user_id: str | None = None
    user_email: str | None = None
    on_behalf_of: str | None = None
    timestamp: datetime | None = None
    ip_address: str | None = None
    user_agent: str | None = None
    status: str | None = None
    source: str | None = None
    details: dict[str, Any] | None = None


class StoredEvent(msgspec.Struct, array_like=True, kw_only=True, gc=False):
    """One row of the events table; field order is column order.

    Text that is absent is the empty string. `ip_address` is in IPv6 notation (IPv4 as
    `::ffff:a.b.c.d`, absent as `::`), `details` is compact JSON text, `local_weekday` is
    1 (Monday) to 7, as in ISO 8601.
    """

    organization: str
    timestamp: datetime
    id: str
    action: str
    resource_type: str
    resource_id: str = ""
    resource_name: str = ""
    user_id: str = ""
    user_email: str = ""
    on_behalf_of: str = ""
    ip_address: str = "::"
    user_agent: str = ""
    status: str = Status.SUCCESS
    source: str = Source.API
    details: str = "{}"
    redacted: list[str] = []
    received_at: datetime
    node: int = 0
    node_seq: int = 0
    country: str = ""
    city: str = ""
    latitude: float | None = None
    longitude: float | None = None
    browser: str = ""
    os: str = ""
    device: str = ""
    local_hour: int = 0
    local_weekday: int = 1


EVENT_COLUMNS: Final = StoredEvent.__struct_fields__


class Enrichment(msgspec.Struct, kw_only=True, gc=False):
    """What Trailkeeper worked out from the event: never sent in, always derived."""

    country: str | None
    city: str | None
    latitude: float | None
    longitude: float | None
    local_hour: int
    local_weekday: int
    browser: str | None
    os: str | None
    device: str | None


class Event(msgspec.Struct, kw_only=True, gc=False):
    """An event as the API hands it out."""

    id: str
    action: str
    resource_type: str
    resource_id: str | None
    resource_name: str | None
    user_id: str | None
    user_email: str | None
    on_behalf_of: str | None
    timestamp: datetime
    ip_address: str | None
    user_agent: str | None
    status: str
    source: str
    details: msgspec.Raw
    redacted: list[str]
    organization: str
    received_at: datetime
    node: int
    node_seq: int
    enrich: Enrichment


IPV4_MAPPED_PREFIX: Final = "::ffff:"
NO_ADDRESS: Final = "::"


def displayed_address(stored: str) -> str | None:
    """The address as people write it: IPv4 without the IPv6 prefix, None where absent."""
    if stored == NO_ADDRESS:
        return None
    return stored.removeprefix(IPV4_MAPPED_PREFIX) if "." in stored else stored


def to_event(row: StoredEvent) -> Event:
    """The API's shape of a stored row."""
    return Event(
        id=row.id,
        action=row.action,
        resource_type=row.resource_type,
        resource_id=row.resource_id or None,
        resource_name=row.resource_name or None,
        user_id=row.user_id or None,
        user_email=row.user_email or None,
        on_behalf_of=row.on_behalf_of or None,
        timestamp=row.timestamp,
        ip_address=displayed_address(row.ip_address),
        user_agent=row.user_agent or None,
        status=row.status,
        source=row.source,
        details=msgspec.Raw(row.details.encode()),
        redacted=row.redacted,
        organization=row.organization,
        received_at=row.received_at,
        node=row.node,
        node_seq=row.node_seq,
        enrich=Enrichment(
            country=row.country or None,
            city=row.city or None,
            latitude=row.latitude,
            longitude=row.longitude,
            local_hour=row.local_hour,
            local_weekday=row.local_weekday,
            browser=row.browser or None,
            os=row.os or None,
            device=row.device or None,
        ),
    )
