"""A cursor page far in, against the first; and a million rows as CSV."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

import msgspec

from bench.client import Client
from bench.dataset import Dataset
from bench.processes import memory_growth
from bench.side import PAGE_EVENTS, Side, listing
from bench.timing import percentile

DEPTH_EVENTS = 1_000_000
RUNS = 30


@dataclass(frozen=True, slots=True)
class Depth:
    """Median seconds of the first page, of the pages before `events`, of an offset to there."""

    first: float
    deep: float
    events: int


def measure_depth(side: Side, dataset: Dataset) -> Depth:
    """Walks to the depth by cursors as a client would, and times the last pages.

    Raises RuntimeError when the walk skips or repeats an event.
    """
    pages = min(DEPTH_EVENTS, dataset.events * 9 // 10) // PAGE_EVENTS
    first_path = listing(limit=PAGE_EVENTS)
    path = first_path
    times: list[float] = []
    seen: set[str] = set()
    with Client(side.port, side.headers) as client:
        for _ in range(pages):
            body, seconds = client.get(path)
            page = msgspec.json.decode(body)
            times.append(seconds)
            seen.update(item["id"] for item in page["items"])
            path = f"{first_path}&cursor={quote(page['next_cursor'])}"
        first = [client.get(first_path)[1] for _ in range(RUNS)]
    if len(seen) != pages * PAGE_EVENTS:
        raise RuntimeError(f"{side.name}: {pages} pages held {len(seen)} different events")
    return Depth(percentile(first, 50), percentile(times[-RUNS:], 50), pages * PAGE_EVENTS)


@dataclass(frozen=True, slots=True)
class Export:
    """A CSV download of `rows` events."""

    rows: int
    seconds: float
    size_bytes: int
    growth_bytes: int

    @property
    def rows_per_second(self) -> float:
        return self.rows / self.seconds


def measure_export(side: Side, dataset: Dataset) -> Export:
    path = f"/audit-logs/export?format=csv&start_date={dataset.export_from}"
    with Client(side.port, side.headers) as client, memory_growth(side.roots()[0]) as growth:
        lines, size_bytes, seconds = client.count_lines(path)
    return Export(lines - 1, seconds, size_bytes, growth.bytes)
