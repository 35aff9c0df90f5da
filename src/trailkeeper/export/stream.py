"""Streams an export of any size with flat memory.

The log is paged by keyset; no result is held open in the store while a slow reader
downloads. What was received after the export began is left out, so that an export ends and
its pages agree with each other.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from trailkeeper.event import StoredEvent
from trailkeeper.export.formats import ExportFormat, ExportSummary
from trailkeeper.search.cursor import TimeCursor
from trailkeeper.search.pages import Order, page_statement
from trailkeeper.search.question import Question
from trailkeeper.store.engine import EventsEngine

FIRST_ROWS: Final = 1_000
MIN_ROWS: Final = 100
MAX_ROWS: Final = 10_000
PAGE_BYTES: Final = 16 * 1024 * 1024
"""About what one page may take in its format: with `details` of 64 KiB, pages are short."""


@dataclass(frozen=True)
class Export:
    """What is handed out: which events, in which order, up to which receipt.

    `filters` are the request's parameters, for the summary.
    """

    question: Question
    order: Order
    committed_upto: datetime
    filters: dict[str, list[str]]


@dataclass(frozen=True)
class ExportPage:
    """Some of the export's events; `is_last` where no more follow."""

    events: list[StoredEvent]
    is_last: bool


async def read_export_page(
    engine: EventsEngine, export: Export, rows: int = FIRST_ROWS, after: TimeCursor | None = None
) -> ExportPage:
    """The first `rows` events, or those after a place."""
    statement = page_statement(
        export.question, export.order, rows, 0, after, committed_upto=export.committed_upto
    )
    events = await engine.rows(statement, StoredEvent)
    return ExportPage(events, is_last=len(events) < rows)


async def stream_export(
    engine: EventsEngine, export: Export, first: ExportPage, export_format: ExportFormat
) -> AsyncIterator[bytes]:
    """The export's bytes. Raises Unavailable in mid-stream where the store fails: the end,
    which says that the export is whole, is then missing."""
    yield export_format.begin()
    rows = 0
    rows_ahead = FIRST_ROWS
    page: ExportPage | None = first
    while page is not None and page.events:
        # The next page is read while this one is put into its format and sent.
        ahead = _start_reading(engine, export, page, rows_ahead)
        try:
            chunk = await asyncio.to_thread(export_format.rows, page.events, is_first=rows == 0)
            rows += len(page.events)
            rows_ahead = _rows_for(len(chunk) // len(page.events))
            yield chunk
            page = None if ahead is None else await ahead
        finally:
            if ahead is not None:
                ahead.cancel()
    yield export_format.end(_summary(export, rows))


def _start_reading(
    engine: EventsEngine, export: Export, page: ExportPage, rows: int
) -> asyncio.Task[ExportPage] | None:
    if page.is_last:
        return None
    last = page.events[-1]
    after = TimeCursor(b"", last.timestamp, last.id, None)
    return asyncio.create_task(read_export_page(engine, export, rows, after))


def _rows_for(event_bytes: int) -> int:
    return max(MIN_ROWS, min(MAX_ROWS, PAGE_BYTES // max(1, event_bytes)))


def _summary(export: Export, rows: int) -> ExportSummary:
    return ExportSummary(
        rows=rows,
        complete=True,
        filter=export.filters,
        start=_text(export.question.range.start),
        end=_text(export.question.range.end),
        committed_upto=export.committed_upto.isoformat(),
    )


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
