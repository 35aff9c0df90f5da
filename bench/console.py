"""`python -m bench.console`: what the console takes, in a real browser at a real server.

    cold        a browser without a cache: the Explorer's first rows and histogram
    filters     from a click or Enter to the new rows, facets and histogram, over 90 days
    pages       Dashboard and Team analytics of 90 days, reached from another page
    scroll      100,000 loaded rows: frames and memory
    script      what the Explorer's scripts weigh as they are sent
    live        the share of the main thread that 50 events a second take

Moments are taken in the page, after the frame that shows what is waited for. The browser is
headless and draws without a graphics card, on the machine that serves.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import outcome
from bench.console_browser import visiting
from bench.console_motion import (
    EVENTS_PER_SECOND,
    Followed,
    Scrolled,
    measure_live,
    measure_scroll,
)
from bench.console_pages import (
    Changes,
    Cold,
    Visited,
    all_of,
    measure_changes,
    measure_cold,
    measure_page,
    slowest,
)
from bench.dataset import prepare
from bench.outcome import Outcome
from bench.timing import Timing
from bench.trailkeeper_side import TrailkeeperSide

EVENTS: Final = 5_000_000
PERSISTENT: Final = "/var/tmp"
COLD_RUNS: Final = 10
CHANGE_ROUNDS: Final = 10
PAGE_RUNS: Final = 20
SCROLL_SECONDS: Final = 20.0
LIVE_SECONDS: Final = 30.0
DASHBOARD_FIGURES: Final = 5
ANALYTICS_FIGURES: Final = 3

FIRST_ROWS_SECONDS: Final = 0.7
FIRST_HISTOGRAM_SECONDS: Final = 0.9
NEW_ROWS_SECONDS: Final = 0.2
NEW_COUNTS_SECONDS: Final = 0.4
PAGE_SECONDS: Final = 0.5
FRAME_SECONDS: Final = 0.017
HEAP_BYTES: Final = 60_000_000
SCRIPT_BYTES: Final = 220_000
LIVE_SHARE: Final = 0.10
MUST_ARRIVE: Final = 0.9
"""Of the events a second: a page that shows fewer of them is not busy with them."""

HEAD: Final = outcome.HEAD

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Console:
    """What was measured of the console."""

    cold: Cold
    changes: Changes
    dashboard: Visited
    analytics: Visited
    scrolled: Scrolled
    followed: Followed

    @property
    def is_reached(self) -> bool:
        return all(line.is_reached is not False for line in outcomes(self))


def measure(side: TrailkeeperSide, pace: float, say: Say) -> Console:
    """Of a side that is loaded; it is started where it does not run. `pace` scales how long.

    Adds the events of the live page, and somebody to sign in as where nobody is there yet.
    Raises RuntimeError where a page has a fault.
    """
    if not side.is_running():
        side.start()
    with visiting(side) as visitor:
        say("console: Explorer, cold")
        cold = measure_cold(visitor, _times(COLD_RUNS, pace))
        say("console: filters")
        changes = measure_changes(visitor, _times(CHANGE_ROUNDS, pace))
        runs = _times(PAGE_RUNS, pace)
        say("console: Dashboard and Team analytics")
        dashboard = measure_page(visitor, "/", "Dashboard", DASHBOARD_FIGURES, runs)
        analytics = measure_page(visitor, "/analytics", "Team analytics", ANALYTICS_FIGURES, runs)
        say("console: scrolling")
        scrolled = measure_scroll(visitor, SCROLL_SECONDS * pace)
        say("console: live")
        followed = measure_live(visitor, side, LIVE_SECONDS * pace)
    return Console(cold, changes, dashboard, analytics, scrolled, followed)


def rows(console: Console) -> list[list[str]]:
    """The table's cells, as HEAD names them."""
    return [line.cells() for line in outcomes(console)]


def outcomes(console: Console) -> list[Outcome]:
    return [*_cold(console.cold), *_changes(console.changes), *_pages(console), *_motion(console)]


def _cold(cold: Cold) -> Iterator[Outcome]:
    for what, timing, limit in (
        ("first rows", cold.rows, FIRST_ROWS_SECONDS),
        ("histogram", cold.histogram, FIRST_HISTOGRAM_SECONDS),
    ):
        yield Outcome(
            f"Explorer, cold: {what} on screen",
            _percentiles(timing),
            f"p95 ≤ {limit * 1000:.0f} ms",
            timing.p95 <= limit,
        )
    script = cold.script
    yield Outcome(
        "Explorer: JS asked for before the first rows, as sent",
        f"{script.sent_bytes / 1000:,.1f} kB in {script.files} files;"
        f" {script.plain_bytes / 1000:,.0f} kB unpacked",
        f"≤ {SCRIPT_BYTES / 1000:.0f} kB",
        script.sent_bytes <= SCRIPT_BYTES,
    )


def _changes(changes: Changes) -> Iterator[Outcome]:
    for what, by_kind, limit in (
        ("new rows", changes.rows, NEW_ROWS_SECONDS),
        ("new facets and histogram", changes.counts, NEW_COUNTS_SECONDS),
    ):
        timing = all_of(by_kind)
        kind, median = slowest(by_kind)
        yield Outcome(
            f"any filter change to {what}, 90 days",
            f"{_percentiles(timing)}; slowest, {kind}: p50 {_milliseconds(median)}",
            f"p95 ≤ {limit * 1000:.0f} ms",
            timing.p95 <= limit,
        )


def _pages(console: Console) -> Iterator[Outcome]:
    for what, visited in (
        ("Dashboard", console.dashboard),
        ("Team analytics", console.analytics),
    ):
        yield Outcome(
            f"{what}, 90 days, all figures shown",
            f"{_percentiles(visited.shown)}; the API of it {_percentiles(visited.api)}",
            f"p95 ≤ {PAGE_SECONDS * 1000:.0f} ms",
            visited.shown.p95 <= PAGE_SECONDS,
        )


def _motion(console: Console) -> Iterator[Outcome]:
    scrolled, followed = console.scrolled, console.followed
    frames = scrolled.frames
    yield Outcome(
        f"scroll {scrolled.rows:,} loaded rows: from frame to frame",
        f"p50 {frames.p50 * 1000:.1f} ms, p95 {frames.p95 * 1000:.1f} ms of"
        f" {len(frames.seconds):,} frames over {scrolled.pixels:,.0f} px;"
        f" headless, drawn by {scrolled.cores} cores, without a graphics card",
        f"p95 ≤ {FRAME_SECONDS * 1000:.0f} ms",
        frames.p95 <= FRAME_SECONDS,
    )
    yield Outcome(
        "the same: JS heap",
        f"{scrolled.heap_bytes / 1e6:.1f} MB",
        f"≤ {HEAP_BYTES / 1e6:.0f} MB",
        scrolled.heap_bytes <= HEAP_BYTES,
    )
    least = MUST_ARRIVE * EVENTS_PER_SECOND
    yield Outcome(
        f"live at {EVENTS_PER_SECOND} events/s: share of the main thread",
        f"{followed.share:.1%} with {followed.per_second:.1f} events/s shown",
        f"≤ {LIVE_SHARE:.0%}, ≥ {least:.0f} shown/s",
        followed.share <= LIVE_SHARE and followed.per_second >= least,
    )


def _times(runs: int, pace: float) -> int:
    return max(2, int(runs * pace))


def _percentiles(timing: Timing) -> str:
    return f"p50 {_milliseconds(timing.p50)}, p95 {_milliseconds(timing.p95)}"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms"


@contextmanager
def _work_folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="console-", dir=PERSISTENT) as made:
        yield Path(made)


def _say(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.console", description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS, help="events to load")
    parser.add_argument("--pace", type=float, default=1.0, help="scales runs and seconds")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the events and stores there")
    return parser.parse_args()


def main() -> int:
    """Returns 1 when something that must be reached was not."""
    arguments = _arguments()
    with _work_folder(arguments.keep) as folder:
        dataset = prepare(folder / "dataset", arguments.events)
        is_loaded = (folder / "trailkeeper").exists()
        side = TrailkeeperSide(folder)
        side.start()
        try:
            if not is_loaded:
                _say(f"loading {dataset.events:,} events")
                side.load(dataset)
            console = measure(side, arguments.pace, _say)
        finally:
            side.stop()
    table = [list(HEAD), *rows(console)]
    widths = [max(len(line[column]) for line in table) for column in range(len(HEAD))]
    for line in table:
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        print("  ".join(cells).rstrip())
    return 0 if console.is_reached else 1


if __name__ == "__main__":
    sys.exit(main())
