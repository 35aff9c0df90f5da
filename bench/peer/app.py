"""The peer's HTTP API: `uvicorn bench.peer.app:app`."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi.responses import StreamingResponse
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bench.peer import queries
from bench.peer.database import session, sessions
from bench.peer.schema import BatchCreated, Created, EventIn, EventOut, Page
from bench.peer.tables import COLUMNS, Base

TABLE = Base.metadata.tables["audit_logs"]
INSERT = insert(TABLE).on_conflict_do_nothing(index_elements=["id"])
INSERT_MANY = INSERT.returning(TABLE.c.id)
"""With RETURNING, SQLAlchemy sends rows as multi-row INSERTs ("insertmanyvalues")."""

EXPORT_CHUNK_ROWS = 2000

app = FastAPI(title="Audit log on one PostgreSQL table")
Session = Annotated[AsyncSession, Depends(session)]


def _filters(
    action: str | None = None,
    resource_type: str | None = None,
    resource_id: str | None = None,
    user_id: str | None = None,
    user_email: str | None = None,
    status: str | None = None,
    start_date: datetime | None = None,
    end_date: datetime | None = None,
    q: str | None = None,
) -> queries.Filters:
    return queries.Filters(
        action, resource_type, resource_id, user_id, user_email, status, start_date, end_date, q
    )


Filters = Annotated[queries.Filters, Depends(_filters)]
Limit = Annotated[int, Query(ge=1, le=1000)]
Offset = Annotated[int, Query(ge=0)]


@app.get("/readyz")
async def ready(db: Session) -> dict[str, str]:
    await db.execute(queries.page(queries.Filters(), 1, 0, None))
    return {"status": "ready"}


@app.post("/audit-logs/", status_code=201)
async def create(event: EventIn, db: Session) -> Created:
    await db.execute(INSERT, event.model_dump())
    await db.commit()
    return Created(id=event.id)


@app.post("/audit-logs/batch")
async def create_batch(events: list[EventIn], db: Session) -> BatchCreated:
    rows = [event.model_dump() for event in events]
    ids = list(await db.scalars(INSERT_MANY, rows))
    await db.commit()
    return BatchCreated(inserted=len(ids), ids=ids)


async def _page(
    db: AsyncSession, filters: queries.Filters, limit: int, offset: int, cursor: str | None
) -> Page:
    try:
        statement = queries.page(filters, limit, offset, cursor)
    except ValueError as error:
        raise HTTPException(400, str(error)) from error
    rows = (await db.execute(statement)).mappings().all()
    items = [EventOut.model_construct(**row) for row in rows]
    full = len(items) == limit
    return Page.model_construct(
        items=items,
        next_cursor=queries.to_cursor(items[-1].timestamp, items[-1].id) if full else None,
    )


@app.get("/audit-logs/")
async def search(
    db: Session,
    filters: Filters,
    limit: Limit = 100,
    offset: Offset = 0,
    cursor: str | None = None,
) -> Page:
    return await _page(db, filters, limit, offset, cursor)


@app.get("/users/{user}/activity")
async def activity(db: Session, user: str, limit: Limit = 100, offset: Offset = 0) -> Page:
    return await _page(db, queries.Filters(user_id=user), limit, offset, None)


@app.get("/audit-logs/counts")
async def counts(db: Session, filters: Filters) -> dict[str, int]:
    rows = await db.execute(queries.counts_by_action(filters))
    return {row[0]: row[1] for row in rows}


@app.get("/audit-logs/histogram")
async def histogram(db: Session, filters: Filters) -> list[tuple[datetime, int]]:
    rows = await db.execute(queries.hourly(filters))
    return [(row[0], row[1]) for row in rows]


@app.get("/audit-logs/active-users")
async def active_users(db: Session, filters: Filters) -> dict[str, int]:
    return {"distinct": (await db.execute(queries.distinct_users(filters))).scalar_one()}


@app.get("/audit-logs/export")
async def export(filters: Filters) -> StreamingResponse:
    return StreamingResponse(_csv(filters), media_type="text/csv; charset=utf-8")


async def _csv(filters: queries.Filters) -> AsyncIterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    async with sessions() as db:
        rows = await db.stream(
            queries.export(filters), execution_options={"yield_per": EXPORT_CHUNK_ROWS}
        )
        async for chunk in rows.partitions():
            writer.writerows(_cells(row) for row in chunk)
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


DETAILS = COLUMNS.index("details")
TIMES = (COLUMNS.index("timestamp"), COLUMNS.index("received_at"))


def _cells(row: Any) -> list[Any]:
    cells = list(row)
    cells[DETAILS] = msgspec.json.encode(cells[DETAILS]).decode()
    for index in TIMES:
        cells[index] = cells[index].isoformat()
    return cells
