"""The seed's security investigation in one go: from a detection to a note on what was found."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from tests.console.conftest import PageOf
from tests.console.insight_pages import LOAD_MS, WIDE, ask, explorer_total
from tests.console.own_service import fill_password
from tests.console.server import Console

TITLE = "Role with wide permissions given"
NOTE = "Gave themselves ADMIN at night, then weakened the sign-in rules."


def test_an_investigator_follows_a_detection_to_what_was_done(
    page_of: PageOf, console: Console, shot: Callable[[Page, str], None]
) -> None:
    """Detection, evidence, the person's sign-ins, what was around it, the change, triage."""
    page = page_of(None, viewport=WIDE, timezone_id="UTC", allow=[r"status of 401"])
    page.goto("/security")
    expect(page).to_have_url(re.compile(r"/login\?next=/security"))
    fill_password(page, *console.people["ADMIN"])
    expect(page.get_by_role("heading", name="Security", level=1)).to_be_visible()
    detection, event = _of_climber(page)

    page.get_by_role("combobox", name="Rule").click()
    page.get_by_role("option", name=TITLE).click()
    page.wait_for_url(re.compile(f"rule={detection['rule_id']}"))
    page.locator(f"a[href*='/detections/{detection['id']}']").first.click()
    expect(page.get_by_role("heading", name=TITLE, level=1)).to_be_visible()
    why = page.get_by_role("region", name="Why it was raised")
    expect(why).to_contain_text(detection["reasons"][0])

    drawer = _evidence(page)
    expect(drawer.get_by_role("table", name="What was changed")).to_contain_text("DEVELOPER")
    expect(drawer.get_by_role("table", name="What was changed")).to_contain_text("ADMIN")
    drawer.get_by_role("link", name="Open as a page").click()
    page.wait_for_url(f"**/events/{event['id']}**")
    page.get_by_role("tab", name="Context").click()
    around = page.get_by_role("list", name="What happened around it").get_by_role("listitem")
    expect(around.filter(has_text="This event")).to_have_count(1)
    expect(around.filter(has_text="LOGIN").first).to_be_visible()
    weakened = around.filter(has_text="UPDATE").filter(has_text="SETTINGS")
    weakened.get_by_role("button").first.click()
    page.get_by_role("tab", name="Changes").click()
    expect(page.get_by_role("table", name="What was changed")).to_contain_text("require_two_factor")
    shot(page, "walk-investigation")

    _look_at_sign_ins(page, event)
    page.get_by_role("link", name="Detections", exact=True).click()
    about = page.get_by_role("table", name="Detections about them")
    about.locator(f"a[href*='/detections/{detection['id']}']").first.click()
    _triage(page, detection["id"])


def _of_climber(page: Page) -> tuple[dict[str, Any], dict[str, Any]]:
    """The detection about whoever gave a role to themselves, and the event that raised it."""
    rules = {rule["title"]: rule["id"] for rule in ask(page, "/rules")["items"]}
    for found in ask(page, f"/detections?rule_id={rules[TITLE]}&limit=50")["items"]:
        detection = ask(page, f"/detections/{found['id']}")
        for id in detection["evidence"]:
            event = ask(page, f"/audit-logs/{id}")
            if event["user_id"] == event["resource_id"]:
                return detection, event
    raise AssertionError(f"the demo has no detection of “{TITLE}” about oneself")


def _evidence(page: Page) -> Locator:
    """Opens the first event of the evidence beside the detection."""
    evidence = page.get_by_role("region", name="Evidence")
    evidence.get_by_role("button", name="Open the event").first.click(timeout=LOAD_MS)
    page.wait_for_url(re.compile("event="))
    return page.get_by_role("dialog")


def _look_at_sign_ins(page: Page, event: dict[str, Any]) -> None:
    """The person's own page, their sign-ins and failed ones, with addresses and places."""
    page.get_by_role("main").get_by_role("link", name=event["user_email"]).first.click()
    page.wait_for_url(f"**/users/{event['user_id']}/**")
    page.get_by_role("link", name="Activity", exact=True).click()
    everything = explorer_total(page)
    bar = page.locator("[data-explorer-search]")
    bar.fill("action:(LOGIN OR LOGIN_FAILED)")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("LOGIN_FAILED"))
    assert 0 < explorer_total(page) < everything
    first = page.get_by_role("grid", name="Activity").locator("[role=row][data-index='0']")
    expect(first.locator("[data-name=ip_address]")).to_have_text(re.compile(r"\d+\.\d+"))
    expect(first.locator("[data-name=place]")).not_to_be_empty()


def _triage(page: Page, detection_id: str) -> None:
    work = page.get_by_role("region", name="Work on it")
    work.get_by_role("button", name="Acknowledge").click()
    mine = work.get_by_role("button", name="Assign to me")
    if mine.count() > 0:  # Else an earlier run with kept data has assigned it.
        mine.click()
    note = f"{NOTE} ({uuid4().hex[:8]})"
    work.get_by_role("textbox", name="Add a note").fill(note)
    work.get_by_role("button", name="Add the note").click()
    history = page.get_by_role("region", name="History")
    expect(history).to_contain_text("changed the state from Open to Acknowledged")
    expect(history).to_contain_text(note)
    known = ask(page, f"/detections/{detection_id}")
    assert (known["state"], known["assignee"]) == ("acknowledged", ask(page, "/me")["user_id"])
    work.get_by_role("button", name="Reopen").click()
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    expect(history).to_contain_text("changed the state from Acknowledged to Open")
