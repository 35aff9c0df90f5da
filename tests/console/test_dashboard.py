"""The dashboard: what happened, against the range before, and the way from a number to events."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import PageOf
from tests.console.insight_pages import (
    LOAD_MS,
    NARROW,
    WIDE,
    ask,
    assert_fits,
    explorer_total,
    number_in,
    past_days,
    record,
    stat,
)


def _open(page: Page, search: str = "") -> None:
    page.goto(f"/{search}")
    expect(page.get_by_role("heading", name="Dashboard", level=1)).to_be_visible()
    expect(page.get_by_role("slider", name="Events over time by action")).to_be_visible(
        timeout=LOAD_MS
    )


def test_a_number_leads_to_exactly_its_events(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    _open(page, f"?{past_days(7)}")
    changes = number_in(stat(page, "Resource changes"))
    assert changes > 100
    page.get_by_role("link", name="Resource changes: open in the Explorer").click()
    page.wait_for_url("**/explorer?**")
    assert explorer_total(page) == changes

    page.go_back()
    summary = page.get_by_role("region", name="Action Summary")
    line = summary.get_by_role("link", name=re.compile("DELETE"))
    deletions = number_in(line.locator(".tk-num").last)
    line.click()
    page.wait_for_url(re.compile(r"/explorer\?q=action:DELETE"))
    assert explorer_total(page) == deletions


def test_the_numbers_are_those_of_the_log(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    _open(page, f"?{past_days(7)}")
    start, end = re.findall(r"(?:from|to)=([^&]+)", past_days(7))
    asked = f"start_date={start}&end_date={end}"
    total = ask(page, f"/audit-logs?{asked}&limit=1")["total"]
    failed = ask(page, f"/audit-logs?{asked}&limit=1&action=LOGIN_FAILED")["total"]
    signed_in = ask(page, f"/audit-logs/facets?{asked}&action=LOGIN&status=SUCCESS&field=user_id")
    assert number_in(stat(page, "Total actions")) == total
    assert number_in(stat(page, "Failed sign-ins")) == failed
    assert number_in(stat(page, "Active users")) == signed_in["facets"][0]["distinct"]


def test_a_drag_over_the_timeline_opens_that_time(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    _open(page, "?range=30d")
    chart = page.get_by_role("slider", name="Events over time by action")
    box = chart.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 3
    page.mouse.move(box["x"] + box["width"] * 0.3, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, middle, steps=5)
    page.mouse.up()
    page.wait_for_url(re.compile(r"/explorer\?.*from=.*to="))
    assert explorer_total(page) > 0
    page.go_back()
    page.wait_for_url(re.compile(r"/\?range=30d"))


def test_recent_actions_come_live_and_wait_while_paused(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    _open(page)
    recent = page.get_by_role("region", name="Recent Actions")
    table = recent.get_by_role("table", name="Recent Actions")
    expect(recent.get_by_text("Live", exact=True)).to_be_visible(timeout=LOAD_MS)
    expect(table.get_by_text("AUDIT_LOG")).to_have_count(0)
    first, second = f"live-{uuid4().hex[:8]}", f"live-{uuid4().hex[:8]}"
    record(page, {"action": "CREATE", "resource_type": "PROJECT", "resource_id": first})
    expect(table.get_by_text(first)).to_be_visible()

    recent.get_by_role("button", name="Pause").click()
    record(page, {"action": "DELETE", "resource_type": "PROJECT", "resource_id": second})
    expect(recent.get_by_text(re.compile("new events? waits?"))).to_be_visible()
    expect(table.get_by_text(second)).to_have_count(0)
    recent.get_by_role("button", name="Resume").click()
    expect(table.get_by_text(second)).to_be_visible()

    row = table.get_by_role("row").filter(has_text=second)
    row.get_by_role("button", name="Open this DELETE event").click()
    expect(page.get_by_role("dialog")).to_contain_text(second)
    page.wait_for_url(re.compile(r"\?event="))
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    recent.get_by_role("switch", name="Reads of this log").click()
    page.wait_for_url(re.compile("reads=true"))
    expect(table.get_by_text("AUDIT_LOG").first).to_be_visible()


def test_the_range_stands_in_the_address(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    _open(page)
    ranges = page.get_by_role("group", name="Time range")
    expect(ranges.get_by_role("button", name="Last 7 days")).to_have_attribute(
        "aria-pressed", "true"
    )
    week = number_in(stat(page, "Total actions"))
    ranges.get_by_role("button", name="Last 30 days").click()
    page.wait_for_url(re.compile(r"\?range=30d"))
    expect(stat(page, "Total actions")).not_to_have_text(f"{week:,}")
    page.go_back()
    expect(ranges.get_by_role("button", name="Last 7 days")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_open_detections_need_attention(page_of: PageOf) -> None:
    page = page_of("DEVOPS", viewport=WIDE)
    page.goto("/")
    expect(page.get_by_text("user:view")).to_be_visible()

    page = page_of("ADMIN", viewport=WIDE)
    _open(page)
    panel = page.get_by_role("region", name="Needs attention")
    panel.get_by_role("listitem").first.get_by_role("link").click()
    page.wait_for_url("**/security/detections/*")


def test_who_may_not_see_everyone_finds_themselves(page_of: PageOf) -> None:
    page = page_of("DEVELOPER", viewport=WIDE)
    page.goto("/")
    expect(page.get_by_text("user:view")).to_be_visible()
    page.get_by_role("link", name="See your own activity").click()
    page.wait_for_url("**/users/*/overview")
    expect(page.get_by_text("This is you")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_and_fits_a_phone(
    page_of: PageOf,
    axe: Callable[[Page], None],
    shot: Callable[[Page, str], None],
    scheme: Literal["light", "dark"],
) -> None:
    sizes: dict[str, Any] = {"": WIDE, "-390": NARROW}
    for name, viewport in sizes.items():
        page = page_of(viewport=viewport, color_scheme=scheme)
        _open(page)
        stat(page, "Total actions")
        shot(page, f"dashboard-{scheme}{name}")
        axe(page)
        assert_fits(page)
