"""All measurements of one side, in an order in which none disturbs the next."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import msgspec

from bench import console, ingest, insight, rehearsal, watch
from bench.client import Client
from bench.dataset import Dataset
from bench.generator import Load
from bench.outcome import Table, table_of
from bench.paging import Depth, Export, measure_depth, measure_export
from bench.processes import memory_bytes
from bench.queries import ask
from bench.side import Question, Side, Size, find_questions
from bench.timing import Timing
from bench.trailkeeper_side import TrailkeeperSide

IDLE_SECONDS = 5
CONSOLE_TITLE = "Console: in a browser"


class Group(StrEnum):
    """What `--only` can name."""

    SIZE = "size"
    START = "start"
    QUERY = "query"
    TEXT = "text"
    PAGE = "page"
    EXPORT = "export"
    INGEST = "ingest"
    ACCESS = "access"
    WATCH = "watch"
    INSIGHT = "insight"
    CONSOLE = "console"


STORELESS = frozenset({Group.ACCESS})
"""These need no loaded store."""
OURS_ALONE = frozenset({Group.ACCESS, Group.WATCH, Group.INSIGHT, Group.CONSOLE})
"""Of these the peer has no counterpart."""


class Results(msgspec.Struct, kw_only=True):
    """What was measured of one side; what was not asked for is None or empty."""

    notes: list[str] = []
    sizes: list[Size] = []
    sized_events: int = 0
    ready_seconds: float | None = None
    idle_bytes: int | None = None
    timings: dict[str, Timing] = {}
    engine: dict[str, Timing] = {}
    depth: Depth | None = None
    export: Export | None = None
    batches: Load | None = None
    singles: Load | None = None
    tables: list[Table] = []


Say = Callable[[str], None]
TEXT_QUESTIONS = ("text", "fragment")


def measure(
    side: Side, dataset: Dataset, groups: set[Group], folder: Path, pace: float, say: Say
) -> Results:
    """Loads the side unless a run before did, and measures `groups`.

    `pace` scales the seconds of the ingest runs. Ingest comes last: it adds events.
    """
    results = Results()
    try:
        _load_once(side, dataset, folder, say)
        if Group.SIZE in groups:
            results.sized_events = side.count()
            results.sizes = side.sizes()
            results.notes = side.notes
        if Group.START in groups:
            _measure_start(side, results, say)
        else:
            side.stop()
            side.start()
        _measure_reads(side, dataset, groups, results, say)
        if isinstance(side, TrailkeeperSide):
            results.tables = _measure_ours(side, dataset, groups, pace, say)
        if groups & {Group.QUERY, Group.TEXT}:
            results.engine = side.engine_timings(dataset, set(results.timings))
        if Group.INGEST in groups:
            _measure_ingest(side, folder, pace, results, say)
    finally:
        side.stop()
    return results


def _load_once(side: Side, dataset: Dataset, folder: Path, say: Say) -> None:
    mark = folder / f"{side.name}.loaded"
    side.start()
    if mark.exists():
        return
    say(f"{side.name}: loading {dataset.events:,} events")
    before = side.count()
    seconds = side.load(dataset)
    stored = side.count() - before
    if stored != dataset.events:
        raise RuntimeError(f"{side.name} was given {dataset.events} events and stored {stored}")
    mark.touch()
    say(f"loaded in {seconds:.0f} s")


def _measure_start(side: Side, results: Results, say: Say) -> None:
    side.stop()
    results.ready_seconds = side.start()
    time.sleep(IDLE_SECONDS)
    results.idle_bytes = memory_bytes(side.roots())
    say(f"ready in {results.ready_seconds:.2f} s")


def _measure_reads(
    side: Side, dataset: Dataset, groups: set[Group], results: Results, say: Say
) -> None:
    with Client(side.port, side.headers) as client:
        for name, question in _questions(side, dataset, groups).items():
            results.timings[name] = timing = ask(client, question)
            say(f"{name}: p50 {timing.p50 * 1000:.1f} ms of {len(timing.seconds)}")
    if Group.PAGE in groups:
        results.depth = measure_depth(side, dataset)
        say(f"page at {results.depth.events:,}: {results.depth.deep * 1000:.1f} ms")
    if Group.EXPORT in groups:
        results.export = measure_export(side, dataset)
        say(f"export: {results.export.rows_per_second:,.0f} rows/s")


def _measure_ours(
    side: TrailkeeperSide, dataset: Dataset, groups: set[Group], pace: float, say: Say
) -> list[Table]:
    """What the peer has no counterpart of. The console comes last: it adds events."""
    tables = []
    if Group.WATCH in groups:
        say("watch: rehearsal")
        tables.append(table_of(watch.TITLE, rehearsal.measure(side, side.count())))
    if Group.INSIGHT in groups:
        tables.append(table_of(insight.TITLE, insight.measure(side, dataset, pace, say)))
    if Group.CONSOLE in groups:
        seen = console.outcomes(console.measure(side, pace, say))
        tables.append(table_of(CONSOLE_TITLE, seen))
    return tables


def _questions(side: Side, dataset: Dataset, groups: set[Group]) -> dict[str, Question]:
    questions = {**find_questions(dataset), **side.insights(dataset)}
    return {
        name: question
        for name, question in questions.items()
        if (Group.TEXT if name in TEXT_QUESTIONS else Group.QUERY) in groups
    }


def _measure_ingest(side: Side, folder: Path, pace: float, results: Results, say: Say) -> None:
    bodies = folder / "bodies"
    if not side.is_running():
        side.start()
    results.singles = ingest.measure(side, ingest.SINGLES, bodies, pace)
    say(f"64 x 1: {results.singles.events_per_second:,.0f} events/s")
    results.batches = ingest.measure(side, ingest.BATCHES, bodies, pace)
    say(f"8 x 500: {results.batches.events_per_second:,.0f} events/s")
