"""A service without any data, whose accounts tests may make and break, and how to get in."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.console.watching import Watch, watch
from tests.live import LiveServer

PASSWORD = "kettle-orbit-velvet-94"
REFUSED = [r"status of 4(0[0-9]|22|29)"]
"""Answers that tests of getting in want to see; Chromium writes each into its console."""

EXPECT_MILLISECONDS = 20_000
"""A password is checked at a low priority: beside other work it takes its time."""

Opener = Callable[..., Page]


@contextmanager
def service_of_ada(data: Path, **settings: str) -> Iterator[LiveServer]:
    """Somebody has set it up: ada@example.com, who may do everything."""
    expect.set_options(timeout=EXPECT_MILLISECONDS)
    server = at_its_name(LiveServer(data, settings)).start()
    with server.client() as client:
        body = {"token": link_in(server.printed, "setup"), "email": "ada@example.com"}
        answer = client.post("/setup", json=body | {"name": "Ada", "password": PASSWORD})
        assert answer.status_code == 200, answer.text
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def pages_of(browser: Browser) -> Iterator[Opener]:
    """Opens pages of a service; each fault that it does not allow fails the test."""
    opened: list[tuple[BrowserContext, Watch]] = []

    def open_page(server: LiveServer, allow: Sequence[str] = REFUSED, **options: Any) -> Page:
        context = browser.new_context(
            base_url=f"http://localhost:{server.port}",
            locale="en-GB",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(EXPECT_MILLISECONDS)
        opened.append((context, watch(context, allow)))
        return context.new_page()

    yield open_page
    faults = [fault for _, watching in opened for fault in watching.end()]
    for context, _ in opened:
        context.close()
    assert faults == []


def at_its_name(server: LiveServer) -> LiveServer:
    """Browsers take `localhost` for a relying party of passkeys, no address."""
    server.settings["TRAILKEEPER_PUBLIC_URL"] = f"http://localhost:{server.port}"
    return server


def fill_password(page: Page, email: str, password: str) -> None:
    page.get_by_role("textbox", name="E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_in(page: Page, email: str) -> None:
    page.goto("/login")
    fill_password(page, email, PASSWORD)
    expect(page).not_to_have_url(re.compile("/login"))


def joined(server: LiveServer, email: str, role: str) -> str:
    """A new member with the usual password."""
    with server.client() as client:
        asked = {"email": email, "name": email.partition("@")[0].title(), "role": role}
        assert client.post("/invitations/", json=asked).status_code == 201
        body = {"token": mailed(server, "invitation", email), "password": PASSWORD}
        headers = {"Authorization": ""}
        accepted = client.post("/invitations/accept", json=body, headers=headers)
        assert accepted.status_code == 200, accepted.text
    return email


def link_in(file: Path, page: str) -> str:
    found = re.findall(rf"/{page}#([\w-]{{20,}})", file.read_text())
    assert found, f"no link to /{page} in {file}"
    return str(found[-1])


def mailed(server: LiveServer, page: str, email: str) -> str:
    """The token of the newest mail to somebody, which the log has where no mail server is set."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for line in reversed(server.log.read_text().splitlines()):
            found = re.search(rf"/{page}#([\w-]{{20,}})", line)
            if found is not None and email in line:
                return found[1]
        time.sleep(0.1)
    raise AssertionError(f"no mail to {email} with a link to /{page}")
