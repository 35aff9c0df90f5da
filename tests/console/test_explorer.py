"""The Explorer as a person uses it: searching, narrowing, opening, going back."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import PageOf

TOTAL = "[data-total]"
ROW = "[role=row][data-index]"
FIRST_MILLISECONDS = 30_000
"""For a page's first rows: a busy machine is no fault of the page."""


def _open(page: Page, search: str = "?range=30d") -> None:
    page.goto(f"/explorer{search}")
    expect(page.locator(ROW).first).to_be_visible(timeout=FIRST_MILLISECONDS)
    expect(page.locator(TOTAL)).to_be_visible()


def _total(page: Page) -> int:
    """How many events match; waits until the rows of the search are there."""
    expect(page.locator(TOTAL)).to_be_visible(timeout=FIRST_MILLISECONDS)
    return int(page.locator(TOTAL).get_attribute("data-total") or "-1")


def _asked(page: Page, name: str) -> str:
    return parse_qs(urlsplit(page.url).query).get(name, [""])[0]


def _facet(page: Page, field: str, value: str) -> None:
    page.locator(f"[data-facet={field}] [role=checkbox][title='{value}']").click()


def test_a_query_is_typed_with_completion_by_keyboard_alone(page_of: PageOf) -> None:
    page = page_of()
    _open(page)
    page.keyboard.press("/")
    bar = page.locator("[data-explorer-search]")
    expect(bar).to_be_focused()
    page.keyboard.type("acti")
    expect(page.get_by_role("option", name="action:")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(bar).to_have_value("action:")
    page.keyboard.type("dele")
    expect(page.get_by_role("option", name=re.compile("^DELETE"))).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(bar).to_have_value("action:DELETE ")
    page.keyboard.type("-status:FAILED")
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile(r"q=action:DELETE\+-status:FAILED"))
    expect(page.locator(f"{ROW} [data-name=action]").first).to_have_text("DELETE")
    chips = page.get_by_role("group", name="Filters")
    expect(chips).to_contain_text("Action: DELETE")
    expect(chips).to_contain_text("not Status: FAILED")
    without_failed = _total(page)
    chips.get_by_role("button", name="Turn round: -status:FAILED").click()
    page.wait_for_url(re.compile(r"q=action:DELETE\+status:FAILED"))
    assert _total(page) < without_failed


def test_people_are_completed_by_their_names(page_of: PageOf) -> None:
    page = page_of()
    _open(page)
    first = page.locator(f"{ROW} [data-name=user]").filter(has_text="@").first
    email = first.inner_text()
    bar = page.locator("[data-explorer-search]")
    bar.fill(f"user:{email[:4]}")
    page.get_by_role("option", name=re.compile(re.escape(email))).click()
    expect(bar).to_have_value(f"user:{email} ")


def test_facets_narrow_and_ignore_their_own_selection(page_of: PageOf) -> None:
    page = page_of()
    _open(page)
    everything = _total(page)
    actions = page.locator("[data-facet=action]")
    expect(actions.locator("[role=checkbox]").nth(1)).to_be_visible()
    before = actions.locator("[role=checkbox]").count()
    _facet(page, "action", "UPDATE")
    page.wait_for_url(re.compile("q=action:UPDATE"))
    updates = _total(page)
    assert 0 < updates < everything
    expect(actions.locator("[role=checkbox][title=UPDATE]")).to_be_checked()
    expect(actions.locator("[role=checkbox]")).to_have_count(before)

    _facet(page, "action", "DELETE")
    page.wait_for_url(re.compile(r"q=action:\(UPDATE\+OR\+DELETE\)"))
    assert _total(page) > updates
    page.go_back()
    page.wait_for_url(re.compile(r"q=action:UPDATE(&|$)"))
    assert _total(page) == updates
    page.go_back()
    expect(page.locator(TOTAL)).to_have_attribute("data-total", str(everything))
    page.go_forward()
    expect(page.locator(TOTAL)).to_have_attribute("data-total", str(updates))
    actions.get_by_role("button", name="Clear the filter on Action").click()
    expect(page.locator(TOTAL)).to_have_attribute("data-total", str(everything))
    page.get_by_role("button", name="City").click()
    expect(page.locator("[data-facet=city] [role=checkbox]").first).to_be_visible()


def test_the_chart_narrows_the_range_by_dragging_and_by_keyboard(page_of: PageOf) -> None:
    page = page_of()
    _open(page)
    everything = _total(page)
    chart = page.get_by_role("slider", name=re.compile("^Events per day"))
    expect(chart).to_be_visible()
    box = chart.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 40, steps=5)
    page.mouse.up()
    page.wait_for_url(re.compile("range=custom"))
    narrowed = _total(page)
    assert 0 < narrowed < everything
    first = (_asked(page, "from"), _asked(page, "to"))
    assert first[0] < first[1]

    chart = page.get_by_role("slider", name=re.compile("^Events per"))
    expect(chart).to_have_attribute("aria-busy", "false")
    chart.focus()
    for key in ("End", "Shift+ArrowLeft", "Shift+ArrowLeft", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url(lambda url: "range=custom" in url and first[0] not in url)
    assert _total(page) < narrowed


def test_rows_are_read_with_the_keyboard(page_of: PageOf) -> None:
    page = page_of()
    _open(page, "?range=30d&q=-action:(SEARCH+OR+VIEW)")
    table = page.get_by_role("grid", name="Events")
    table.focus()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("event="))
    event = _asked(page, "event")
    assert page.locator(f"{ROW}[data-index='1']").get_attribute("data-event") == event
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text(event)
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    page.wait_for_url(lambda url: "event=" not in url)
    page.go_back()
    expect(page.get_by_role("dialog")).to_contain_text(event)
    page.go_forward()
    expect(drawer).to_be_hidden()

    action = page.locator(f"{ROW}[data-index='1'] [data-name=action]").inner_text()
    table.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("f")
    page.wait_for_url(re.compile(f"action:{action}"))
    total = _total(page)
    expect(page.locator(f"{ROW} [data-name=action]").first).to_have_text(action)
    page.keyboard.press("j")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("x")
    page.wait_for_url(re.compile(rf"-action:\(SEARCH\+OR\+VIEW\+OR\+{action}\)"))
    assert total > 0


def test_rows_stand_where_they_belong_however_far_one_scrolls(page_of: PageOf) -> None:
    page = page_of()
    _open(page, "?range=90d")
    loaded = page.locator("[data-loaded]")
    for _ in range(4):
        before = int(loaded.get_attribute("data-loaded") or "0")
        page.locator("[role=grid]").evaluate("grid => grid.parentElement.scrollTo(0, 1e9)")
        expect(loaded).not_to_have_attribute("data-loaded", str(before))
    page.locator("[role=grid]").evaluate("grid => grid.parentElement.scrollTo(0, 33333)")
    _facet(page, "status", "FAILED")
    page.wait_for_url(re.compile("status:FAILED"))
    _total(page)
    expect(page.locator(f"{ROW}[data-index='0']")).to_be_visible()
    page.locator("[role=grid]").evaluate("grid => grid.parentElement.scrollTo(0, 1500)")
    expect(page.locator(f"{ROW}[data-index='50']")).to_be_visible()
    misplaced = page.evaluate(
        """() => [...document.querySelectorAll("[role=row][data-index]")].filter((row) => {
          const index = Number(row.dataset.index);
          const { m42 } = new DOMMatrix(getComputedStyle(row).transform);
          return m42 !== index * row.offsetHeight;
        }).length"""
    )
    assert misplaced == 0
    assert page.locator(ROW).count() < 60


def test_a_wrong_query_is_shown_where_it_is_wrong(page_of: PageOf) -> None:
    page = page_of(allow=["status of 400"])
    page.goto("/explorer?q=action:DELETE+stauts:FAILED")
    fault = page.get_by_role("alert")
    expect(fault).to_contain_text("fault at character 15")
    expect(fault).to_contain_text("Did you mean 'status'?")
    expect(fault.locator("mark")).to_have_text("s")
    page.locator("[data-explorer-search]").fill("action:DELETE status:FAILED")
    page.locator("[data-explorer-search]").press("Enter")
    expect(fault).to_be_hidden()
    assert _total(page) >= 0


def test_nothing_found_says_why_and_what_would_help(page_of: PageOf) -> None:
    page = page_of(allow=["status of 404"])
    page.goto("/explorer?range=24h&q=action:DELETE+user_id:nobody-like-this")
    answer = page.get_by_role("heading", name="No events found").locator("xpath=../..")
    expect(answer).to_contain_text("Nobody with the id nobody-like-this is known")
    expect(answer).to_contain_text("You may read all events of")
    expect(answer).to_contain_text("read as committed up to")
    expect(answer).to_contain_text(re.compile(r"Without user_id:nobody-like-this\s*[\d,]+ event"))
    answer.get_by_role("button", name="Without user_id:nobody-like-this").click()
    page.wait_for_url(re.compile(r"q=action:DELETE(&|$)"))
    page.goto("/explorer?range=24h&q=user_id:nobody-like-this")
    page.get_by_role("button", name="Show the last 30 days").click()
    page.wait_for_url(re.compile("range=30d"))


def test_the_search_is_handed_on(page_of: PageOf) -> None:
    page = page_of(permissions=["clipboard-read", "clipboard-write"])
    _open(page, "?range=7d&q=action:UPDATE")
    page.get_by_role("button", name="Copy", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("curl")).click()
    curl = page.evaluate("navigator.clipboard.readText()")
    assert "--data-urlencode 'q=action:UPDATE'" in curl
    assert "$TRAILKEEPER_API_KEY" in curl
    page.keyboard.press("c")
    expect(page.get_by_text("Copied").first).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert "range=custom" in link
    total = _total(page)
    page.goto(link)
    expect(page.locator(TOTAL)).to_have_attribute("data-total", str(total))
    alert = page.get_by_role("link", name="Alert me on this")
    expect(alert).to_have_attribute("href", re.compile(r"/rules/new\?q=action:UPDATE"))
    live = page.get_by_role("link", name="Follow this search live")
    expect(live).to_have_attribute("href", re.compile(r"/live\?q=action:UPDATE"))


def test_two_events_are_compared(page_of: PageOf) -> None:
    page = page_of()
    _open(page, "?range=30d&q=action:UPDATE")
    for index in (0, 2):
        page.locator(f"{ROW}[data-index='{index}'] [data-act=select]").click()
    page.get_by_role("button", name="Compare", exact=True).click()
    page.wait_for_url(re.compile("compare="))
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "compare=" not in url)


def test_links_that_name_fields_and_dates_are_understood(page_of: PageOf) -> None:
    page = page_of()
    page.goto("/activity?action=DELETE&start_date=2020-01-01&end_date=2020-01-02")
    page.wait_for_url(re.compile("/explorer"))
    expect(page.get_by_role("group", name="Filters")).to_contain_text("Action: DELETE")
    expect(page.get_by_role("heading", name="No events found")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible(
    page_of: PageOf,
    axe: Callable[[Page], None],
    shot: Callable[[Page, str], None],
    scheme: str,
) -> None:
    page = page_of(color_scheme=scheme, viewport={"width": 1440, "height": 900})
    _open(page, "?range=30d&q=-status:FAILED")
    expect(page.locator("[data-facet=country] [role=checkbox]").first).to_be_visible()
    expect(page.get_by_role("slider", name=re.compile("^Events per"))).to_be_visible()
    page.locator(f"{ROW}[data-index='2'] [data-name=user]").hover()
    axe(page)
    shot(page, f"explorer-{scheme}")


def test_it_fits_on_a_phone(
    page_of: PageOf, axe: Callable[[Page], None], shot: Callable[[Page, str], None]
) -> None:
    page = page_of(viewport={"width": 390, "height": 844}, has_touch=True)
    _open(page, "?range=7d&q=-action:VIEW")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    axe(page)
    shot(page, "explorer-phone")
    page.get_by_role("button", name="Filters", exact=True).click()
    _facet(page, "status", "FAILED")
    page.wait_for_url(re.compile("status:FAILED"))
    page.get_by_role("button", name="Close filters").click()
    page.locator(ROW).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
