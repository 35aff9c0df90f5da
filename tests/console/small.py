"""A small service of a test module's own: no demo, one person, and the events that a test posts.

For tests that post odd events, or kill the service. Import `small` and `open_small`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from tests.console.watching import Watch, watch
from tests.live import LiveServer
from trailkeeper.console.dist import is_built

EMAIL = "ada@example.com"
PASSWORD = "kettle-orbit-velvet-94"
SETUP = re.compile(r"/setup#([A-Za-z0-9_-]{43})\n")
WAIT_MILLISECONDS = 20_000

OpenSmall = Callable[..., Page]


@dataclass(frozen=True)
class Small:
    """The service, and Ada's session: she may do everything."""

    server: LiveServer
    session: StorageState

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server.port}"

    def post(self, *events: dict[str, Any]) -> None:
        """Records events in one batch; each of them must be committed."""
        with self.server.client() as client:
            answer = client.post("/audit-logs/batch", json=list(events))
            assert answer.status_code == 200, answer.text
            assert answer.json()["committed"] == len(events), answer.text


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Small]:
    assert is_built(), "the console is not built: run `make console` (`make test` does)"
    server = LiveServer(tmp_path_factory.mktemp("small") / "data")
    url = f"http://localhost:{server.port}"
    server.settings["TRAILKEEPER_PUBLIC_URL"] = url
    try:
        server.start()
        yield Small(server, _set_up(server, url, browser))
    finally:
        server.stop()


def _set_up(server: LiveServer, url: str, browser: Browser) -> StorageState:
    """Ada becomes the first person, by the link on the terminal. Returns her cookies."""
    link = SETUP.search(server.printed.read_text())
    assert link is not None
    context = browser.new_context(base_url=url)
    body = {"token": link[1], "email": EMAIL, "name": "Ada", "password": PASSWORD}
    answer = context.request.post("/setup", data=body)
    assert answer.ok, answer.text()
    session = context.storage_state()
    context.close()
    return session


@pytest.fixture
def open_small(small: Small, browser: Browser) -> Iterator[OpenSmall]:
    """Opens pages of Ada's, of one browser each; each fault that it does not allow fails."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_page(allow: Sequence[str] = (), **options: Any) -> Page:
        wanted = {"locale": "en-GB", "timezone_id": "Europe/Berlin", "reduced_motion": "reduce"}
        context = browser.new_context(
            base_url=small.url, storage_state=small.session, **(wanted | options)
        )
        context.set_default_timeout(WAIT_MILLISECONDS)
        opened.append((context, watch(context, allow)))
        return context.new_page()

    yield open_page
    faults = [fault for _, watching in opened for fault in watching.end()]
    for context, _ in opened:
        context.close()
    assert faults == []


def fits_its_width(page: Page) -> bool:
    """Whether nothing makes the page wider than its window."""
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )
