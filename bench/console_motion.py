"""What the console costs the browser while it moves: scrolling many rows, following live."""

from __future__ import annotations

import itertools
import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import httpx2
from playwright.sync_api import Page

from bench.console_browser import Visitor, Watch, metrics
from bench.console_pages import LONG_RANGE, ROW
from bench.timing import Timing
from bench.trailkeeper_side import TrailkeeperSide

EVENTS_PER_SECOND: Final = 50
EVENTS_PER_COMMIT: Final = 5
SETTLE_MS: Final = 2000
READING_PIXELS_PER_SECOND: Final = 2000
HURRYING_PIXELS_PER_SECOND: Final = 12_000
ARRIVED: Final = re.compile(r"([\d,]+) events? since you opened this page")
FIRST_ARRIVED: Final = re.compile(r"^[1-9][\d,]* events? since you opened this page$")

LOAD_ALL: Final = """
async () => {
  const grid = document.querySelector("[role=grid]");
  const loaded = () => Number(document.querySelector("[data-loaded]")?.dataset.loaded ?? 0);
  const isAll = () => grid.getAttribute("aria-rowcount") !== "-1";
  while (!isAll()) {
    const before = loaded();
    grid.parentElement.scrollTo(0, 1e9);
    await benchProbe.when(() => loaded() > before || isAll(), "more rows");
  }
  grid.parentElement.scrollTo(0, 0);
  return loaded();
}
"""
RECORD: Final = """
() => {
  const times = [];
  let isOn = true;
  const step = (now) => {
    times.push(now);
    if (isOn) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
  window.benchFrames = () => {
    isOn = false;
    return times;
  };
}
"""
PLACE: Final = "document.querySelector('[role=grid]').parentElement.scrollTop"


@dataclass(frozen=True, slots=True)
class Scrolled:
    """Seconds from frame to frame while rows are scrolled, and what all of them take."""

    rows: int
    pixels: float
    frames: Timing
    heap_bytes: int
    cores: int


@dataclass(frozen=True, slots=True)
class Followed:
    """The live page while events come."""

    seconds: float
    arrived: int
    busy_seconds: float

    @property
    def share(self) -> float:
        """Of the main thread."""
        return self.busy_seconds / self.seconds

    @property
    def per_second(self) -> float:
        return self.arrived / self.seconds


def measure_scroll(visitor: Visitor, seconds: float) -> Scrolled:
    """Loads as many rows as the Explorer keeps; scrolls for about so long, at two speeds."""
    watch = Watch()
    with visitor.page(watch) as page:
        page.goto(f"/explorer?range={LONG_RANGE}")
        page.locator(ROW).first.wait_for()
        rows = int(page.evaluate(LOAD_ALL))
        page.evaluate("benchProbe.quiet()")
        page.wait_for_timeout(SETTLE_MS)
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        session.send("HeapProfiler.collectGarbage")
        frames: list[float] = []
        pixels = 0.0
        for speed in (READING_PIXELS_PER_SECOND, HURRYING_PIXELS_PER_SECOND):
            before = float(page.evaluate(PLACE))
            frames += _scroll(page, speed, seconds / 2)
            pixels += float(page.evaluate(PLACE)) - before
        session.send("HeapProfiler.collectGarbage")
        heap_bytes = int(metrics(session)["JSHeapUsedSize"])
        watch.check()
    return Scrolled(rows, pixels, Timing(frames), heap_bytes, os.cpu_count() or 1)


def _scroll(page: Page, speed: int, seconds: float) -> list[float]:
    """By the browser's own input, as a wheel does; seconds from frame to frame."""
    box = page.locator("[role=grid]").evaluate(
        "grid => { const { x, y } = grid.parentElement.getBoundingClientRect(); return [x, y] }"
    )
    session = page.context.new_cdp_session(page)
    page.evaluate(RECORD)
    session.send(
        "Input.synthesizeScrollGesture",
        {
            "x": box[0] + 200,
            "y": box[1] + 200,
            "yDistance": -int(speed * seconds),
            "speed": speed,
            "gestureSourceType": "mouse",
            "preventFling": True,
        },
    )
    times = page.evaluate("benchFrames()")
    return [(later - sooner) / 1000 for sooner, later in itertools.pairwise(times)]


def measure_live(visitor: Visitor, side: TrailkeeperSide, seconds: float) -> Followed:
    watch = Watch()
    with visitor.page(watch) as page:
        page.goto("/live")
        page.locator("#main").get_by_text(ARRIVED).wait_for()
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        with _sending(side):
            page.locator("#main").get_by_text(FIRST_ARRIVED).wait_for()
            page.wait_for_timeout(SETTLE_MS)
            before, arrived = metrics(session), _arrived(page)
            page.wait_for_timeout(seconds * 1000)
            after = metrics(session)
            followed = Followed(
                seconds=after["Timestamp"] - before["Timestamp"],
                arrived=_arrived(page) - arrived,
                busy_seconds=after["TaskDuration"] - before["TaskDuration"],
            )
        watch.check()
    return followed


def _arrived(page: Page) -> int:
    found = ARRIVED.search(page.locator("#main").inner_text())
    if found is None:
        raise RuntimeError("the live page does not say how many events it has seen")
    return int(found[1].replace(",", ""))


@contextmanager
def _sending(side: TrailkeeperSide) -> Iterator[None]:
    """Commits events at the rate, beside what is done inside."""
    faults: list[str] = []
    is_over = threading.Event()

    def send() -> None:
        pause = EVENTS_PER_COMMIT / EVENTS_PER_SECOND
        with httpx2.Client(
            base_url=f"http://127.0.0.1:{side.port}", headers=side.headers, timeout=60
        ) as client:
            began = time.monotonic()
            for number in itertools.count():
                if is_over.wait(max(0.0, began + number * pause - time.monotonic())):
                    return
                events = [_event(number + each) for each in range(EVENTS_PER_COMMIT)]
                answer = client.post("/audit-logs/batch", json=events)
                if not answer.is_success:
                    faults.append(f"{answer.status_code} {answer.text[:500]}")
                    return

    sending = threading.Thread(target=send)
    sending.start()
    try:
        yield
    finally:
        is_over.set()
        sending.join()
    if faults:
        raise RuntimeError(faults[0])


def _event(number: int) -> dict[str, object]:
    return {
        "action": ("CREATE", "UPDATE", "DELETE", "VIEW")[number % 4],
        "resource_type": "PROJECT",
        "resource_id": f"project-{number % 97}",
        "resource_name": f"Project {number % 97}",
        "user_id": f"live-{number % 17}",
        "user_email": f"live-{number % 17}@example.com",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
        "details": {"changes": {"name": {"old": "Old name", "new": "New name"}}},
    }
