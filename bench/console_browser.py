"""A Chromium that looks at a served Trailkeeper, signed in, and tells when something is shown."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    Page,
    Response,
    StorageState,
    ViewportSize,
    sync_playwright,
)

from bench.access_checks import PASSWORD, first_person
from bench.trailkeeper_side import TrailkeeperSide

EMAIL: Final = "owner@example.com"
ZONE: Final = "Europe/Berlin"
WINDOW: Final = ViewportSize(width=1440, height=900)
LIMIT_MS: Final = 120_000
"""How long anything is waited for: it is measured, and a slow one is no fault of the bench."""

PROBE: Final = """
(() => {
  const LIMIT_MS = 120000;
  const QUIET_MS = 700;
  // What is in the document now is on screen once the frame that it is part of is done.
  const afterFrame = (done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(0);
  });
  // The moment, in milliseconds of performance.now(), at which `isShown` is first true on screen.
  const when = (isShown, what) => new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not on screen: ${what}`)), LIMIT_MS);
    const look = () => {
      if (!isShown()) return;
      clearTimeout(late);
      observer.disconnect();
      afterFrame(resolve);
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { subtree: true, childList: true, attributes: true });
    look();
  });
  // The same of something that goes to and comes back from "is old".
  const renewed = (oldOnes, what) => {
    let wasOld = false;
    return when(() => {
      const isOld = document.querySelector(oldOnes) !== null;
      wasOld ||= isOld;
      return wasOld && !isOld;
    }, what);
  };
  const began = () => new Promise((resolve) => {
    const note = (event) => {
      if (event.type === "keydown" && event.key !== "Enter") return;
      for (const type of ["click", "keydown"]) removeEventListener(type, note, true);
      resolve(event.timeStamp);
    };
    for (const type of ["click", "keydown"]) addEventListener(type, note, true);
  });
  // Until nothing has been loaded for a while; what streams on and on does not count.
  const quiet = async () => {
    let loaded = -1;
    while (loaded !== performance.getEntriesByType("resource").length) {
      loaded = performance.getEntriesByType("resource").length;
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    }
  };
  window.benchProbe = { when, renewed, began, quiet };
})();
"""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser and who is signed in in it. Every context is a fresh one, without any cache."""

    browser: Browser
    url: str
    state: StorageState

    @contextmanager
    def page(self, watch: Watch) -> Iterator[Page]:
        context = self.browser.new_context(
            base_url=self.url,
            storage_state=self.state,
            viewport=WINDOW,
            locale="en-GB",
            timezone_id=ZONE,
        )
        context.set_default_timeout(LIMIT_MS)
        context.add_init_script(PROBE)
        watch.follow(context)
        try:
            yield context.new_page()
        finally:
            context.close()


@dataclass
class Watch:
    """What pages were answered: one that shows a fault quickly is not quick."""

    faults: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        context.on("response", self._note)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))

    def check(self) -> None:
        """Raises RuntimeError where a page, or an answer to it, had a fault."""
        if self.faults:
            raise RuntimeError("; ".join(self.faults[:5]))

    def _note(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.url}: {response.status}")


@contextmanager
def visiting(side: TrailkeeperSide) -> Iterator[Visitor]:
    """Raises RuntimeError where there is no Chromium, or nobody can sign in."""
    executable = shutil.which("chromium")
    if executable is None:
        raise RuntimeError("no chromium: run tools/ensure_chromium.sh")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    # By name: browsers keep secure cookies without TLS for `localhost` only.
    url = f"http://localhost:{side.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        try:
            yield Visitor(browser, url, _sign_in(browser, url, side))
        finally:
            browser.close()


def _sign_in(browser: Browser, url: str, side: TrailkeeperSide) -> StorageState:
    """As the first person, who is made where nobody is there yet."""
    context = browser.new_context(base_url=url)
    try:
        request = context.request
        answer = request.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
        if answer.status == 401:
            answer = request.post("/setup", data=first_person(side.setup_link()))
        if not answer.ok:
            raise RuntimeError(f"sign-in: {answer.status} {answer.text()[:500]}")
        return context.storage_state()
    finally:
        context.close()


def metrics(session: CDPSession) -> dict[str, float]:
    """The debugger's counters of the page; `Performance.enable` must have been sent."""
    told = session.send("Performance.getMetrics")
    return {each["name"]: each["value"] for each in told["metrics"]}
