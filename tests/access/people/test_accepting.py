"""Accepting an invitation: once, in time, and by whom it is for."""

from __future__ import annotations

import asyncio

import pytest

from tests.access.people.conftest import PASSWORD, House, Json
from tests.access.people.test_invitations import accept, invited
from tests.access.signin.conftest import ANOTHER
from trailkeeper.access.people.members import find_person
from trailkeeper.access.signin.tables import TotpRow


async def elsewhere(house: House) -> None:
    """Grace has an account, as a member of another organization."""
    other, _ = await house.service.new_organization()
    await house.add("g", organization=other, email="grace@example.com")


async def password_hash_of(house: House, email: str) -> str | None:
    async with house.metadata.reading() as session:
        person = await find_person(session, email)
    return person.password_hash if person is not None else None


async def test_the_link_alone_never_takes_an_existing_account_in(house: House) -> None:
    await elsewhere(house)
    token = await invited(house)
    before = await password_hash_of(house, "grace@example.com")
    async with house.browser() as browser:
        read = (await browser.post("/invitations/read", {"token": token})).json()
        nothing = await accept(browser, token)
        wrong = await accept(browser, token, password=ANOTHER)
        cookies = dict(browser.client.cookies)
        right = await accept(browser, token, password=PASSWORD)
        me = (await browser.get("/me")).json()

    assert read["has_account"] is True
    assert [(a.status_code, a.json()["code"]) for a in (nothing, wrong)] == [
        (401, "ACCOUNT_PROOF_NEEDED")
    ] * 2
    assert cookies == {}
    assert right.status_code == 200, right.text
    assert len(me["organizations"]) == 2
    # Not even the right password sets it anew.
    assert await password_hash_of(house, "grace@example.com") == before


async def test_the_owners_session_is_proof_too(house: House) -> None:
    await elsewhere(house)
    await house.add("eve")
    token = await invited(house)
    async with house.browser("eve") as eve:
        stranger = await accept(eve, token)
    async with house.browser() as grace:
        await grace.sign_in("grace@example.com")
        earlier = grace.token
        forged = await grace.post("/invitations/accept", {"token": token}, X_CSRF_Token="wrong")
        accepted = await accept(grace, token)
        later = grace.token
        me = (await grace.get("/me")).json()
        grace.client.cookies.clear()
        replaced = await grace.get("/me", Cookie=f"__Host-trailkeeper={earlier}")

    assert (stranger.status_code, stranger.json()["code"]) == (401, "ACCOUNT_PROOF_NEEDED")
    assert (forged.status_code, forged.json()["code"]) == (403, "CSRF_TOKEN_WRONG")
    assert accepted.status_code == 200, accepted.text
    assert me["organization"]["id"] == house.organization
    assert earlier != later
    assert replaced.status_code == 401


async def test_another_site_cannot_make_a_browser_accept(house: House) -> None:
    token = await invited(house)
    async with house.browser() as browser:
        foreign = await browser.post(
            "/invitations/accept",
            {"token": token, "password": ANOTHER},
            Origin="https://evil.example",
        )

    assert (foreign.status_code, foreign.json()["code"]) == (403, "ORIGIN_NOT_ALLOWED")


async def test_a_second_factor_is_asked_for(house: House) -> None:
    await elsewhere(house)
    async with house.metadata.transaction() as session:
        person = await find_person(session, "grace@example.com")
        assert person is not None
        session.add(
            TotpRow(
                person=person.id,
                sealed_secret="x",
                created_at=house.clock(),
                confirmed_at=house.clock(),
            )
        )
    token = await invited(house)
    async with house.browser() as browser:
        answer = await accept(browser, token, password=PASSWORD)
        cookie = browser.token

    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "second_factor_needed"
    assert answer.json()["methods"] == ["totp"]
    assert cookie == ""


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "PASSWORD_NEEDED"),
        ({"password": "short"}, "PASSWORD_TOO_SHORT"),
        ({"password": "password1234"}, "WEAK_PASSWORD"),
        ({"password": "grace@example.com"}, "WEAK_PASSWORD"),
        ({"password": ANOTHER, "name": "a\nb\0"}, "INVALID_NAME"),
    ],
)
async def test_a_new_account_needs_a_good_password_and_the_link_stays_good(
    house: House, body: Json, code: str
) -> None:
    token = await invited(house)
    async with house.browser() as browser:
        answer = await accept(browser, token, **body)
        later = await accept(browser, token, password=ANOTHER)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert later.status_code == 200, later.text


async def test_of_several_who_accept_at_once_one_gets_in(house: House) -> None:
    token = await invited(house)

    async def try_it() -> int:
        async with house.browser() as browser:
            return int((await accept(browser, token, password=ANOTHER)).status_code)

    statuses = sorted(await asyncio.gather(*(try_it() for _ in range(3))))

    assert statuses[0] == 200
    assert set(statuses[1:]) <= {401, 404, 409}
    async with house.client() as client:
        active = (await client.get("/users/", params={"status": "active"})).json()["items"]
    assert len(active) == 1


async def test_guessing_tokens_is_slowed_down(house: House) -> None:
    async with house.browser() as browser:
        statuses = [
            (await browser.post("/invitations/read", {"token": f"guess-{each}"})).status_code
            for each in range(22)
        ]

    assert (statuses[0], statuses[-1]) == (404, 429)
