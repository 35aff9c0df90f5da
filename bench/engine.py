"""What the engine alone takes: Trailkeeper's own statements, replayed without HTTP.

Each question is read once by Trailkeeper's own code, to learn its statements; then these
are run one after another on the store, while the server is stopped.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

import msgspec

from bench.side import Question
from bench.timing import Timing
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Tenant, system_tenant
from trailkeeper.search.facets import read_facets
from trailkeeper.search.histogram import Interval, read_histogram
from trailkeeper.search.pages import Order, read_page
from trailkeeper.search.params import TimeRange, parse_parameters, parse_time_range
from trailkeeper.search.question import Question as EventQuestion
from trailkeeper.search.request import RANGE_NAMES
from trailkeeper.settings import Settings
from trailkeeper.store.engine import EventsEngine, Statement

OWN_NAMES = frozenset({"limit", "field", "interval", *RANGE_NAMES})
RUNS = 20
LARGEST_TENANT = (
    "SELECT organization FROM events GROUP BY organization ORDER BY count() DESC LIMIT 1"
)


class Recorder(EventsEngine):
    """Remembers what was read."""

    def __init__(self, dsn: str, memory_bytes: int) -> None:
        super().__init__(dsn, memory_bytes)
        self.statements: list[tuple[Statement, str]] = []

    async def raw(self, statement: Statement, fmt: str) -> bytes:
        self.statements.append((statement, fmt))
        return await super().raw(statement, fmt)

    async def replay(self, statements: list[tuple[Statement, str]]) -> float:
        """Seconds for all of them, one after another."""
        started = time.perf_counter()
        for statement, fmt in statements:
            await super().raw(statement, fmt)
        return time.perf_counter() - started


class _Organization(msgspec.Struct, array_like=True):
    id: str


def timings(data: Path, questions: dict[str, Question]) -> dict[str, Timing]:
    """Raises ConfigurationError while another process holds the store."""
    return asyncio.run(_timings(Settings(data, events_dsn=f"chdb://{data}/events"), questions))


async def _timings(settings: Settings, questions: dict[str, Question]) -> dict[str, Timing]:
    engine = await Recorder.open(settings.events_dsn, settings.engine_memory_bytes)
    try:
        assert isinstance(engine, Recorder)
        (owner,) = await engine.rows(Statement(LARGEST_TENANT), _Organization)
        tenant = system_tenant(OrganizationId(owner.id))
        return {
            name: await _replayed(engine, tenant, question.paths)
            for name, question in questions.items()
        }
    finally:
        engine.close()


async def _replayed(engine: Recorder, tenant: Tenant, paths: list[str]) -> Timing:
    seconds = []
    for path in islice(cycle(paths), RUNS):
        engine.statements.clear()
        await _read(engine, tenant, path)
        seconds.append(await engine.replay(list(engine.statements)))
    return Timing(seconds)


async def _read(engine: EventsEngine, tenant: Tenant, path: str) -> None:
    """Reads what the server would read for `path`."""
    target = urlsplit(path)
    pairs = parse_qsl(target.query)
    named = dict(pairs)
    filters = [(name, text) for name, text in pairs if name not in OWN_NAMES]
    folders = target.path.strip("/").split("/")
    if folders[0] == "users":
        filters.append(("user_id", unquote(folders[1])))
    within = parse_time_range(named.get("start_date"), named.get("end_date"), "UTC")
    question = EventQuestion(tenant, parse_parameters(filters), within)
    limit = int(named.get("limit", "10"))
    match folders[-1]:
        case "facets":
            await read_facets(engine, question, [named["field"]], limit)
        case "histogram":
            await _read_histogram(engine, question, Interval(named["interval"]))
        case _:
            await read_page(engine, question, order=Order.DESC, limit=limit)


async def _read_histogram(
    engine: EventsEngine, question: EventQuestion, interval: Interval
) -> None:
    closed = TimeRange(question.range.start, datetime.now(UTC))
    await read_histogram(
        engine,
        EventQuestion(question.tenant, question.filter, closed),
        interval=interval,
        zone=ZoneInfo("UTC"),
        split_by=None,
    )
