"""Invitations: sent, sent again, revoked; accepted once, and by whom they are for."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.access.people.conftest import PASSWORD, PUBLIC_URL, House, Json
from tests.access.signin.conftest import ANOTHER, Browser
from trailkeeper.access.people.members import MemberStatus

GRACE: Json = {"email": "Grace@Example.com", "name": "Grace Hopper", "role": "DEVELOPER"}
LINK = re.compile(re.escape(PUBLIC_URL) + r"/invitation#([\w-]{43})\b")


async def mailed_token(house: House) -> str:
    """The token of the latest mail."""
    found = LINK.search((await house.mails())[-1]["text"])
    assert found is not None
    return found[1]


async def invited(house: House, **changes: Any) -> str:
    async with house.client() as client:
        answer = await client.post("/invitations/", json={**GRACE, **changes})
    assert answer.status_code == 201, answer.text
    return await mailed_token(house)


async def accept(browser: Browser, token: str, **more: Any) -> Any:
    return await browser.post("/invitations/accept", {"token": token, **more})


async def refused(house: House, token: str) -> bool:
    """Whether a token is good for nothing, whatever is brought along."""
    async with house.browser() as browser:
        read = await browser.post("/invitations/read", {"token": token})
        tried = await accept(browser, token, password=ANOTHER)
    codes = {(read.status_code, read.json().get("code")), (tried.status_code, tried.json()["code"])}
    return codes == {(404, "LINK_INVALID")}


async def test_someone_new_is_invited_and_comes_in(house: House) -> None:
    token = await invited(house, user_id="user/7")
    async with house.client() as client, house.browser() as browser:
        listed = (await client.get("/invitations/")).json()["items"]
        before = (await client.get("/users/user%2F7")).json()
        read = (await browser.post("/invitations/read", {"token": token})).json()
        answer = await accept(browser, token, name="Grace B. Hopper", password=ANOTHER)
        me = (await browser.get("/me")).json()
        after = (await client.get("/users/user%2F7")).json()
        left = (await client.get("/invitations/")).json()["items"]
    async with house.browser() as another:
        await another.sign_in("grace@example.com", ANOTHER)

    assert listed == [
        {
            "user_id": "user/7",
            "email": "grace@example.com",
            "name": "Grace Hopper",
            "role": "DEVELOPER",
            "invited_at": "2026-03-04T12:00:00Z",
            "expires_at": "2026-03-11T12:00:00Z",
            "is_expired": False,
        }
    ]
    assert read == {
        "organization": house.organization,
        "email": "grace@example.com",
        "name": "Grace Hopper",
        "role": "DEVELOPER",
        "has_account": False,
        "expires_at": "2026-03-11T12:00:00Z",
    }
    assert (before["status"], before["permissions"]) == ("invited", [])
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "signed_in"
    assert (me["user_id"], me["role"], me["name"]) == ("user/7", "DEVELOPER", "Grace B. Hopper")
    assert (after["status"], after["permissions"], left) == ("active", ["event:write"], [])
    assert await refused(house, token)


async def test_inviting_and_accepting_are_on_the_record(house: House) -> None:
    await house.add("boss", "SUPER_ADMIN")
    async with house.browser("boss") as boss:
        await boss.post("/invitations/", {**GRACE, "user_id": "grace"})
    token = await mailed_token(house)
    async with house.browser() as browser:
        await accept(browser, token, password=ANOTHER)
    invite, accepted, login = (await house.events("INVITE", "ACCEPT_INVITATION", "LOGIN"))[-3:]

    assert (invite["action"], invite["user_id"], invite["resource_id"]) == (
        "INVITE",
        "boss",
        "grace",
    )
    assert invite["details"]["email"] == "grace@example.com"
    assert (accepted["action"], accepted["user_id"], accepted["resource_id"]) == (
        "ACCEPT_INVITATION",
        "grace",
        "grace",
    )
    assert accepted["details"]["is_new_account"] is True
    assert (login["action"], login["details"]["method"]) == ("LOGIN", "invitation")
    assert token not in str(await house.events())


async def test_a_mailed_link_is_on_the_public_address(house: House) -> None:
    async with house.client() as client:
        await client.post("/invitations/", json=GRACE, headers={"Host": "evil.example"})
    [mail] = await house.mails()

    assert mail["to"] == "grace@example.com"
    assert LINK.search(mail["text"])
    assert "evil" not in mail["text"]


async def test_a_resent_invitation_makes_the_old_link_void(house: House) -> None:
    old = await invited(house, user_id="grace")
    house.clock.advance(timedelta(days=6))
    async with house.client() as client:
        answer = await client.post("/invitations/grace/resend")
        listed = (await client.get("/invitations/")).json()["items"]
    new = await mailed_token(house)
    assert await refused(house, old)
    house.clock.advance(timedelta(days=6))
    async with house.browser() as browser:
        accepted = await accept(browser, new, password=ANOTHER)

    assert answer.json()["expires_at"] == "2026-03-17T12:00:00Z"
    assert listed == [answer.json()]
    assert accepted.status_code == 200, accepted.text


async def test_an_invitation_expires(house: House) -> None:
    token = await invited(house)
    house.clock.advance(timedelta(days=7))
    async with house.client() as client:
        [listed] = (await client.get("/invitations/")).json()["items"]

    assert listed["is_expired"] is True
    assert await refused(house, token)


@pytest.mark.parametrize("was_known", [True, False])
async def test_a_revoked_invitation_leaves_what_was(house: House, was_known: bool) -> None:
    if was_known:
        await house.add("grace", None, status=MemberStatus.OBSERVED, email="grace@example.com")
    token = await invited(house, **({} if was_known else {"user_id": "grace"}))
    async with house.client() as client:
        resent = await client.post("/invitations/grace/resend")
        answer = await client.delete("/invitations/grace")
        again = await client.delete("/invitations/grace")
        resend = await client.post("/invitations/grace/resend")
        grace = (await client.get("/users/grace")).json()

    assert resent.status_code == 200
    assert (answer.status_code, again.status_code, resend.status_code) == (204, 404, 404)
    assert again.json()["code"] == "INVITATION_NOT_FOUND"
    assert grace["status"] == ("observed" if was_known else "deleted")
    assert await refused(house, token)
    assert await refused(house, await mailed_token(house))


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"status": "disabled"}), ("DELETE", None)])
async def test_who_is_kept_out_cannot_accept(house: House, method: str, body: Json | None) -> None:
    token = await invited(house, user_id="grace")
    async with house.client() as client:
        answer = await client.request(method, "/users/grace", json=body)

    assert answer.status_code == 200, answer.text
    assert await refused(house, token)


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
async def test_a_changed_address_makes_the_link_void(house: House, method: str) -> None:
    token = await invited(house, user_id="grace")
    moved = {"name": "Grace", "email": "grace@new.example.com"}
    async with house.client() as client:
        await client.request(method, "/users/grace", json=moved)
        [listed] = (await client.get("/invitations/")).json()["items"]
        assert await refused(house, token)
        resent = (await client.post("/invitations/grace/resend")).json()
        [again] = (await client.get("/invitations/")).json()["items"]

    assert (listed["email"], listed["is_expired"]) == ("grace@new.example.com", True)
    assert (resent, again["is_expired"]) == (again, False)
    assert (await house.mails())[-1]["to"] == "grace@new.example.com"


async def test_whom_the_platform_told_of_is_found_by_the_email(house: House) -> None:
    async with house.client() as client:
        await client.put("/users/u-1", json={"name": "G", "email": "grace@example.com"})
        one = await client.post("/invitations/", json=GRACE)
        await client.delete("/invitations/u-1")
        await client.put("/users/u-2", json={"name": "G", "email": "grace@example.com"})
        several = await client.post("/invitations/", json=GRACE)
        named = await client.post("/invitations/", json={**GRACE, "user_id": "u-2"})

    assert one.json()["user_id"] == "u-1"
    assert (several.status_code, several.json()["code"]) == (409, "SEVERAL_USERS")
    assert several.json()["expected"] == ["u-1", "u-2"]
    assert named.json()["user_id"] == "u-2"


@pytest.mark.parametrize(
    ("standing", "code"),
    [
        ("active", "ALREADY_MEMBER"),
        ("invited", "ALREADY_INVITED"),
        ("disabled", "USER_DISABLED"),
    ],
)
@pytest.mark.parametrize("user_id", [None, "grace", "another"])
async def test_who_is_in_or_out_already_is_not_invited(
    house: House, standing: str, code: str, user_id: str | None
) -> None:
    await house.add("boss", "SUPER_ADMIN")
    status = MemberStatus.INVITED if standing == "invited" else MemberStatus.ACTIVE
    await house.add("grace", status=status)
    async with house.client() as client:
        if standing == "disabled":
            await client.patch("/users/grace", json={"status": "disabled"})
        answer = await client.post("/invitations/", json={**GRACE, "user_id": user_id})

    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert await house.mails() == []


async def test_who_was_deleted_may_be_invited_again(house: House) -> None:
    await house.add("boss", "SUPER_ADMIN")
    await house.add("grace", "ADMIN")
    async with house.client() as client:
        await client.delete("/users/grace")
    token = await invited(house)
    async with house.browser() as browser:
        accepted = await accept(browser, token, password=PASSWORD)
        me = (await browser.get("/me")).json()

    assert accepted.status_code == 200, accepted.text
    assert (me["user_id"], me["role"]) == ("grace", "DEVELOPER")


async def test_an_account_that_left_as_another_user_comes_back_as_the_invited_one(
    house: House,
) -> None:
    await house.add("boss", "SUPER_ADMIN")
    await house.add("old", "ADMIN", email="grace@example.com")
    async with house.client() as client:
        await client.delete("/users/old")
    token = await invited(house, user_id="new")
    async with house.browser() as browser:
        accepted = await accept(browser, token, password=PASSWORD)

    assert accepted.json()["me"]["user_id"] == "new", accepted.text


WRONG_INVITATIONS: list[tuple[Json, str]] = [
    ({"email": "nobody"}, "INVALID_EMAIL"),
    ({"role": "KING"}, "ROLE_UNKNOWN"),
    ({"name": "\0"}, "INVALID_NAME"),
    ({"user_id": "a\nb"}, "INVALID_USER_ID"),
    ({"name": 77}, "INVALID_REQUEST"),
    ({"colour": "blue"}, "INVALID_REQUEST"),
]


async def test_a_wrong_invitation_is_refused(house: House) -> None:
    for change, code in WRONG_INVITATIONS:
        async with house.client() as client:
            answer = await client.post("/invitations/", json={**GRACE, **change})

        assert (answer.status_code, answer.json()["code"]) == (400, code)
        assert await house.mails() == []
