"""What tests of the dashboard, analytics, users and resources have in common."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Locator, Page, expect

TOTAL = "[data-total]"
LOAD_MS = 20_000
"""How long counts may take on a machine that is busy with other things."""

WIDE = {"width": 1440, "height": 1000}
NARROW = {"width": 390, "height": 844}


def ask(page: Page, path: str) -> Any:
    """The API's answer to whoever the page belongs to."""
    answer = page.request.get(path, headers={"Accept": "application/json"})
    assert answer.ok, answer.text()
    return answer.json()


def record(page: Page, event: dict[str, object]) -> None:
    """Commits an event, as the person of the page."""
    token = ask(page, "/me")["csrf_token"]
    headers = {"X-CSRF-Token": token, "Content-Type": "application/json"}
    answer = page.request.post("/audit-logs", headers=headers, data=json.dumps(event))
    assert answer.ok, answer.text()


def past_days(days: int) -> str:
    """A range in the address that ended yesterday: what the tests themselves do is not in it."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight - timedelta(days=days + 1)
    end = midnight - timedelta(days=1)
    return f"range=custom&from={start:%Y-%m-%dT%H:%M:%SZ}&to={end:%Y-%m-%dT%H:%M:%SZ}"


def number_in(place: Locator) -> int:
    """The count that a statistic or a line of bars shows, once it is loaded."""
    return int((place.inner_text()).replace(",", ""))


def explorer_total(page: Page) -> int:
    """How many events the Explorer says that match."""
    expect(page.locator(TOTAL)).to_be_visible(timeout=LOAD_MS)
    return int(page.locator(TOTAL).get_attribute("data-total") or "-1")


def stat(page: Page, label: str) -> Locator:
    """The number of a statistic; waits until it is loaded."""
    number = page.get_by_role("group", name=label, exact=True).locator(".tk-num").first
    expect(number).to_be_visible(timeout=LOAD_MS)
    return number


def assert_fits(page: Page) -> None:
    """Nothing is wider than the window."""
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1], widths
    cut = page.evaluate(
        "[...document.querySelectorAll('main, #main')].map((e) => e.scrollWidth - e.clientWidth)"
    )
    assert all(rest <= 0 for rest in cut), cut
