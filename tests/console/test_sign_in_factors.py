"""Second factors, as people use them: an app, recovery codes, passkeys, and being made to."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console.own_service import (
    PASSWORD,
    Opener,
    fill_password,
    joined,
    service_of_ada,
    sign_in,
)
from tests.live import LiveServer


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with service_of_ada(tmp_path_factory.mktemp("factors") / "data") as server:
        yield server


def test_authenticator_app(service: LiveServer, opener: Opener, shot: Any, axe: Any) -> None:
    """Set up in the settings; then asked for at sign-in, or a recovery code in its place."""
    email = joined(service, "totp@example.com", "TESTER")
    page = opener(service)
    sign_in(page, email)
    page.goto("/settings/security")
    page.get_by_role("button", name="Set up an app").click()
    dialog = page.get_by_role("dialog", name="Set up an app")
    expect(dialog.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    secret = dialog.locator("code").inner_text().replace(" ", "")
    shot(page, "authenticator-app")
    axe(page)
    dialog.get_by_label("Code that the app shows now").fill("000000")
    dialog.get_by_role("button", name="Turn it on").click()
    expect(dialog.get_by_text("This is not the app's code of now.")).to_be_visible()
    dialog.get_by_label("Code that the app shows now").fill(pyotp.TOTP(secret).now())
    dialog.get_by_role("button", name="Turn it on").click()
    kept = page.get_by_role("dialog", name="Keep these codes")
    expect(kept.get_by_role("listitem")).to_have_count(10)
    codes = kept.get_by_role("listitem").all_inner_texts()
    with page.expect_download() as download:
        kept.get_by_role("button", name="Download").click()
    assert codes[3] in Path(download.value.path()).read_text()
    shot(page, "recovery-codes")
    kept.get_by_role("button", name="I kept them").click()
    expect(page.get_by_text("10 of 10 left")).to_be_visible()

    again = opener(service)
    again.goto("/login?next=/settings/profile")
    fill_password(again, email, PASSWORD)
    code = again.get_by_label("Code of your authenticator app")
    expect(code).to_be_focused()
    expect(code).to_have_attribute("autocomplete", "one-time-code")
    shot(again, "second-factor")
    axe(again)
    again.reload()
    # The code of the confirmation is used up, as is each before it.
    code.press_sequentially(_next_code(secret))
    expect(again).to_have_url(re.compile(r"/settings/profile$"))

    third = opener(service)
    third.goto("/login")
    fill_password(third, email, PASSWORD)
    third.get_by_text("Recovery code", exact=True).click()
    third.get_by_label("Recovery code").last.fill(codes[0])
    third.get_by_role("button", name="Continue").click()
    expect(third).not_to_have_url(re.compile("login"))
    third.goto("/settings/security")
    expect(third.get_by_text("9 of 10 left")).to_be_visible()


def test_passkey(service: LiveServer, opener: Opener, shot: Any, axe: Any) -> None:
    """Added, renamed, used in place of the password, and removed after a proof."""
    email = joined(service, "passkey@example.com", "TESTER")
    page = opener(service)
    _virtual_authenticator(page)
    sign_in(page, email)
    page.goto("/settings/security")
    page.get_by_role("button", name="Add a passkey").click()
    dialog = page.get_by_role("dialog", name="Add a passkey")
    dialog.get_by_label("Name").fill("Laptop")
    dialog.get_by_role("button", name="Create the passkey").click()
    page.get_by_role("button", name="I kept them").click()
    passkeys = page.get_by_role("table", name="Your passkeys")
    expect(passkeys.get_by_text("Laptop")).to_be_visible()
    passkeys.get_by_role("button", name="Rename").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Work laptop")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    expect(passkeys.get_by_text("Work laptop")).to_be_visible()
    shot(page, "settings-security")
    axe(page)

    page.context.clear_cookies()
    page.goto("/login")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile(r"/$"))
    page.goto("/settings/security")
    passkeys.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("You have no passkey yet.")).to_be_visible()


def test_no_passkeys_at_an_address(service: LiveServer, browser: Browser) -> None:
    """At a bare IP address browsers offer none: the page says so, and what helps."""
    context = browser.new_context(base_url=service.url, locale="en-GB")
    page = context.new_page()
    page.goto("/login")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("no passkeys at a bare IP address")
    context.close()


def test_required_second_factor_leads_to_its_set_up(
    service: LiveServer, opener: Opener, shot: Any
) -> None:
    """Whoever lacks one can do nothing else; with one, everything opens."""
    email = joined(service, "must@example.com", "ADMIN")
    with service.client() as client:
        rule = {"required": True, "grace_days": 0}
        assert client.put("/organization/second-factor", json=rule).status_code == 200
        try:
            page = opener(service)
            sign_in(page, email)
            page.goto("/explorer")
            expect(page).to_have_url(re.compile(r"/settings/security$"))
            expect(page.get_by_text("Your organization requires a second factor")).to_be_visible()
            settings = page.get_by_role("navigation", name="Settings pages")
            expect(settings.get_by_role("link")).to_have_text(["Security"])
            shot(page, "must-enrol")
            page.get_by_role("button", name="Set up an app").click()
            secret = page.get_by_role("dialog").locator("code").inner_text().replace(" ", "")
            page.get_by_label("Code that the app shows now").fill(pyotp.TOTP(secret).now())
            page.get_by_role("button", name="Turn it on").click()
            page.get_by_role("button", name="I kept them").click()
            expect(settings.get_by_role("link", name="Members")).to_be_visible()
        finally:
            free = client.put("/organization/second-factor", json={"required": False})
            assert free.status_code == 200


def _next_code(secret: str) -> str:
    """The code after the one of now: good already, for a phone's clock may be 30 s ahead."""
    return pyotp.TOTP(secret).at(int(time.time()), counter_offset=1)


def _virtual_authenticator(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
