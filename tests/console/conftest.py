"""Fixtures: pages in a real Chromium, of the real service with the demo's data.

`page_of(role)` is a page of somebody who is signed in; any error that its console, its content
security policy or its requests report fails the test. Tests with a browser are not async, for
Playwright brings an event loop of its own; they run last.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    StorageState,
    expect,
    sync_playwright,
)

from tests.console.own_service import Opener, pages_of
from tests.console.server import Console, running_console
from tests.console.watching import Watch, watch

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ACTION_MILLISECONDS = 20_000
"""A sign-in alone may take seconds: passwords are checked at a low priority."""

FIRST_TEST_SECONDS = 900
"""The first test with a browser waits until the demo is loaded."""

KEPT = "CONSOLE_DATA"
"""While writing tests: names a folder that keeps the loaded demo from one run to the next."""

FAILED: pytest.StashKey[bool] = pytest.StashKey()


class PageOf(Protocol):
    """Opens a page of somebody: of a role of the demo, or of nobody (None).

    `allow` are regular expressions of faults that the test wants to see, as of an answer 403.
    Options are those of a browser context: `viewport`, `color_scheme`, `timezone_id`…
    `is_fresh` signs in anew, for tests that end the session.
    """

    def __call__(
        self,
        role: str | None = "ADMIN",
        *,
        allow: Sequence[str] = (),
        is_fresh: bool = False,
        **options: Any,
    ) -> Page: ...


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with a browser last: while it is open, no async test could run."""
    with_browser = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
    if with_browser:
        with_browser[0].add_marker(pytest.mark.timeout(FIRST_TEST_SECONDS))
    others = [item for item in items if item not in set(with_browser)]
    items[:] = [*others, *with_browser]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """One service with the whole demo, for all tests that look at it."""
    kept = os.environ.get(KEPT)
    data = Path(kept) if kept else tmp_path_factory.mktemp("console") / "data"
    with running_console(data) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium")
    assert executable is not None, "no chromium: run tools/ensure_chromium.sh (`make test` does)"
    arguments = ["--font-render-hinting=none", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    expect.set_options(timeout=ACTION_MILLISECONDS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def signed_in(browser: Browser, console: Console) -> Callable[..., StorageState]:
    """The cookies of somebody of a role, who signs in once for the whole run, or anew."""
    known: dict[str, StorageState] = {}

    def _is_signed_in(state: StorageState) -> bool:
        """A test may have ended the session."""
        context = browser.new_context(base_url=console.url, storage_state=state)
        answer = context.request.get("/me", headers={"Accept": "application/json"})
        context.close()
        return answer.ok

    def sign_in(role: str, *, is_fresh: bool = False) -> StorageState:
        if is_fresh or role not in known or not _is_signed_in(known[role]):
            email, password = console.people[role]
            context = browser.new_context(base_url=console.url)
            answer = context.request.post("/sign-in", data={"email": email, "password": password})
            assert answer.ok, answer.text()
            state = context.storage_state()
            context.close()
            if is_fresh:
                return state
            known[role] = state
        return known[role]

    return sign_in


@pytest.fixture
def page_of(
    browser: Browser,
    console: Console,
    signed_in: Callable[..., StorageState],
    request: pytest.FixtureRequest,
) -> Iterator[PageOf]:
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_page(
        role: str | None = "ADMIN",
        *,
        allow: Sequence[str] = (),
        is_fresh: bool = False,
        **options: Any,
    ) -> Page:
        if role is not None:
            options["storage_state"] = signed_in(role, is_fresh=is_fresh)
        wanted = {"locale": "en-GB", "timezone_id": "Europe/Berlin", "reduced_motion": "reduce"}
        context = browser.new_context(base_url=console.url, **(wanted | options))
        context.set_default_timeout(ACTION_MILLISECONDS)
        opened.append((context, watch(context, allow)))
        return context.new_page()

    yield open_page
    if request.node.stash.get(FAILED, False):
        _picture_failure(request.node.name, opened)
    faults = [fault for _, watching in opened for fault in watching.end()]
    for context, _ in opened:
        context.close()
    assert faults == []


def _picture_failure(name: str, opened: list[tuple[BrowserContext, Watch]]) -> None:
    pages = [page for context, _ in opened for page in context.pages if not page.is_closed()]
    for number, page in enumerate(pages):
        page.screenshot(path=SCREENSHOTS / "failed" / f"{name.replace('/', '-')}-{number}.png")


@pytest.fixture
def opener(browser: Browser) -> Iterator[Opener]:
    """Pages of a service of the test's own."""
    with pages_of(browser) as open_page:
        yield open_page


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """Keeps a picture of the page as build output."""

    def take(page: Page, name: str) -> None:
        page.evaluate("document.fonts.ready.then(() => true)")
        page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")

    return take


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Asserts that axe-core finds nothing on the page as it is now."""

    def check(page: Page) -> None:
        # A page on its way (a redirect, a chunk that loads) is not the one to judge.
        for landmark in ("main", "h1"):
            page.locator(landmark).first.wait_for(state="attached")
        # Evaluated by the debugger, so that the page's own policy stays as it is.
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate(
            "(rules) => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })", RULES
        )
        assert [_told(violation) for violation in found["violations"]] == []

    return check


def _told(violation: dict[str, Any]) -> str:
    places = "\n".join(
        f"  {node['html'][:200]}\n    {node['failureSummary']}" for node in violation["nodes"][:5]
    )
    return f"{violation['id']}: {violation['help']} ({len(violation['nodes'])} places)\n{places}"
