"""User Management: finding somebody, what they did, where they signed in, what they could do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import quote
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
from tests.console.server import Console
from tests.console.watching import until

DIRECTORY = "The directory of users"


def _open_directory(page: Page, search: str = "") -> None:
    page.goto(f"/users{search}")
    expect(page.get_by_role("table", name=DIRECTORY)).to_be_visible(timeout=LOAD_MS)


def _user(page: Page, email: str) -> dict[str, Any]:
    found = ask(page, f"/users?search={email}")["items"]
    return next(user for user in found if user["user_email"] == email)


def test_somebodys_activity_as_the_seed_tells(page_of: PageOf, console: Console) -> None:
    """User Management, a user, Activity, filters."""
    page = page_of(viewport=WIDE)
    email = console.people["DEVELOPER"][0]
    name = _user(page, email)["name"]
    page.goto("/")
    page.get_by_role("link", name="User Management").click()
    page.get_by_role("searchbox", name="Search by name or e-mail").fill(email)
    page.wait_for_url(re.compile("search="))
    page.get_by_role("table", name=DIRECTORY).get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)

    page.get_by_role("link", name="Activity", exact=True).click()
    page.wait_for_url("**/activity**")
    everything = explorer_total(page)
    page.goto(re.sub(r"\?.*", "", page.url) + "?range=90d&q=action:LOGIN")
    signed_in = explorer_total(page)
    assert everything > 0
    user_id = _user(page, email)["user_id"]
    known = ask(page, f"/users/{user_id}/activity?action=LOGIN&limit=1")["total"]
    assert 0 < signed_in <= known


def test_the_directory_is_filtered_and_sorted_in_the_address(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    _open_directory(page)
    page.get_by_role("combobox", name="Status").click()
    page.get_by_role("option", name="Active").click()
    page.wait_for_url(re.compile("status=active"))
    table = page.get_by_role("table", name=DIRECTORY)
    expect(table.get_by_role("cell", name="Observed", exact=True)).to_have_count(0)
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Person").click()
    page.wait_for_url(re.compile("sort=name"))
    expect(page.get_by_role("columnheader", name="Person")).to_have_attribute(
        "aria-sort", "ascending"
    )
    page.get_by_role("button", name="Clear filters").click()
    expect(table.get_by_role("cell", name="Observed", exact=True).first).to_be_visible()

    page.get_by_role("searchbox", name="Search by name or e-mail").fill("nobody-of-this-name")
    expect(page.get_by_text("Nobody matches.")).to_be_visible()


def test_more_users_are_loaded_where_there_are_more(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    _open_directory(page)
    rows = page.get_by_role("table", name=DIRECTORY).get_by_role("row")
    before = rows.count()
    page.get_by_role("button", name="Load more").click()
    expect(rows).not_to_have_count(before)
    assert rows.count() > before


def test_the_overview_tells_how_somebody_works(page_of: PageOf) -> None:
    page = page_of(viewport=WIDE)
    _open_directory(page, "?sort=events_30d")
    user = next(
        user
        for user in ask(page, "/users?sort=events_30d&limit=200")["items"]
        if user["role"] == "DEVELOPER"
    )
    page.goto(f"/users/{user['user_id']}/overview?{past_days(30)}")
    actions = number_in(stat(page, "Actions"))
    expect(page.get_by_role("region", name="Usual hours")).to_contain_text("Usually active")
    expect(page.get_by_role("table", name="Places").get_by_role("row").nth(1)).to_be_visible()
    expect(page.get_by_role("region", name="Risk signals")).to_contain_text("of 100")

    line = page.get_by_role("region", name="Most used resources").get_by_role("link").first
    uses = number_in(line.locator(".tk-num").last)
    line.click()
    page.wait_for_url("**/activity?**")
    assert explorer_total(page) == uses
    page.go_back()
    page.get_by_role("group", name="Actions", exact=True).get_by_role("link").click()
    page.wait_for_url("**/activity?**")
    assert explorer_total(page) == actions


def test_who_could_do_what_when(page_of: PageOf) -> None:
    """Somebody made themselves an ADMIN: what they were before and after, and the event."""
    page = page_of(viewport=WIDE)
    found = ask(page, "/audit-logs?action=UPDATE&resource_type=USER&details.new_value=ADMIN")
    event = next(each for each in found["items"] if each["user_id"] == each["resource_id"])
    profile = f"/users/{event['user_id']}/access"
    page.goto(f"{profile}?at={event['timestamp'][:10]}T00:00:00Z")
    role = page.get_by_role("group", name="Role", exact=True)
    # The demo's log begins with its import: what was before is told by the next change alone.
    expect(role).to_contain_text("The log does not tell")
    expect(page.get_by_text("Next change after this moment")).to_be_visible()
    expect(page.get_by_role("region", name="What changed")).to_contain_text("DEVELOPER")

    page.goto(f"{profile}?at={event['timestamp']}")
    expect(role).to_contain_text("ADMIN")
    expect(role).to_contain_text("since this event")
    role.get_by_role("button", name="Open the event").click()
    expect(page.get_by_role("dialog")).to_contain_text("UPDATE")
    assert event["id"] in page.url

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Now", exact=True).click()
    expect(page).to_have_url(re.compile(r"/access$"))
    page.get_by_role("link", name="Detections").click()
    expect(page.get_by_role("table", name="Detections about them")).to_contain_text(
        "Role with wide permissions given"
    )


def test_a_user_is_signed_out_in_one_place(page_of: PageOf, console: Console) -> None:
    theirs = page_of("TESTER", is_fresh=True, allow=[r"401"])
    theirs.goto("/")
    expect(theirs.get_by_role("navigation").first).to_be_visible()

    page = page_of("ADMIN", viewport=WIDE)
    user_id = _user(page, console.people["TESTER"][0])["user_id"]
    page.goto(f"/users/{user_id}/sessions")
    rows = page.get_by_role("table", name="Where they are signed in").get_by_role("row")
    expect(rows.nth(1)).to_be_visible()
    before = rows.count()
    # The one that was used last comes first.
    rows.nth(1).get_by_role("button", name="Sign out").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Sign out").click()
    expect(rows).to_have_count(before - 1 if before > 2 else 0)

    theirs.reload()
    theirs.wait_for_url("**/login**")


def test_ones_own_profile_needs_no_permission(page_of: PageOf, console: Console) -> None:
    page = page_of("DEVELOPER", viewport=WIDE)
    me = ask(page, "/me")["user_id"]
    page.goto("/users")
    page.get_by_role("link", name="See your own profile and activity").click()
    page.wait_for_url(f"**/users/{me}/overview")
    expect(page.get_by_text("This is you")).to_be_visible()
    expect(page.get_by_role("region", name="Usual hours")).to_be_visible()
    expect(page.get_by_role("region", name="Who looked at your activity")).to_be_visible()
    expect(page.get_by_role("link", name="Sessions")).to_have_count(0)
    expect(page.get_by_role("link", name="Detections")).to_have_count(0)
    page.get_by_role("link", name="Activity", exact=True).click()
    activity = page.get_by_role("table", name="Recent Actions")
    expect(activity.get_by_role("row").nth(1)).to_be_visible()

    other = page_of("ADMIN")
    admin = _user(other, console.people["ADMIN"][0])["user_id"]
    page.goto(f"/users/{admin}/overview")
    expect(page.get_by_text("user:view")).to_be_visible()
    page.goto("/users/no-such-user/overview")
    expect(page.get_by_text("user:view")).to_be_visible()


def test_who_looked_at_me(page_of: PageOf, console: Console) -> None:
    page = page_of("ADMIN", viewport=WIDE)
    admin_email = console.people["ADMIN"][0]
    user_id = _user(page, console.people["DEVELOPER"][0])["user_id"]
    page.goto(f"/users/{user_id}/activity")
    explorer_total(page)

    theirs = page_of("DEVELOPER", viewport=WIDE)
    seen = theirs.get_by_role("region", name="Who looked at your activity")
    theirs.goto(f"/users/{user_id}/overview")
    expect(seen.get_by_role("table").or_(seen.get_by_role("status"))).to_be_visible()
    expect(seen.get_by_text(admin_email)).to_be_visible()


def test_users_are_shown_for_what_they_are(page_of: PageOf) -> None:
    page = page_of("ADMIN", viewport=WIDE, allow=[r"404"])
    token = ask(page, "/me")["csrf_token"]
    headers = {"X-CSRF-Token": token, "Accept": "application/json"}
    hostile = f"u-\u202e<b>{uuid4().hex[:8]}"
    record(page, {"action": "VIEW", "resource_type": "MODEL", "user_id": hostile})
    path = f"/users/{quote(hostile)}"
    page.goto("/users")
    until(
        page,
        "(path) => fetch(path, {headers: {Accept: 'application/json'}}).then((a) => a.ok)",
        path,
    )
    page.goto(f"{path}/overview")
    expect(page.get_by_text("no account here")).to_be_visible()
    expect(page.get_by_role("heading", level=1).locator("b")).to_have_count(0)
    # Whom events alone know cannot be deleted: first the platform tells of them.
    assert page.request.put(path, headers=headers, data={"name": "<b>Gone</b>"}).ok
    assert page.request.delete(path, headers=headers).ok
    page.reload()
    expect(page.get_by_text("This user was deleted.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("<b>Gone</b>")

    page.goto("/users/no-such-user/overview")
    expect(page.get_by_text("There is no such user.")).to_be_visible()


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
        _open_directory(page)
        shot(page, f"users-{scheme}{name}")
        axe(page)
        assert_fits(page)
        me = ask(page, "/me")["user_id"]
        page.goto(f"/users/{me}/overview")
        stat(page, "Actions")
        shot(page, f"profile-{scheme}{name}")
        axe(page)
        assert_fits(page)
        page.goto(f"/users/{me}/access")
        expect(page.get_by_role("region", name="What they could do")).to_be_visible()
        shot(page, f"profile-access-{scheme}{name}")
        axe(page)
        assert_fits(page)
