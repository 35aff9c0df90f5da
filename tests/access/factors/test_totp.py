"""An authenticator app: set up, shown at sign-in, taken away."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

from sqlalchemy import select

from tests.access.factors.conftest import (
    LATER,
    STEP,
    enrol_totp,
    ok,
    second_step,
    ticket_for,
)
from tests.access.signin.conftest import ADA, PASSWORD, Door, code_of
from trailkeeper.access.signin.tables import TotpRow


async def test_an_app_is_set_up_and_asked_for(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        app, codes = await enrol_totp(door, browser)
        factors = await ok(browser.get("/me/second-factors"))
    assert len(set(codes)) == 10
    assert factors["methods"] == ["recovery_code", "totp"]
    assert factors["recovery_codes_left"] == 10

    async with door.browser() as browser:
        view = await browser.sign_in()
        assert view["me"] is None
        assert view["methods"] == ["recovery_code", "totp"]
        assert not browser.token
        answer = await second_step(browser, view["ticket"], "totp", app.code())
        assert answer.status_code == 200, answer.text
        assert answer.json()["status"] == "signed_in"
        assert (await ok(browser.get("/me")))["user_id"] == "ada"
        [current] = [
            each for each in (await ok(browser.get("/me/sessions")))["items"] if each["is_current"]
        ]
    assert current["has_second_factor"]
    assert current["method"] == "password"

    login = (await door.events("LOGIN"))[-1]
    assert login["details"]["second_factor"] is True


async def test_the_secret_reaches_the_app_in_three_ways_and_is_kept_sealed(
    door: Door, ada: str
) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        started = await ok(browser.post("/me/totp", {}), 201)

    uri = urlsplit(started["uri"])
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert unquote(uri.path) == f"/Trailkeeper:{ADA}"
    assert parse_qs(uri.query)["secret"] == [started["secret"]]
    assert parse_qs(uri.query)["issuer"] == ["Trailkeeper"]
    assert started["qr_svg"].startswith("data:image/svg+xml")
    assert "<svg" in unquote(started["qr_svg"])
    assert len(started["secret"]) == 32

    async with door.metadata.reading() as session:
        [row] = await session.scalars(select(TotpRow))
    assert started["secret"] not in row.sealed_secret
    assert row.confirmed_at is None


async def test_until_it_is_confirmed_the_password_is_enough(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        await ok(browser.post("/me/totp", {}), 201)
        assert (await ok(browser.get("/me/second-factors")))["methods"] == []
        answer = await browser.post("/me/totp/confirm", {"code": "000000"})
        assert code_of(answer) == (422, "WRONG_CODE")
    async with door.browser() as browser:
        assert (await browser.sign_in())["status"] == "signed_in"


async def test_a_second_start_makes_the_first_secret_void(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        first = await ok(browser.post("/me/totp", {}), 201)
        app, _ = await enrol_totp(door, browser)
        assert first["secret"] != app.secret
        answer = await browser.post("/me/totp", {})
        assert code_of(answer) == (409, "TOTP_ENABLED")
        answer = await browser.post("/me/totp/confirm", {"code": app.code()})
        assert code_of(answer) == (409, "TOTP_ENABLED")


async def test_a_start_is_good_for_a_quarter_of_an_hour(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        answer = await browser.post("/me/totp/confirm", {"code": "123456"})
        assert code_of(answer) == (404, "TOTP_NOT_STARTED")
        await ok(browser.post("/me/totp", {}), 201)
        door.clock.advance(timedelta(minutes=15))
        answer = await browser.post("/me/totp/confirm", {"code": "123456"})
        assert code_of(answer) == (404, "TOTP_NOT_STARTED")


async def test_a_clock_may_be_off_by_one_step(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        app, _ = await enrol_totp(door, browser)
    for steps, expected in ((-2, 401), (2, 401), (0, 200), (1, 200)):
        async with door.browser() as browser:
            answer = await second_step(browser, await ticket_for(browser), "totp", app.code(steps))
            assert answer.status_code == expected, steps
    door.clock.advance(3 * STEP)
    async with door.browser() as browser:
        code = app.code(-1)
        spaced = f"{code[:3]} {code[3:]}"
        answer = await second_step(browser, await ticket_for(browser), "totp", spaced)
        assert answer.status_code == 200


async def test_digits_of_other_scripts_are_no_code(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        app, _ = await enrol_totp(door, browser)
        arabic = app.code().translate({ord("0") + each: 0x660 + each for each in range(10)})
        ticket = await ticket_for(browser)
        assert (await second_step(browser, ticket, "totp", arabic)).status_code == 401
        assert (await second_step(browser, ticket, "totp", app.code())).status_code == 200


async def test_taking_it_away_needs_proof_and_ends_other_sessions(door: Door, ada: str) -> None:
    async with door.browser() as other, door.browser() as browser:
        await browser.sign_in()
        app, _ = await enrol_totp(door, browser)
        await second_step(other, await ticket_for(other), "totp", app.code())
        door.clock.advance(LATER)
        assert code_of(await browser.delete("/me/totp")) == (403, "RECENT_SIGN_IN_NEEDED")
        assert (await ok(browser.get("/me/second-factors")))["needs_proof"]
        await ok(browser.post("/me/proof", {"current_password": PASSWORD}), 204)
        await ok(browser.delete("/me/totp"), 204)
        factors = await ok(browser.get("/me/second-factors"))
        assert (factors["methods"], factors["recovery_codes_left"]) == ([], 0)
        assert code_of(await browser.delete("/me/totp")) == (404, "TOTP_NOT_FOUND")
        assert (await other.get("/me")).status_code == 401
        assert (await browser.get("/me")).status_code == 200


async def test_each_change_is_recorded_and_mailed(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        app, codes = await enrol_totp(door, browser)
        await ok(browser.delete("/me/totp"), 204)

    enabled, disabled = await door.events("TWO_FACTOR_ENABLE", "TWO_FACTOR_DISABLE")
    for event in (enabled, disabled):
        assert event["organization"] == "acme"
        assert (event["user_id"], event["user_email"]) == ("ada", ADA)
        assert (event["resource_type"], event["resource_id"]) == ("USER", "ada")
        assert event["details"] == {"method": "totp"}
        assert event["ip_address"] == "203.0.113.7"
    assert (enabled["action"], disabled["action"]) == ("TWO_FACTOR_ENABLE", "TWO_FACTOR_DISABLE")
    told = [each for each in await door.mails() if "two-factor" in each["subject"]]
    assert [each["to"] for each in told] == [ADA, ADA]
    assert "was added" in told[0]["text"]
    assert "was removed" in told[1]["text"]
    everything = str(await door.mails()) + str(await door.events())
    assert app.secret not in everything
    assert not any(code in everything for code in codes)
