"""Notifications: the inbox, alert settings in four steps, channels and what went through them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import PageOf
from tests.console.insight_pages import LOAD_MS, NARROW, WIDE, ask, assert_fits


def _make_channel(page: Page, name: str, kind: str, **fields: str) -> None:
    """Fills the dialog that is open, and makes the channel."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Kind").click()
    page.get_by_role("option", name=kind, exact=True).click()
    dialog.get_by_role("textbox", name="Name").fill(name)
    for label, value in fields.items():
        dialog.get_by_role("textbox", name=label.replace("_", " ")).fill(value)
    dialog.get_by_role("button", name="Make the channel").click()


def test_an_alert_is_set_up_in_the_four_steps(
    page_of: PageOf, shot: Callable[[Page, str], None]
) -> None:
    page = page_of(viewport=WIDE)
    page.goto("/")
    page.get_by_role("link", name="Settings").click()
    pages = page.get_by_role("navigation", name="Settings pages")
    pages.get_by_role("link", name="Notifications").click()
    page.wait_for_url("**/settings/notifications")
    page.get_by_role("link", name="New alert").click()
    # Nothing is chosen yet: what is missing is said where it belongs.
    page.get_by_role("button", name="Save the alert").click()
    expect(page.get_by_text("Give it a name.")).to_be_visible()
    expect(page.get_by_text("Choose a channel.")).to_be_visible()

    page.get_by_role("textbox", name="Name").fill("Failed logins, to admins")
    page.get_by_role("radio", name="Events that I describe").check()
    page.get_by_role("button", name="New channel").click()
    _make_channel(page, "Inbox of admins", "In-app")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("checkbox", name=re.compile("Inbox of admins"))).to_be_checked()
    page.get_by_role("combobox", name="Roles").click()
    page.get_by_role("option", name="ADMIN", exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_role("textbox", name="More than").fill("7")
    expect(
        page.get_by_text("action:LOGIN_FAILED by ip_address more than 7 in 10 minutes").first
    ).to_be_visible()
    page.get_by_role("switch", name="Quiet hours").click(force=True)
    shot(page, "notifications-four-steps")
    page.get_by_role("button", name="Save the alert").click()
    page.wait_for_url("**/settings/notifications")
    row = page.get_by_role("listitem").filter(has_text="Failed logins, to admins")
    expect(row).to_contain_text("everyone who is ADMIN, through Inbox of admins (In-app)")
    expect(row).to_contain_text("not from 22:00 to 07:00 (every day)")

    setting = next(
        each
        for each in ask(page, "/alert-settings")["items"]
        if each["name"] == "Failed logins, to admins"
    )
    rule = ask(page, f"/rules/{setting['plan']['rule_id']}")
    assert rule["sentence"] == "action:LOGIN_FAILED by ip_address more than 7 in 10 minutes"

    row.get_by_role("link", name="Edit").click()
    page.get_by_role("radio", name="Together, at most every").check()
    page.get_by_role("button", name="Save the alert").click()
    expect(row).to_contain_text("at most every 1 hour")
    row.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)


def test_a_channel_is_made_tested_and_its_secret_shown_once(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    page.goto("/settings/channels")
    page.get_by_role("button", name="New channel").click()
    # An address within may not be called: a test says so.
    _make_channel(page, "Our program", "Webhook", Address_of_the_webhook="https://127.0.0.1:9/hook")
    dialog = page.get_by_role("dialog")
    secret = dialog.locator("pre")
    expect(secret).to_have_text(re.compile("^whsec_"))
    shown = secret.inner_text()
    dialog.get_by_role("button", name="I have kept it").click()
    expect(page.get_by_text(shown)).to_have_count(0)

    row = page.get_by_role("listitem").filter(has_text="Our program")
    row.get_by_role("button", name="Send a test through").click()
    expect(row).to_contain_text("It did not arrive.", timeout=LOAD_MS)
    row.get_by_role("button", name="New secret").click()
    page.get_by_role("dialog").get_by_role("button", name="New secret").click()
    expect(secret).to_have_text(re.compile("^whsec_"))
    assert secret.inner_text() != shown
    page.get_by_role("button", name="I have kept it").click()
    row.get_by_role("button", name="Edit").click()
    expect(page.get_by_role("textbox", name="Address of the webhook")).to_have_value("")
    page.get_by_role("textbox", name="Name").fill("Our program, renamed")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    row.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)


def test_the_inbox_is_read(page_of: PageOf, shot: Callable[[Page, str], None]) -> None:
    page = page_of("SUPER_ADMIN", viewport=WIDE)
    page.goto("/settings/channels")
    page.get_by_role("button", name="New channel").click()
    _make_channel(page, "My inbox", "In-app")
    row = page.get_by_role("listitem").filter(has_text="My inbox")
    row.get_by_role("button", name="Send a test through").click()
    expect(row).to_contain_text("It arrived.")
    page.goto("/notifications")
    lines = page.get_by_role("list", name="Your notifications").get_by_role("listitem")
    expect(lines.first).to_contain_text("Test")
    shot(page, "notifications-inbox")
    unread = ask(page, "/me/notifications?limit=1")["unread"]
    lines.first.get_by_role("button", name="Mark").click()
    if unread > 1:
        expect(page.get_by_text(f"Unread ({unread - 1})")).to_be_visible()
        page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_text("You have read everything.")).to_be_visible()
    assert ask(page, "/me/notifications?limit=1")["unread"] == 0
    page.get_by_text("All", exact=True).click()
    expect(lines.first).to_contain_text("Test")


def test_the_weekly_review_is_chosen_and_previewed(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    page.goto("/settings/notifications")
    choice = page.get_by_role("switch", name="Mail it to me")
    expect(choice).to_be_enabled()
    is_chosen = ask(page, "/me/weekly-review")["is_chosen"]
    choice.click(force=True)
    expect(choice).to_be_checked(checked=not is_chosen)
    assert ask(page, "/me/weekly-review")["is_chosen"] is not is_chosen
    page.get_by_role("button", name="See the last seven days").click()
    expect(page.get_by_text("in the week before").first).to_be_visible(timeout=LOAD_MS)


def test_who_may_not_manage_channels_is_told_so(page_of: PageOf) -> None:
    page = page_of("DEVELOPER")
    for path in ("/settings/notifications", "/settings/channels"):
        page.goto(path)
        expect(page.get_by_role("status").filter(has_text="channel:manage")).to_be_visible()
    page.goto("/notifications")
    expect(page.get_by_role("heading", level=1, name="Notifications")).to_be_visible()
    expect(page.get_by_role("link", name="Who is told of what")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "path", "text"),
    [
        ("inbox", "/notifications?show=all", "What was told to you."),
        ("alerts", "/settings/notifications", "Mail it to me"),
        ("new-alert", "/settings/notifications/new", "In one sentence"),
        ("channels", "/settings/channels", "The ways to tell."),
        ("deliveries", "/settings/channels?tab=deliveries", "Tries again"),
    ],
)
def test_notifications_are_accessible_and_fit(
    name: str,
    path: str,
    text: str,
    scheme: Literal["light", "dark"],
    page_of: PageOf,
    axe: Callable[[Page], None],
    shot: Callable[[Page, str], None],
) -> None:
    page = page_of(color_scheme=scheme, viewport=NARROW)
    page.goto(path)
    ready = page.get_by_text(text).first
    expect(ready).to_be_visible(timeout=LOAD_MS)
    assert_fits(page)
    shot(page, f"notifications-{name}-narrow-{scheme}")
    page.set_viewport_size({"width": 1440, "height": 1000})
    expect(ready).to_be_visible()
    axe(page)
    shot(page, f"notifications-{name}-{scheme}")
