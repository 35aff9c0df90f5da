from __future__ import annotations

import msgspec
import pytest

from bench.console import HEAD, Console, rows
from bench.console_motion import Followed, Scrolled
from bench.console_pages import Changes, Cold, Script, Visited, all_of, slowest
from bench.timing import Timing

COLD, HISTOGRAM, SCRIPT, NEW_ROWS, NEW_COUNTS, DASHBOARD, ANALYTICS, FRAMES, HEAP, LIVE = range(10)
VERDICT = HEAD.index("reached")
MEASURED = HEAD.index("measured")


def changes(rows_ms: float = 150, counts_ms: float = 300) -> Changes:
    made = Changes()
    for kind in ("facet", "range"):
        made.add(kind, [rows_ms, counts_ms, counts_ms - 1])
    return made


def visited(seconds: float) -> Visited:
    return Visited(Timing([seconds] * 20), Timing([seconds / 2] * 20))


def console(
    *,
    rows_at: float = 0.6,
    histogram_at: float = 0.8,
    script: int = 219_000,
    changed: Changes | None = None,
    dashboard: float = 0.4,
    analytics: float = 0.4,
    frame: float = 0.0167,
    heap: int = 30_000_000,
    busy: float = 2.9,
    arrived: int = 1500,
) -> Console:
    return Console(
        cold=Cold(Timing([rows_at] * 10), Timing([histogram_at] * 10), Script(9, script, 10**6)),
        changes=changed or changes(),
        dashboard=visited(dashboard),
        analytics=visited(analytics),
        scrolled=Scrolled(100_000, 70_000.0, Timing([frame] * 100), heap, 2),
        followed=Followed(30.0, arrived, busy),
    )


def missed(measured: Console) -> list[int]:
    """Which lines were not reached, by their place."""
    return [at for at, cells in enumerate(rows(measured)) if cells[VERDICT] != "yes"]


def test_all_is_reached_where_each_is() -> None:
    assert missed(console()) == []
    assert console().is_reached


@pytest.mark.parametrize(
    ("measured", "line"),
    [
        (console(rows_at=0.71), COLD),
        (console(histogram_at=0.91), HISTOGRAM),
        (console(script=220_001), SCRIPT),
        (console(changed=changes(rows_ms=201)), NEW_ROWS),
        (console(changed=changes(counts_ms=401)), NEW_COUNTS),
        (console(dashboard=0.51), DASHBOARD),
        (console(analytics=0.51), ANALYTICS),
        (console(frame=0.0171), FRAMES),
        (console(heap=60_000_001), HEAP),
        (console(busy=3.1), LIVE),
    ],
)
def test_each_limit_is_one_that_can_be_missed(measured: Console, line: int) -> None:
    assert missed(measured) == [line]
    assert not measured.is_reached


def test_a_live_page_that_shows_few_events_is_not_quick() -> None:
    idle = console(busy=0.1, arrived=1300)
    assert missed(idle) == [LIVE]
    assert rows(idle)[LIVE][MEASURED] == "0.3% with 43.3 events/s shown"


def test_the_slowest_of_twenty_decides() -> None:
    measured = console()
    late = Timing([0.3] * 19 + [0.9])
    measured = Console(
        measured.cold,
        measured.changes,
        Visited(late, Timing([0.1])),
        measured.analytics,
        measured.scrolled,
        measured.followed,
    )
    assert missed(measured) == [DASHBOARD]
    assert "p50 300 ms, p95 900 ms; the API of it p50 100 ms" in rows(measured)[DASHBOARD][MEASURED]


def test_counts_are_new_when_the_last_of_them_is() -> None:
    made = Changes()
    made.add("facet", [100, 350, 200])
    made.add("facet", [100, 200, 360])
    assert all_of(made.counts).seconds == [0.35, 0.36]


def test_the_slowest_kind_of_change_is_told_apart() -> None:
    made = changes()
    made.add("a word", [100, 700, 650])
    assert slowest(made.counts) == ("a word", 0.7)
    line = rows(console(changed=made))[NEW_COUNTS]
    assert line[MEASURED] == "p50 300 ms, p95 700 ms; slowest, a word: p50 700 ms"
    assert line[VERDICT] != "yes"


def test_rows_can_be_kept() -> None:
    kept = msgspec.json.encode(rows(console()))
    assert msgspec.json.decode(kept, type=list[list[str]]) == rows(console())
    assert {len(cells) for cells in rows(console())} == {len(HEAD)}
