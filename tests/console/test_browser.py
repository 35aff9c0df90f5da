"""The built console in Chromium, under its own policy: what every page rests on."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, expect

from tests.console.conftest import PageOf
from tests.console.server import Console
from tests.console.watching import watch
from trailkeeper.console.page_paths import PAGE_ROOTS, SINGLE_PAGES, first_segment

INLINE = """
const script = document.createElement("script");
script.textContent = "window.hasRun = true";
document.head.append(script);
"""


def test_nothing_is_asked_of_anybody_else(page_of: PageOf, console: Console) -> None:
    page = page_of("ADMIN")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    expect(page.get_by_role("navigation").first).to_be_visible()
    assert len(asked) > 5
    assert [url for url in asked if not url.startswith((console.url, "data:"))] == []


def test_a_script_without_the_nonce_does_not_run(browser: Browser, console: Console) -> None:
    """And what goes wrong on a page is noticed: by this every other test is strict."""
    context = browser.new_context(base_url=console.url)
    watching = watch(context)
    page = context.new_page()
    page.goto("/login")
    page.evaluate(INLINE)
    assert page.evaluate("window.hasRun") is None
    page.evaluate("console.error('said by the page')")
    page.evaluate("setTimeout(() => { throw new Error('thrown by the page') })")
    page.evaluate("fetch('http://127.0.0.1:9/').catch(() => null)")
    page.evaluate("fetch('/no-such-route')")
    page.route("**/cut-short", lambda route: route.abort("connectionreset"))
    with page.expect_event("requestfailed"):
        page.evaluate("fetch('/cut-short').catch(() => null)")
    told = "\n".join(watching.end())
    context.close()
    for pattern in (
        r"CSP: script-src-elem refused inline",
        r"console: said by the page",
        r"page: thrown by the page",
        r"console: .* 404 .*\(http.*/no-such-route\)",
        r"CSP: connect-src refused http://127\.0\.0\.1:9",
        r"request: GET http.*/cut-short: net::ERR_CONNECTION_RESET",
    ):
        assert re.search(pattern, told), f"{pattern} not in:\n{told}"


def test_allowed_faults_are_those_that_the_test_names(browser: Browser, console: Console) -> None:
    context = browser.new_context(base_url=console.url)
    watching = watch(context, [r"404.*no-such-route"])
    page = context.new_page()
    page.goto("/login")
    page.evaluate("fetch('/no-such-route')")
    with page.expect_console_message(lambda told: "/other-route" in told.location["url"]):
        page.evaluate("fetch('/other-route')")
    faults = watching.end()
    context.close()
    assert len(faults) == 1
    assert "/other-route" in faults[0]


def test_going_back_shows_the_page_and_never_its_data(page_of: PageOf) -> None:
    """Page and data have one address; a browser that kept the data must not show it."""
    page = page_of("ADMIN")
    page.goto("/users")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_be_visible()
    title = heading.inner_text()
    page.evaluate("fetch('/users', { headers: { Accept: 'application/json' } })")
    page.goto("/healthz")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_the_service_knows_every_page_of_the_console_and_no_other(page_of: PageOf) -> None:
    page = page_of(None)
    page.goto("/login")
    paths: list[str] = page.evaluate("Object.keys(window.__TSR_ROUTER__.routesByPath)")
    assert len(paths) > 20
    assert {first_segment(path) for path in paths} == PAGE_ROOTS | {
        first_segment(path) for path in SINGLE_PAGES
    }
    assert {path for path in paths if first_segment(path) not in PAGE_ROOTS} == SINGLE_PAGES


def test_a_page_can_be_opened_by_its_address_alone(page_of: PageOf) -> None:
    page = page_of("ADMIN")
    answer = page.goto("/settings/profile")
    assert answer is not None
    assert answer.status == 200
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_an_address_that_is_nowhere_has_a_page_of_its_own(page_of: PageOf) -> None:
    page = page_of("ADMIN", allow=[r"console: Failed to load resource.* 404 .*no-such-page"])
    answer = page.goto("/no-such-page")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_text("There is no such page")).to_be_visible()
