"""The peer as a side of the bench: its PostgreSQL, its uvicorn, its table."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import msgspec
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from bench.client import is_ready
from bench.dataset import Dataset
from bench.peer.tables import COLUMNS, Base
from bench.postgres import Postgres
from bench.processes import free_port, spawn, stop, wait_until
from bench.side import Posting, Question, Size, uneven_starts
from bench.timing import Timing

ROOT = Path(__file__).parent.parent
TABLE = "audit_logs"
TABLE_SHAPE = Base.metadata.tables[TABLE]
DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
JSONB_VERSION = b"\x01"


class PeerSide:
    """FastAPI + SQLAlchemy + PostgreSQL."""

    name = "peer"
    single = Posting("/audit-logs/", "application/json", "")
    batch = Posting("/audit-logs/batch", "application/json", '"inserted":500')

    def __init__(self, folder: Path, workers: int) -> None:
        self._postgres = Postgres(folder / "postgres")
        self._log = folder / "peer.log"
        self._workers = workers
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.headers: dict[str, str] = {}
        self.notes: list[str] = []

    def start(self) -> float:
        started = time.perf_counter()
        self._postgres.start()
        asyncio.run(self._create())
        self.port = free_port()
        environ = {
            **os.environ,
            "PEER_DATABASE_URL": self._postgres.url.replace("postgresql:", "postgresql+asyncpg:"),
        }
        command = [sys.executable, "-m", "uvicorn", "bench.peer.app:app", "--loop", "uvloop"]
        command += ["--http", "httptools", "--port", str(self.port)]
        command += ["--workers", str(self._workers), "--no-access-log", "--log-level", "warning"]
        self._process = spawn(command, self._log, ROOT, environ)
        wait_until(lambda: is_ready(self.port), 60, "the peer", self._process)
        return time.perf_counter() - started

    def stop(self) -> None:
        if self._process is not None:
            stop(self._process, signal.SIGTERM, seconds=30)
            self._process = None
        self._postgres.stop()

    def is_running(self) -> bool:
        return self._process is not None

    def roots(self) -> list[int]:
        assert self._process is not None
        return [self._process.pid, self._postgres.pid]

    def load(self, dataset: Dataset) -> float:
        started = time.perf_counter()
        asyncio.run(self._load(dataset))
        return time.perf_counter() - started

    def batch_body(self, events: list[dict[str, object]]) -> bytes:
        return msgspec.json.encode(events)

    def insights(self, dataset: Dataset) -> dict[str, Question]:
        return {
            name + suffix: Question(
                [path + start for start in starts], answer, f"{path}?start_date={dataset.after}"
            )
            for name, path, answer in (
                ("counts", "/audit-logs/counts", msgspec.json.decode),
                ("hourly", "/audit-logs/histogram", _to_hours),
                ("distinct", "/audit-logs/active-users", _to_distinct),
            )
            for suffix, starts in (
                ("", [""]),
                ("_from", [f"?start_date={start}" for start in uneven_starts(dataset)]),
            )
        }

    def count(self) -> int:
        return int(asyncio.run(self._rows(f"SELECT count(*) FROM {TABLE}"))[0][0])

    def sizes(self) -> list[Size]:
        heap = self._size("heap, with TOAST and maps", f"pg_table_size('{TABLE}')")
        named = (
            "SELECT indexrelid::regclass::text, pg_relation_size(indexrelid)"
            f" FROM pg_index WHERE indrelid = '{TABLE}'::regclass ORDER BY 1"
        )
        indexes = [Size(f"index {name}", size) for name, size in asyncio.run(self._rows(named))]
        return [heap, *indexes]

    def engine_timings(self, dataset: Dataset, names: set[str]) -> dict[str, Timing]:
        return {}

    def _size(self, what: str, expression: str) -> Size:
        return Size(what, int(asyncio.run(self._rows(f"SELECT {expression}"))[0][0]))

    async def _rows(self, sql: str) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self._postgres.url)
        try:
            return list(await connection.fetch(sql))
        finally:
            await connection.close()

    async def _create(self) -> None:
        """The table, with its indexes unless `load` is still to build them."""
        if not (await self._rows(f"SELECT to_regclass('{TABLE}')"))[0][0]:
            table = str(CreateTable(TABLE_SHAPE).compile(dialect=DIALECT))
            await self._execute(table, *_index_statements())

    async def _load(self, dataset: Dataset) -> None:
        """COPY without indexes, then the indexes: as compact as they can be."""
        await self._execute(*(f"DROP INDEX {name}" for name in _index_names()))
        connection = await asyncpg.connect(self._postgres.url)
        try:
            await connection.set_type_codec(
                "jsonb", schema="pg_catalog", encoder=_to_jsonb, decoder=bytes, format="binary"
            )
            for chunk in dataset.chunks:
                await connection.copy_records_to_table(
                    TABLE, records=_records(chunk), columns=list(COLUMNS)
                )
        finally:
            await connection.close()
        await self._execute(*_index_statements(), f"VACUUM (ANALYZE) {TABLE}", "CHECKPOINT")

    async def _execute(self, *statements: str) -> None:
        connection = await asyncpg.connect(self._postgres.url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()


class _Line(msgspec.Struct):
    """One line of a chunk, typed as the table's columns are."""

    id: str
    action: str
    resource_type: str
    timestamp: datetime
    resource_id: str | None = None
    resource_name: str | None = None
    user_id: str | None = None
    user_email: str | None = None
    on_behalf_of: str | None = None
    ip_address: str | None = None
    user_agent: str | None = None
    status: str = "SUCCESS"
    source: str = "API"
    details: msgspec.Raw = msgspec.Raw(b"{}")


def _records(chunk: Path) -> Iterator[tuple[Any, ...]]:
    received_at = datetime.now(UTC)
    for line in msgspec.json.Decoder(_Line).decode_lines(chunk.read_bytes()):
        yield (*(getattr(line, name) for name in COLUMNS[:-1]), received_at)


def _to_jsonb(details: msgspec.Raw) -> bytes:
    return JSONB_VERSION + bytes(details)


def _index_statements() -> list[str]:
    indexes = sorted(TABLE_SHAPE.indexes, key=lambda index: str(index.name))
    return [str(CreateIndex(index).compile(dialect=DIALECT)) for index in indexes]


def _index_names() -> list[str]:
    return sorted(str(index.name) for index in TABLE_SHAPE.indexes)


def _to_hours(body: bytes) -> dict[str, int]:
    hours = msgspec.json.decode(body, type=list[tuple[datetime, int]])
    return {hour.astimezone(UTC).isoformat(): count for hour, count in hours}


def _to_distinct(body: bytes) -> int:
    return int(msgspec.json.decode(body)["distinct"])
