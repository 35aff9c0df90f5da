"""The settings, as whoever looks after an organization uses them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.console.conftest import PageOf
from tests.console.server import Console

EVERYONES = ["Profile", "Security"]
TABS = {
    "SUPER_ADMIN": [
        *EVERYONES,
        "Organization",
        "Notifications",
        "Channels",
        "Members",
        "Roles",
        "API keys",
        "Allow-list",
        "Second factor",
        "Single sign-on",
        "Retention",
    ],
    "DEVOPS": [*EVERYONES, "Organization", "API keys", "Retention"],
    "TESTER": EVERYONES,
}
PAGES = [
    "profile",
    "security",
    "organization",
    "members",
    "roles",
    "api-keys",
    "allow-list",
    "second-factor",
    "single-sign-on",
    "retention",
]
REFUSED = [r"status of 4(00|09)"]
NONE_YET = [r"status of 404 .*/organization/single-sign-on"]
"""So the service says that no provider is set up."""


@pytest.fixture(autouse=True)
def patience() -> None:
    """Saving a setting waits its turn beside whatever else the machine does."""
    expect.set_options(timeout=20_000)


@pytest.fixture
def api(console: Console) -> Iterator[httpx2.Client]:
    """With the key that may do everything, to look at what pages did and to undo it."""
    with console.server.client() as client:
        yield client


@pytest.mark.parametrize("role", list(TABS))
def test_tabs_are_what_one_may_see(page_of: PageOf, role: str) -> None:
    page = page_of(role)
    page.goto("/settings")
    expect(page).to_have_url(re.compile(r"/settings/profile$"))
    links = page.get_by_role("navigation", name="Settings pages").get_by_role("link")
    expect(links).to_have_text(TABS[role])


def test_page_that_one_may_not_see(page_of: PageOf, shot: Any, axe: Any) -> None:
    """Opened by its address, it says which permission is missing, and shows nothing."""
    page = page_of("DEVELOPER")
    page.goto("/settings/members")
    expect(page.get_by_text("You may not see this")).to_be_visible()
    expect(page.locator("#main").get_by_text("user:view")).to_be_visible()
    expect(page.get_by_role("button", name="Invite")).to_have_count(0)
    shot(page, "settings-no-permission")
    axe(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_are_accessible(page_of: PageOf, shot: Any, axe: Any, name: str, scheme: str) -> None:
    page = page_of("SUPER_ADMIN", allow=NONE_YET, color_scheme=scheme)
    page.goto(f"/settings/{name}")
    _settle(page)
    shot(page, f"settings-{name}-{scheme}")
    axe(page)


def test_phone(page_of: PageOf, shot: Any, axe: Any) -> None:
    """At 390 px nothing is cut off, and one box leads to all pages."""
    page = page_of("SUPER_ADMIN", allow=NONE_YET, viewport={"width": 390, "height": 844})
    page.goto("/settings/profile")
    for name in PAGES:
        page.get_by_role("combobox", name="Settings pages").select_option(f"/settings/{name}")
        expect(page).to_have_url(re.compile(rf"/settings/{name}$"))
        _settle(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        shot(page, f"settings-{name}-390")
    axe(page)


def test_make_rotate_and_revoke_a_key(
    page_of: PageOf, console: Console, shot: Any, axe: Any
) -> None:
    """A key does what was chosen for it and no more; it is seen once, and ends when revoked."""
    page = page_of("DEVOPS", allow=REFUSED)
    page.goto("/settings/keys")
    expect(page).to_have_url(re.compile(r"/settings/api-keys$"))
    page.get_by_role("button", name="Make a key").click()
    dialog = page.get_by_role("dialog", name="Make an API key")
    expect(dialog.get_by_label("user:manage")).to_be_disabled()
    dialog.get_by_label("Name").fill("page test")
    dialog.get_by_role("button", name="Make the key").click()
    expect(dialog.get_by_text("Choose at least one.")).to_be_visible()
    dialog.get_by_label("event:write").check()
    dialog.get_by_label("May be used from").fill("127.0.0.0/8\n203.0.113.7/24")
    dialog.get_by_role("button", name="Make the key").click()
    networks = dialog.get_by_label("May be used from")
    expect(networks).to_have_accessible_description(re.compile("203.0.113.0/24"))
    shot(page, "settings-make-a-key")
    axe(page)
    networks.fill("127.0.0.0/8\n203.0.113.0/24")
    dialog.get_by_role("button", name="Make the key").click()
    first = _issued_key(page)
    shot(page, "settings-new-key")
    axe(page)
    page.get_by_role("button", name="I kept it").click()
    expect(page.get_by_text(first)).to_have_count(0)
    assert _records(console, first) == 201
    with console.server.client(first) as client:
        assert client.get("/users/").status_code == 403

    row = page.get_by_role("listitem").filter(has_text=first.rpartition("_")[0])
    row.get_by_role("button", name="Rotate").click()
    page.get_by_label("Overlap in hours").fill("1")
    page.get_by_role("button", name="Make the new key").click()
    second = _issued_key(page)
    page.get_by_role("button", name="I kept it").click()
    assert second != first
    assert _records(console, first) == _records(console, second) == 201

    row = page.get_by_role("listitem").filter(has_text=second.rpartition("_")[0])
    row.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(row).to_have_count(0)
    assert _records(console, second) == 401
    page.get_by_role("switch", name="Show revoked and expired keys").check()
    expect(page).to_have_url(re.compile(r"all=true"))
    expect(row.get_by_text("Revoked")).to_be_visible()


def test_change_a_role(page_of: PageOf, console: Console, api: httpx2.Client, shot: Any) -> None:
    """It counts at once; the last SUPER_ADMIN's is refused in the dialog."""
    email, _ = console.people["TESTER"]
    page = page_of("SUPER_ADMIN", allow=REFUSED)
    page.goto("/settings/members")
    page.get_by_label("Search by name, e-mail or id").fill(email)
    expect(page).to_have_url(re.compile("search="))
    actions = page.get_by_role("button", name=re.compile("Actions for"))
    expect(actions).to_have_count(1)
    try:
        _choose_role(page, actions, "DEVOPS")
        expect(page.get_by_role("cell", name="DEVOPS")).to_be_visible()
        assert _member(api, email)["role"] == "DEVOPS"
    finally:
        user_id = _member(api, email)["user_id"]
        assert api.patch(f"/users/{user_id}", json={"role": "TESTER"}).status_code == 200

    page.goto(f"/settings/members?search={console.people['SUPER_ADMIN'][0]}")
    _choose_role(page, actions, "ADMIN")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("last active SUPER_ADMIN")
    shot(page, "settings-last-super-admin")
    page.keyboard.press("Escape")
    actions.click()
    page.get_by_role("menuitem", name="Disable").click()
    page.get_by_role("dialog").get_by_role("button", name="Disable").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("SUPER_ADMIN")


def test_invitation_is_resent_and_taken_back(page_of: PageOf) -> None:
    page = page_of("ADMIN")
    page.goto("/settings/members")
    page.get_by_role("button", name="Invite").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("E-mail").fill("guest@acme.example")
    dialog.get_by_label("Name").fill("A Guest")
    dialog.get_by_role("combobox", name="Role").click()
    roles = page.get_by_role("listbox")
    widest = roles.get_by_role("option", name=re.compile("^SUPER_ADMIN"))
    expect(widest).to_have_attribute("data-combobox-disabled", "true")
    roles.get_by_role("option", name=re.compile("^TESTER")).click()
    dialog.get_by_role("button", name="Send the invitation").click()
    row = page.get_by_role("listitem").filter(has_text="guest@acme.example")
    expect(row).to_be_visible()
    row.get_by_role("button", name="Send again").click()
    expect(page.get_by_text("A new link is on its way")).to_be_visible()
    row.get_by_role("button", name="Take back").click()
    page.get_by_role("dialog").get_by_role("button", name="Take back").click()
    expect(row).to_have_count(0)


def test_own_role(page_of: PageOf, shot: Any, axe: Any) -> None:
    """Made of permissions, changed, and deleted where nobody holds it."""
    page = page_of("SUPER_ADMIN")
    page.goto("/settings/roles")
    page.get_by_role("button", name="Make a role").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("first line")
    expect(dialog.get_by_label("Name", exact=True)).to_have_value("FIRST_LINE")
    dialog.get_by_label("detection:manage").check()
    expect(dialog.get_by_label("detection:view")).to_be_checked()
    expect(dialog.get_by_label("detection:view")).to_be_disabled()
    shot(page, "settings-make-a-role")
    axe(page)
    dialog.get_by_role("button", name="Make the role").click()
    row = page.get_by_role("listitem").filter(has_text="FIRST_LINE")
    expect(row).to_contain_text("detection:manage")
    row.get_by_role("button", name="Change FIRST_LINE").click()
    dialog.get_by_label("Description").fill("Looks at what is found")
    dialog.get_by_role("button", name="Save the role").click()
    expect(row).to_contain_text("Looks at what is found")
    row.get_by_role("button", name="Delete FIRST_LINE").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)


def test_allow_list_keeps_its_author_in(
    page_of: PageOf, api: httpx2.Client, shot: Any, axe: Any
) -> None:
    """A list without one's own address is asked about first, and not saved when one says no."""
    page = page_of("SUPER_ADMIN", allow=REFUSED)
    page.goto("/settings/allow-list")
    try:
        expect(page.get_by_text("127.0.0.1")).to_be_visible()
        page.get_by_role("button", name="Add an address or network").click()
        page.get_by_label("Address or network 1").fill("203.0.113.0/33")
        page.get_by_label("Note 1").fill("Office")
        page.get_by_role("button", name="Save").click()
        field = page.get_by_label("Address or network 1")
        expect(field).to_have_accessible_description(re.compile("prefix longer than"))
        expect(field).to_be_focused()
        field.fill("203.0.113.0/24")
        page.get_by_role("button", name="Save").click()
        dialog = page.get_by_role("dialog", name="This locks you out")
        expect(dialog).to_contain_text("127.0.0.1 is not on the list")
        shot(page, "settings-lock-out")
        axe(page)
        dialog.get_by_role("button", name="Cancel").click()
        assert api.get("/organization/allow-list").json()["entries"] == []

        page.get_by_role("button", name="Add your address").click()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("The allow-list is saved.")).to_be_visible()
        entries = api.get("/organization/allow-list").json()["entries"]
        assert entries == [
            {"network": "203.0.113.0/24", "note": "Office"},
            {"network": "127.0.0.1", "note": ""},
        ]
    finally:
        cleared = api.put("/organization/allow-list", json={"entries": []})
        assert cleared.status_code == 200, cleared.text


def test_organization_settings(page_of: PageOf, api: httpx2.Client, shot: Any) -> None:
    """Faults stand at their fields; what is unsaved is not left by accident; saved is saved."""
    before = api.get("/organization").json()
    page = page_of("ADMIN", allow=REFUSED)
    page.goto("/settings/organization")
    try:
        page.get_by_label("Names of fields").fill("salary\n(iban)")
        page.get_by_label("Days off").fill("2026-12-25, 26.12.2026")
        page.get_by_role("button", name="Save").click()
        days_off = page.get_by_label("Days off")
        expect(days_off).to_have_accessible_description(re.compile("26.12.2026"))
        days_off.fill("2026-12-25, 2026-12-26")
        page.get_by_role("button", name="Save").click()
        patterns = page.get_by_label("Names of fields")
        expect(patterns).to_have_accessible_description(re.compile("Groups must not capture"))
        expect(patterns).to_be_focused()
        shot(page, "settings-organization-fault")

        page.get_by_role("link", name="Members").first.click()
        page.get_by_role("dialog").get_by_role("button", name="Stay").click()
        expect(page).to_have_url(re.compile("organization"))
        patterns.fill("salary\niban")
        page.get_by_role("button", name="Add an exception").click()
        page.get_by_label("Resource type").fill("user")
        page.get_by_role("group", name="Exception 1").get_by_label("Days").fill("400")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        after = api.get("/organization").json()
        assert after["redaction"]["key_patterns"] == ["salary", "iban"]
        assert after["working_hours"]["holidays"] == ["2026-12-25", "2026-12-26"]
        rule = {"days": 400, "action": None, "resource_type": "USER"}
        assert after["retention_rules"] == [rule]
        page.get_by_role("link", name="Members").first.click()
        expect(page).to_have_url(re.compile("/settings/members"))
    finally:
        changed = ("redaction", "working_hours", "retention_rules")
        undone = api.patch("/organization", json={name: before[name] for name in changed})
        assert undone.status_code == 200, undone.text


def test_retention_by_keyboard(page_of: PageOf) -> None:
    """A dry run and the confirmation of a run, reached by keys alone."""
    page = page_of("ADMIN")
    page.goto("/settings/retention")
    expect(page.get_by_text("90 days")).to_be_visible()
    expect(page.get_by_role("table", name="What the log holds")).to_contain_text("LOGIN")
    dry_run = page.get_by_role("button", name="Dry run")
    dry_run.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("A run now would remove"))).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run now")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Run retention now?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_sign_out_there(page_of: PageOf) -> None:
    """Another browser's session is ended from the list; one's own stays."""
    here = page_of("DEVELOPER", is_fresh=True)
    there = page_of("DEVELOPER", is_fresh=True, allow=[r"status of 401"])
    there.goto("/settings/profile")
    here.goto("/settings/security")
    others = here.get_by_role("button", name=re.compile("Sign out of"))
    expect(others.first).to_be_visible()
    while others.count() > 0:
        before = others.count()
        others.first.click()
        expect(others).to_have_count(before - 1)
    expect(here.get_by_text("This one")).to_be_visible()


def test_single_sign_on_is_tested(page_of: PageOf, api: httpx2.Client, shot: Any) -> None:
    """Set up, tested against a provider that is not there, and removed."""
    page = page_of("SUPER_ADMIN", allow=NONE_YET)
    page.goto("/settings/single-sign-on")
    expect(page.get_by_text("No provider is set up.")).to_be_visible()
    try:
        page.get_by_label("Issuer").fill("https://login.invalid")
        page.get_by_label("Client id").fill("trailkeeper")
        page.get_by_label("Client secret", exact=True).fill("a secret of the test")
        page.get_by_role("combobox", name="E-mail domains").fill("acme.example")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Add a group").click()
        page.get_by_label("Group 1", exact=True).fill("audit-admins")
        page.get_by_label("Role for group 1").select_option("ADMIN")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Single sign-on is saved.")).to_be_visible()
        saved = api.get("/organization/single-sign-on").json()
        assert saved["role_mapping"] == {"audit-admins": "ADMIN"}
        assert saved["domains"] == ["acme.example"]
        page.get_by_role("button", name="Test the provider").click()
        expect(page.get_by_text("The provider does not answer as it should")).to_be_visible()
        shot(page, "settings-single-sign-on-tested")
    finally:
        assert api.delete("/organization/single-sign-on").status_code in (204, 404)


def _settle(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("#main [aria-busy]")).to_have_count(0)


def _issued_key(page: Page) -> str:
    dialog = page.get_by_role("dialog", name="Your new key")
    return dialog.get_by_label("API key").inner_text().strip()


def _records(console: Console, key: str) -> int:
    """The status of recording an event with the key."""
    with console.server.client(key) as client:
        event = {"action": "VIEW", "resource_type": "SETTINGS_TEST"}
        return client.post("/audit-logs/", json=event).status_code


def _choose_role(page: Page, actions: Locator, role: str) -> None:
    actions.click()
    page.get_by_role("menuitem", name="Change the role").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Role").click()
    page.get_by_role("listbox").get_by_role("option", name=re.compile(f"^{role}")).click()
    dialog.get_by_role("button", name="Change the role").click()


def _member(api: httpx2.Client, email: str) -> dict[str, Any]:
    found = api.get("/users/", params={"search": email}).json()["items"]
    assert len(found) == 1, found
    member: dict[str, Any] = found[0]
    return member
