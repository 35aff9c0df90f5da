"""SQLite statements in one trip to the driver's thread and back.

The asynchronous driver goes there four times for a statement: for a cursor, to execute, to
fetch, and to close. Each trip waits for a turn of the event loop, which under full ingest
comes after tens of milliseconds, while a transaction holds the only writer. Rows are fetched
at once in any case, so one trip does for all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Self

import aiosqlite

Parameters = Sequence[Any]


class OneTripCursor:
    """What SQLAlchemy's adapter needs of a cursor; holds all rows of its last statement."""

    def __init__(self, connection: OneTripConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Parameters = ()) -> Self:
        await self._connection.run(self._do, statement, parameters)
        return self

    async def executemany(self, statement: str, parameters: Sequence[Parameters]) -> Self:
        await self._connection.run(self._do_many, statement, parameters)
        return self

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        self._rows = []

    def _do(self, raw: sqlite3.Connection, statement: str, parameters: Parameters) -> None:
        cursor = raw.cursor()
        try:
            cursor.execute(statement, parameters)
            self._take(cursor)
        finally:
            cursor.close()

    def _do_many(
        self, raw: sqlite3.Connection, statement: str, parameters: Sequence[Parameters]
    ) -> None:
        cursor = raw.cursor()
        try:
            cursor.executemany(statement, parameters)
            self._take(cursor)
        finally:
            cursor.close()

    def _take(self, cursor: sqlite3.Cursor) -> None:
        self._rows = cursor.fetchall() if cursor.description is not None else []
        self.description = cursor.description
        # Of statements with RETURNING it is right only once their rows are fetched.
        self.rowcount = cursor.rowcount
        self.lastrowid = cursor.lastrowid


class OneTripConnection(aiosqlite.Connection):
    """The driver's connection and thread, with `OneTripCursor`s."""

    def cursor(self) -> OneTripCursor:  # type: ignore[override]
        return OneTripCursor(self)

    async def run(self, work: Any, *arguments: Any) -> None:
        """Calls `work` with the `sqlite3` connection and the arguments, in the thread."""
        await self._execute(work, self._conn, *arguments)  # type: ignore[no-untyped-call]


def connect(database: str, **options: Any) -> OneTripConnection:
    """As `aiosqlite.connect`, of which it takes the arguments."""

    def open_file() -> sqlite3.Connection:
        opened: sqlite3.Connection = sqlite3.connect(database, **options)
        return opened

    connection = OneTripConnection(open_file, iter_chunk_size=64)
    # SQLAlchemy does the same: a connection that nobody closed must not hold the process up.
    connection._thread.daemon = True
    return connection
