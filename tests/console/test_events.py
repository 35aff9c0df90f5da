"""An event as a person reads it: its page, changes, context, comparison; and hostile ones."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.console.small import OpenSmall, Small, fits_its_width, open_small, small
from tests.console.watching import until

__all__ = ["open_small", "small"]

NOW = datetime.now(UTC)
AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Safari/537.36"
)
SCRIPT = "<script>window.hasRun = 'by script'</script>"
IMAGE = "<img src=x onerror=\"window.hasRun = 'by image'\">"
OVERRIDE = "invoice\u202egnp.exe"
LONG = "x" * 500


def event(event_id: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": event_id,
        "action": "UPDATE",
        "resource_type": "USER",
        "resource_id": "user-def-456",
        "resource_name": "Bob",
        "user_id": "admin-789",
        "user_email": "admin@company.com",
        "ip_address": "203.0.113.9",
        "user_agent": AGENT,
        "source": "UI",
        **fields,
    }


def at(seconds: float) -> str:
    return (NOW - timedelta(hours=1) + timedelta(seconds=seconds)).isoformat()


@pytest.fixture(scope="module", autouse=True)
def trail(small: Small) -> None:
    """An hour ago: a role was raised, in the middle of other work of the same person."""
    small.post(
        event("before-it", action="LOGIN", timestamp=at(-95), details={"login_method": "sso"}),
        event(
            "role-raised",
            timestamp=at(0),
            details={
                "changed_fields": ["role"],
                "old_value": "DEVELOPER",
                "new_value": "ADMIN",
                "request": {"headers": {"authorization": "Bearer abcdefghijklmnop"}, "size": 5},
            },
        ),
        event(
            "after-it",
            action="DELETE",
            timestamp=at(30),
            resource_type="ENDPOINT",
            resource_id="endpoint-xyz-789",
            resource_name="production-api",
            details={"reason": "No longer needed"},
        ),
        event(
            "several",
            timestamp=at(40),
            details={
                "changed_fields": ["name", "tags"],
                "old_value": {"name": "old", "tags": ["a", "b"]},
                "new_value": {"name": "new", "tags": ["a", "c"]},
            },
        ),
        {
            "id": "of-system",
            "action": "DELETE",
            "resource_type": "CLUSTER",
            "resource_id": "cluster-1",
            "source": "SYSTEM",
        },
    )


def open_event(page: Page, event_id: str, search: str = "") -> None:
    page.goto(f"/events/{quote(event_id, safe='')}{search}")
    expect(page.get_by_role("tab", name="Details")).to_be_visible()


def cells(page: Page, caption: str) -> list[list[str]]:
    rows = page.get_by_role("table", name=caption).locator("tbody tr")
    return [row.locator("th, td").all_inner_texts() for row in rows.all()]


def test_a_permalink_tells_who_what_when_where_how_and_the_change(
    open_small: OpenSmall, shot: Callable[[Page, str], None]
) -> None:
    page = open_small()
    open_event(page, "role-raised")
    main = page.get_by_role("main")
    expect(page.get_by_role("heading", level=1)).to_contain_text("UPDATE")
    for text in ("admin@company.com", "203.0.113.9", "Chrome", "Windows", "UI", "h ago"):
        expect(main).to_contain_text(text)
    expect(main.get_by_role("link", name="admin@company.com")).to_have_attribute(
        "href", "/users/admin-789"
    )
    expect(main.get_by_role("link", name="user-def-456")).to_have_attribute(
        "href", "/resources/USER/user-def-456"
    )
    assert cells(page, "What was changed") == [["role", "DEVELOPER", "ADMIN"]]
    shot(page, "event")
    open_event(page, "several")
    assert cells(page, "What was changed") == [["name", "old", "new"], ["tags.1", "b", "c"]]


def test_its_context_shows_what_was_around_it_and_leads_on(open_small: OpenSmall) -> None:
    page = open_small()
    open_event(page, "role-raised")
    page.get_by_role("tab", name="Context").click()
    around = page.get_by_role("list", name="What happened around it")
    rows = around.get_by_role("listitem")
    expect(rows.filter(has_text="This event")).to_have_count(1)
    expect(rows.filter(has_text="production-api")).to_contain_text("+30 s")
    expect(rows.filter(has_text="LOGIN")).to_contain_text("\N{MINUS SIGN}1 min 35 s")
    page.get_by_role("radiogroup", name="Same").get_by_text("Resource").click()
    expect(rows.filter(has_text="production-api")).to_have_count(0)
    explorer = page.get_by_role("main").get_by_role("link", name="Open in Explorer")
    asked = parse_qs(urlsplit(explorer.get_attribute("href") or "").query)
    assert asked["q"] == ["resource_type:USER resource_id:user-def-456"]
    page.get_by_role("radiogroup", name="Same").get_by_text("User").click()
    rows.filter(has_text="production-api").get_by_role("button").first.click()
    page.wait_for_url("**/events/after-it?tab=context")
    page.go_back()
    page.wait_for_url("**/events/role-raised?tab=context")


def test_two_events_are_compared_by_what_differs(
    open_small: OpenSmall, shot: Callable[[Page, str], None]
) -> None:
    page = open_small()
    open_event(page, "role-raised", "?tab=context")
    row = page.get_by_role("listitem").filter(has_text="production-api")
    row.get_by_role("button", name="Compare with this event").click()
    dialog = page.get_by_role("dialog", name="Compare two events")
    expect(dialog.get_by_role("row").filter(has_text="Resource name")).to_contain_text(
        "production-api"
    )
    expect(dialog.get_by_role("row").filter(has_text="User e-mail")).to_have_count(0)
    shot(page, "event-compare")
    dialog.get_by_role("switch", name="Only differences").click()
    expect(dialog.get_by_role("row").filter(has_text="User e-mail")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.go_back()
    expect(dialog).to_be_visible()


def test_details_are_searched_and_secrets_are_marked(open_small: OpenSmall) -> None:
    page = open_small()
    open_event(page, "role-raised", "?tab=details")
    tree = page.get_by_role("list", name="Details")
    expect(tree).to_contain_text("redacted")
    expect(page.get_by_role("main")).to_contain_text("1 secret was removed")
    page.get_by_label("Search in fields").fill("developer")
    expect(tree.get_by_role("listitem")).to_have_count(1)
    expect(tree).to_contain_text("old_value")
    page.get_by_label("Search in fields").fill("nowhere")
    expect(page.get_by_text("No field or value holds “nowhere”.")).to_be_visible()


def test_any_value_can_be_filtered_for_and_out(open_small: OpenSmall) -> None:
    page = open_small()
    open_event(page, "role-raised", "?tab=details")
    page.get_by_role("button", name="Filter or copy Address").click()
    page.get_by_role("menuitem", name="Filter out").click()
    page.wait_for_url("**/explorer?*")
    assert parse_qs(urlsplit(page.url).query)["q"] == ["-ip_address:203.0.113.9"]
    page.go_back()
    page.get_by_role("button", name="Filter or copy size").click()
    page.get_by_role("menuitem", name="Filter for this").click()
    page.wait_for_url("**/explorer?*")
    assert parse_qs(urlsplit(page.url).query)["q"] == ["details.request.size:5"]
    expect(page.locator("[role=row][data-index]")).to_have_count(1)


def test_the_raw_event_and_its_link_are_copied(open_small: OpenSmall, small: Small) -> None:
    page = open_small(permissions=["clipboard-read", "clipboard-write"])
    open_event(page, "after-it", "?tab=raw")
    page.get_by_role("button", name="Copy JSON").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert (copied["id"], copied["details"]) == ("after-it", {"reason": "No longer needed"})
    page.get_by_role("button", name="Copy link").click()
    until(page, "navigator.clipboard.readText().then((text) => text.startsWith('http'))")
    assert page.evaluate("navigator.clipboard.readText()") == f"{small.url}/events/after-it"


def test_it_says_why_details_are_few(open_small: OpenSmall) -> None:
    page = open_small()
    open_event(page, "of-system")
    why = page.get_by_role("region", name="Why some of it is missing")
    expect(why).to_contain_text("No details were sent")
    expect(why).to_contain_text("The system did this by itself")
    expect(why).to_contain_text("known by its id only")


def test_an_event_that_is_not_there_is_explained(open_small: OpenSmall) -> None:
    page = open_small(allow=[r"status of 404"])
    page.goto("/events/no-such-event")
    expect(page.get_by_text("There is no such event")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("another organization")
    expect(page.get_by_role("main")).to_contain_text("no-such-event")
    page.get_by_role("link", name="Look for it in Explorer").click()
    page.wait_for_url("**/explorer?q=id:no-such-event*")


HOSTILE: dict[str, Any] = {
    "id": 'a/../"><b>' + "i" * 100,
    "action": "HOSTILE_ACTION_" + "X" * 49,
    "resource_type": "SCRIPT",
    "resource_id": f"{SCRIPT}{LONG[:400]}",
    "resource_name": f"{IMAGE}{OVERRIDE}",
    "user_id": f"javascript:alert(1)//{SCRIPT}",
    "user_email": f"{SCRIPT}\u0000\u001b[31m@evil.example",
    "on_behalf_of": f"\u200f{IMAGE}",
    "user_agent": f"{IMAGE}\u2028\u0007{LONG}",
    "details": {
        SCRIPT: IMAGE,
        f"\u202e{'k' * 300}": {"": [SCRIPT, {"__proto__": OVERRIDE}]},
        "changed_fields": [SCRIPT, "constructor"],
        "old_value": {SCRIPT: IMAGE, "constructor": OVERRIDE},
        "new_value": {SCRIPT: "\u0000", "constructor": None},
    },
}


def test_a_hostile_event_is_shown_as_text_everywhere(
    small: Small,
    open_small: OpenSmall,
    shot: Callable[[Page, str], None],
    axe: Callable[[Page], None],
) -> None:
    small.post(HOSTILE)
    page = open_small()
    open_event(page, HOSTILE["id"])
    main = page.get_by_role("main")
    for tab in ("Changes", "Details", "Context", "Raw"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        expect(main).to_contain_text("<script>window.hasRun")
        assert fits_its_width(page), tab
    expect(main.get_by_title(re.compile("U\\+202E")).first).to_be_visible()
    page.get_by_role("tab", name="Changes").click()
    axe(page)
    shot(page, "event-hostile")

    page.goto(f"/live?event={quote(HOSTILE['id'], safe='')}")
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("<script>window.hasRun")
    expect(page.locator("[data-row]").filter(has_text="<img src=x").first).to_be_attached()
    page.goto("/explorer?q=resource_type:SCRIPT&range=24h")
    expect(page.locator("[role=row][data-index]").filter(has_text="<img src=x")).to_have_count(1)
    assert page.evaluate("window.hasRun") is None
    assert page.locator("script:not([src]), img[src=x], main b").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_events_page_passes_axe(
    open_small: OpenSmall, axe: Callable[[Page], None], scheme: str
) -> None:
    page = open_small(color_scheme=scheme)
    open_event(page, "role-raised")
    for tab in ("Changes", "Details", "Context", "Raw"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        axe(page)
    page.goto("/events/role-raised?compare=after-it")
    expect(page.get_by_role("dialog").get_by_role("table")).to_be_visible()
    axe(page)


def test_an_events_page_fits_a_phone(
    open_small: OpenSmall, axe: Callable[[Page], None], shot: Callable[[Page, str], None]
) -> None:
    page = open_small(viewport={"width": 390, "height": 844}, has_touch=True)
    open_event(page, "role-raised")
    for tab in ("Changes", "Details", "Context", "Raw"):
        page.get_by_role("tab", name=tab).click()
        assert fits_its_width(page), tab
    axe(page)
    shot(page, "event-phone")
