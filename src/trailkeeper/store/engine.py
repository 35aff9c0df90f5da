"""The events engine: the only place that speaks to ClickHouse.

One DSN decides where the events live: `chdb:///path` runs the engine inside this process,
`clickhouse://host/db` or `clickhouses://host/db` talks to a server. The driver is
synchronous and a client handle serialises its calls, so every thread that works for us has
a client of its own: readers share a small pool, inserts and maintenance have one each and
never wait behind a reader.
"""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

import clickhouse_connect
import msgspec
import structlog
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from trailkeeper.errors import ConfigurationError, Unavailable
from trailkeeper.event import EVENT_COLUMNS
from trailkeeper.store.engine_faults import at_start, in_service
from trailkeeper.store.schema import CREATE_EVENTS, EVENTS, SESSION_SETTINGS
from trailkeeper.store.upgrade import NEWEST_COLUMN, UPGRADES

READERS = 4
MAX_WAITING_READS = 64
"""Reads that may wait for a reader; past that the answer is 503, not a longer queue."""

READ_SECONDS = 130
INSERT_SECONDS = 15
"""How long a server may take to answer. An insert must be over before its node's lease is."""
MAINTAIN_SECONDS = 3600

HEADROOM_BYTES = 256 * 1024**2
"""Below this much room on its disk the embedded engine begins no insert and no merge. One that
runs then still ends well; one that met the disk's very end would leave empty files behind and
not say so (engine 26.9), and a merged part's sources are deleted eight minutes later."""

ROWS_FORMAT = "JSONCompactEachRow"

_RUNNING = "SELECT count() FROM system.processes WHERE Settings['log_comment'] = {mark:String}"

Row = TypeVar("Row")
Result = TypeVar("Result")

log = structlog.get_logger(__name__)


class _SetAside(msgspec.Struct, frozen=True, array_like=True):
    path: str


class Statement(NamedTuple):
    """SQL with `{name:Type}` placeholders, and the values bound to them."""

    sql: str
    parameters: dict[str, Any] = {}  # noqa: RUF012 - never mutated


_SET_ASIDE = Statement(
    "SELECT path FROM system.detached_parts WHERE database = currentDatabase()"
    " AND table = 'events' AND reason LIKE 'broken%' ORDER BY path"
)


def engine_time(moment: datetime) -> str:
    """A time for `DateTime64(6, 'UTC')` parameters: the driver would cut it to seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


class _Column(msgspec.Struct, array_like=True):
    """One line of DESCRIBE TABLE. `default_kind` is empty for what rows bring along."""

    name: str
    type: str
    default_kind: str


class EventsEngine:
    """Reads, inserts and maintains the events table.

    Raises Unavailable(STORE_UNAVAILABLE) where the engine does not answer or refuses,
    StorageFull(STORE_FULL) where its disk is full, and Unavailable(STORE_BUSY) where too many
    reads wait already.
    """

    def __init__(self, dsn: str, memory_bytes: int) -> None:
        self._dsn = dsn
        self._memory_bytes = memory_bytes
        self._local = threading.local()
        self._clients: list[Client] = []
        self._clients_lock = threading.Lock()
        self._readers = self._threads(READERS, "events-read", READ_SECONDS)
        self._writer = self._threads(1, "events-insert", INSERT_SECONDS)
        self._maintainer = self._threads(1, "events-maintain", MAINTAIN_SECONDS)
        self._waiting_reads = 0
        self._is_maintaining = False
        self._is_configured = False
        self.set_aside: tuple[str, ...] = ()
        """Damaged parts that the engine put aside when it was opened: their events are missing
        unless other parts hold them too."""

    @classmethod
    async def open(cls, dsn: str, memory_bytes: int) -> EventsEngine:
        """Connects, creates the table where it is missing, and checks its columns.

        Raises ConfigurationError where the store cannot be opened: another process holds
        the directory, the server is unreachable, or the table is of another version.
        """
        engine = cls(dsn, memory_bytes)
        try:
            await engine._on(engine._maintainer, lambda client: client.command(CREATE_EVENTS))
            described = await engine.raw(
                Statement(f"DESCRIBE TABLE {EVENTS}"), "JSONCompactEachRow"
            )
        except Unavailable as error:
            engine.close()
            raise at_start(error, dsn) from error
        columns = msgspec.json.Decoder(_Column).decode_lines(described)
        if tuple(each.name for each in columns if not each.default_kind) != EVENT_COLUMNS:
            engine.close()
            raise ConfigurationError(
                "EVENTS_STORE_VERSION",
                "The events table was made by another version of Trailkeeper.",
                hint="Start the version that made it, export, and import into a new store.",
            )
        if all(each.name != NEWEST_COLUMN for each in columns):
            for upgrade in UPGRADES:
                await engine.maintain(Statement(upgrade))
        engine.set_aside = tuple(each.path for each in await engine.rows(_SET_ASIDE, _SetAside))
        if engine.set_aside:
            log.error(
                "damaged parts of the events store were set aside; events may be missing",
                paths=engine.set_aside,
            )
        return engine

    async def rows(self, statement: Statement, row: type[Row]) -> list[Row]:
        """The answer's rows, each decoded into `row`, an array-like struct of its columns."""
        return msgspec.json.Decoder(row).decode_lines(await self.raw(statement, ROWS_FORMAT))

    async def raw(self, statement: Statement, fmt: str) -> bytes:
        """The answer in one of the engine's own formats."""
        if self._waiting_reads >= MAX_WAITING_READS:
            raise Unavailable("STORE_BUSY", "Too many queries are waiting.", retry_after_seconds=2)
        self._waiting_reads += 1
        try:
            return await self._on(
                self._readers,
                lambda client: client.raw_query(
                    statement.sql, parameters=statement.parameters, fmt=fmt
                ),
            )
        finally:
            self._waiting_reads -= 1

    async def insert(self, rows: bytes, mark: str = "") -> None:
        """Inserts rows (JSONCompactEachRow, in column order) as one durable, atomic part.

        Returns only when the part and its directory entry are synced to disk. Where it raises
        instead, the rows may be there nevertheless, or on a server get there still: as long as
        `is_running(mark)`.
        """
        # As a stream, because the driver sends plain bytes once more where the connection
        # breaks, and the server may have inserted them the first time.
        await self._on(
            self._writer,
            lambda client: client.raw_insert(
                EVENTS,
                insert_block=io.BytesIO(rows),
                fmt=ROWS_FORMAT,
                settings={"log_comment": mark} if mark else None,
            ),
        )

    async def is_running(self, mark: str) -> bool:
        """Whether the insert that was given this mark is still under way."""
        return await self.raw(Statement(_RUNNING, {"mark": mark}), "TSV") != b"0\n"

    async def maintain(self, statement: Statement) -> None:
        """Runs a statement that may take long (dropping, deleting) beside reads and inserts."""
        await self._on(self._maintainer, lambda client: self._maintain(client, statement))

    def close(self) -> None:
        """Waits for running calls, then releases the store. Merges asked for are cut short."""
        self._cut_merges_short()
        for executor in (self._readers, self._writer, self._maintainer):
            executor.shutdown(wait=True, cancel_futures=True)
        with self._clients_lock:
            for client in self._clients:
                client.close()
            self._clients.clear()

    def _maintain(self, client: Client, statement: Statement) -> None:
        # Told by the thread itself: whoever waits for it may have given up.
        self._is_maintaining = True
        try:
            client.command(statement.sql, parameters=statement.parameters)
        finally:
            self._is_maintaining = False

    def _cut_merges_short(self) -> None:
        if not self._is_maintaining:
            return
        client = self._connect()
        try:
            client.command(f"SYSTEM STOP MERGES {EVENTS}")
            self._maintainer.shutdown(wait=True, cancel_futures=True)
            client.command(f"SYSTEM START MERGES {EVENTS}")
        except ClickHouseError as error:
            log.warning("merges could not be cut short", error=str(error))
        finally:
            client.close()

    async def _on(self, executor: ThreadPoolExecutor, call: Callable[[Client], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(executor, self._call, call)

    def _call(self, call: Callable[[Client], Result]) -> Result:
        try:
            return call(self._client())
        except (ClickHouseError, OSError, RuntimeError) as error:
            log.warning("events store failed", error=str(error))
            self._local.is_spoilt = True
            raise in_service(error) from error

    def _threads(self, count: int, name: str, patience_seconds: int) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(
            count, name, initializer=lambda: setattr(self._local, "patience", patience_seconds)
        )

    def _client(self) -> Client:
        """This thread's client: a new one where there is none, or a call on it failed.

        The embedded engine keeps what a failed query had put out already, and puts it in front
        of the next answer on the same connection: rows of another organization, maybe.
        """
        client: Client | None = getattr(self._local, "client", None)
        if client is not None and not self._local.is_spoilt:
            return client
        new = self._connect()
        with self._clients_lock:
            self._clients.append(new)
            if client is not None:
                self._clients.remove(client)
        self._local.client, self._local.is_spoilt = new, False
        if client is not None:
            client.close()
        return new

    def _connect(self) -> Client:
        target = urlsplit(self._dsn)
        if target.scheme == "chdb":
            client = clickhouse_connect.get_client(
                dsn=self._dsn, chdb_options={"config-file": str(self._write_engine_config())}
            )
        else:
            is_tls = target.scheme in ("clickhouses", "https")
            client = clickhouse_connect.get_client(
                dsn=self._dsn,
                interface="https" if is_tls else "http",
                # Without a session one server's many clients need not agree on an id.
                autogenerate_session_id=False,
                # A commit looks up all of its ids at once: too many for a URL.
                form_encode_query_params=True,
                send_receive_timeout=self._local.patience,
            )
        for name, value in SESSION_SETTINGS.items():
            client.set_client_setting(name, value)
        return client

    def _write_engine_config(self) -> Path:
        """Without caps the embedded engine plans for all of the machine's memory."""
        directory = Path(urlsplit(self._dsn).path)
        directory.parent.mkdir(parents=True, exist_ok=True)
        config = directory.parent / "engine.xml"
        with self._clients_lock:
            # Once: later, for a new connection, the disk may be full.
            if self._is_configured:
                return config
            config.write_text(
                "<clickhouse>"
                f"<max_server_memory_usage>{self._memory_bytes}</max_server_memory_usage>"
                f"<mark_cache_size>{self._memory_bytes // 8}</mark_cache_size>"
                f"<uncompressed_cache_size>{self._memory_bytes // 16}</uncompressed_cache_size>"
                "<background_pool_size>2</background_pool_size>"
                "<storage_configuration><disks><default>"
                f"<keep_free_space_bytes>{HEADROOM_BYTES}</keep_free_space_bytes>"
                "</default></disks></storage_configuration>"
                "<logger><level>none</level></logger>"
                "</clickhouse>\n"
            )
            self._is_configured = True
        return config
