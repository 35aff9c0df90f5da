"""The table, and what is told with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.phases import Results
from bench.queries import differences

MIB = 1024**2
EXPORT_ROWS_PER_SECOND = 100_000
EXPORT_TIMES = 5
EXPORT_GROWTH_BYTES = 200 * 1000 * 1000
DEPTH_TIMES = 1.5


def mark(is_reached: bool, must: str) -> str:
    """What must be reached, and whether it was."""
    return f"{must}: {'yes' if is_reached else 'NO'}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `is_reached` is None where nothing must be reached."""

    what: str
    ours: str
    peer: str = ""
    ratio: str = ""
    must: str = "printed"
    is_reached: bool | None = None

    def cells(self) -> list[str]:
        verdict = {None: "", True: "yes", False: "**no**"}[self.is_reached]
        return [self.what, self.ours, self.peer, self.ratio, self.must, verdict]


HEAD = ["what", "Trailkeeper", "peer", "ratio", "must reach", "reached"]

FASTER = {
    "counts": ("counts by action", 10),
    "hourly": ("hourly histogram", 10),
    "distinct": ("distinct active users", 10),
    "counts_from": ("counts by action, from an uneven minute on", None),
    "hourly_from": ("hourly histogram, from an uneven minute on", None),
    "distinct_from": ("distinct active users, from an uneven minute on", None),
    "text": ("free text that is rare (5 events)", 20),
    "fragment": ("free text that is part of one id", None),
}
NOT_SLOWER = {
    "latest": "latest 50 overall",
    "latest_user": "latest 50 of one user",
    "latest_resource": "latest 50 of one resource",
}
NOT_SLOWER_TIMES = 2


def rows(ours: Results, peer: Results) -> list[Row]:
    """The table's lines for everything that both sides measured."""
    return [
        *_ingest(ours, peer),
        *_size(ours, peer),
        *_faster(ours, peer, ("counts", "hourly", "distinct")),
        *_faster(ours, peer, ("counts_from", "hourly_from", "distinct_from")),
        *_latest(ours, peer),
        *_faster(ours, peer, ("text", "fragment")),
        *_depth(ours, peer),
        *_export(ours, peer),
        *_start(ours, peer),
    ]


def _times(ratio: float) -> str:
    return f"{ratio:.2f} x" if ratio < 10 else f"{ratio:,.0f} x"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms"


def _ingest(ours: Results, peer: Results) -> Iterator[Row]:
    for what, mine, theirs, times in (
        ("durable ingest, 8 connections x batches of 500", ours.batches, peer.batches, 10),
        ("durable ingest, 64 connections x 1 event", ours.singles, peer.singles, 2),
    ):
        if mine is not None and theirs is not None:
            ratio = mine.events_per_second / theirs.events_per_second
            yield Row(
                what,
                f"{mine.events_per_second:,.0f} /s",
                f"{theirs.events_per_second:,.0f} /s",
                _times(ratio),
                f"≥ {times} x the peer",
                ratio >= times,
            )


def _size(ours: Results, peer: Results) -> Iterator[Row]:
    if ours.sizes and peer.sizes:
        mine = sum(size.size_bytes for size in ours.sizes) / ours.sized_events
        theirs = sum(size.size_bytes for size in peer.sizes) / peer.sized_events
        ratio = mine / theirs
        yield Row(
            "bytes on disk per event, everything",
            f"{mine:.0f} B",
            f"{theirs:.0f} B",
            f"1/{1 / ratio:.1f}",
            "≤ 1/4 of the peer",
            ratio <= 1 / 4,
        )


def _faster(ours: Results, peer: Results, names: tuple[str, ...]) -> Iterator[Row]:
    for name in names:
        if name in ours.timings and name in peer.timings:
            what, times = FASTER[name]
            mine, theirs = ours.timings[name].p50, peer.timings[name].p50
            yield Row(
                what,
                _milliseconds(mine),
                _milliseconds(theirs),
                f"{_times(theirs / mine)} faster",
                "printed" if times is None else f"≥ {times} x faster",
                None if times is None else theirs / mine >= times,
            )


def _latest(ours: Results, peer: Results) -> Iterator[Row]:
    for name, what in NOT_SLOWER.items():
        if name in ours.timings and name in peer.timings:
            mine, theirs = ours.timings[name].p50, peer.timings[name].p50
            yield Row(
                what,
                _milliseconds(mine),
                _milliseconds(theirs),
                _times(mine / theirs),
                f"≤ {NOT_SLOWER_TIMES} x the peer",
                mine / theirs <= NOT_SLOWER_TIMES,
            )


def _depth(ours: Results, peer: Results) -> Iterator[Row]:
    if ours.depth is not None:
        times = ours.depth.deep / ours.depth.first
        theirs = peer.depth
        yield Row(
            f"cursor page of 1,000 at depth {ours.depth.events:,} (first page)",
            f"{_milliseconds(ours.depth.deep)} ({_milliseconds(ours.depth.first)})",
            f"{_milliseconds(theirs.deep)} ({_milliseconds(theirs.first)})" if theirs else "",
            _times(times),
            f"≤ {DEPTH_TIMES} x the first page",
            times <= DEPTH_TIMES,
        )


def _export(ours: Results, peer: Results) -> Iterator[Row]:
    mine, theirs = ours.export, peer.export
    if mine is None:
        return
    times = mine.rows_per_second / theirs.rows_per_second if theirs else 0.0
    yield Row(
        f"export of {mine.rows:,} events as CSV",
        f"{mine.rows_per_second:,.0f} rows/s",
        f"{theirs.rows_per_second:,.0f} rows/s" if theirs else "",
        _times(times) if theirs else "",
        f"≥ {EXPORT_ROWS_PER_SECOND:,} rows/s or ≥ {EXPORT_TIMES} x the peer",
        mine.rows_per_second >= EXPORT_ROWS_PER_SECOND or times >= EXPORT_TIMES,
    )
    yield Row(
        "memory growth of the HTTP server while exporting",
        f"{mine.growth_bytes / MIB:,.0f} MiB",
        f"{theirs.growth_bytes / MIB:,.0f} MiB" if theirs else "",
        "",
        f"< {EXPORT_GROWTH_BYTES // 1_000_000} MB",
        mine.growth_bytes < EXPORT_GROWTH_BYTES,
    )


def _start(ours: Results, peer: Results) -> Iterator[Row]:
    if ours.ready_seconds is not None and peer.ready_seconds is not None:
        yield Row(
            "start to ready, with the events loaded",
            f"{ours.ready_seconds:.2f} s",
            f"{peer.ready_seconds:.2f} s",
        )
    if ours.idle_bytes is not None and peer.idle_bytes is not None:
        yield Row(
            "idle memory (all processes, shared pages once)",
            f"{ours.idle_bytes / MIB:,.0f} MiB",
            f"{peer.idle_bytes / MIB:,.0f} MiB",
        )


def size_rows(results: Results) -> list[list[str]]:
    """Part by part: bytes per event and megabytes."""
    return [
        [
            size.what,
            f"{size.size_bytes / results.sized_events:.1f} B",
            f"{size.size_bytes / 1e6:,.1f} MB",
        ]
        for size in results.sizes
    ]


def engine_rows(ours: Results) -> list[list[str]]:
    """Each question over HTTP against the engine's own time for the same SQL."""
    return [
        [
            name,
            _milliseconds(ours.timings[name].p50),
            _milliseconds(timing.p50),
            _times(ours.timings[name].p50 / timing.p50),
        ]
        for name, timing in ours.engine.items()
        if name in ours.timings
    ]


def timing_rows(ours: Results, peer: Results) -> list[list[str]]:
    """Median, 95th percentile and number of runs of every question."""
    return [
        [name]
        + [
            f"{_milliseconds(side.timings[name].p50)} / {_milliseconds(side.timings[name].p95)}"
            f" ({len(side.timings[name].seconds)})"
            for side in (ours, peer)
        ]
        for name in ours.timings
        if name in peer.timings
    ]


def disagreements(ours: Results, peer: Results) -> list[str]:
    """Questions that the sides answered differently, with one of the paths."""
    found = []
    for name in ours.timings.keys() & peer.timings.keys():
        different = differences(ours.timings[name], peer.timings[name])
        if different:
            found.append(f"{name}: {len(different)} answers differ, e.g. {different[0]}")
    return sorted(found)


def generator_lines(ours: Results, peer: Results) -> list[str]:
    """What the ingest runs were, and how much of the machine the generator itself took."""
    return [
        f"- {what}, {side}: {load.requests:,} requests in {load.seconds:.1f} s, p50"
        f" {load.p50 * 1000:.1f} ms, p99 {load.p99 * 1000:.1f} ms;"
        f" {1e6 * load.server_cpu_seconds / load.events:,.0f} µs of server CPU per event;"
        f" the generator took {load.cpu_seconds / load.seconds:.0%} of a core"
        for what, pair in (
            ("8 x 500", (ours.batches, peer.batches)),
            ("64 x 1", (ours.singles, peer.singles)),
        )
        for side, load in zip(("Trailkeeper", "peer"), pair, strict=True)
        if load is not None
    ]
