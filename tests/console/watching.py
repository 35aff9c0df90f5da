"""What must not happen while somebody uses a page: it is written down and fails the test."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

CANCELLED = "net::ERR_ABORTED"
"""A request that the page itself gave up, or that a navigation ended."""

UNTIL_SECONDS = 60

REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.effectiveDirective} refused ${event.blockedURI}`
    + ` in ${event.sourceFile}:${event.lineNumber}`));
"""


@dataclass
class Watch:
    """Faults of all pages of one context, but for those that the test says it wants to see."""

    allowed: list[re.Pattern[str]]
    faults: list[str] = field(default_factory=list)
    is_over: bool = False

    def note(self, fault: str) -> None:
        if not self.is_over and not any(pattern.search(fault) for pattern in self.allowed):
            self.faults.append(fault)

    def end(self) -> list[str]:
        """What was seen; from now on nothing counts, for closing a page cuts requests short."""
        self.is_over = True
        return self.faults


def watch(context: BrowserContext, allowed: Sequence[str] = ()) -> Watch:
    """Watches every page of the context; `allowed` are regular expressions of faults."""
    watching = Watch([re.compile(each) for each in allowed])

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            watching.note(f"console: {message.text} ({message.location.get('url', '')})")

    def on_failed(request: Request) -> None:
        if request.failure != CANCELLED:
            watching.note(f"request: {request.method} {request.url}: {request.failure}")

    def on_page(page: Page) -> None:
        page.on("pageerror", lambda error: watching.note(f"page: {error}"))

    context.add_init_script(REPORT_VIOLATIONS)
    context.on("console", on_console)
    context.on("requestfailed", on_failed)
    context.on("page", on_page)
    return watching


def until(page: Page, expression: str, arg: Any = None) -> None:
    """Waits until the page says yes. The debugger asks each time: `wait_for_function` has the page
    evaluate text, which its policy forbids."""
    deadline = time.monotonic() + UNTIL_SECONDS
    while not page.evaluate(expression, arg):
        assert time.monotonic() < deadline, f"not within {UNTIL_SECONDS} s: {expression}"
        page.wait_for_timeout(50)
