"""The element that shows a customer their own trail, on a page of another origin."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.console.small import Small, small
from tests.console.watching import watch

__all__ = ["small"]

POLICY = "default-src 'none'; script-src {service}; connect-src {service}; img-src data:"
PAGE = (
    '<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,">'
    '<h1>Your account</h1><script type="module" src="{service}/embed/trailkeeper-activity.js">'
    '</script><trailkeeper-activity service="{service}" limit="3" token="{token}">'
    "</trailkeeper-activity></html>"
)


def _token(small: Small, origin: str) -> str:
    body = {"filter": {"user_id": ["ann"]}, "origins": [origin]}
    with small.server.client() as client:
        answer = client.post("/embed-tokens", json=body)
    assert answer.is_success, answer.text
    return str(answer.json()["token"])


@pytest.fixture
def shop(small: Small) -> Iterator[str]:
    """The other product's address; its page has the strictest policy that lets the element in."""
    tokens: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            token = "te_wrong" if "wrong" in self.path else tokens[0]
            body = PAGE.format(service=small.url, token=token).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", POLICY.format(service=small.url))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: the test says what went wrong."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    origin = f"http://localhost:{server.server_address[1]}"
    tokens.append(_token(small, origin))
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield origin
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", timezone_id="Europe/Berlin")
    watching = watch(
        context,
        [r"status of 401", r"CORS policy", r"/audit-logs.*ERR_FAILED|ERR_FAILED.*/audit-logs"],
    )
    yield context.new_page()
    faults = watching.end()
    context.close()
    assert faults == []


def test_a_customer_sees_their_own_trail_and_nobody_elses(
    small: Small, shop: str, visitor: Page
) -> None:
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
    visitor.goto(f"{shop}/account")
    lines = visitor.get_by_role("list", name="Activity").get_by_role("listitem")
    expect(lines).to_have_count(3)
    visitor.get_by_role("button", name="Show more").click()
    expect(lines).to_have_count(5)
    expect(visitor.get_by_text("That is all there is.")).to_be_visible()
    failed = lines.filter(has_text="<img src=x onerror=alert(1)>⟨202e⟩gnp (failed)")
    expect(failed).to_have_count(1)
    deployed = lines.filter(has_text="Deploy model · Model m3")
    expect(deployed).to_contain_text("ann@shop.example")
    expect(visitor.get_by_text("secret")).to_have_count(0)


def test_a_token_that_is_none_is_answered_with_a_way_on(shop: str, visitor: Page) -> None:
    """Whose it would be is not known, and so not either which pages may read the answer."""
    visitor.goto(f"{shop}/account?wrong")
    expect(visitor.get_by_text("The activity could not be loaded.")).to_be_visible()
    expect(visitor.get_by_role("button", name="Try again")).to_be_visible()
