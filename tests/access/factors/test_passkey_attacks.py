"""Attacks on passkeys, each by its name."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.access.factors.authenticator import Authenticator, encode
from tests.access.factors.conftest import Json, add_passkey, ok, passkey_sign_in, ticket_for
from tests.access.signin.conftest import ADA, URL, Browser, Door, code_of

BOB = "bob@example.com"
REJECTED = (401, "PASSKEY_REJECTED")


@pytest.fixture
async def key(door: Door, ada: str, laptop: Authenticator) -> Authenticator:
    """Ada's authenticator, registered; nobody is signed in."""
    await register(door, laptop, ADA)
    return laptop


async def register(door: Door, authenticator: Authenticator, email: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in(email)
        await add_passkey(browser, authenticator)
        await ok(browser.post("/sign-out"), 204)


@pytest.fixture
async def bobs(door: Door, password_hash: str) -> Authenticator:
    """Bob's authenticator, registered."""
    await door.add_person(BOB, user_id="bob", password_hash=password_hash)
    made = Authenticator(URL)
    await register(door, made, BOB)
    return made


async def begin(browser: Browser) -> Json:
    begun: Json = await ok(browser.post("/sign-in/passkey/options", {}))
    return begun


async def answered(browser: Browser, begun: Json, credential: Json) -> Any:
    body = {"ticket": begun["ticket"], "credential": credential}
    return await browser.post("/sign-in/passkey", body)


async def reasons(door: Door) -> list[str]:
    return [each["details"]["reason"] for each in await door.events("LOGIN_FAILED")]


async def test_challenge_replay(door: Door, key: Authenticator) -> None:
    """Of an authenticator that does not count, which nothing else would give away."""
    key.counts = False
    async with door.browser() as browser, door.browser() as thief:
        begun = await begin(browser)
        credential = key.get(begun["public_key"])
        assert (await answered(browser, begun, credential)).status_code == 200
        assert code_of(await answered(thief, begun, credential)) == REJECTED
        # Nor with a ticket of one's own: its challenge is another.
        assert code_of(await answered(thief, await begin(thief), credential)) == REJECTED
    assert await reasons(door) == ["challenge_replayed", "wrong_passkey"]


async def test_challenge_race(door: Door, key: Authenticator) -> None:
    key.counts = False
    async with door.browser() as browser, door.browser() as thief:
        begun = await begin(browser)
        credential = key.get(begun["public_key"])
        answers = await asyncio.gather(
            answered(browser, begun, credential), answered(thief, begun, credential)
        )
    assert sorted(each.status_code for each in answers) == [200, 401]


async def test_challenge_replay_in_a_second_step(door: Door, key: Authenticator) -> None:
    key.counts = False
    async with door.browser() as browser:
        ticket = await ticket_for(browser)
        path = "/sign-in/second-factor/options"
        options = (await ok(browser.post(path, {"ticket": ticket})))["public_key"]
        right = key.get(options)
        wrong = {**right, "response": {**right["response"], "signature": encode(b"forged")}}
        for credential, expected in ((wrong, 401), (right, 401)):
            # The wrong try has used the challenge up.
            body = {"ticket": ticket, "method": "passkey", "credential": credential}
            answer = await browser.post("/sign-in/second-factor", body)
            assert answer.status_code == expected
        options = (await ok(browser.post(path, {"ticket": ticket})))["public_key"]
        body["credential"] = key.get(options)
        assert (await browser.post("/sign-in/second-factor", body)).status_code == 200


async def test_challenge_replay_in_a_registration(
    door: Door, ada: str, laptop: Authenticator
) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        begun = await ok(browser.post("/me/passkeys/options", {}))
        body = {"ticket": begun["ticket"], "name": "one", "credential": {"id": "nothing"}}
        answer = await browser.post("/me/passkeys", body)
        assert code_of(answer) == (422, "PASSKEY_NOT_ACCEPTED")
        body["credential"] = laptop.create(begun["public_key"])
        assert code_of(await browser.post("/me/passkeys", body)) == (422, "TICKET_INVALID")
        assert (await ok(browser.get("/me/passkeys")))["items"] == []


async def test_a_registration_begun_in_another_session(
    door: Door, key: Authenticator, bobs: Authenticator
) -> None:
    """Nobody gets their authenticator into somebody else's account, or their own into mine."""
    async with door.browser() as browser, door.browser() as thief:
        answer = await passkey_sign_in(browser, key)
        browser.csrf_token = answer.json()["me"]["csrf_token"]
        answer = await passkey_sign_in(thief, bobs)
        thief.csrf_token = answer.json()["me"]["csrf_token"]
        begun = await ok(thief.post("/me/passkeys/options", {}))
        credential = Authenticator(URL).create(begun["public_key"])
        body = {"ticket": begun["ticket"], "name": "bob's", "credential": credential}
        assert code_of(await browser.post("/me/passkeys", body)) == (422, "TICKET_INVALID")


@pytest.mark.parametrize(
    "misbehaviour",
    [
        {"origin": "https://audit.example.com.evil.example"},
        {"origin": "http://audit.example.com"},
        {"rp_id": "evil.example"},
        {"cross_origin": True},
        {"verifies_user": False},
    ],
)
async def test_wrong_origin_or_party_or_nobody_there(
    door: Door, key: Authenticator, misbehaviour: Json
) -> None:
    for name, value in misbehaviour.items():
        setattr(key, name, value)
    async with door.browser() as browser:
        assert code_of(await passkey_sign_in(browser, key)) == REJECTED
        assert not browser.token
    assert await reasons(door) == ["wrong_passkey"]


async def test_wrong_origin_in_a_registration(door: Door, ada: str) -> None:
    phished = Authenticator("https://audit.example.net")
    async with door.browser() as browser:
        await browser.sign_in()
        begun = await ok(browser.post("/me/passkeys/options", {}))
        credential = phished.create(begun["public_key"])
        body = {"ticket": begun["ticket"], "name": "x", "credential": credential}
        answer = await browser.post("/me/passkeys", body)
        assert code_of(answer) == (422, "PASSKEY_NOT_ACCEPTED")


async def test_the_host_header_decides_nothing(door: Door, key: Authenticator) -> None:
    async with door.browser() as browser:
        begun = await ok(browser.post("/sign-in/passkey/options", {}, Host="evil.example"))
        assert begun["public_key"]["rpId"] == "audit.example.com"
        key.origin = "https://evil.example"
        body = {"ticket": begun["ticket"], "credential": key.get(begun["public_key"])}
        answer = await browser.post("/sign-in/passkey", body, Host="evil.example")
        assert code_of(answer) == REJECTED


async def test_another_users_credential(
    door: Door, key: Authenticator, bobs: Authenticator
) -> None:
    async with door.browser() as browser:
        # Beside Ada's password, Bob's passkey.
        ticket = await ticket_for(browser)
        path = "/sign-in/second-factor/options"
        options = (await ok(browser.post(path, {"ticket": ticket})))["public_key"]
        credential = bobs.assert_with(bobs.credentials[0], options)
        body = {"ticket": ticket, "method": "passkey", "credential": credential}
        answer = await browser.post("/sign-in/second-factor", body)
        assert code_of(answer) == (401, "SECOND_FACTOR_WRONG")

        # Bob's authenticator saying that it speaks for Ada, and Bob's under Ada's id.
        begun = await begin(browser)
        credential = bobs.get(begun["public_key"])
        credential["response"]["userHandle"] = encode(key.credentials[0].user_handle)
        assert code_of(await answered(browser, begun, credential)) == REJECTED
        credential = bobs.get(begun["public_key"])
        credential["id"] = credential["rawId"] = encode(key.credentials[0].id)
        assert code_of(await answered(browser, begun, credential)) == REJECTED
        # One that says for nobody.
        credential = key.get(begun["public_key"])
        credential["response"]["userHandle"] = None
        assert code_of(await answered(browser, begun, credential)) == REJECTED
        assert not browser.token


async def test_cloned_authenticator(door: Door, key: Authenticator) -> None:
    clone = key.clone()
    async with door.browser() as browser, door.browser() as thief:
        for _ in range(3):
            assert (await passkey_sign_in(browser, key)).status_code == 200
        assert code_of(await passkey_sign_in(thief, clone)) == REJECTED
        door.clock.advance(timedelta(days=1))
        ticket = await ticket_for(thief)
        path = "/sign-in/second-factor/options"
        options = (await ok(thief.post(path, {"ticket": ticket})))["public_key"]
        body = {"ticket": ticket, "method": "passkey", "credential": clone.get(options)}
        answer = await thief.post("/sign-in/second-factor", body)
        assert code_of(answer) == (401, "SECOND_FACTOR_WRONG")
    assert await reasons(door) == ["sign_count_regressed"] * 2
    mails = [each for each in await door.mails() if "copied" in each["subject"]]
    assert [each["to"] for each in mails] == [ADA, ADA]
    assert all("Passkey: laptop" in each["text"] for each in mails)


async def test_a_forgery_does_not_pass_for_a_clone(door: Door, key: Authenticator) -> None:
    """A low count that nobody signed says nothing about the authenticator."""
    async with door.browser() as browser, door.browser() as thief:
        assert (await passkey_sign_in(browser, key)).status_code == 200
        begun = await begin(thief)
        key.credentials[0].sign_count = 0
        key.counts = False
        credential = key.get(begun["public_key"])
        credential["response"]["signature"] = encode(b"0" * 70)
        assert code_of(await answered(thief, begun, credential)) == REJECTED
    assert await reasons(door) == ["wrong_passkey"]


async def test_nothing_tells_who_has_a_passkey(door: Door, key: Authenticator) -> None:
    unknown = Authenticator(URL)
    async with door.browser() as browser:
        first, second = await begin(browser), await begin(browser)
        assert first["public_key"].pop("challenge") != second["public_key"].pop("challenge")
        assert first["public_key"] == second["public_key"]
        assert first["public_key"]["allowCredentials"] == []

        options = {**(await begin(browser))["public_key"]}
        creation = {
            **options,
            "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
            "excludeCredentials": [],
            "rp": {"id": options["rpId"]},
            "user": {"id": encode(b"nobody")},
        }
        unknown.create(creation)
        stranger = await passkey_sign_in(browser, unknown)
        key.verifies_user = False
        known = await passkey_sign_in(browser, key)
        for answer in (stranger, known):
            answer.json().pop("request_id", None)
        told = [
            {name: value for name, value in each.json().items() if name != "request_id"}
            for each in (stranger, known)
        ]
    assert told[0] == told[1]
    assert stranger.status_code == known.status_code == 401


async def test_brute_force_from_one_address(door: Door, key: Authenticator) -> None:
    async with door.browser() as thief, door.browser("198.51.100.9") as owner:
        begun = await begin(thief)
        body = {"ticket": begun["ticket"], "credential": {"id": "guess"}}
        codes = [code_of(await thief.post("/sign-in/passkey", body)) for _ in range(31)]
        assert codes[:30] == [REJECTED] * 30
        assert codes[30] == (429, "TOO_MANY_TRIES")
        assert (await passkey_sign_in(owner, key)).status_code == 200


@pytest.mark.parametrize("ticket", ["x", "AAAA" * 20, "é", "\0"])
async def test_a_made_up_ticket(door: Door, key: Authenticator, ticket: str) -> None:
    async with door.browser() as thief:
        options = (await begin(thief))["public_key"]
        body = {"ticket": ticket, "credential": key.get(options)}
        answer = await thief.post("/sign-in/passkey", body)
        assert code_of(answer) == (401, "TICKET_INVALID")


async def test_a_removed_passkey_opens_nothing(door: Door, key: Authenticator) -> None:
    async with door.browser() as browser, door.browser() as thief:
        answer = await passkey_sign_in(browser, key)
        browser.csrf_token = answer.json()["me"]["csrf_token"]
        [passkey] = (await ok(browser.get("/me/passkeys")))["items"]
        await ok(browser.delete(f"/me/passkeys/{passkey['id']}"), 204)
        assert code_of(await passkey_sign_in(thief, key)) == REJECTED
