"""The live page: events as they are committed, pause and resume, restarts, one connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from tests.console.small import OpenSmall, Small, fits_its_width, open_small, small

__all__ = ["open_small", "small"]

GONE = [r"ERR_CONNECTION_REFUSED", r"ERR_INCOMPLETE_CHUNKED", r"ERR_CONNECTION_RESET", r"ERR_EMPTY"]
"""What a browser says while the service is away."""


def deletion(name: str, **fields: Any) -> dict[str, Any]:
    return {
        "action": "DELETE",
        "resource_type": "ENDPOINT",
        "resource_id": name,
        "user_id": "u-1",
        "user_email": "bob@company.com",
        "ip_address": "203.0.113.9",
        **fields,
    }


def open_live(page: Page, query: str = "action:DELETE") -> None:
    page.goto(f"/live?q={query}")
    expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible()


def shown(page: Page) -> list[str]:
    """Names of the endpoints on screen, the newest first."""
    rows = page.get_by_role("list", name="Live events").locator("[data-row]").all()
    rows.sort(key=lambda row: (row.bounding_box() or {"y": 0.0})["y"])
    return [row.inner_text().split("ENDPOINT")[1].split()[0] for row in rows]


def row(page: Page, name: str) -> Locator:
    return page.locator("[data-row]").filter(has_text=name)


def test_an_event_is_shown_as_it_is_committed_and_pause_holds_what_comes(
    small: Small, open_small: OpenSmall, shot: Callable[[Page, str], None]
) -> None:
    page = open_small()
    open_live(page)
    small.post(deletion("first"), {"action": "CREATE", "resource_type": "ENDPOINT"})
    expect(row(page, "first")).to_be_visible()
    page.keyboard.press("p")
    expect(page.get_by_role("status").filter(has_text="Paused")).to_be_visible()
    small.post(deletion("second"), deletion("third"))
    resume = page.get_by_role("button", name="Resume (2 waiting)")
    expect(resume).to_be_visible()
    expect(row(page, "second")).to_have_count(0)
    resume.click()
    expect(row(page, "third")).to_be_visible()
    assert shown(page)[:3] == ["third", "second", "first"]
    expect(page.get_by_text("3 events since you opened this page")).to_be_visible()
    shot(page, "live")
    row(page, "second").click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("bob@company.com")
    drawer.get_by_role("button", name="Filter or copy Resource id").click()
    page.get_by_role("menuitem", name="Filter out").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("group", name="Filters")).to_contain_text("second")
    expect(row(page, "first")).to_be_visible()
    expect(row(page, "second")).to_have_count(0)


def test_a_restart_of_the_service_neither_loses_nor_repeats_an_event(
    small: Small, open_small: OpenSmall
) -> None:
    page = open_small(allow=GONE)
    open_live(page, "action:DELETE resource:restart*")
    small.post(deletion("restart-1"))
    expect(row(page, "restart-1")).to_be_visible()
    for number in (2, 3):
        small.server.kill()
        expect(page.get_by_role("status").filter(has_text="Connecting")).to_be_visible()
        small.server.start()
        small.post(deletion(f"restart-{number}-a"), deletion(f"restart-{number}-b"))
        expect(row(page, f"restart-{number}-b")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible()
    names = ["restart-3-b", "restart-3-a", "restart-2-b", "restart-2-a", "restart-1"]
    assert shown(page) == names
    expect(page.get_by_text("5 events since you opened this page")).to_be_visible()


def test_tabs_share_one_connection_and_one_takes_over_from_another(
    small: Small, open_small: OpenSmall
) -> None:
    first = open_small()
    streams: list[str] = []

    def note(request: Request) -> None:
        if request.resource_type == "fetch" and "/live?q=action" in request.url:
            streams.append(request.url)

    first.context.on("request", note)
    open_live(first)
    second = first.context.new_page()
    open_live(second)
    small.post(deletion("to-both"))
    expect(row(first, "to-both")).to_be_visible()
    expect(row(second, "to-both")).to_be_visible()
    assert len(streams) == 1
    first.close()
    small.post(deletion("after-the-first-closed"))
    expect(row(second, "after-the-first-closed")).to_have_count(1)
    expect(row(second, "to-both")).to_have_count(1)
    assert len(streams) == 2


def test_a_wrong_query_is_shown_where_it_is_wrong(open_small: OpenSmall) -> None:
    page = open_small(allow=[r"status of 400"])
    page.goto("/live?q=nonsense:DELETE")
    expect(page.get_by_role("alert")).to_contain_text("nonsense")


def test_what_is_urgent_is_called_for_on_any_page(small: Small, open_small: OpenSmall) -> None:
    page = open_small()
    with page.expect_response(lambda answer: "/live?q=-" in answer.url):
        page.goto("/settings/profile")
    small.post(*(deletion(f"bulk-{number}") for number in range(60)))
    toast = page.get_by_role("alert").filter(has_text="High")
    expect(toast.first).to_be_visible(timeout=20_000)
    toast.first.get_by_role("link", name="Look at it").click()
    page.wait_for_url("**/security/detections/*")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_live_page_passes_axe(
    small: Small,
    open_small: OpenSmall,
    axe: Callable[[Page], None],
    shot: Callable[[Page, str], None],
    scheme: str,
) -> None:
    page = open_small(color_scheme=scheme)
    open_live(page, "")
    small.post(deletion("to-look-at"), {"action": "LOGIN_FAILED", "resource_type": "USER"})
    expect(page.get_by_text("LOGIN_FAILED").first).to_be_visible()
    axe(page)
    shot(page, f"live-{scheme}")


def test_the_live_page_fits_a_phone(
    small: Small,
    open_small: OpenSmall,
    axe: Callable[[Page], None],
    shot: Callable[[Page, str], None],
) -> None:
    page = open_small(viewport={"width": 390, "height": 844}, has_touch=True)
    open_live(page)
    small.post(deletion("on-a-phone"))
    expect(row(page, "on-a-phone")).to_be_visible()
    assert fits_its_width(page)
    axe(page)
    shot(page, "live-phone")
