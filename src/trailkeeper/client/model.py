"""What the server answers, as structs.

Fields that a newer server adds are passed over; times are `datetime` in UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict

import msgspec


class EventFields(TypedDict, total=False):
    """The optional fields of an event, as `Client.record` takes them."""

    id: str | None
    resource_id: str | None
    resource_name: str | None
    user_id: str | None
    user_email: str | None
    on_behalf_of: str | None
    timestamp: datetime | str | None
    ip_address: str | None
    user_agent: str | None
    status: str | None
    source: str | None
    details: dict[str, Any] | None


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The server's promise: the event is durable. A duplicate gets its first receipt again."""

    id: str
    status: str
    received_at: datetime
    node: int
    node_seq: int

    @property
    def is_duplicate(self) -> bool:
        return self.status == "duplicate"


class BatchItem(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one event; `index` counts from 0 over the whole input."""

    index: int
    status: str
    id: str | None = None
    received_at: datetime | None = None
    node: int | None = None
    node_seq: int | None = None
    code: str | None = None
    field: str | None = None
    reason: str | None = None

    @property
    def is_rejected(self) -> bool:
        return self.status == "rejected"


class BatchResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a batch: counts, and one item per event in order."""

    committed: int = 0
    duplicate: int = 0
    rejected: int = 0
    results: list[BatchItem] = []

    @property
    def rejects(self) -> list[BatchItem]:
        return [item for item in self.results if item.is_rejected]

    def only_rejects(self) -> BatchResult:
        """The same counts without the items that went well: for inputs of any length."""
        return msgspec.structs.replace(self, results=self.rejects)

    def moved(self, first: int) -> BatchResult:
        """The same result with indexes that count from `first`."""
        moved = [msgspec.structs.replace(item, index=item.index + first) for item in self.results]
        return msgspec.structs.replace(self, results=moved)

    def plus(self, other: BatchResult) -> BatchResult:
        return BatchResult(
            committed=self.committed + other.committed,
            duplicate=self.duplicate + other.duplicate,
            rejected=self.rejected + other.rejected,
            results=self.results + other.results,
        )


class Derived(msgspec.Struct, frozen=True, kw_only=True):
    """What the server worked out from the event (`enrich`)."""

    country: str | None = None
    city: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    local_hour: int | None = None
    local_weekday: int | None = None
    browser: str | None = None
    os: str | None = None
    device: str | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One stored event."""

    id: str
    action: str
    resource_type: str
    resource_id: str | None = None
    resource_name: str | None = None
    user_id: str | None = None
    user_email: str | None = None
    on_behalf_of: str | None = None
    timestamp: datetime
    ip_address: str | None = None
    user_agent: str | None = None
    status: str
    source: str
    details: dict[str, Any] = {}
    redacted: list[str] = []
    organization: str
    received_at: datetime
    node: int
    node_seq: int
    enrich: Derived = Derived()


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer covers: the events' times, and how far the log was committed when read.

    Every event received up to `committed_upto` was there to be found; `start` and `end` are
    None where the range is open.
    """

    start: datetime | None = None
    end: datetime | None = None
    committed_upto: datetime | None = None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Some of the events that match, how many match in all, and the way to the next ones.

    In commit order `total` is None, for the stream has no end, and there always is a
    `next_cursor`: it is the place to ask from next time.
    """

    items: list[Event]
    total: int | None = None
    next_cursor: str | None = None
    has_more: bool = False
    coverage: Coverage = Coverage()


class Neighbours(msgspec.Struct, frozen=True, kw_only=True):
    """Events just before and after another, the nearest first."""

    before: list[Event]
    after: list[Event]


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """An event, and what the same user, address and resource did around it."""

    event: Event
    user: Neighbours
    ip_address: Neighbours
    resource: Neighbours
    coverage: Coverage = Coverage()


class FacetValue(msgspec.Struct, frozen=True, kw_only=True):
    """One value of a field, None where the field is absent, and how many events have it."""

    value: str | None
    count: int


class Facet(msgspec.Struct, frozen=True, kw_only=True):
    """A field's top values; `distinct` values in `total` events."""

    field: str
    values: list[FacetValue]
    distinct: int
    total: int


class Facets(msgspec.Struct, frozen=True, kw_only=True):
    facets: list[Facet]
    coverage: Coverage = Coverage()


class Bucket(msgspec.Struct, frozen=True, kw_only=True):
    """Events from `start` to the next bucket's start; `split` counts them by value."""

    start: datetime
    count: int
    split: dict[str, int] = {}


class Histogram(msgspec.Struct, frozen=True, kw_only=True):
    """Buckets on calendar boundaries of `time_zone`, empty ones included."""

    interval: str
    time_zone: str
    buckets: list[Bucket]
    total: int
    coverage: Coverage = Coverage()
