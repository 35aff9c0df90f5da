"""Saved views: a search under a name, one's own or everybody's."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.console.conftest import PageOf
from tests.console.test_explorer import _asked, _open


def _views(page: Page) -> None:
    page.get_by_role("button", name="Saved views").click()


def test_a_search_is_saved_shared_starred_and_deleted(
    page_of: PageOf, shot: Callable[[Page, str], None], axe: Callable[[Page], None]
) -> None:
    page = page_of("ADMIN")
    _open(page, "?q=action:DELETE&range=30d")
    _views(page)
    page.get_by_label("Name").fill("Deletions of a month")
    page.get_by_label("Everybody here may use it").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Name")).to_have_count(0)

    page.goto("/explorer")
    _views(page)
    page.get_by_role("button", name="Star Deletions of a month").click()
    expect(page.get_by_role("button", name="Unstar Deletions of a month")).to_be_visible()
    axe(page)
    shot(page, "explorer-views")
    page.get_by_role("link", name="Deletions of a month shared").click()
    page.wait_for_url("**/explorer?*q=action:DELETE*")
    assert (_asked(page, "q"), _asked(page, "range")) == ("action:DELETE", "30d")

    theirs = page_of("SUPER_ADMIN")
    theirs.goto("/explorer")
    _views(theirs)
    shared = theirs.get_by_role("listitem").filter(has_text="Deletions of a month")
    expect(shared).to_contain_text("by ")
    expect(shared.get_by_role("button", name="Delete")).to_have_count(0)

    _views(page)
    page.get_by_role("button", name="Share Deletions of a month no longer").click()
    expect(page.get_by_role("button", name="with everybody")).to_be_visible()
    page.get_by_role("button", name="Delete Deletions of a month").click()
    expect(page.get_by_text("No view is saved yet.")).to_be_visible()
