from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import select

from tests.access.signin.conftest import ADA, ANOTHER, OTHER, PASSWORD, URL, Door, Json, code_of
from tests.access.signin.test_sign_in import set_status, statements
from trailkeeper.access.people.tables import LinkRow, PersonRow
from trailkeeper.access.signin.tables import TotpRow
from trailkeeper.store.tables import JobRow

LINK = re.compile(r"(https?://\S+)/reset#([A-Za-z0-9_-]{43})")


async def ask(door: Door, email: str = ADA, **headers: str) -> httpx2.Response:
    async with door.browser() as browser:
        return await browser.post("/password-resets", {"email": email}, **headers)


async def mailed_token(door: Door, **headers: str) -> str:
    assert (await ask(door, **headers)).status_code == 202
    await door.work()
    found = LINK.search((await door.mails())[-1]["text"])
    assert found is not None
    assert found[1] == URL
    return found[2]


async def confirm(door: Door, token: str, password: str = ANOTHER) -> httpx2.Response:
    async with door.browser() as browser:
        return await browser.post(
            "/password-resets/confirm", {"token": token, "password": password}
        )


async def test_a_password_is_reset_by_mail(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        answer = await confirm(door, await mailed_token(door))
        assert (answer.status_code, answer.content) == (204, b"")
        assert "__Host-trailkeeper=" not in answer.headers.get("set-cookie", "")
        assert code_of(await browser.get("/me")) == (401, "SESSION_INVALID")
        assert (await browser.try_sign_in(password=PASSWORD)).status_code == 401
        await browser.sign_in(password=ANOTHER)

    asked, done = await door.events("PASSWORD_RESET_REQUEST", "PASSWORD_RESET")
    assert "user_id" not in asked
    assert (asked["resource_id"], done["resource_id"]) == ("ada", "ada")
    assert (done["user_id"], done["details"]) == ("ada", {"sessions_ended": 1})
    subjects = [mail["subject"] for mail in await door.mails()]
    assert any("password was changed" in each for each in subjects)


async def test_reset_enumeration_by_body_status_and_steps(door: Door, ada: str) -> None:
    answers, made = [], []
    for email in (ADA, "nobody@example.com", "no address"):
        with statements() as asked:
            answers.append(await ask(door, email))
        made.append(asked)
    assert {each.status_code for each in answers} == {202}
    assert {each.content for each in answers} == {b'{"status":"accepted"}'}
    assert made[0] == made[1] == made[2]
    assert await door.mails() == []


async def test_no_mail_goes_to_who_has_no_account_or_no_way_in(door: Door, ada: str) -> None:
    await set_status(door, "ada", "disabled")
    for email in (ADA, "nobody@example.com", "nul\0@example.com"):
        await ask(door, email)
    await door.work()
    assert await door.mails() == []
    async with door.metadata.reading() as session:
        assert (await session.scalars(select(LinkRow))).all() == []
        # What somebody typed is not kept.
        assert (await session.scalars(select(JobRow).where(JobRow.kind.like("%asked")))).all() == []


async def test_reset_link_reuse(door: Door, ada: str) -> None:
    token = await mailed_token(door)
    assert (await confirm(door, token)).status_code == 204
    again = await confirm(door, token, "third password of this test")
    unknown = await confirm(door, "x" * 43)
    assert code_of(again) == code_of(unknown) == (404, "LINK_INVALID")
    assert again.json()["detail"] == unknown.json()["detail"]


async def test_concurrent_use_of_a_reset_link(door: Door, ada: str) -> None:
    token = await mailed_token(door)
    words = ["orange kettles sing", "velvet tractors dream", "quiet lanterns march"]
    answers = await asyncio.gather(*(confirm(door, token, f"{word} in winter") for word in words))
    assert sorted(each.status_code for each in answers) == [204, 404, 404]
    winner = next(word for word, each in zip(words, answers, strict=True) if each.is_success)
    async with door.browser() as browser:
        await browser.sign_in(password=f"{winner} in winter")


async def test_a_reset_link_expires(door: Door, ada: str) -> None:
    token = await mailed_token(door)
    door.clock.advance(timedelta(minutes=30))
    assert code_of(await confirm(door, token)) == (404, "LINK_INVALID")


async def test_one_reset_voids_the_other_links(door: Door, ada: str) -> None:
    first, second = await mailed_token(door), await mailed_token(door)
    assert first != second
    assert (await confirm(door, second)).status_code == 204
    assert code_of(await confirm(door, first)) == (404, "LINK_INVALID")


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"X_Forwarded_Host": "evil.example"},
        {"Forwarded": "host=evil.example;proto=http"},
        {"Host": "audit.example.com@evil.example"},
    ],
)
async def test_host_header_poisoning_of_mailed_links(
    door: Door, ada: str, headers: dict[str, str]
) -> None:
    """Links lead to the address in the settings, whichever one the request came in by."""
    await mailed_token(door, **headers)
    assert "evil.example" not in str(await door.mails())


async def test_nobody_is_flooded_with_reset_mails(door: Door, ada: str) -> None:
    for _ in range(10):
        assert (await ask(door)).status_code == 202
    await door.work()
    assert len(await door.mails()) == 3


async def test_an_address_that_asks_without_end_has_to_wait(door: Door, ada: str) -> None:
    answers = [await ask(door, f"user{number}@example.com") for number in range(21)]
    assert [each.status_code for each in answers] == [202] * 20 + [429]


async def test_a_reset_gives_the_locked_out_owner_a_way_in(door: Door, ada: str) -> None:
    """While somebody guesses at an account, only its known devices may try."""
    async with door.browser("198.51.100.1") as attacker:
        for _ in range(6):
            refused = await attacker.try_sign_in(password=ANOTHER)
    assert refused.status_code == 429
    token = await mailed_token(door)
    async with door.browser() as owner:
        assert (await owner.try_sign_in()).status_code == 429
        await owner.post("/password-resets/confirm", {"token": token, "password": ANOTHER})
        await owner.sign_in(password=ANOTHER)


async def test_a_reset_does_not_get_past_the_second_factor(door: Door, ada: str) -> None:
    async with door.metadata.transaction() as session:
        session.add(
            TotpRow(
                person=ada, sealed_secret="", created_at=door.clock(), confirmed_at=door.clock()
            )
        )
    await confirm(door, await mailed_token(door))
    async with door.browser() as browser:
        view = (await browser.try_sign_in(password=ANOTHER)).json()
        assert (view["status"], browser.token) == ("second_factor_needed", "")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "PASSWORD_TOO_SHORT"),
        ("ada@example.com", "WEAK_PASSWORD"),
        ("x" * 257, "PASSWORD_TOO_LONG"),
    ],
)
async def test_a_refused_password_leaves_the_link_good(
    door: Door, ada: str, password: str, code: str
) -> None:
    token = await mailed_token(door)
    assert code_of(await confirm(door, token, password)) == (400, code)
    assert (await confirm(door, token)).status_code == 204


async def test_changing_the_password_ends_the_other_sessions(door: Door, ada: str) -> None:
    await door.add_membership(ada, ADA, "TESTER", OTHER, "ada-there")
    body = {"current_password": PASSWORD, "new_password": ANOTHER}
    async with door.browser() as one, door.browser() as two:
        await one.sign_in(organization="acme")
        await two.sign_in(organization="other")
        assert (await one.post("/me/password", body)).status_code == 204
        assert (await one.get("/me")).status_code == 200
        assert code_of(await two.get("/me")) == (401, "SESSION_INVALID")
        await two.sign_in(password=ANOTHER)

    events = await door.events("PASSWORD_CHANGE")
    assert [(each["organization"], each["user_id"]) for each in events] == [
        ("acme", "ada"),
        ("other", "ada-there"),
    ]
    async with door.metadata.reading() as session:
        changed_at = await session.scalar(select(PersonRow.password_changed_at))
    assert changed_at == door.clock()


async def test_a_hijacked_session_cannot_guess_the_password(door: Door, ada: str) -> None:
    body: Json = {"current_password": "not this one", "new_password": ANOTHER}
    async with door.browser() as browser:
        await browser.sign_in()
        answers = [await browser.post("/me/password", body) for _ in range(6)]
    assert [each.status_code for each in answers] == [422] * 5 + [429]
    events = await door.events("PASSWORD_CHANGE")
    assert [each["status"] for each in events] == ["FAILED"] * 5
