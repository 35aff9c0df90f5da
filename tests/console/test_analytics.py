"""Team analytics: how a team works, and the seed's use case of understanding its performance."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

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
    stat,
)


def _open(page: Page, search: str = "") -> None:
    page.goto(f"/analytics{search}")
    expect(page.get_by_role("heading", name="Team analytics", level=1)).to_be_visible()
    expect(page.get_by_role("table", name="Popular features")).to_be_visible(timeout=LOAD_MS)


def test_a_lead_understands_the_team(page_of: PageOf) -> None:
    """The seed's four steps: metrics of all, most and least active, features, what to plan."""
    page = page_of(viewport=WIDE)
    _open(page, f"?{past_days(30)}")
    assert number_in(stat(page, "Active users")) > 40
    assert number_in(stat(page, "Updated")) > number_in(stat(page, "Deleted")) > 0

    features = page.get_by_role("table", name="Popular features")
    row = features.get_by_role("row").nth(1)
    used = number_in(row.get_by_role("cell").nth(1))
    row.get_by_role("link").click()
    page.wait_for_url(re.compile(r"/explorer\?q=action:\w+\+resource_type:\w+"))
    assert explorer_total(page) == used
    page.go_back()

    power = page.get_by_role("region", name="Power users").get_by_role("link").first
    events = number_in(power.locator(".tk-num").last)
    power.click()
    page.wait_for_url("**/users/*/activity?**")
    assert explorer_total(page) == events


def test_the_busiest_hour_is_that_of_the_organizations_clock(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE, timezone_id="America/New_York")
    _open(page, f"?{past_days(14)}")
    peak = page.get_by_role("region", name="Peak times")
    expect(peak).to_contain_text("Europe/Berlin")
    told = re.search(r"Busiest: (\w+) (\d\d):00", peak.inner_text())
    assert told is not None
    start, end = re.findall(r"(?:from|to)=([^&]+)", past_days(14))
    days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    counts = ask(page, f"/insight/team?start_date={start}&end_date={end}")["peak_times"]
    assert counts[days.index(told[1])][int(told[2])] == max(map(max, counts))


def test_active_users_are_counted_by_day_week_and_month(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    _open(page, "?range=90d")
    panel = page.get_by_role("region", name="Active users over time")
    bars = panel.get_by_role("listitem")
    daily = bars.count()
    assert 88 <= daily <= 92
    panel.get_by_text("Week", exact=True).click()
    page.wait_for_url(re.compile("per=week"))
    expect(bars).not_to_have_count(daily)
    assert 12 <= bars.count() <= 15
    panel.get_by_text("Month", exact=True).click()
    page.wait_for_url(re.compile("per=month"))
    expect(bars.first).to_contain_text("people")


def test_inactive_people_by_the_days_that_one_chooses(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    _open(page)
    panel = page.get_by_role("region", name="Inactive users")
    listed = panel.get_by_role("listitem")
    few = listed.count()
    panel.get_by_label("Days without a sign-in").select_option("7")
    page.wait_for_url(re.compile("inactive=7"))
    expect(panel).to_contain_text("without a sign-in for 7 days")
    expect(panel).to_contain_text("in all")
    assert listed.count() >= few
    panel.get_by_role("link", name="Open the directory by last sign-in").click()
    page.wait_for_url(re.compile(r"/users\?sort=last_login&order=asc"))


def test_a_most_changed_project_opens_its_history(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    _open(page)
    projects = page.get_by_role("region", name="Most changed projects")
    projects.get_by_role("link").first.click()
    page.wait_for_url("**/resources/PROJECT/*")
    expect(page.get_by_role("link", name="History")).to_have_attribute("aria-current", "page")


def test_it_takes_the_permission(page_of: PageOf) -> None:
    page = page_of("DEVELOPER")
    page.goto("/analytics")
    expect(page.get_by_text("user:view")).to_be_visible()


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
        shot(page, f"analytics-{scheme}{name}")
        axe(page)
        assert_fits(page)
