"""Getting in, as people do it: set-up, passwords, second factors, passkeys, mailed links.

On a service of its own without any data, so that accounts may be made and broken.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.console.conftest import PageOf
from tests.console.watching import Watch, watch
from tests.live import LiveServer

PASSWORD = "kettle-orbit-velvet-94"
NEW_PASSWORD = "walnut-tractor-quiet-61"
REFUSED = [r"status of 40[0-9]", r"status of 429"]
"""Answers that the tests below want to see; Chromium writes each into its console."""

Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Somebody has set it up: ada@example.com, who may do everything."""
    server = _at_its_name(LiveServer(tmp_path_factory.mktemp("sign-in") / "data"))
    server.start()
    with server.client() as client:
        token = _link(server.printed, "setup")
        answer = client.post(
            "/setup",
            json={"token": token, "email": "ada@example.com", "name": "Ada", "password": PASSWORD},
        )
        assert answer.status_code == 200, answer.text
    yield server
    server.stop()


@pytest.fixture
def opener(browser: Browser) -> Iterator[Opener]:
    """Opens pages of a service other than the demo's; each fault that it does not allow fails."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_page(server: LiveServer, allow: Sequence[str] = REFUSED, **options: Any) -> Page:
        context = browser.new_context(
            base_url=f"http://localhost:{server.port}",
            locale="en-GB",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(20_000)
        opened.append((context, watch(context, allow)))
        return context.new_page()

    yield open_page
    faults = [fault for _, watching in opened for fault in watching.end()]
    for context, _ in opened:
        context.close()
    assert faults == []


def test_first_person_sets_up(own_server: LiveServer, opener: Opener, shot: Any, axe: Any) -> None:
    """Until somebody exists every page leads to the set-up, which wants the terminal's link."""
    server = _at_its_name(own_server).start()
    page = opener(server)
    page.goto("/explorer")
    expect(page).to_have_url(re.compile(r"/setup$"))
    expect(page.get_by_role("heading", name="The link is in the terminal")).to_be_visible()
    expect(page.get_by_text("trailkeeper setup-link")).to_be_visible()
    axe(page)

    page.goto(f"/setup#{_link(server.printed, 'setup')}")
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
    _fill_password(page, "ada@example.com", "wrong-wrong-wrong-1")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    _fill_password(page, "ada@example.com", PASSWORD)
    expect(page).to_have_url(re.compile(r"/settings/retention$"))
    expect(page.get_by_role("heading", name="Retention", level=1)).to_be_visible()


@pytest.mark.parametrize("where", ["//evil.example/x", "/\\evil.example", "https://evil.example"])
def test_next_leads_nowhere_else(service: LiveServer, opener: Opener, where: str) -> None:
    page = opener(service)
    page.goto(f"/login?next={where}")
    _fill_password(page, "ada@example.com", PASSWORD)
    expect(page).to_have_url(f"http://localhost:{service.port}/")


def test_too_many_tries(service: LiveServer, opener: Opener) -> None:
    """After five failures the page says how long to wait, and when the time is up."""
    page = opener(service)
    page.goto("/login")
    for _ in range(7):
        _fill_password(page, "nobody@example.com", "wrong-wrong-wrong-1")
        expect(page.get_by_role("alert")).to_be_visible()
        if page.get_by_text("Try again in").count() > 0:
            break
    expect(page.get_by_text(re.compile("Try again in|You can try again now"))).to_be_visible()
    expect(page.get_by_text("You can try again now.")).to_be_visible()


def test_authenticator_app(service: LiveServer, opener: Opener, shot: Any, axe: Any) -> None:
    """Set up in the settings; then asked for at sign-in, or a recovery code in its place."""
    email = _joined(service, "totp@example.com", "TESTER")
    page = opener(service)
    _sign_in(page, email)
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
    codes = kept.get_by_role("listitem").all_inner_texts()
    assert len(codes) == 10
    with page.expect_download() as download:
        kept.get_by_role("button", name="Download").click()
    assert codes[3] in Path(download.value.path()).read_text()
    shot(page, "recovery-codes")
    kept.get_by_role("button", name="I kept them").click()
    expect(page.get_by_text("10 of 10 left")).to_be_visible()

    again = opener(service)
    again.goto("/login?next=/settings/profile")
    _fill_password(again, email, PASSWORD)
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
    _fill_password(third, email, PASSWORD)
    third.get_by_text("Recovery code", exact=True).click()
    third.get_by_label("Recovery code").last.fill(codes[0])
    third.get_by_role("button", name="Continue").click()
    expect(third).not_to_have_url(re.compile("login"))
    third.goto("/settings/security")
    expect(third.get_by_text("9 of 10 left")).to_be_visible()


def test_passkey(service: LiveServer, opener: Opener, shot: Any, axe: Any) -> None:
    """Added, renamed, used in place of the password, and removed after a proof."""
    email = _joined(service, "passkey@example.com", "TESTER")
    page = opener(service)
    _virtual_authenticator(page)
    _sign_in(page, email)
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


def test_password_reset(service: LiveServer, opener: Opener, shot: Any, axe: Any) -> None:
    """The same answer for everybody; the link of the mail sets a new password once."""
    email = _joined(service, "reset@example.com", "TESTER")
    page = opener(service)
    page.goto("/login")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name="Mail me a link").click()
    expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    axe(page)
    link = f"/reset#{_mailed(service, 'reset', email)}"
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
    _fill_password(page, email, NEW_PASSWORD)
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
    _sign_in(admin, "ada@example.com")
    admin.goto("/settings/members")
    admin.get_by_role("button", name="Invite").click()
    dialog = admin.get_by_role("dialog", name="Invite somebody")
    dialog.get_by_label("E-mail").fill("no address")
    dialog.get_by_label("E-mail").fill(email)
    dialog.get_by_label("Name").fill("Nora Newcomer")
    dialog.get_by_role("combobox", name="Role").click()
    admin.get_by_role("option", name="DEVOPS").click()
    shot(admin, "invite")
    dialog.get_by_role("button", name="Send the invitation").click()
    expect(admin.get_by_text(email).first).to_be_visible()

    link = f"/invitation#{_mailed(service, 'invitation', email)}"
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


def test_required_second_factor_leads_to_its_set_up(
    service: LiveServer, opener: Opener, shot: Any
) -> None:
    """Whoever lacks one can do nothing else; with one, everything opens."""
    email = _joined(service, "must@example.com", "ADMIN")
    with service.client() as client:
        rule = {"required": True, "grace_days": 0}
        assert client.put("/organization/second-factor", json=rule).status_code == 200
        try:
            page = opener(service)
            _sign_in(page, email)
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


def _at_its_name(server: LiveServer) -> LiveServer:
    """Browsers take `localhost` for a relying party of passkeys, no address."""
    server.settings["TRAILKEEPER_PUBLIC_URL"] = f"http://localhost:{server.port}"
    return server


def _fill_password(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def _sign_in(page: Page, email: str) -> None:
    page.goto("/login")
    _fill_password(page, email, PASSWORD)
    expect(page).not_to_have_url(re.compile("/login"))


def _joined(server: LiveServer, email: str, role: str) -> str:
    """A new member with the usual password."""
    with server.client() as client:
        asked = {"email": email, "name": email.partition("@")[0].title(), "role": role}
        assert client.post("/invitations/", json=asked).status_code == 201
        body = {"token": _mailed(server, "invitation", email), "password": PASSWORD}
        headers = {"Authorization": ""}
        accepted = client.post("/invitations/accept", json=body, headers=headers)
        assert accepted.status_code == 200, accepted.text
    return email


def _link(file: Path, page: str) -> str:
    found = re.findall(rf"/{page}#([\w-]{{20,}})", file.read_text())
    assert found, f"no link to /{page} in {file}"
    return str(found[-1])


def _mailed(server: LiveServer, page: str, email: str) -> str:
    """The token of the newest mail to somebody, which the log has where no mail server is set."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for line in reversed(server.log.read_text().splitlines()):
            found = re.search(rf"/{page}#([\w-]{{20,}})", line)
            if found is not None and email in line:
                return found[1]
        time.sleep(0.1)
    raise AssertionError(f"no mail to {email} with a link to /{page}")


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
