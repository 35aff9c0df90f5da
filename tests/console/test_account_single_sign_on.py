"""Single sign-on from the page to a certified provider and back; and the proof that it is no."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.access.oidc.real import SECRET, RealProviders, running_providers
from tests.console.own_service import (
    PASSWORD,
    REFUSED,
    Opener,
    joined,
    service_of_ada,
    sign_in,
)
from tests.live import LiveServer

PROVIDER = [r"fonts\.googleapis\.com"]
"""What the provider's own pages ask for."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with service_of_ada(
        tmp_path_factory.mktemp("single-sign-on") / "data", TRAILKEEPER_OUTBOUND_ALLOW="127.0.0.1"
    ) as server:
        yield server


@pytest.fixture(scope="module")
def provider(service: LiveServer) -> Iterator[RealProviders]:
    callback = f"http://localhost:{service.port}/sign-in/oidc/callback"
    with running_providers(callback) as running:
        yield running


def test_there_and_back_proves_less_than_a_password(
    service: LiveServer, provider: RealProviders, opener: Opener, shot: Any, axe: Any
) -> None:
    """A session of the provider's does not change how the account signs in: it is asked first."""
    admin = opener(service)
    sign_in(admin, "ada@example.com")
    organization = _set_up(admin, provider)
    email = joined(service, "bob@example.com", "TESTER")
    provider.set_account("s-bob", email=email, email_verified=True, name="Bob")

    page = opener(service, allow=[*REFUSED, *PROVIDER])
    _there_and_back(page, provider, organization, "s-bob")
    expect(page).to_have_url(re.compile(r"/settings/security$"))
    here = page.get_by_role("listitem").filter(has_text="This one")
    expect(here).to_contain_text("Single sign-on")
    with service.client() as client:
        asked = {"action": "LOGIN", "details.method": "oidc", "user_email": email}
        [login] = client.get("/audit-logs", params=asked).json()["items"]
    assert login["details"]["issuer"] == provider.issuer

    start = page.get_by_role("button", name="Set up an app")
    proof = page.get_by_role("dialog", name="Is it you?")
    start.click()
    password = proof.get_by_label("Your password")
    expect(password).to_be_focused()
    shot(page, "proof")
    axe(page)
    proof.get_by_role("button", name="Cancel").click()
    expect(proof).to_have_count(0)
    expect(start).to_be_focused()
    start.click()
    password.fill("wrong-wrong-wrong-1")
    page.keyboard.press("Enter")
    expect(password).to_have_accessible_description(re.compile("password", re.IGNORECASE))
    password.fill(PASSWORD)
    page.keyboard.press("Enter")
    app = page.get_by_role("dialog", name="Set up an app")
    expect(app.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    page.keyboard.press("Escape")
    expect(app).to_have_count(0)
    # The proof is good for ten minutes: it is not asked for again.
    start.click()
    expect(app).to_be_visible()
    expect(proof).to_have_count(0)


def test_who_is_not_known_is_refused_and_then_let_in_by_the_settings(
    service: LiveServer, provider: RealProviders, opener: Opener
) -> None:
    """Nobody is made unless the settings say so; who says no at the provider is told so."""
    admin = opener(service)
    sign_in(admin, "ada@example.com")
    organization = _set_up(admin, provider)
    claims = {"email": "nora@example.com", "email_verified": True, "name": "Nora New"}
    provider.set_account("s-nora", **claims, groups=["audit-developers"])

    page = opener(service, allow=[*REFUSED, *PROVIDER])
    _there_and_back(page, provider, organization, "s-nora")
    expect(page.get_by_role("alert")).to_contain_text("Ask for an invitation")
    expect(page.get_by_label("Organization")).to_be_visible()

    admin.get_by_role("button", name="Add a group").click()
    admin.get_by_label("Group 1", exact=True).fill("audit-developers")
    admin.get_by_label("Role for group 1").select_option("DEVELOPER")
    admin.get_by_label("Everyone else becomes").select_option("TESTER")
    _save(admin)
    page = opener(service, allow=[*REFUSED, *PROVIDER])
    _there_and_back(page, provider, organization, "s-nora")
    expect(page).to_have_url(re.compile(r"/settings/security$"))
    page.goto("/settings/profile")
    expect(page.get_by_text("DEVELOPER", exact=True)).to_be_visible()

    other = opener(service, allow=[*REFUSED, *PROVIDER])
    _to_provider(other, provider, organization)
    other.get_by_role("link", name="Cancel").click()
    expect(other).to_have_url(re.compile(r"/sign-in#error=OIDC_DENIED$|/login"))
    expect(other.get_by_role("alert")).to_contain_text("Single sign-on did not work")


def _set_up(admin: Page, provider: RealProviders) -> str:
    """Fills in the form and has the provider tested. Returns the organization's id."""
    admin.goto("/settings/single-sign-on")
    admin.get_by_label("Issuer").fill(provider.issuer)
    admin.get_by_label("Client id").fill("trailkeeper")
    admin.get_by_label("Client secret", exact=True).fill(SECRET)
    admin.get_by_role("combobox", name="E-mail domains").fill("example.com")
    admin.keyboard.press("Enter")
    _save(admin)
    admin.get_by_role("button", name="Test the provider").click()
    expect(admin.get_by_text("The provider answers as it should")).to_be_visible()
    known = admin.request.get("/me", headers={"Accept": "application/json"}).json()
    return str(known["organization"]["id"])


def _save(admin: Page) -> None:
    with admin.expect_response("**/organization/single-sign-on") as saving:
        admin.get_by_role("button", name="Save").click()
    assert saving.value.ok, saving.value.text()


def _to_provider(page: Page, provider: RealProviders, organization: str) -> None:
    page.goto("/settings/security")
    page.get_by_role("button", name="Sign in with single sign-on").click()
    page.get_by_label("Organization").fill(organization)
    page.get_by_role("button", name="Continue to your provider").click()
    page.wait_for_url(f"{provider.issuer}/**")


def _there_and_back(page: Page, provider: RealProviders, organization: str, login: str) -> None:
    """Signs in and agrees at the provider, on its own forms."""
    _to_provider(page, provider, organization)
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill("any")
    page.locator("button[type=submit]").click()
    page.get_by_role("button", name="Continue").click()
