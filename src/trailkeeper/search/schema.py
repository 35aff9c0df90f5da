"""The wire of search: pages, facets, histograms, and what each answer covers."""

from __future__ import annotations

from datetime import datetime

import msgspec

from trailkeeper.event import Event, StoredEvent, to_event
from trailkeeper.search.context import Context, Neighbours
from trailkeeper.search.facets import Facet
from trailkeeper.search.histogram import Bucket
from trailkeeper.search.params import TimeRange
from trailkeeper.store.heads import CommittedHeads


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer covers: the events' times, and how far the log was committed when read.

    Every event received up to `committed_upto` was there to be found; `start` and `end` are
    null where the range is open.
    """

    start: datetime | None
    end: datetime | None
    committed_upto: datetime


class EventPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of events. `total` counts all that match, as of the first page.

    `next_cursor` is null on the last page, but never with `order=committed`, where it is the
    place to ask from next time. `total` is null there: the stream has no end.
    """

    items: list[Event]
    total: int | None
    next_cursor: str | None
    has_more: bool
    coverage: Coverage


class NeighbourView(msgspec.Struct, frozen=True, kw_only=True):
    """Events just before and after, the nearest first."""

    before: list[Event]
    after: list[Event]


class ContextView(msgspec.Struct, frozen=True, kw_only=True):
    """An event, and what the same user, address and resource did around it."""

    event: Event
    user: NeighbourView
    ip_address: NeighbourView
    resource: NeighbourView
    coverage: Coverage


class FacetList(msgspec.Struct, frozen=True, kw_only=True):
    """Facets in the order asked."""

    facets: list[Facet]
    coverage: Coverage


class Histogram(msgspec.Struct, frozen=True, kw_only=True):
    """Buckets on calendar boundaries of `time_zone`, empty ones included."""

    interval: str
    time_zone: str
    buckets: list[Bucket]
    total: int
    coverage: Coverage


def to_coverage(range_: TimeRange, heads: CommittedHeads) -> Coverage:
    """To be made before the store is read: what was committed by then is in the answer."""
    return Coverage(start=range_.start, end=range_.end, committed_upto=heads.last_received_at)


def to_events(rows: list[StoredEvent]) -> list[Event]:
    return [to_event(row) for row in rows]


def to_context_view(context: Context, coverage: Coverage) -> ContextView:
    return ContextView(
        event=to_event(context.event),
        user=_neighbours(context.user),
        ip_address=_neighbours(context.ip_address),
        resource=_neighbours(context.resource),
        coverage=coverage,
    )


def _neighbours(neighbours: Neighbours) -> NeighbourView:
    return NeighbourView(before=to_events(neighbours.before), after=to_events(neighbours.after))
