"""Resources: their list, one's history, who had access, and why somebody cannot get in."""

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
    record,
)

LIST = "Resources that events were about"


def _open(page: Page, search: str = "") -> None:
    page.goto(f"/resources{search}")
    expect(page.get_by_role("table", name=LIST)).to_be_visible(timeout=LOAD_MS)


def test_a_resource_is_found_and_its_history_opened(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    _open(page)
    page.get_by_role("combobox", name="Type").click()
    page.get_by_role("option", name="CLUSTER").click()
    page.wait_for_url(re.compile("type=CLUSTER"))
    table = page.get_by_role("table", name=LIST)
    expect(table.get_by_text("ENDPOINT")).to_have_count(0)
    first = table.get_by_role("row").nth(1)
    events = int(first.get_by_role("cell").nth(3).inner_text().replace(",", ""))
    first.get_by_role("link").click()
    page.wait_for_url("**/resources/CLUSTER/*")
    page.goto(page.url + "?range=30d")
    assert 0 < explorer_total(page) <= events + 5


def test_a_user_cannot_access_a_project(page_of: PageOf) -> None:
    """The seed's troubleshooting: recent activity, deletions, permissions; when and by whom."""
    page = page_of(viewport=WIDE)
    lost = ask(
        page,
        "/audit-logs?action=UPDATE&resource_type=USER&details.changed_fields=project_access"
        "&details.new_value=none&limit=1",
    )["items"][0]
    user_id, who = lost["resource_id"], lost["resource_name"]
    project, by = lost["details"]["project_id"], lost["user_email"]

    page.goto("/users")
    page.get_by_role("searchbox", name="Search by name or e-mail").fill(who)
    page.wait_for_url(re.compile("search="))
    people = page.get_by_role("table", name="The directory of users")
    people.get_by_role("row").filter(has_text=who).first.get_by_role("link").click()
    page.get_by_role("link", name="Activity", exact=True).click()
    explorer_total(page)

    page.goto(f"/explorer?range=90d&q=action:DELETE resource_type:PROJECT resource_id:{project}")
    assert explorer_total(page) == 0

    page.goto(f"/resources/PROJECT/{project}/access")
    picker = page.get_by_role("combobox", name="Why can't they get in?")
    picker.fill(who)
    page.get_by_role("option", name=re.compile(re.escape(who))).first.click()
    page.wait_for_url(re.compile(f"user={user_id}"))
    answer = page.get_by_role("region", name="What took the access away")
    expect(answer).to_contain_text("Revoked")
    expect(answer).to_contain_text(by)
    expect(answer.locator("time")).to_have_attribute("datetime", lost["timestamp"])
    answer.get_by_role("button", name="Open the event").click()
    expect(page.get_by_role("dialog")).to_contain_text("project_access")


def test_a_deleted_resource_shows_its_id_and_says_so(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    gone = f"model/{uuid4().hex[:8]}"
    record(page, {"action": "DELETE", "resource_type": "MODEL", "resource_id": gone})
    page.goto(f"/resources/MODEL/{gone.replace('/', '%2F')}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(gone)
    note = page.get_by_role("note").filter(has_text="deleted")
    expect(note).to_contain_text("This resource was deleted.")
    expect(note).to_contain_text("No event tells its name, so the id is shown.")
    page.get_by_role("link", name="Access").click()
    expect(page.get_by_text("It did not exist at that moment.")).to_be_visible()


def test_nothing_found_says_what_would_help(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    page.goto("/resources?search=no-such-thing-anywhere")
    expect(page.get_by_text("No resource matches.")).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_role("table", name=LIST)).to_be_visible(timeout=LOAD_MS)


def test_it_takes_the_permission(page_of: PageOf) -> None:
    page = page_of("DEVELOPER")
    page.goto("/resources")
    expect(page.get_by_text("user:view")).to_be_visible()
    page.goto("/resources/PROJECT/project-1")
    expect(page.get_by_text("user:view")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_they_are_accessible_and_fit_a_phone(
    page_of: PageOf,
    axe: Callable[[Page], None],
    shot: Callable[[Page, str], None],
    scheme: Literal["light", "dark"],
) -> None:
    sizes: dict[str, Any] = {"": WIDE, "-390": NARROW}
    for name, viewport in sizes.items():
        page = page_of(viewport=viewport, color_scheme=scheme)
        _open(page)
        shot(page, f"resources-{scheme}{name}")
        axe(page)
        assert_fits(page)
        page.get_by_role("table", name=LIST).get_by_role("link").first.click()
        page.get_by_role("link", name="Access").click()
        expect(page.get_by_role("region", name="Who had access")).to_be_visible()
        shot(page, f"resource-access-{scheme}{name}")
        axe(page)
        assert_fits(page)
