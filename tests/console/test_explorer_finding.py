"""Finding one's way in the Explorer: to a moment, and to what a field's values are."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.console.conftest import PageOf
from tests.console.insight_pages import ask, assert_fits

ROW = "[role=row][data-index]"
BERLIN = ZoneInfo("Europe/Berlin")
FIRST_MILLISECONDS = 30_000
WITHOUT_READS = "-action:(SEARCH OR VIEW)"


def _open(page: Page, search: str = "?range=30d") -> None:
    page.goto(f"/explorer{search}")
    expect(page.locator(ROW).first).to_be_visible(timeout=FIRST_MILLISECONDS)
    expect(page.get_by_role("button", name="Jump to a time")).to_be_visible()


def _asked(page: Page, name: str) -> str:
    return parse_qs(urlsplit(page.url).query).get(name, [""])[0]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _noon_of_the_last_monday() -> datetime:
    """In Berlin, where the browser of these tests is; a day on which people work."""
    today = datetime.now(BERLIN).replace(hour=12, minute=0, second=0, microsecond=0)
    return today - timedelta(days=today.weekday() or 7)


def test_a_time_is_jumped_to_by_keyboard_alone(
    page_of: PageOf, axe: Callable[[Page], None], shot: Callable[[Page, str], None]
) -> None:
    page = page_of()
    _open(page, f"?range=30d&q={WITHOUT_READS}")
    page.keyboard.press("t")
    box = page.get_by_role("textbox", name="Date and time")
    expect(box).to_be_focused()
    page.keyboard.type("the day before")
    page.keyboard.press("Enter")
    expect(box).to_have_accessible_description(
        re.compile("This is not understood as a time"), timeout=FIRST_MILLISECONDS
    )
    assert "at=" not in page.url
    axe(page)
    shot(page, "explorer-jump")

    noon = _noon_of_the_last_monday()
    box.fill(f"{noon:%Y-%m-%d %H:%M}")
    expect(page.get_by_role("dialog")).to_contain_text(f"{noon:%-d %b %Y}, 12:00:00 Europe/Berlin")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("at="))
    at = _moment(_asked(page, "at"))
    assert at == noon.astimezone(UTC)
    assert _moment(_asked(page, "from")) == at - timedelta(minutes=30)
    assert _moment(_asked(page, "to")) == at + timedelta(minutes=30)

    marked = page.locator(f"{ROW}[data-active]")
    expect(marked).to_be_visible()
    asked = f"limit=1&end_date={_asked(page, 'at')}&q={WITHOUT_READS}"
    last = ask(page, f"/audit-logs?{asked}&start_date={_asked(page, 'from')}")["items"][0]
    expect(marked).to_have_attribute("data-event", last["id"])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"event={last['id']}"))
    expect(page.get_by_role("dialog")).to_contain_text(last["id"])
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()

    page.reload()
    expect(marked).to_have_attribute("data-event", last["id"])
    page.get_by_role("button", name="Last 7 days").click()
    page.wait_for_url(lambda url: "at=" not in url and "range=7d" in url)
    page.go_back()
    expect(marked).to_have_attribute("data-event", last["id"])


def test_what_happened_since_a_time_is_shown_on_a_phone(page_of: PageOf) -> None:
    page = page_of(viewport={"width": 390, "height": 844}, has_touch=True)
    _open(page)
    page.get_by_role("button", name="Jump to a time").click()
    box = page.get_by_role("textbox", name="Date and time")
    expect(box).to_be_focused()
    assert_fits(page)
    box.fill("2030-01-01")
    page.get_by_role("button", name="Jump", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("This is still ahead.")
    box.fill("yesterday 9:00")
    page.get_by_text("Since then").click()
    page.get_by_role("button", name="Jump", exact=True).click()
    page.wait_for_url(re.compile("range=custom"))
    begins = _moment(_asked(page, "from")).astimezone(BERLIN)
    assert (begins.hour, begins.minute) == (9, 0)
    assert timedelta(hours=9) <= datetime.now(UTC) - begins <= timedelta(hours=41)


def test_a_fields_values_are_looked_at_and_filtered_by(
    page_of: PageOf, axe: Callable[[Page], None], shot: Callable[[Page, str], None]
) -> None:
    page = page_of()
    _open(page, "?range=30d&q=action:UPDATE")
    page.locator(ROW).first.click()
    page.get_by_role("button", name="Filter or copy Status").click()
    page.get_by_role("menuitem", name="Distribution of this field").click()
    page.wait_for_url(re.compile("distribution=status"))
    dialog = page.get_by_role("dialog", name=re.compile("^Distribution of"))
    dialog.get_by_role("combobox", name="Field").select_option("Resource type")
    table = dialog.get_by_role("table", name="Distribution of Resource type")
    expect(table).to_be_visible()
    page.wait_for_url(re.compile("distribution=resource_type"))
    total = int(page.locator("[data-total]").get_attribute("data-total") or "-1")
    expect(dialog).to_contain_text(f"in {total:,} events of this search")
    lines = [
        [cell.strip() for cell in row.locator("th, td").all_inner_texts()][:3]
        for row in table.locator("tbody tr").all()
    ]
    counts = [int(count.replace(",", "")) for _, count, _ in lines]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == total
    share = 100 * counts[0] / total
    assert abs(float(lines[0][2].rstrip("%")) - share) <= 0.5
    axe(page)
    shot(page, "explorer-distribution")

    value = lines[0][0]
    dialog.get_by_role("button", name=f"Filter for {value}").click()
    page.wait_for_url(re.compile(rf"q=action:UPDATE\+resource_type:{value}"))
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-total]")).to_have_attribute("data-total", str(counts[0]))
    page.go_back()
    dialog.get_by_role("button", name=f"Filter out {value}").click()
    page.wait_for_url(re.compile(rf"q=action:UPDATE\+-resource_type:{value}"))
    expect(page.locator("[data-total]")).to_have_attribute("data-total", str(total - counts[0]))


def test_a_facet_leads_to_all_of_its_values(page_of: PageOf) -> None:
    page = page_of()
    _open(page, "?range=30d&q=status:FAILED")
    page.get_by_role("button", name="Distribution of Status").click()
    dialog = page.get_by_role("dialog", name="Distribution of Status")
    expect(dialog).to_contain_text("Counted without the filter on Status itself.")
    expect(dialog.get_by_role("button", name="Filter for SUCCESS")).to_be_visible()
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "distribution=" not in url)
