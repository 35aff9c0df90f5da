"""Passkeys: added, named, removed; shown beside a password, and instead of one."""

from __future__ import annotations

import pytest

from tests.access.factors.authenticator import EDDSA, ES256, Authenticator
from tests.access.factors.conftest import (
    LATER,
    Json,
    add_passkey,
    at_address,
    enrol_totp,
    ok,
    passkey_sign_in,
    ticket_for,
)
from tests.access.signin.conftest import ACME, ADA, OTHER, URL, Browser, Door, code_of
from trailkeeper.access.signin.factors import Factor, second_factors_of


@pytest.mark.parametrize("algorithm", [ES256, EDDSA])
async def test_a_passkey_alone_opens_a_session(door: Door, ada: str, algorithm: int) -> None:
    key = Authenticator(URL, algorithm)
    async with door.browser() as browser:
        await browser.sign_in()
        added = await add_passkey(browser, key)
    assert len(added["recovery_codes"]) == 10

    async with door.browser() as browser:
        answer = await passkey_sign_in(browser, key)
        assert answer.status_code == 200, answer.text
        assert answer.json()["me"]["user_id"] == "ada"
        [session] = [
            each for each in (await ok(browser.get("/me/sessions")))["items"] if each["is_current"]
        ]
        [passkey] = (await ok(browser.get("/me/passkeys")))["items"]
    assert (session["method"], session["has_second_factor"]) == ("passkey", True)
    assert passkey["last_used_at"] is not None
    login = (await door.events("LOGIN"))[-1]
    assert login["details"]["method"] == "passkey"
    assert login["details"]["second_factor"] is True


async def test_the_cookie_is_the_one_of_any_sign_in(
    door: Door, ada: str, laptop: Authenticator
) -> None:
    async with door.browser() as browser:
        by_password = await browser.try_sign_in()
        browser.csrf_token = by_password.json()["me"]["csrf_token"]
        await add_passkey(browser, laptop)
    async with door.browser() as browser:
        by_passkey = await passkey_sign_in(browser, laptop)

    def flags(cookies: list[str]) -> list[tuple[str, set[str]]]:
        return [
            (each.partition("=")[0], {flag.strip().lower() for flag in each.split(";")[1:]})
            for each in cookies
        ]

    cookies = by_passkey.headers.get_list("set-cookie")
    assert flags(cookies) == flags(by_password.headers.get_list("set-cookie"))
    assert by_passkey.json().keys() == by_password.json().keys()


async def show(browser: Browser, key: Authenticator, ticket: str) -> Json:
    """The body of a second step by passkey."""
    options = await ok(browser.post("/sign-in/second-factor/options", {"ticket": ticket}))
    return {"ticket": ticket, "method": "passkey", "credential": key.get(options["public_key"])}


async def test_a_passkey_beside_the_password(door: Door, ada: str, laptop: Authenticator) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        await add_passkey(browser, laptop)
    # A plain security key that cannot tell who holds it is enough beside a password.
    laptop.verifies_user = False
    async with door.browser() as browser:
        view = await browser.sign_in()
        assert view["methods"] == ["passkey", "recovery_code"]
        body = await show(browser, laptop, view["ticket"])
        answer = await browser.post("/sign-in/second-factor", body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["status"] == "signed_in"
        again = await browser.post("/sign-in/second-factor", body)
        assert code_of(again) == (401, "TICKET_INVALID")


async def test_options_for_a_second_step_name_the_own_passkeys_alone(
    door: Door, ada: str, laptop: Authenticator
) -> None:
    bob = Authenticator(URL)
    await door.add_person("bob@example.com", user_id="bob", password_hash=None)
    async with door.browser() as browser:
        await browser.sign_in()
        await add_passkey(browser, laptop)
        await add_passkey(browser, bob, "phone")
        ticket = await ticket_for(browser)
        options = await ok(browser.post("/sign-in/second-factor/options", {"ticket": ticket}))
        [first, second] = options["public_key"]["allowCredentials"]
        assert first["transports"] == ["internal", "hybrid"]
        assert first["id"] != second["id"]
        answer = await browser.post("/sign-in/second-factor/options", {"ticket": "none"})
        assert code_of(answer) == (401, "TICKET_INVALID")


async def test_passkeys_are_listed_named_and_removed(
    door: Door, ada: str, laptop: Authenticator
) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        passkey = (await add_passkey(browser, laptop, "lap top "))["passkey"]
        assert passkey["name"] == "lap top"
        path = f"/me/passkeys/{passkey['id']}"
        renamed = await ok(browser.request("PATCH", path, {"name": "Work laptop"}))
        assert renamed["name"] == "Work laptop"
        assert (await ok(browser.get("/me/passkeys")))["items"] == [renamed]
        answer = await browser.request("PATCH", path, {"name": "\x07"})
        assert code_of(answer) == (400, "INVALID_NAME")

        door.clock.advance(LATER)
        assert code_of(await browser.delete(path)) == (403, "RECENT_SIGN_IN_NEEDED")
        async with door.browser() as fresh:
            answer = await passkey_sign_in(fresh, laptop)
            fresh.csrf_token = answer.json()["me"]["csrf_token"]
            await ok(fresh.delete(path), 204)
            assert (await ok(fresh.get("/me/passkeys")))["items"] == []
            assert code_of(await fresh.delete(path)) == (404, "PASSKEY_NOT_FOUND")
        assert (await browser.get("/me")).status_code == 401

    recorded = await door.events("CREATE", "UPDATE", "DELETE")
    events = [each for each in recorded if each["resource_type"] == "PASSKEY"]
    assert [each["action"] for each in events] == ["CREATE", "UPDATE", "DELETE"]
    assert {each["resource_id"] for each in events} == {passkey["id"]}
    assert events[1]["details"]["old_value"] == "lap top"
    assert events[1]["details"]["new_value"] == "Work laptop"
    switched = await door.events("TWO_FACTOR_ENABLE", "TWO_FACTOR_DISABLE")
    assert [each["action"] for each in switched] == ["TWO_FACTOR_ENABLE", "TWO_FACTOR_DISABLE"]
    assert {each["details"]["method"] for each in switched} == {"passkey"}
    told = [each["text"] for each in await door.mails() if "two-factor" in each["subject"]]
    assert "a passkey was added" in told[0]
    assert "a passkey was removed" in told[1]


async def test_another_persons_passkey_is_not_found(
    door: Door, ada: str, laptop: Authenticator, password_hash: str
) -> None:
    await door.add_person("bob@example.com", user_id="bob", password_hash=password_hash)
    async with door.browser() as browser, door.browser() as bobs:
        await browser.sign_in()
        path = f"/me/passkeys/{(await add_passkey(browser, laptop))['passkey']['id']}"
        await bobs.sign_in("bob@example.com")
        assert code_of(await bobs.delete(path)) == (404, "PASSKEY_NOT_FOUND")
        answer = await bobs.request("PATCH", path, {"name": "mine"})
        assert code_of(answer) == (404, "PASSKEY_NOT_FOUND")
        assert code_of(await bobs.delete("/me/passkeys/%00")) == (404, "PASSKEY_NOT_FOUND")
        assert len((await ok(browser.get("/me/passkeys")))["items"]) == 1


async def test_a_credential_is_registered_once_for_whomever(
    door: Door, ada: str, laptop: Authenticator, password_hash: str
) -> None:
    await door.add_person("bob@example.com", user_id="bob", password_hash=password_hash)
    async with door.browser() as browser, door.browser() as bobs:
        await browser.sign_in()
        await add_passkey(browser, laptop)
        await bobs.sign_in("bob@example.com")
        for person, excluded in ((browser, 1), (bobs, 0)):
            begun = await ok(person.post("/me/passkeys/options", {}))
            assert len(begun["public_key"]["excludeCredentials"]) == excluded
            made = laptop.attest(laptop.credentials[0], begun["public_key"])
            body = {"ticket": begun["ticket"], "name": "again", "credential": made}
            assert code_of(await person.post("/me/passkeys", body)) == (409, "PASSKEY_EXISTS")


async def test_which_organization_a_passkey_opens(
    door: Door, ada: str, laptop: Authenticator
) -> None:
    await door.add_membership(ada, ADA, "TESTER", OTHER, "ada-there")
    async with door.browser() as browser:
        await browser.sign_in(organization=ACME)
        await add_passkey(browser, laptop)
        for asked, user_id in ((None, "ada"), (OTHER, "ada-there"), (None, "ada-there")):
            door.clock.advance(LATER)
            answer = await passkey_sign_in(browser, laptop, organization=asked)
            assert answer.json()["me"]["user_id"] == user_id
        answer = await passkey_sign_in(browser, laptop, organization="elsewhere")
        assert code_of(answer) == (401, "PASSKEY_REJECTED")
    # The account is one: each of its organizations has the change in its own log.
    enabled = await door.events("TWO_FACTOR_ENABLE")
    assert {(each["organization"], each["user_id"]) for each in enabled} == {
        ("acme", "ada"),
        ("other", "ada-there"),
    }


async def test_both_kinds_beside_each_other(door: Door, ada: str, laptop: Authenticator) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        await enrol_totp(door, browser)
        await add_passkey(browser, laptop)
        await ok(browser.delete("/me/totp"), 204)
        assert len(await door.events("TWO_FACTOR_DISABLE")) == 1
    async with door.metadata.reading() as session:
        left = await second_factors_of(session, ada)
    assert left == {Factor.PASSKEY, Factor.RECOVERY_CODE}


async def test_at_an_address_without_passkeys(door: Door, ada: str) -> None:
    elsewhere = at_address(door, "http://127.0.0.1:8080")
    async with elsewhere.browser() as browser:
        await browser.sign_in()
        for path in ("/me/passkeys/options", "/sign-in/passkey/options"):
            answer = await browser.post(path, {})
            assert code_of(answer) == (409, "PASSKEYS_UNAVAILABLE")
