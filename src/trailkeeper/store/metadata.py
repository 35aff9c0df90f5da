"""The metadata store: one transaction per request or job, on SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator, Set
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import URL, Connection, Dialect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from trailkeeper.errors import ConfigurationError
from trailkeeper.store.metadata_faults import at_start, in_service, unavailable
from trailkeeper.store.migrate import upgrade_to_head
from trailkeeper.store.one_trip import connect

BUSY_TIMEOUT_MS = 15_000
MIGRATION_TIMEOUT_MS = 120_000
JOURNAL_RETRY_SECONDS = 0.02
WAIT_FOR_CONNECTION_SECONDS = 15
SQLITE_READERS = 4
POSTGRESQL_CONNECTIONS = 10
ANNOUNCED = "announced"


class Metadata:
    """The unit of work over the metadata database.

    `transaction()` MUST be left before the caller tells anyone that its work is done: only
    then is it durable (SQLite: WAL with `synchronous=FULL`; PostgreSQL: its own
    `synchronous_commit`). A transaction MUST NOT be opened inside another one of the same
    task: on SQLite the second would wait for the first until it times out.

    Writers of one process take turns on one SQLite connection, and writers of several
    processes wait for each other at `BEGIN IMMEDIATE`, so a transaction never fails half-way
    because it could not get the write lock. Readers never wait for writers.
    """

    def __init__(self, url: URL, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self._url = url
        self._writer = writer
        self._reader = reader
        self._listeners: list[Callable[[Set[str]], None]] = []
        self._open_units = 0

    @classmethod
    def open(cls, url: str) -> Metadata:
        """Prepares the engines; connects only when first used.

        `url` is a SQLAlchemy URL, `sqlite+aiosqlite:///path` or `postgresql+asyncpg://…`.
        Raises ConfigurationError(METADATA_URL) where it is neither.
        """
        parsed = _parse(url)
        if parsed.get_backend_name() == "postgresql":
            engine = create_async_engine(
                parsed,
                pool_size=POSTGRESQL_CONNECTIONS,
                pool_timeout=WAIT_FOR_CONNECTION_SECONDS,
                pool_pre_ping=True,
            )
            reader = engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
            return cls(parsed, engine, reader)
        writer = _sqlite_engine(parsed, pool_size=1, begin="BEGIN IMMEDIATE")
        reader = _sqlite_engine(parsed, pool_size=SQLITE_READERS, begin="BEGIN", query_only=True)
        return cls(parsed, writer, reader)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session whose work is committed at the end, or rolled back on any error.

        Raises Unavailable (METADATA_BUSY, METADATA_FULL, METADATA_UNAVAILABLE) where the
        database, not the statement, is at fault.
        """
        with self._counted():
            async with _unit_of_work(self._writer) as session:
                yield session
        announced: set[str] | None = session.info.get(ANNOUNCED)
        for listener in self._listeners if announced else ():
            listener(announced or set())

    @property
    def is_in_use(self) -> bool:
        """Whether any unit of work is open or being closed at this moment."""
        return self._open_units > 0

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._open_units += 1
        try:
            yield
        finally:
            self._open_units -= 1

    def on_commit(self, listener: Callable[[Set[str]], None]) -> None:
        """Calls `listener` after each commit with the words that were announced in it.

        It MUST be quick and MUST NOT fail. Commits of other processes are not heard of.
        """
        self._listeners.append(listener)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session on one consistent snapshot, in which every write raises DBAPIError."""
        with self._counted():
            async with _unit_of_work(self._reader) as session:
                yield session

    async def migrate(self) -> None:
        """Brings the tables to this version's shape. Safe when several processes start at once.

        Raises ConfigurationError where the database cannot be reached, written or read, or
        was made by a newer version.
        """
        engine = self._migration_engine()
        held: sqlite3.Connection | None = None
        try:
            if self._url.get_backend_name() == "sqlite":
                held = await asyncio.to_thread(_open_write_ahead, engine.dialect, self._url)
            async with engine.begin() as connection:
                await connection.run_sync(upgrade_to_head)
        except (DBAPIError, OSError, sqlite3.Error) as error:
            raise at_start(error, self._url) from error
        finally:
            await engine.dispose()
            if held is not None:
                held.close()

    async def ping(self) -> None:
        """Returns when the database answers; raises Unavailable where it does not."""
        async with self.reading() as session:
            await session.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Closes all connections. Sessions that are still open become unusable."""
        await self._writer.dispose()
        await self._reader.dispose()

    def _migration_engine(self) -> AsyncEngine:
        if self._url.get_backend_name() == "postgresql":
            return create_async_engine(self._url, poolclass=NullPool)
        # Rebuilding a table drops the old one, which foreign keys would take as deletes.
        return _sqlite_engine(
            self._url,
            begin="BEGIN IMMEDIATE",
            foreign_keys=False,
            busy_timeout_ms=MIGRATION_TIMEOUT_MS,
        )


def announce(session: AsyncSession, word: str) -> None:
    """Says to the listeners of `Metadata.on_commit`, once and only if the session commits."""
    session.info.setdefault(ANNOUNCED, set()).add(word)


@asynccontextmanager
async def _unit_of_work(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    try:
        async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
            await _connect(session)
            yield session
    except (DBAPIError, PoolTimeoutError) as error:
        fault = in_service(error)
        if fault is None:
            raise
        raise fault from error


async def _connect(session: AsyncSession) -> None:
    """Connects and begins at once, so that an OSError of the caller is not taken for ours."""
    try:
        await session.connection()
    except OSError as error:
        raise unavailable() from error


def _open_write_ahead(dialect: Dialect, url: URL) -> sqlite3.Connection:
    """Opens the file and turns its write-ahead log on, waiting for others who do the same.

    SQLite does not wait by itself while a file changes its journal, however long its
    `busy_timeout`. The connection is to be kept until the migration has ended: the last one
    to close takes the log away, which is such a change too. And where the file cannot be
    opened, the asynchronous driver would leave a thread behind, which complains on the
    standard error output once the event loop is closed.
    """
    (database, *_), options = dialect.create_connect_args(url)
    connection = sqlite3.connect(
        str(database), uri=bool(options.get("uri")), check_same_thread=False
    )
    give_up_at = time.monotonic() + MIGRATION_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.Error as error:
            is_busy = (error.sqlite_errorcode or 0) & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > give_up_at:
                connection.close()
                raise
            time.sleep(JOURNAL_RETRY_SECONDS)
        else:
            return connection


def _parse(url: str) -> URL:
    hint = "Write sqlite:////path/to/metadata.db or postgresql://user:password@host/database."
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigurationError(
            "METADATA_URL", "The metadata URL cannot be read.", hint=hint
        ) from None
    if parsed.drivername not in ("sqlite+aiosqlite", "postgresql+asyncpg"):
        raise ConfigurationError(
            "METADATA_URL", f"Metadata cannot be kept in {parsed.drivername}.", hint=hint
        )
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise ConfigurationError(
            "METADATA_URL", "Metadata in memory would be lost at each stop.", hint=hint
        )
    return parsed


def _sqlite_engine(
    url: URL,
    *,
    begin: str,
    pool_size: int = 1,
    query_only: bool = False,
    foreign_keys: bool = True,
    busy_timeout_ms: int = BUSY_TIMEOUT_MS,
) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=WAIT_FOR_CONNECTION_SECONDS,
        # The driver would begin on its own, late and deferred; we begin ourselves.
        connect_args={"isolation_level": None, "async_creator_fn": connect},
    )
    pragmas = (
        f"busy_timeout={busy_timeout_ms}",
        "journal_mode=WAL",
        "synchronous=FULL",
        f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
        f"query_only={'ON' if query_only else 'OFF'}",
    )

    @event.listens_for(engine.sync_engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
