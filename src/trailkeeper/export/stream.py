"""Streams an export of any size with flat memory.

The log is paged by keyset; no result is held open in the store while a slow reader
downloads. What was received after the export began is left out, so that an export ends and
its pages agree with each other.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

from trailkeeper.event import StoredEvent
from trailkeeper.export.formats import ExportFormat, ExportSummary
from trailkeeper.search.cursor import TimeCursor
from trailkeeper.search.pages import Order, page_statement
from trailkeeper.search.question import Question
from trailkeeper.store.engine import EventsEngine

PAGE_ROWS: Final = 10_000


async def stream_export(
    engine: EventsEngine,
    question: Question,
    export_format: ExportFormat,
    *,
    order: Order,
    committed_upto: datetime,
    filters: dict[str, list[str]],
) -> AsyncIterator[bytes]:
    """The export's bytes. Raises Unavailable in mid-stream where the store fails: the end,
    which says that the export is whole, is then missing."""
    yield export_format.begin()
    rows = 0
    page = await _read(engine, question, order, None, committed_upto)
    while page:
        last = page[-1]
        after = TimeCursor(b"", last.timestamp, last.id, None)
        is_last = len(page) < PAGE_ROWS
        # The next page is read while this one is put into its format.
        ahead = (
            None
            if is_last
            else asyncio.create_task(_read(engine, question, order, after, committed_upto))
        )
        try:
            yield await asyncio.to_thread(export_format.rows, page, is_first=rows == 0)
        except BaseException:
            if ahead is not None:
                ahead.cancel()
            raise
        rows += len(page)
        page = [] if ahead is None else await ahead
    yield export_format.end(
        ExportSummary(
            rows=rows,
            complete=True,
            filter=filters,
            start=_text(question.range.start),
            end=_text(question.range.end),
            committed_upto=committed_upto.isoformat(),
        )
    )


async def _read(
    engine: EventsEngine,
    question: Question,
    order: Order,
    after: TimeCursor | None,
    committed_upto: datetime,
) -> list[StoredEvent]:
    statement = page_statement(question, order, PAGE_ROWS, 0, after, committed_upto=committed_upto)
    return await engine.rows(statement, StoredEvent)


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
