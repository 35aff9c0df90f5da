"""Getting in, as people do it: set-up, passwords, single sign-on, mailed links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.console.conftest import PageOf
from tests.console.own_service import (
    PASSWORD,
    REFUSED,
    Opener,
    at_its_name,
    fill_password,
    joined,
    link_in,
    mailed,
    service_of_ada,
    sign_in,
)
from tests.live import LiveServer

NEW_PASSWORD = "walnut-tractor-quiet-61"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with service_of_ada(tmp_path_factory.mktemp("sign-in") / "data") as server:
        yield server


def test_first_person_sets_up(own_server: LiveServer, opener: Opener, shot: Any, axe: Any) -> None:
    """Until somebody exists every page leads to the set-up, which wants the terminal's link."""
    server = at_its_name(own_server).start()
    page = opener(server)
    page.goto("/explorer")
    expect(page).to_have_url(re.compile(r"/setup$"))
    expect(page.get_by_role("heading", name="The link is in the terminal")).to_be_visible()
    expect(page.get_by_text("trailkeeper setup-link")).to_be_visible()
    axe(page)

    page.goto(f"/setup#{link_in(server.printed, 'setup')}")
    page.reload()
    page.get_by_label("Organization").fill("Example Works")
    page.get_by_label("Your name").fill("Ada Byron")
    page.get_by_label("Your e-mail").fill("ada@example.com")
    page.get_by_label("Choose a password").fill("password1234")
    shot(page, "setup")
    axe(page)
    page.get_by_role("button", name="Create the account").click()
    field = page.get_by_label("Choose a password")
    expect(field).to_have_accessible_description(re.compile("common password", re.IGNORECASE))
    expect(field).to_be_focused()

    field.fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    expect(page).to_have_url(re.compile(r"/$"))
    expect(page.get_by_role("button", name=re.compile("Ada Byron")).first).to_be_visible()
    expect(page.get_by_text("Example Works").first).to_be_visible()

    page.goto("/setup")
    expect(page.get_by_role("heading", name="Trailkeeper is set up")).to_be_visible()


def test_password_and_next(service: LiveServer, opener: Opener, shot: Any, axe: Any) -> None:
    """A wrong password is said in place; a right one leads to what was asked for."""
    page = opener(service)
    page.goto("/settings/retention")
    expect(page).to_have_url(re.compile(r"/login\?next=/settings/retention"))
    shot(page, "login")
    axe(page)
    fill_password(page, "ada@example.com", "wrong-wrong-wrong-1")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    fill_password(page, "ada@example.com", PASSWORD)
    expect(page).to_have_url(re.compile(r"/settings/retention$"))
    expect(page.get_by_role("heading", name="Retention", level=1)).to_be_visible()


@pytest.mark.parametrize("where", ["//evil.example/x", "/\\evil.example", "https://evil.example"])
def test_next_leads_nowhere_else(service: LiveServer, opener: Opener, where: str) -> None:
    page = opener(service)
    page.goto(f"/login?next={where}")
    fill_password(page, "ada@example.com", PASSWORD)
    expect(page).to_have_url(f"http://localhost:{service.port}/")


def test_too_many_tries(service: LiveServer, opener: Opener) -> None:
    """After five failures the page says how long to wait, and when the time is up."""
    page = opener(service)
    page.goto("/login")
    for _ in range(7):
        fill_password(page, "nobody@example.com", "wrong-wrong-wrong-1")
        expect(page.get_by_role("alert")).to_be_visible()
        if page.get_by_text("Try again in").count() > 0:
            break
    expect(page.get_by_text(re.compile("Try again in|You can try again now"))).to_be_visible()
    expect(page.get_by_text("You can try again now.")).to_be_visible()


def test_password_reset(service: LiveServer, opener: Opener, shot: Any, axe: Any) -> None:
    """The same answer for everybody; the link of the mail sets a new password once."""
    email = joined(service, "reset@example.com", "TESTER")
    page = opener(service)
    page.goto("/login")
    page.get_by_role("link", name="Forgot your password?").click()
    # The page that is left has a field of that name too.
    expect(page.get_by_role("button", name="Mail me a link")).to_be_visible()
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Mail me a link").click()
    expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    axe(page)
    link = f"/reset#{mailed(service, 'reset', email)}"
    page.goto(link)
    page.get_by_label("New password").fill("reset@example.com")
    page.get_by_role("button", name="Set the password").click()
    weak = re.compile("easy to guess|Add another word")
    expect(page.get_by_label("New password")).to_have_accessible_description(weak)
    page.get_by_label("New password").fill(NEW_PASSWORD)
    shot(page, "password-reset")
    axe(page)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("Your password is set.")).to_be_visible()
    fill_password(page, email, NEW_PASSWORD)
    expect(page).to_have_url(re.compile(r"/$"))

    page.goto(link)
    page.reload()
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("alert")).to_be_visible()


def test_invitation(service: LiveServer, opener: Opener, shot: Any, axe: Any) -> None:
    """Sent in the settings, accepted by its link with a new password, and good only once."""
    email = "newcomer@example.com"
    admin = opener(service)
    sign_in(admin, "ada@example.com")
    admin.goto("/settings/members")
    admin.get_by_role("button", name="Invite").click()
    dialog = admin.get_by_role("dialog", name="Invite somebody")
    dialog.get_by_label("E-mail").fill(email)
    dialog.get_by_label("Name").fill("Nora Newcomer")
    dialog.get_by_role("combobox", name="Role").click()
    admin.get_by_role("option", name=re.compile("^DEVOPS Sends")).click()
    shot(admin, "invite")
    dialog.get_by_role("button", name="Send the invitation").click()
    expect(admin.get_by_text(email).first).to_be_visible()

    link = f"/invitation#{mailed(service, 'invitation', email)}"
    page = opener(service)
    page.goto(link)
    expect(page.get_by_text(f"You are invited as {email}, role DEVOPS.")).to_be_visible()
    shot(page, "invitation")
    axe(page)
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Accept the invitation").click()
    expect(page).to_have_url(re.compile(r"/$"))
    page.goto("/settings/profile")
    expect(page.get_by_text("DEVOPS", exact=True)).to_be_visible()

    page.goto(link)
    page.reload()
    expect(page.get_by_role("heading", name="This invitation is no good any more")).to_be_visible()


def test_single_sign_on_faults(service: LiveServer, opener: Opener, axe: Any) -> None:
    """A provider's sign-in that did not work says why; whatever else stands there is not shown."""
    page = opener(service)
    page.goto("/sign-in#error=OIDC_USER_UNKNOWN")
    expect(page.get_by_role("alert")).to_contain_text("Ask for an invitation")
    axe(page)
    page.goto("/sign-in#error=Call+0900+and+tell+your+password")
    page.reload()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_text("0900")).to_have_count(0)
    page.get_by_label("Organization").fill("nobody-has-this")
    page.get_by_role("button", name="Continue to your provider").click()
    expect(page.get_by_role("alert")).to_contain_text("no single sign-on for this organization")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_demo_says_where_its_sign_ins_are(
    page_of: PageOf, shot: Any, axe: Any, scheme: str
) -> None:
    page = page_of(None, allow=REFUSED, color_scheme=scheme, viewport={"width": 390, "height": 844})
    page.goto("/login")
    expect(page.get_by_text("printed in the terminal")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, f"login-demo-{scheme}-390")
    axe(page)
