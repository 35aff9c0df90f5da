"""Rules: found, turned on and off, written as form and text, rehearsed, imported."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.console.conftest import PageOf
from tests.console.insight_pages import LOAD_MS, NARROW, WIDE, ask, assert_fits

BULK = "Bulk deletions by one person"


def _text(page: Page) -> Locator:
    return page.get_by_role("textbox", name="The rule as Sigma YAML")


def test_a_rule_is_made_by_form_seen_as_text_rehearsed_and_saved(
    page_of: PageOf, shot: Callable[[Page, str], None]
) -> None:
    # What is half typed is refused by the check: the form shows it.
    page = page_of(viewport=WIDE, allow=[r"400 .*/rules/check"])
    page.goto("/rules")
    page.get_by_role("link", name="New rule").click()
    page.get_by_role("textbox", name="Title").fill("Deletions of models")
    query = page.get_by_role("textbox", name="Of what")
    query.fill("action:DELETE (")
    expect(page.get_by_text(re.compile(r"at character \d+"))).to_be_visible()
    query.fill("action:DELETE")
    page.get_by_role("textbox", name="More than").fill("1")
    expect(_text(page)).to_have_value(re.compile(r"action: DELETE\n(.|\n)*gt: 1\n"))
    expect(page.get_by_text("It can be used.")).to_be_visible()
    expect(page.get_by_text("action:DELETE by user more than 1 in 10 minutes")).to_be_visible()

    # A fault in the text stands at its line, and leads there.
    text = _text(page).input_value()
    _text(page).fill(text.replace("action: DELETE", "actoin: DELETE"))
    fault = page.get_by_role("button", name=re.compile("Go to line 7, column"))
    expect(fault).to_be_visible()
    expect(page.get_by_text("RULE_UNKNOWN_FIELD")).to_be_visible()
    expect(page.get_by_text("The text has faults.")).to_be_visible()
    shot(page, "rules-fault")
    fault.click()
    expect(_text(page)).to_be_focused()
    expect(page.get_by_role("button", name="Save the rule")).to_be_disabled()
    # Mended by hand, the form says what the text says.
    _text(page).fill(text.replace("gt: 1\n", "gt: 2\n"))
    expect(page.get_by_role("textbox", name="More than")).to_have_value("2 events")

    page.get_by_role("combobox", name="Over the last").select_option("90")
    page.get_by_role("button", name="Rehearse").click()
    outcome = page.get_by_role("region", name="Rehearsal")
    expect(outcome).to_contain_text(re.compile(r"\d detections? from"), timeout=60_000)
    expect(outcome).to_contain_text("Detections by day")
    rehearsal = re.search(r"rehearsal=([\w-]+)", page.url)
    assert rehearsal is not None
    result = ask(page, f"/rules/rehearsals/{rehearsal[1]}")["result"]
    expect(outcome).to_contain_text(f"{result['detections']:,} detection")
    outcome.scroll_into_view_if_needed()
    shot(page, "rules-rehearsal")

    page.get_by_role("button", name="Save the rule").click()
    page.wait_for_url(re.compile(r"/rules/[0-9a-f-]{36}"))
    expect(page.get_by_role("heading", level=1, name="Deletions of models")).to_be_visible()
    rule_id = re.search(r"/rules/([0-9a-f-]{36})", page.url)
    assert rule_id is not None
    rule = ask(page, f"/rules/{rule_id[1]}")
    assert (rule["sentence"], rule["is_enabled"]) == (
        "action:DELETE by user more than 2 in 10 minutes",
        True,
    )
    _retitle_and_delete(page, rule_id[1])


def _retitle_and_delete(page: Page, rule_id: str) -> None:
    """Another title by form keeps the rule what it is."""
    page.get_by_role("textbox", name="Title").fill("Deletions")
    expect(_text(page)).to_have_value(re.compile(f"title: Deletions\nid: {rule_id}\n"))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Deletions", exact=True)).to_be_visible()
    assert ask(page, f"/rules/{rule_id}")["title"] == "Deletions"
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.wait_for_url("**/rules")
    assert rule_id not in [each["id"] for each in ask(page, "/rules")["items"]]


def test_a_search_becomes_a_rule(page_of: PageOf) -> None:
    page = page_of()
    page.goto("/rules/new?q=action:EXPORT")
    expect(page.get_by_role("textbox", name="Of what")).to_have_value("action:EXPORT")
    expect(_text(page)).to_have_value(re.compile("action: EXPORT"))


def test_a_built_in_rule_is_explained_and_turned_off(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    page.goto("/rules?find=bulk")
    rules = page.get_by_role("list", name="Built-in rules")
    expect(rules.get_by_role("listitem")).to_have_count(1)
    switch = page.get_by_role("switch", name=f"Rule “{BULK}” is on")
    switch.click(force=True)
    expect(page.get_by_text(f"“{BULK}” is off.")).to_be_visible()
    rule = next(each for each in ask(page, "/rules")["items"] if each["title"] == BULK)
    assert rule["is_enabled"] is False
    expect(switch).to_be_enabled()
    switch.click(force=True)
    expect(page.get_by_text(f"“{BULK}” is on. It counts within seconds.")).to_be_visible()
    rules.get_by_role("link", name=BULK, exact=True).click()
    meaning = page.get_by_role("region", name="What it means")
    expect(meaning).to_contain_text("Sabotage, a taken-over account")
    for alarm in rule["false_positives"]:
        expect(meaning).to_contain_text(alarm)
    expect(_text(page)).to_have_value(rule["text"])
    expect(_text(page)).not_to_be_editable()


def test_rules_are_gone_through_by_keyboard(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    page.goto("/rules?which=builtIn")
    titles = page.get_by_role("list", name="Built-in rules").locator("[data-list-link]")
    expect(titles.nth(1)).to_be_visible(timeout=LOAD_MS)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(titles.nth(1)).to_be_focused()
    # From another control of a row it goes on from that row.
    page.get_by_role("list", name="Built-in rules").get_by_role("switch").nth(2).focus()
    page.keyboard.press("k")
    expect(titles.nth(1)).to_be_focused()
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(help_).to_contain_text("Next rule")
    page.keyboard.press("Escape")
    expect(help_).to_be_hidden()
    title = titles.nth(1).inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def test_public_rules_are_looked_at_before_they_are_kept(page_of: PageOf, tmp_path: Path) -> None:
    usable = tmp_path / "usable.yml"
    usable.write_text(
        "title: Imported deletion\ndetection:\n  it:\n    eventName: DELETE\n  condition: it\n"
    )
    windows = tmp_path / "windows.yml"
    windows.write_text(
        "title: Process\ndetection:\n  it:\n    ParentImage: cmd.exe\n  condition: it\n"
    )
    page = page_of(viewport=WIDE)
    page.goto("/rules/import")
    page.locator("input[type=file]").set_input_files([usable, windows])
    page.get_by_role("button", name="Look what is usable").click()
    expect(page.get_by_role("row").filter(has_text="Imported deletion")).to_contain_text(
        "eventName → action"
    )
    expect(page.get_by_role("row").filter(has_text="Process")).to_contain_text("Unusable")
    page.get_by_role("button", name="Keep 1 usable rule, turned off").click()
    expect(page.get_by_text("1 rule is kept, turned off.")).to_be_visible()
    kept = [each for each in ask(page, "/rules")["items"] if each["title"] == "Imported deletion"]
    assert [each["is_enabled"] for each in kept] == [False]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", ["list", "new", "built-in", "import"])
def test_rules_are_accessible_and_fit(
    place: str,
    scheme: Literal["light", "dark"],
    page_of: PageOf,
    axe: Callable[[Page], None],
    shot: Callable[[Page, str], None],
) -> None:
    page = page_of(color_scheme=scheme, viewport=NARROW)
    page.goto("/rules")
    ready = page.get_by_role("list", name="Built-in rules").get_by_role("link")
    expect(ready.first).to_be_visible(timeout=LOAD_MS)
    if place == "built-in":
        ready.first.click()
        ready = page.get_by_role("region", name="What it means")
    elif place == "new":
        page.goto("/rules/new?q=action:DELETE")
        ready = page.get_by_text("It can be used.")
    elif place == "import":
        page.goto("/rules/import")
        ready = page.get_by_role("button", name="Look what is usable")
    expect(ready.first).to_be_visible(timeout=LOAD_MS)
    assert_fits(page)
    shot(page, f"rules-{place}-narrow-{scheme}")
    page.set_viewport_size({"width": 1440, "height": 1000})
    expect(ready.first).to_be_visible()
    axe(page)
    shot(page, f"rules-{place}-{scheme}")
