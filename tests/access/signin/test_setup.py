from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx2
from sqlalchemy import select

from tests.access.signin.conftest import ACME, ADA, ANOTHER, PASSWORD, URL, Door, Json, code_of
from trailkeeper.access.people.tables import MemberRow
from trailkeeper.access.signin.setup import setup_link


async def new_token(door: Door) -> str:
    async with door.metadata.transaction() as session:
        link = await setup_link(session, URL, ACME, door.clock())
    assert link.startswith(f"{URL}/setup#")
    return link.partition("#")[2]


def first(token: str, email: str = ADA, **more: str) -> Json:
    return {"token": token, "email": email, "name": "Ada", "password": PASSWORD, **more}


async def set_up(door: Door, body: Json) -> httpx2.Response:
    async with door.browser() as browser:
        return await browser.post("/setup", body)


async def test_the_link_makes_the_first_super_admin(door: Door) -> None:
    token = await new_token(door)
    async with door.browser() as browser:
        assert (await browser.get("/setup")).json() == {"needed": True, "demo": False}
        answer = await browser.post("/setup", first(token, organization_name="Acme Research"))
        assert answer.status_code == 200, answer.text
        me = (await browser.get("/me")).json()
        assert (await browser.get("/setup")).json() == {"needed": False, "demo": False}

    assert (me["role"], me["email"], me["organization"]["name"]) == (
        "SUPER_ADMIN",
        ADA,
        "Acme Research",
    )
    told = [(each["action"], each["resource_type"]) for each in await door.events()]
    assert told == [("CREATE", "USER"), ("UPDATE", "ORGANIZATION"), ("LOGIN", "USER")]
    assert {each["user_id"] for each in await door.events()} == {me["user_id"]}
    # To who has just set up the service, their own browser is no news.
    assert await door.mails() == []
    async with door.browser() as browser:
        await browser.sign_in()


async def test_setup_link_reuse(door: Door) -> None:
    token, other = await new_token(door), await new_token(door)
    assert (await set_up(door, first(token))).status_code == 200
    for each in (token, other, "x" * 43):
        again = await set_up(door, first(each, "eve@example.com"))
        assert code_of(again) == (404, "LINK_INVALID")


async def test_concurrent_use_of_setup_links(door: Door) -> None:
    token, other = await new_token(door), await new_token(door)
    bodies = [
        first(token, "one@example.com"),
        first(token, "two@example.com"),
        first(other, "three@example.com"),
    ]
    answers = await asyncio.gather(*(set_up(door, body) for body in bodies))
    assert sorted(each.status_code for each in answers) == [200, 404, 404]
    async with door.metadata.reading() as session:
        assert len((await session.scalars(select(MemberRow))).all()) == 1


async def test_a_setup_link_expires(door: Door) -> None:
    token = await new_token(door)
    door.clock.advance(timedelta(hours=24))
    assert code_of(await set_up(door, first(token))) == (404, "LINK_INVALID")


async def test_what_is_refused_leaves_the_link_good(door: Door) -> None:
    token = await new_token(door)
    for change, code in (
        ({"password": "short"}, "PASSWORD_TOO_SHORT"),
        ({"password": "acmeacmeacme"}, "WEAK_PASSWORD"),
        ({"email": "no address"}, "INVALID_EMAIL"),
        ({"name": "\x07"}, "INVALID_NAME"),
        ({"organization_name": " "}, "INVALID_NAME"),
    ):
        assert code_of(await set_up(door, {**first(token), **change})) == (400, code)
    assert (await set_up(door, first(token, password=ANOTHER))).status_code == 200
