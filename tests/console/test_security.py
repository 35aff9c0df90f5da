"""Security: what rules found, why, what is done with it; from where people sign in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import PageOf
from tests.console.insight_pages import LOAD_MS, NARROW, WIDE, ask, assert_fits

LIST = "Detections, the newest first"
GUESSED = "Sign-in right after a burst of failures"
ADDRESSES = re.compile("^Address(es)?$")


def _detection(page: Page, title: str) -> dict[str, Any]:
    """The newest detection of the built-in rule with this title, as the API has it."""
    rules = {rule["title"]: rule["id"] for rule in ask(page, "/rules")["items"]}
    found = ask(page, f"/detections?rule_id={rules[title]}&limit=1")["items"]
    assert found, f"the demo has no detection of “{title}”"
    return dict(found[0])


def _open(page: Page, title: str) -> dict[str, Any]:
    detection = _detection(page, title)
    page.goto(f"/security/detections/{detection['id']}")
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    return detection


def test_a_detection_is_understood_and_worked_on(
    page_of: PageOf, shot: Callable[[Page, str], None]
) -> None:
    page = page_of(viewport=WIDE)
    detection = _detection(page, "Impossible travel")
    page.goto(f"/security?severity=high&rule={detection['rule_id']}")
    page.get_by_role("list", name=LIST).get_by_role("link").first.click()
    page.wait_for_url(f"**/security/detections/{detection['id']}")

    why = page.get_by_role("region", name="Why it was raised")
    expect(why).to_contain_text(re.compile(r"Signed in from .+ then from .+ km/h \(the rule"))
    for sentence in detection["reasons"]:
        expect(why).to_contain_text(sentence)
    evidence = page.get_by_role("region", name="Evidence")
    expect(evidence.get_by_role("button", name="Open the event LOGIN")).to_have_count(
        len(detection["evidence"]), timeout=LOAD_MS
    )
    shot(page, "security-detection")

    work = page.get_by_role("region", name="Work on it")
    work.get_by_role("button", name="Acknowledge").click()
    work.get_by_role("button", name="Assign to me").click()
    expect(work.get_by_role("button", name="Assign to me")).to_have_count(0)
    work.get_by_role("textbox", name="Add a note").fill("Was on a train with a VPN.")
    work.get_by_role("button", name="Add the note").click()
    history = page.get_by_role("region", name="History")
    expect(history).to_contain_text("changed the state from Open to Acknowledged")
    expect(history).to_contain_text("Was on a train with a VPN.")
    work.get_by_role("button", name="Resolve").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Note").fill("Confirmed by phone.")
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(history).to_contain_text("changed the state from Acknowledged to Resolved")

    known = ask(page, f"/detections/{detection['id']}")
    assert (known["state"], known["assignee"]) == ("resolved", ask(page, "/me")["user_id"])
    assert [line["content"]["text"] for line in known["history"] if line["what"] == "note"] == [
        "Was on a train with a VPN.",
        "Confirmed by phone.",
    ]
    work.get_by_role("button", name="Reopen").click()
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    expect(history).to_contain_text("changed the state from Resolved to Open")


def test_impossible_travel_is_seen_on_a_map(
    page_of: PageOf, axe: Callable[[Page], None], shot: Callable[[Page, str], None]
) -> None:
    page = page_of(viewport=WIDE)
    detection = _open(page, "Impossible travel")
    way = re.match(
        r"Signed in from (.+) \((\S+)\) at .+, then from (.+) \((\S+)\) at", detection["reasons"][0]
    )
    assert way is not None, detection["reasons"]
    km = detection["reasons"][1].split(" km")[0].replace(",", "")
    why = page.get_by_role("region", name="Why it was raised")
    drawn = why.get_by_role("img", name=f"Map: from {way[1]} (1) to {way[3]} (2)")
    expect(drawn).to_be_visible(timeout=LOAD_MS)
    told = re.search(r"([\d,]+) km", drawn.get_attribute("aria-label") or "")
    assert told is not None
    assert abs(int(told[1].replace(",", "")) - int(km)) <= 5
    for place, address in ((way[1], way[2]), (way[3], way[4])):
        expect(why.get_by_role("figure")).to_contain_text(place)
        expect(why.get_by_role("figure")).to_contain_text(address)
    axe(page)
    shot(page, "security-travel")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(drawn).to_be_in_viewport()
    assert_fits(page)


def test_detections_are_gone_through_by_keyboard(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    page.goto("/security?state=open,acknowledged,resolved,false_positive")
    titles = page.get_by_role("list", name=LIST).locator("[data-list-link]")
    expect(titles.nth(2)).to_be_visible(timeout=LOAD_MS)
    page.keyboard.press("j")
    expect(titles.nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(titles.nth(2)).to_be_focused()
    page.keyboard.press("k")
    expect(titles.nth(1)).to_be_focused()
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keyboard shortcuts")
    for words in ("Next detection", "Previous detection", "Open the detection"):
        expect(help_).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(help_).to_be_hidden()
    title = titles.nth(1).inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/security/detections/"))
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def test_evidence_opens_beside_and_leads_to_the_explorer(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    detection = _open(page, "Second factor removed")
    evidence = page.get_by_role("region", name="Evidence")
    evidence.get_by_role("button", name="Open the event").first.click()
    page.wait_for_url(re.compile(r"event="))
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    evidence.get_by_role("link", name="Show all in the Explorer").click()
    page.wait_for_url("**/explorer?**")
    total = page.locator("[data-total]")
    expect(total).to_have_attribute("data-total", str(detection["count"]), timeout=LOAD_MS)


def test_many_are_closed_together(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    rule = _detection(page, "Changes outside of working hours")["rule_id"]
    page.goto(f"/security?rule={rule}")
    rows = page.get_by_role("list", name=LIST).get_by_role("checkbox")
    expect(rows.nth(1)).to_be_visible()
    before = ask(page, f"/detections/counts?rule_id={rule}")["by_state"]
    shown = page.get_by_role("group", name="State").get_by_role("button", name="False positive")
    expect(shown).to_contain_text(str(before.get("false_positive", 0)))
    rows.nth(0).check()
    rows.nth(1).check()
    bar = page.get_by_role("toolbar", name="Work on the selected")
    expect(bar).to_contain_text("2 selected")
    bar.get_by_role("button", name="False positive").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Note").fill("The release weekend.")
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    expect(page.get_by_text("2 detections changed.")).to_be_visible()
    expect(shown).to_contain_text(str(before.get("false_positive", 0) + 2))
    after = ask(page, f"/detections/counts?rule_id={rule}")["by_state"]
    assert after["false_positive"] == before.get("false_positive", 0) + 2


def test_an_address_is_blocked_and_let_in_again(page_of: PageOf) -> None:
    page = page_of("SUPER_ADMIN", viewport=WIDE)
    _open(page, GUESSED)
    card = page.get_by_role("region", name=ADDRESSES)
    blocks = card.get_by_role("button", name="Block this address")
    expect(blocks.first).to_be_visible(timeout=LOAD_MS)
    addresses = blocks.count()
    blocks.first.click()
    dialog = page.get_by_role("dialog")
    address = dialog.get_by_role("heading").inner_text().removeprefix("Block ")
    dialog.get_by_role("textbox", name="Note").fill("guessed passwords")
    dialog.get_by_role("button", name="Block this address").click()
    expect(card).to_contain_text(f"Blocked: {address} (guessed passwords).")
    blocked = ask(page, "/organization/deny-list")["entries"]
    assert {"network": address, "note": "guessed passwords"} in blocked
    card.get_by_role("button", name="Unblock").click()
    page.get_by_role("dialog").get_by_role("button", name="Unblock").click()
    expect(blocks).to_have_count(addresses)
    assert ask(page, "/organization/deny-list")["entries"] == []


def test_what_is_expected_is_said_and_taken_back(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    detection = _open(page, "Sign-in from a country that is new for this person")
    page.get_by_role("button", name="This is expected…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Expect it").click()
    expect(dialog).to_contain_text("Say why it is expected.")
    dialog.get_by_role("textbox", name="Reason").fill("Clean-up of staging")
    dialog.get_by_role("button", name="30 days").click()
    dialog.get_by_role("button", name="Expect it").click()
    expect(dialog).to_have_count(0)
    expected = ask(page, "/suppressions")["items"]
    assert [each["value"] for each in expected] == [detection["group_text"]]
    assert ask(page, f"/detections/{detection['id']}")["state"] == "resolved"

    page.goto("/security?tab=expected")
    row = page.get_by_role("row").filter(has_text="Clean-up of staging")
    row.get_by_role("button", name="Expect it no longer").click()
    page.get_by_role("dialog").get_by_role("button", name="Expect it no longer").click()
    expect(row).to_have_count(0)


def test_the_map_and_its_table_say_the_same(
    page_of: PageOf, shot: Callable[[Page, str], None]
) -> None:
    page = page_of(viewport=WIDE)
    page.goto("/security?tab=map&range=90d")
    table = page.get_by_role("table", name="Sign-ins by place")
    expect(table.get_by_role("row").nth(1)).to_be_visible(timeout=LOAD_MS)
    places = ask(page, "/insight/places")["items"]
    assert places
    expect(page.get_by_role("group", name=re.compile("World map with"))).to_be_visible(
        timeout=LOAD_MS
    )
    shot(page, "security-map")
    first = table.get_by_role("row").nth(1)
    cells = [
        int(each.replace(",", "")) for each in first.get_by_role("cell").all_inner_texts()[1:3]
    ]
    first.get_by_role("link").click()
    page.wait_for_url("**/explorer?**")
    total = page.locator("[data-total]")
    expect(total).to_have_attribute("data-total", str(sum(cells)), timeout=LOAD_MS)


def test_who_may_only_look_is_told_so(page_of: PageOf) -> None:
    page = page_of("DEVELOPER")
    page.goto("/security")
    expect(page.get_by_role("status").filter(has_text="detection:view")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", ["list", "map", "expected", "detection"])
def test_security_is_accessible_and_fits(
    place: str,
    scheme: Literal["light", "dark"],
    page_of: PageOf,
    axe: Callable[[Page], None],
    shot: Callable[[Page, str], None],
) -> None:
    page = page_of("SUPER_ADMIN", color_scheme=scheme, viewport=NARROW)
    if place == "detection":
        _open(page, GUESSED)
        ready = page.get_by_role("region", name=ADDRESSES).get_by_role("button")
    elif place == "list":
        page.goto("/security")
        ready = page.get_by_role("list", name=LIST).get_by_role("link")
    else:
        page.goto(f"/security?tab={place}")
        ready = page.get_by_text("Nothing is expected." if place == "expected" else "Failed share")
    expect(ready.first).to_be_visible(timeout=LOAD_MS)
    assert_fits(page)
    shot(page, f"security-{place}-narrow-{scheme}")
    page.set_viewport_size({"width": 1440, "height": 1000})
    expect(ready.first).to_be_visible()
    axe(page)
    shot(page, f"security-{place}-{scheme}")
