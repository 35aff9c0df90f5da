"""How much JavaScript is loaded before the Explorer can be used: a budget, kept by counting."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import PageOf
from trailkeeper.console.dist import read_dist

MOST_BYTES = 220_000
"""Of all scripts together, as they are sent: compressed by brotli."""

LEAST_BYTES = 100_000
"""React alone is more than half of it: with less counted, the count is wrong."""


SHOWN = """
const parts = ["[data-event]", "[data-facet] [role=checkbox]", "[role=slider][aria-valuetext]"];
new MutationObserver((_, observer) => {
  if (parts.every((part) => document.querySelector(part) !== null)) {
    observer.disconnect();
    document.documentElement.dataset.shownAt = performance.now();
  }
}).observe(document, { subtree: true, childList: true, attributes: true });
"""
"""Notes in the page when the first rows, facets and chart are all there."""

SCRIPTS = """() => performance.getEntriesByType("resource")
  .filter(({ name }) => new URL(name).pathname.endsWith(".js"))
  .map(({ name, startTime }) => [new URL(name).pathname, startTime])"""
"""Paths of the scripts that the page has asked for, and when."""


TRY_MILLISECONDS = 200
TRIES = 300


def _sent_bytes(path: str) -> int:
    """As the service sends it to a browser that takes brotli; a file too small for it is plain."""
    dist = read_dist()
    assert dist is not None
    file = dist.files[path]
    return len(file.coded.get("br", file.plain))


def _open_explorer(page: Page) -> float:
    """Loads it with nothing cached; returns when it could be used, in the page's milliseconds."""
    page.add_init_script(SHOWN)
    page.goto("/explorer")
    root = page.locator("html")
    expect(root).to_have_attribute("data-shown-at", re.compile(r"\d"))
    return float(root.get_attribute("data-shown-at") or "nan")


def _wait_for_script(page: Page, start: str) -> None:
    for _ in range(TRIES):
        if any(path.startswith(start) for path, _ in page.evaluate(SCRIPTS)):
            return
        page.wait_for_timeout(TRY_MILLISECONDS)
    pytest.fail(f"{start}… was never loaded")


def test_the_explorer_is_there_with_little_javascript(page_of: PageOf) -> None:
    page = page_of()
    shown_at = _open_explorer(page)
    sizes = {path: _sent_bytes(path) for path, at in page.evaluate(SCRIPTS) if at <= shown_at}
    assert LEAST_BYTES < sum(sizes.values()) <= MOST_BYTES, sizes


def test_what_may_be_wanted_next_is_fetched_before_it_is(page_of: PageOf) -> None:
    """Nothing is left to be loaded when the export dialog opens, and the focus comes back."""
    page = page_of()
    _open_explorer(page)
    for part in ("EventDrawer", "ExportWindow", "JumpForm", "Notices"):
        _wait_for_script(page, f"/assets/{part}-")
    button = page.get_by_role("button", name="Export", exact=True)
    before = {path for path, _ in page.evaluate(SCRIPTS)}
    button.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()
    assert {path for path, _ in page.evaluate(SCRIPTS)} == before
