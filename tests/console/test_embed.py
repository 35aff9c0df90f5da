"""The element that shows a customer their own trail, on a page of another origin."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.console.small import Small, small
from tests.console.watching import watch

__all__ = ["small"]

SHOP = "http://localhost:9"
"""No server: the browser is handed the page, so that it has an origin of its own."""
POLICY = "default-src 'none'; script-src {service}; connect-src {service}; img-src data:"


def _token(small: Small, *, seconds: int = 900) -> str:
    body = {"filter": {"user_id": ["ann"]}, "origins": [SHOP], "expires_in_seconds": seconds}
    with small.server.client() as client:
        answer = client.post("/embed-tokens", json=body)
    assert answer.is_success, answer.text
    return str(answer.json()["token"])


@pytest.fixture
def shop(browser: Browser, small: Small) -> Iterator[Page]:
    """The other product's page, under the strictest policy that can hold the element."""
    context = browser.new_context(locale="en-GB", timezone_id="Europe/Berlin")
    watching = watch(context, [r"status of 401"])
    tokens = [_token(small)]

    def hand_over(route: Route) -> None:
        wrong = "?wrong" in route.request.url
        html = (
            '<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,">'
            "<h1>Your account</h1>"
            f'<script type="module" src="{small.url}/embed/trailkeeper-activity.js"></script>'
            f'<trailkeeper-activity service="{small.url}" limit="3"'
            f' token="{"te_wrong" if wrong else tokens[0]}"></trailkeeper-activity></html>'
        )
        policy = POLICY.format(service=small.url)
        route.fulfill(
            body=html,
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": policy},
        )

    context.route(re.compile(rf"^{SHOP}/"), hand_over)
    yield context.new_page()
    faults = watching.end()
    context.close()
    assert faults == []


def test_a_customer_sees_their_own_trail_and_nobody_elses(small: Small, shop: Page) -> None:
    hostile = "<img src=x onerror=alert(1)>\u202egnp"
    small.post(
        *(
            {"action": "DEPLOY_MODEL", "resource_type": "MODEL", "resource_id": f"m{number}",
             "user_id": "ann", "user_email": "ann@shop.example"}
            for number in range(4)
        ),
        {"action": "DELETE", "resource_type": "PROJECT", "resource_name": hostile,
         "user_id": "ann", "status": "FAILED"},
        {"action": "DELETE", "resource_type": "PROJECT", "resource_id": "secret", "user_id": "bob"},
    )  # fmt: skip
    shop.goto(f"{SHOP}/account")
    lines = shop.get_by_role("list", name="Activity").get_by_role("listitem")
    expect(lines).to_have_count(3)
    expect(lines.first).to_contain_text("<img src=x onerror=alert(1)>⟨202e⟩gnp (failed)")
    expect(lines.nth(1)).to_contain_text("Deploy model · Model m3")
    expect(lines.nth(1)).to_contain_text("ann@shop.example")
    shop.get_by_role("button", name="Show more").click()
    expect(lines).to_have_count(5)
    expect(shop.get_by_text("That is all there is.")).to_be_visible()
    expect(shop.get_by_text("secret")).to_have_count(0)


def test_a_token_that_is_over_is_said_to_be(shop: Page) -> None:
    shop.goto(f"{SHOP}/account?wrong")
    expect(shop.get_by_text("This view has expired.")).to_be_visible()
