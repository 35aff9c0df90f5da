"""Streams an export of any size with flat memory.

The log is paged by keyset; no result is held open in the store while a slow reader
downloads. What was received after the export began is left out, so that an export ends and
its pages agree with each other.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic

from trailkeeper.errors import Unavailable
from trailkeeper.export.formats import ExportFormat, ExportSummary, Row
from trailkeeper.export.recorded import RecordedExport
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
class ExportPage(Generic[Row]):
    """Some of the export's events; `is_last` where no more follow."""

    rows: list[Row]
    is_last: bool


async def read_export_page(
    engine: EventsEngine,
    export: Export,
    export_format: ExportFormat[Row],
    rows: int = FIRST_ROWS,
    after: TimeCursor | None = None,
) -> ExportPage[Row]:
    """The first `rows` events, or those after a place, as the format wants them."""
    statement = page_statement(
        export.question,
        export.order,
        rows,
        0,
        after,
        committed_upto=export.committed_upto,
        columns=export_format.columns,
    )
    found = await engine.rows(statement, export_format.row)
    return ExportPage(found, is_last=len(found) < rows)


async def stream_export(
    engine: EventsEngine,
    export: Export,
    first: ExportPage[Row],
    export_format: ExportFormat[Row],
    recorded: RecordedExport,
) -> AsyncIterator[bytes]:
    """The export's bytes. Raises Unavailable in mid-stream where a store fails: the end,
    which says that the export is whole, is then missing.

    The end is sent only after the record has it, so that no whole export is off the record.
    """
    counted = _Rows()
    try:
        rows = _stream_rows(engine, export, first, export_format, counted)
        async with contextlib.aclosing(rows):
            async for chunk in rows:
                yield chunk
        await recorded.finish(counted.rows)
        counted.is_recorded = True
        yield export_format.end(_summary(export, counted.rows))
    finally:
        if not counted.is_recorded:
            # Its start is on the record, and without an end that says as much.
            with contextlib.suppress(Unavailable):
                recorded.cut_short(counted.rows)


@dataclass
class _Rows:
    """How many rows were handed out so far."""

    rows: int = 0
    is_recorded: bool = False


async def _stream_rows(
    engine: EventsEngine,
    export: Export,
    first: ExportPage[Row],
    export_format: ExportFormat[Row],
    counted: _Rows,
) -> AsyncGenerator[bytes, None]:
    yield export_format.begin()
    rows_ahead = FIRST_ROWS
    page: ExportPage[Row] | None = first
    while page is not None and page.rows:
        # The next page is read while this one is put into its format and sent.
        ahead = _start_reading(engine, export, export_format, page, rows_ahead)
        try:
            chunk = await asyncio.to_thread(
                export_format.rows, page.rows, is_first=counted.rows == 0
            )
            counted.rows += len(page.rows)
            rows_ahead = _rows_for(len(chunk) // len(page.rows))
            yield chunk
            page = None if ahead is None else await ahead
        finally:
            if ahead is not None:
                ahead.cancel()


def _start_reading(
    engine: EventsEngine,
    export: Export,
    export_format: ExportFormat[Row],
    page: ExportPage[Row],
    rows: int,
) -> asyncio.Task[ExportPage[Row]] | None:
    if page.is_last:
        return None
    last = page.rows[-1]
    after = TimeCursor(b"", last.timestamp, last.id, None)
    return asyncio.create_task(read_export_page(engine, export, export_format, rows, after))


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
