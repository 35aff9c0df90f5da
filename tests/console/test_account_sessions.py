"""One's own password and sessions: what a change ends, and where it leads."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.console.own_service import (
    PASSWORD,
    Opener,
    fill_password,
    joined,
    service_of_ada,
    sign_in,
)
from tests.live import LiveServer

NEW_PASSWORD = "lantern-gravel-thistle-58"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with service_of_ada(tmp_path_factory.mktemp("account") / "data") as server:
        yield server


def test_a_new_password_ends_the_other_sessions(service: LiveServer, opener: Opener) -> None:
    """A wrong old one is said at its field; this browser stays, the other has to sign in anew."""
    email = joined(service, "changes@example.com", "ADMIN")
    here, there = opener(service), opener(service)
    for page in (there, here):
        sign_in(page, email)
    here.goto("/settings/security")
    sessions = here.get_by_role("listitem").filter(has_text="last used")
    expect(sessions).to_have_count(3)

    _change_password(here, "wrong-wrong-wrong-1", NEW_PASSWORD)
    current = here.get_by_label("Current password")
    expect(current).to_have_accessible_description(re.compile("password", re.IGNORECASE))
    expect(current).to_be_focused()
    _change_password(here, PASSWORD, NEW_PASSWORD)
    expect(here.get_by_text(re.compile("password is changed", re.IGNORECASE))).to_be_visible()
    expect(current).to_have_value("")
    expect(sessions).to_have_count(1)
    expect(sessions).to_contain_text("This one")

    here.goto("/settings/profile")
    expect(here.get_by_role("heading", name="Profile", level=1)).to_be_visible()
    there.goto("/settings/profile")
    expect(there).to_have_url(re.compile(r"/login\?next=/settings/profile"))
    fill_password(there, email, PASSWORD)
    expect(there.get_by_role("alert")).to_be_visible()
    fill_password(there, email, NEW_PASSWORD)
    expect(there).to_have_url(re.compile(r"/settings/profile$"))


def test_sign_out_everywhere_ends_this_session_too(service: LiveServer, opener: Opener) -> None:
    email = joined(service, "leaves@example.com", "TESTER")
    here, there = opener(service), opener(service)
    for page in (there, here):
        sign_in(page, email)
    here.goto("/settings/security")
    button = here.get_by_role("button", name="Sign out everywhere")
    button.click()
    dialog = here.get_by_role("dialog", name="Sign out everywhere")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
    button.click()
    dialog.get_by_role("button", name="Sign out everywhere").click()
    expect(here).to_have_url(re.compile(r"/login"))

    for page in (here, there):
        page.goto("/settings/security")
        expect(page).to_have_url(re.compile(r"/login\?next=/settings/security"))
    with service.client() as client:
        ended = client.get("/audit-logs", params={"action": "LOGOUT", "q": f"user:{email}"}).json()
    assert ended["total"] >= 1


def _change_password(page: Page, current: str, new: str) -> None:
    page.get_by_label("Current password").fill(current)
    page.get_by_label("New password").fill(new)
    page.get_by_role("button", name="Change the password").click()
