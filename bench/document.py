"""`RESULTS.md`: the table first, then what a reader needs to trust it or to repeat it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench import report
from bench.dataset import Dataset
from bench.outcome import Table
from bench.phases import Results
from bench.postgres import SETTINGS

BOUNDS = Path(__file__).with_name("bounds.md")
"""What keeps the numbers from what must be reached, and what was tried: written by hand."""

PEER_NOTE = """\
The peer is `bench/peer`: FastAPI, SQLAlchemy 2 (asyncpg) and PostgreSQL 15 with one row per event,
the fields of an event and its time of receipt, B-tree indexes on user, action, resource type,
time, (user, time) and (resource type, resource id), GIN on details. It is given its best: COPY
and then the indexes (as compact as they can be), `VACUUM ANALYZE`, no `COUNT(*)` per page
(Trailkeeper's pages carry `total`), keyset pages, a server-side cursor for exports, {workers}
uvicorn worker(s) with uvloop and httptools and without an access log.
PostgreSQL: {settings}."""


def markdown_table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> list[str]:
    return [
        "| " + " | ".join(head) + " |",
        "| " + " | ".join("---" for _ in head) + " |",
        *("| " + " | ".join(line) + " |" for line in lines),
    ]


def plain_table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> list[str]:
    """The same for a terminal."""
    everything = [head, *lines]
    widths = [max(len(line[column]) for line in everything) for column in range(len(head))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in everything
    ]


def results_document(
    command: str,
    machine: list[str],
    dataset: Dataset,
    ours: Results,
    peer: Results,
    workers: int,
    tables: Sequence[Table] = (),
) -> str:
    """The whole document. `tables` are of what the peer has no counterpart of."""
    table = markdown_table(report.HEAD, [row.cells() for row in report.rows(ours, peer)])
    settings = ", ".join(f"`{name}={value}`" for name, value in SETTINGS.items() if value)
    lines = [
        "# Bench results",
        "",
        f"`{command}`, {datetime.now(UTC):%d %B %Y}, {dataset.events:,} events"
        f" ({dataset.json_bytes / dataset.events:.0f} B of JSON each). One machine, one run,"
        " one side after the other; queries are medians over HTTP.",
        "",
        *machine,
        "",
        *table,
        "",
        *_agreement(ours, peer),
        *_section("Bytes on disk: Trailkeeper", SIZE_HEAD, report.size_rows(ours)),
        *_section("Bytes on disk: the peer", SIZE_HEAD, report.size_rows(peer)),
        *_section("Over HTTP, against the engine alone", ENGINE_HEAD, report.engine_rows(ours)),
        *_section("Medians, 95th percentiles, runs", TIMING_HEAD, report.timing_rows(ours, peer)),
        *(line for each in tables for line in _section(each.title, each.head, each.rows)),
        "## How it was measured",
        "",
        *report.generator_lines(ours, peer),
        *(f"- {note}" for note in (*ours.notes, *peer.notes)),
        "",
        PEER_NOTE.format(workers=workers, settings=settings),
        "",
        *BOUNDS.read_text().splitlines(),
        "",
    ]
    return "\n".join(lines)


SIZE_HEAD = ("part", "per event", "all")
ENGINE_HEAD = ("question", "HTTP p50", "engine p50", "multiple")
TIMING_HEAD = ("question", "Trailkeeper p50 / p95 (runs)", "peer p50 / p95 (runs)")


def _section(title: str, head: Sequence[str], lines: Sequence[Sequence[str]]) -> list[str]:
    return [f"## {title}", "", *markdown_table(head, lines), ""] if lines else []


def _agreement(ours: Results, peer: Results) -> list[str]:
    asked = ours.timings.keys() & peer.timings.keys()
    if not asked:
        return []
    different = report.disagreements(ours, peer)
    if different:
        return ["**Answers differ:**", "", *(f"- {line}" for line in different), ""]
    answers = sum(len(peer.timings[name].answers) for name in asked)
    return [f"Both sides gave the same answers to the {answers} questions that were timed.", ""]
