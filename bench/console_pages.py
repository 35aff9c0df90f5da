"""How soon pages show what they are there for: the Explorer, the dashboard, Team analytics."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from playwright.sync_api import Page

from bench.console_browser import Visitor, Watch
from bench.timing import Timing, percentile

ROW: Final = "[role=row][data-index]"
CHART: Final = "[role=slider] svg path[d^=M]"
SEARCH_FIELD: Final = "[data-explorer-search]"
LONG_RANGE: Final = "90d"
ELSEWHERE: Final = "/notifications"

COLD: Final = f"""
window.benchCold = Promise.all([
  benchProbe.when(() => document.querySelector("{ROW}") !== null, "rows"),
  benchProbe.when(() => document.querySelector("{CHART}") !== null, "histogram"),
]);
"""
SCRIPTS: Final = """
(before) =>
  performance
    .getEntriesByType("resource")
    .filter(({ name, startTime }) => new URL(name).pathname.endsWith(".js") && startTime < before)
    .map(({ encodedBodySize, decodedBodySize }) => [encodedBodySize, decodedBodySize])
"""
ARM: Final = """
() => {
  window.benchArmed = Promise.all([
    benchProbe.began(),
    benchProbe.renewed("[role=rowgroup][data-old=true]", "rows"),
    benchProbe.renewed("aside [aria-busy=true]", "facets"),
    benchProbe.renewed("[role=slider][aria-busy=true]", "histogram"),
  ]).then(([began, ...ends]) => ends.map((end) => end - began));
}
"""
GO: Final = """
async ([path, title, figures]) => {
  const began = performance.now();
  history.pushState(null, "", path);
  const ended = await benchProbe.when(
    () =>
      document.querySelector("h1")?.textContent === title &&
      document.querySelector("#main .mantine-Skeleton-root, #main [aria-busy=true]") === null &&
      document.querySelectorAll("#main [role=group] .tk-num").length >= figures,
    title,
  );
  const asked = performance
    .getEntriesByType("resource")
    .filter((each) => each.startTime >= began && new URL(each.name).pathname.startsWith("/insight"))
    .map((each) => each.duration);
  return [ended - began, Math.max(...asked)];
}
"""


@dataclass(frozen=True, slots=True)
class Script:
    """What the scripts weigh that are asked for before the first rows: as sent, and unpacked."""

    files: int
    sent_bytes: int
    plain_bytes: int


@dataclass(frozen=True, slots=True)
class Cold:
    """Seconds from the beginning of the navigation, in a browser that knows nothing yet."""

    rows: Timing
    histogram: Timing
    script: Script


@dataclass(slots=True)
class Changes:
    """Seconds from a click or Enter to what is new on screen, by the kind of change."""

    rows: dict[str, list[float]] = field(default_factory=dict)
    counts: dict[str, list[float]] = field(default_factory=dict)

    def add(self, kind: str, milliseconds: list[float]) -> None:
        rows, *counts = milliseconds
        self.rows.setdefault(kind, []).append(rows / 1000)
        self.counts.setdefault(kind, []).append(max(counts) / 1000)


@dataclass(frozen=True, slots=True)
class Visited:
    """Seconds until all figures of a page are shown, and those of them that the API took."""

    shown: Timing
    api: Timing


def all_of(by_kind: dict[str, list[float]]) -> Timing:
    return Timing([seconds for each in by_kind.values() for seconds in each])


def slowest(by_kind: dict[str, list[float]]) -> tuple[str, float]:
    """The kind of change whose median is the longest, and that median."""
    kind = max(by_kind, key=lambda each: percentile(by_kind[each], 50))
    return kind, percentile(by_kind[kind], 50)


def measure_cold(visitor: Visitor, runs: int) -> Cold:
    """The first visit is not counted: the browser itself begins with it."""
    rows: list[float] = []
    histogram: list[float] = []
    script = Script(0, 0, 0)
    for _ in range(runs + 1):
        watch = Watch()
        with visitor.page(watch) as page:
            page.add_init_script(COLD)
            page.goto("/explorer")
            moments = page.evaluate("benchCold")
            sizes = page.evaluate(SCRIPTS, moments[0])
            page.evaluate("benchProbe.quiet()")
            watch.check()
        script = Script(
            len(sizes), sum(sent for sent, _ in sizes), sum(plain for _, plain in sizes)
        )
        rows.append(moments[0] / 1000)
        histogram.append(moments[1] / 1000)
    return Cold(Timing(rows[1:]), Timing(histogram[1:]), script)


def measure_changes(visitor: Visitor, rounds: int) -> Changes:
    """Every change makes a search that was not made before: none is answered by a cache."""
    changes = Changes()
    for number in range(rounds):
        watch = Watch()
        with visitor.page(watch) as page:
            page.goto(f"/explorer?range={LONG_RANGE}")
            page.locator("[data-facet] [role=checkbox]").first.wait_for()
            page.locator(CHART).first.wait_for(state="attached")
            page.evaluate("benchProbe.quiet()")
            for kind in _each_change(page, number):
                changes.add(kind, page.evaluate("benchArmed"))
            watch.check()
    return changes


def _each_change(page: Page, number: int) -> Iterator[str]:
    """Changes the filter, and says how; what comes of it is to be awaited before the next."""
    yield _facet(page, "action", number)
    yield _facet(page, "user_email", number)
    yield _search(page, "a field searched for", "resource_type:PROJECT")
    yield _search(page, "two fields, one left out", "-action:VIEW status:FAILED")
    yield _facet(page, "country", number)
    yield _search(page, "a word of the text", "prod")
    page.evaluate(ARM)
    page.get_by_role("button", name="Last 30 days").click()
    yield "range"


def _facet(page: Page, name: str, number: int) -> str:
    values = page.locator(f"[data-facet={name}] [role=checkbox][aria-checked=false]")
    value = values.nth(number % values.count())
    value.scroll_into_view_if_needed()
    page.evaluate(ARM)
    value.click()
    return f"facet {name}"


def _search(page: Page, kind: str, text: str) -> str:
    page.locator(SEARCH_FIELD).fill(text)
    page.evaluate(ARM)
    page.locator(SEARCH_FIELD).press("Enter")
    return kind


def measure_page(visitor: Visitor, path: str, title: str, figures: int, runs: int) -> Visited:
    """From another page of the console, whose code is there; the page's own code is not yet."""
    shown: list[float] = []
    api: list[float] = []
    watch = Watch()
    with visitor.page(watch) as page:
        for _ in range(runs + 1):
            page.goto(ELSEWHERE)
            page.get_by_role("heading", level=1).wait_for()
            page.evaluate("benchProbe.quiet()")
            seconds = page.evaluate(GO, [f"{path}?range={LONG_RANGE}", title, figures])
            assert re.search(rf"{re.escape(path)}\?range={LONG_RANGE}$", page.url), page.url
            shown.append(seconds[0] / 1000)
            api.append(seconds[1] / 1000)
            watch.check()
    return Visited(Timing(shown[1:]), Timing(api[1:]))
