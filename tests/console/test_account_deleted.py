"""A member is deleted: they are out at once, and the trail goes on naming them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

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
    with service_of_ada(tmp_path_factory.mktemp("deleted") / "data") as server:
        yield server


def test_whoever_is_deleted_stays_named(
    service: LiveServer, opener: Opener, shot: Any, axe: Any
) -> None:
    email = joined(service, "gone@example.com", "DEVOPS")
    theirs = opener(service)
    sign_in(theirs, email)
    theirs.goto("/settings/api-keys")
    theirs.get_by_role("button", name="Make a key").click()
    making = theirs.get_by_role("dialog", name="Make an API key")
    making.get_by_label("Name").fill("left behind")
    making.get_by_label("event:write").check()
    making.get_by_role("button", name="Make the key").click()
    issued = theirs.get_by_role("dialog", name="Your new key")
    key = issued.get_by_label("API key").inner_text().strip()
    theirs.get_by_role("button", name="I kept it").click()

    admin = opener(service)
    sign_in(admin, "ada@example.com")
    admin.goto(f"/settings/members?search={email}")
    admin.get_by_role("button", name="Actions for Gone").click()
    admin.get_by_role("menuitem", name="Delete").click()
    dialog = admin.get_by_role("dialog", name="Delete Gone?")
    expect(dialog).to_contain_text("They stay named in the log")
    shot(admin, "delete-member")
    axe(admin)
    dialog.get_by_role("button", name="Delete").click()
    expect(dialog).to_contain_text("Keys that go on working")
    expect(dialog).to_contain_text("left behind")
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_have_count(0)
    expect(admin.get_by_text("No member matches this search.")).to_be_visible()
    with service.client(key) as client:
        event = {"action": "VIEW", "resource_type": "MODEL"}
        assert client.post("/audit-logs/", json=event).status_code == 201

    theirs.goto("/settings/profile")
    expect(theirs).to_have_url(re.compile(r"/login"))
    fill_password(theirs, email, PASSWORD)
    expect(theirs.get_by_role("alert")).to_be_visible()

    admin.goto(f"/explorer?range=24h&q=user:{email} action:CREATE resource_type:API_KEY")
    made = admin.get_by_role("grid", name="Events").locator("[role=row][data-index]")
    expect(made).to_have_count(1)
    expect(made).to_contain_text(email)
    admin.goto("/explorer?range=24h&q=action:DELETE resource_type:USER")
    deletion = admin.get_by_role("grid", name="Events").locator("[role=row][data-index]")
    expect(deletion).to_have_count(1)
    expect(deletion).to_contain_text("ada@example.com")
    expect(deletion).to_contain_text("Gone")
    with service.client() as client:
        [user] = client.get("/users/", params={"search": email, "status": "deleted"}).json()[
            "items"
        ]
    admin.goto(f"/users/{user['user_id']}/overview")
    expect(admin.get_by_role("heading", level=1)).to_contain_text("Gone")
    expect(admin.get_by_text("This user was deleted.")).to_be_visible()
    admin.get_by_role("link", name="Activity", exact=True).click()
    theirs_still = admin.get_by_role("grid", name="Activity").locator("[role=row][data-index]")
    expect(theirs_still.first).to_contain_text(email)
