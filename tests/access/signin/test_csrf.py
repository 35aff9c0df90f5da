from __future__ import annotations

import pytest

from tests.access.signin.conftest import URL, Browser, Door, code_of


@pytest.mark.parametrize("token", [None, "", "wrong", "0" * 64, "ä"])
async def test_csrf_token_missing_or_wrong(door: Door, ada: str, token: str | None) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        headers = [] if token is None else [(b"X-CSRF-Token", token.encode())]
        answer = await browser.client.post("/changed", headers=headers)
    assert code_of(answer) == (403, "CSRF_TOKEN_WRONG")


async def test_csrf_token_of_another_session(door: Door, ada: str) -> None:
    async with door.browser() as one, door.browser() as two:
        await one.sign_in()
        await two.sign_in()
        two.csrf_token = one.csrf_token
        assert code_of(await two.post("/changed")) == (403, "CSRF_TOKEN_WRONG")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://audit.example.com"},
        {"Origin": "https://audit.example.com.evil.example"},
        {"Origin": "http://localhost:8081"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "none"},
    ],
)
async def test_csrf_from_another_origin(door: Door, ada: str, headers: dict[str, str]) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        refused = await browser.post("/changed", **headers)
    assert code_of(refused) == (403, "ORIGIN_NOT_ALLOWED")


@pytest.mark.parametrize(
    "origin", [URL, "http://127.0.0.1:8080", "http://localhost:8080", "HTTPS://AUDIT.EXAMPLE.COM"]
)
async def test_the_own_pages_may_change_things(door: Door, ada: str, origin: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        answer = await browser.post("/changed", Origin=origin, Sec_Fetch_Site="same-origin")
    assert (answer.status_code, answer.text) == (200, "ada")


async def test_reading_needs_no_token(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        browser.csrf_token = ""
        assert (await browser.get("/people-only")).text == "ada"


async def test_signing_out_by_another_site(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        forged = Browser(browser.client)
        assert code_of(await forged.post("/sign-out")) == (403, "CSRF_TOKEN_WRONG")
        assert (await browser.get("/me")).status_code == 200


async def test_a_refused_request_is_on_the_record(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        await Browser(browser.client).post("/changed")
    await door.app.state["recorder"].flush()
    [event] = await door.events("ACCESS_DENIED")
    assert event["user_id"] == "ada"
    assert event["details"]["code"] == "CSRF_TOKEN_WRONG"
    assert (event["details"]["method"], event["details"]["path"]) == ("POST", "/changed")
