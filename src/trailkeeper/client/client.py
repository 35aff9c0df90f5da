"""The client: one object, one server, one API key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, BinaryIO, Final, Self, Unpack
from urllib.parse import quote

from trailkeeper.client.batch import DEFAULT_BATCH_EVENTS, EventLike, to_batches, with_id
from trailkeeper.client.errors import Unavailable
from trailkeeper.client.export import ExportFormat, ExportResult, receive
from trailkeeper.client.live import QUIET_SECONDS, LiveFrame, frames_of
from trailkeeper.client.model import (
    BatchResult,
    Context,
    Event,
    EventFields,
    Facets,
    Histogram,
    Page,
    Receipt,
)
from trailkeeper.client.people import PeopleCalls
from trailkeeper.client.query import ActivityFields, FilterFields, to_query
from trailkeeper.client.readiness import Readiness, to_readiness
from trailkeeper.client.retry import RetryPolicy
from trailkeeper.client.rules import Rules
from trailkeeper.client.transport import DEFAULT_TIMEOUT, Transport, decoded

LARGEST_PAGE: Final = 1000
LATEST: Final = "latest"
"""The cursor of `follow` that begins after everything committed so far."""

Document = dict[str, Any]


class Client(PeopleCalls):
    """Talks to one Trailkeeper server as one API key. Safe to share between threads.

    `timeout` is in seconds for each try; `retry` says how often to try again on 503 and on
    connection errors. Use it in a `with` statement, or call `close`.

    Every method raises ClientError for a refusal and Unavailable when retries ran out.
    Filters are the API's query parameters as keywords: text, numbers, `datetime`s with a
    zone, a list for OR, and `details={"reason": "x"}` for details.
    """

    def __init__(
        self,
        url: str,
        api_key: str | None = None,
        *,
        timeout: float = DEFAULT_TIMEOUT,
        retry: RetryPolicy | None = None,
    ) -> None:
        self._retry = retry or RetryPolicy()
        self._transport = Transport(url, api_key, timeout, self._retry)
        self.url = self._transport.url
        self.rules = Rules(self._transport)

    def close(self) -> None:
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def record(self, action: str, resource_type: str, **fields: Unpack[EventFields]) -> Receipt:
        """Records one event; returns when it is committed.

        The event gets its id here, before the first try: a retry whose first answer was lost
        is answered as `duplicate` with the first receipt.
        """
        event = with_id({"action": action, "resource_type": resource_type, **fields})
        return self._transport.post("/audit-logs/", Receipt, event)

    def record_batch(
        self, events: Iterable[EventLike], *, batch_events: int = DEFAULT_BATCH_EVENTS
    ) -> BatchResult:
        """Records any number of events in as many requests as that takes.

        One bad event never sinks its batch: look at `rejects`. Events without id get one
        here. When a request fails for good, those before it are committed.
        """
        total = BatchResult()
        for result in self.record_batches(events, batch_events=batch_events):
            total = total.plus(result)
        return total

    def record_batches(
        self, events: Iterable[EventLike], *, batch_events: int = DEFAULT_BATCH_EVENTS
    ) -> Iterator[BatchResult]:
        """As `record_batch`, lazily: one result per request, indexes over the whole input."""
        for batch in to_batches(events, batch_events):
            response = self._transport.send(
                "POST",
                "/audit-logs/batch",
                content=batch.compressed(),
                headers={"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"},
            )
            yield decoded(response, BatchResult).moved(batch.first)

    def search(
        self,
        q: str | None = None,
        *,
        limit: int = 100,
        offset: int | None = None,
        cursor: str | None = None,
        order: str | None = None,
        **filters: Unpack[FilterFields],
    ) -> Page:
        """One page of events, newest first unless `order` is asc or committed."""
        asked = {"q": q, "limit": limit, "offset": offset, "cursor": cursor, "order": order}
        return self._transport.get("/audit-logs/", Page, to_query({**asked, **filters}))

    def pages(
        self,
        q: str | None = None,
        *,
        page_size: int = LARGEST_PAGE,
        cursor: str | None = None,
        order: str | None = None,
        **filters: Unpack[FilterFields],
    ) -> Iterator[Page]:
        """All pages, following `next_cursor`, until one is empty or the last."""
        while True:
            page = self.search(q, limit=page_size, cursor=cursor, order=order, **filters)
            yield page
            # In commit order the last page has a cursor too: it is for those who wait.
            if not page.has_more or page.next_cursor is None:
                return
            cursor = page.next_cursor

    def events(
        self,
        q: str | None = None,
        *,
        page_size: int = LARGEST_PAGE,
        order: str | None = None,
        **filters: Unpack[FilterFields],
    ) -> Iterator[Event]:
        """All events that match, however many."""
        for page in self.pages(q, page_size=page_size, order=order, **filters):
            yield from page.items

    def follow_pages(
        self,
        q: str | None = None,
        *,
        cursor: str | None = None,
        page_size: int = LARGEST_PAGE,
        poll_seconds: float = 1.0,
        on_unavailable: Callable[[Unavailable], None] | None = None,
        **filters: Unpack[FilterFields],
    ) -> Iterator[Page]:
        """Pages in commit order, for ever; waits where there is nothing new.

        Save `next_cursor` of a page once its events are handled: given back as `cursor` with
        the same filters, it continues there, and no event is skipped, however late it was
        committed. Without a cursor it begins with the first event of the log, with LATEST
        after all that is committed now. While the server is away it keeps trying, and tells
        `on_unavailable`.
        """
        while True:
            try:
                page = self.search(q, limit=page_size, cursor=cursor, order="committed", **filters)
            except Unavailable as error:
                if on_unavailable is not None:
                    on_unavailable(error)
                self._retry.sleep(max(poll_seconds, error.retry_after or 0.0))
                continue
            cursor = page.next_cursor or cursor
            yield page
            if not page.has_more:
                self._retry.sleep(poll_seconds)

    def follow(
        self,
        q: str | None = None,
        *,
        cursor: str | None = None,
        poll_seconds: float = 1.0,
        on_unavailable: Callable[[Unavailable], None] | None = None,
        **filters: Unpack[FilterFields],
    ) -> Iterator[Event]:
        """Events in commit order, for ever; see `follow_pages`."""
        for page in self.follow_pages(
            q, cursor=cursor, poll_seconds=poll_seconds, on_unavailable=on_unavailable, **filters
        ):
            yield from page.items

    def live(
        self,
        q: str | None = None,
        *,
        cursor: str | None = None,
        reconnect_seconds: float = 1.0,
        on_unavailable: Callable[[Unavailable], None] | None = None,
        **filters: Unpack[FilterFields],
    ) -> Iterator[LiveFrame]:
        """The live feed, for ever: each event as it is committed, in frames.

        Without a cursor it begins now. It goes on where it broke off, without gap or repeat,
        through restarts of the server, and tells `on_unavailable` of each break. A frame's
        `event` is None where it is of another kind; look at `missed` then. Raises ClientError
        where the server ended it for good: a key revoked, a place too old.
        """
        query = to_query({"q": q, **filters})
        while True:
            headers = {} if cursor is None else {"Last-Event-ID": cursor}
            try:
                with self._transport.stream(
                    "/live", query, headers=headers, quiet_seconds=QUIET_SECONDS
                ) as response:
                    for frame in frames_of(response, self.url, cursor):
                        cursor = frame.cursor
                        yield frame
            except Unavailable as error:
                if on_unavailable is not None:
                    on_unavailable(error)
                self._retry.sleep(max(reconnect_seconds, error.retry_after or 0.0))

    def user_activity(
        self,
        user_id: str,
        *,
        limit: int = 50,
        cursor: str | None = None,
        **filters: Unpack[ActivityFields],
    ) -> Page:
        """What one user did, newest first."""
        path = f"/users/{quote(user_id, safe='')}/activity"
        return self._transport.get(
            path, Page, to_query({"limit": limit, "cursor": cursor, **filters})
        )

    def get(self, event_id: str) -> Event:
        return self._transport.get(_event_path(event_id), Event)

    def context(self, event_id: str, *, limit: int = 5) -> Context:
        """What the same user, address or resource did just before and after."""
        path = f"{_event_path(event_id)}/context"
        return self._transport.get(path, Context, to_query({"limit": limit}))

    def facets(
        self,
        q: str | None = None,
        *,
        fields: Sequence[str] | None = None,
        limit: int = 10,
        **filters: Unpack[FilterFields],
    ) -> Facets:
        """Top values with counts, each facet ignoring its own selection."""
        query = to_query({"q": q, "field": fields, "limit": limit, **filters})
        return self._transport.get("/audit-logs/facets", Facets, query)

    def histogram(
        self,
        q: str | None = None,
        *,
        interval: str = "auto",
        by: str | None = None,
        **filters: Unpack[FilterFields],
    ) -> Histogram:
        """Counts in buckets (minute to month) on calendar boundaries of `time_zone`."""
        query = to_query({"q": q, "interval": interval, "by": by, **filters})
        return self._transport.get("/audit-logs/histogram", Histogram, query)

    def export(
        self,
        format: ExportFormat | str,
        fileobj: BinaryIO,
        q: str | None = None,
        *,
        order: str | None = None,
        bom: bool | None = None,
        progress: Callable[[int, int], None] | None = None,
        **filters: Unpack[FilterFields],
    ) -> ExportResult:
        """Streams all events that match into `fileobj`; memory stays flat.

        `order` is desc or asc, `bom` begins CSV as old Excel wants it; `progress` is called
        with rows and bytes so far. Raises IncompleteExport unless the
        trailer arrived and counts as many rows as were received.
        """
        chosen = ExportFormat(format)
        query = to_query({"format": chosen, "q": q, "order": order, "bom": bom, **filters})
        with self._transport.stream("/audit-logs/export", query) as response:
            return receive(response, chosen, fileobj, progress)

    def retention(self) -> Document:
        """The retention status: rules, last and next run, what the next would remove."""
        return self._transport.get("/retention", Document)

    def run_retention(self, *, dry_run: bool = False) -> Document:
        """Runs retention now, or says what a run would remove."""
        body = {"dry_run": dry_run}
        return self._transport.post("/retention/run", Document, body, repeatable=dry_run)

    def list_keys(self, *, created_by: str | None = None) -> Document:
        """All keys, or those that one actor (a user's id, `api-key:<id>`) made."""
        return self._transport.get("/api-keys/", Document, to_query({"created_by": created_by}))

    def create_key(
        self,
        name: str,
        permissions: Iterable[str],
        *,
        expires_at: datetime | None = None,
        allow_list: Iterable[str] = (),
    ) -> Document:
        """A new API key; its secret is in this answer and never again."""
        body = {
            "name": name,
            "permissions": list(permissions),
            "expires_at": expires_at,
            "allow_list": list(allow_list),
        }
        return self._transport.post("/api-keys/", Document, body, repeatable=False)

    def change_key(
        self, key_id: str, *, name: str | None = None, allow_list: Iterable[str] | None = None
    ) -> Document:
        """Changes what is given; an empty `allow_list` lets the key be used from everywhere."""
        given = {"name": name, "allow_list": None if allow_list is None else list(allow_list)}
        body = {field: value for field, value in given.items() if value is not None}
        return self._transport.change("PATCH", _key_path(key_id), Document, body)

    def rotate_key(self, key_id: str, *, overlap_hours: int = 24) -> Document:
        """A new key in place of another, which works for `overlap_hours` more."""
        body = {"overlap_hours": overlap_hours}
        path = f"{_key_path(key_id)}/rotate"
        return self._transport.post(path, Document, body, repeatable=False)

    def revoke_key(self, key_id: str) -> None:
        self._transport.send("DELETE", _key_path(key_id))

    def allow_list(self) -> Document:
        """From where the organization may be used, and the address that this client has."""
        return self._transport.get("/organization/allow-list", Document)

    def set_allow_list(
        self, networks: Mapping[str, str], *, confirm_lock_out: bool = False
    ) -> Document:
        """Replaces the list by networks and their notes; an empty one lets everyone through.

        A list without this client's own address needs `confirm_lock_out`.
        """
        entries = [{"network": network, "note": note} for network, note in networks.items()]
        body = {"entries": entries, "confirm_lock_out": confirm_lock_out}
        return self._transport.change("PUT", "/organization/allow-list", Document, body)

    def organization(self) -> Document:
        """The organization that the key belongs to."""
        return self._transport.get("/organization", Document)

    def readiness(self) -> Readiness:
        """What /readyz says, in one try. Raises Unavailable only where no answer came."""
        return to_readiness(self._transport.probe("/readyz"))


def _event_path(event_id: str) -> str:
    return f"/audit-logs/{quote(event_id, safe='')}"


def _key_path(key_id: str) -> str:
    return f"/api-keys/{quote(key_id, safe='')}"
