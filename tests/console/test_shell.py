"""What is around every page: the menus of the top bar."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.console.conftest import PageOf

MENUS = ("Your account", "Theme", "Time zone")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_top_bars_menus_are_accessible(
    page_of: PageOf,
    axe: Callable[[Page], None],
    shot: Callable[[Page, str], None],
    scheme: str,
) -> None:
    page = page_of(color_scheme=scheme)
    page.goto("/notifications")
    bar = page.get_by_role("banner")
    for name in MENUS:
        button = bar.get_by_role("button", name=re.compile(f"^{name}"))
        button.click()
        # A part of the banner: what stands outside of all landmarks is not found by them.
        menu = bar.get_by_role("menu")
        expect(menu).to_be_visible()
        expect(button).to_have_attribute("aria-expanded", "true")
        axe(page)
        if name == "Your account":
            shot(page, f"person-menu-{scheme}")
        else:
            expect(menu.get_by_role("menuitemradio", checked=True)).to_have_count(1)
        page.keyboard.press("Escape")
        expect(menu).to_be_hidden()
        expect(button).to_be_focused()
