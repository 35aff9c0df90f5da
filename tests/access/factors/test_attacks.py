"""Attacks on codes, tickets and recent proof, each by its name."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.access.factors.authenticator import Authenticator
from tests.access.factors.conftest import (
    LATER,
    STEP,
    App,
    add_passkey,
    enrol_totp,
    ok,
    second_step,
    ticket_for,
)
from tests.access.signin.conftest import ADA, ANOTHER, PASSWORD, URL, Browser, Door, code_of
from trailkeeper.access.people.members import MemberStatus
from trailkeeper.access.people.tables import MemberRow
from trailkeeper.access.signin.second_factor import MAX_TRIES
from trailkeeper.access.signin.tickets import TicketPurpose, issue_ticket

OWNERS = "198.51.100.9"


@pytest.fixture
async def app(door: Door, ada: str) -> App:
    """Ada's authenticator app; nobody is signed in."""
    return (await enrolled(door))[0]


async def enrolled(door: Door) -> tuple[App, list[str]]:
    async with door.browser(OWNERS) as browser:
        await browser.sign_in()
        made = await enrol_totp(door, browser)
        await ok(browser.post("/sign-out"), 204)
    return made


async def opened_by(door: Door, shown: Sequence[tuple[str, str]]) -> list[int]:
    """Shows all of them at once, each from a browser and on a ticket of its own."""

    everyone_has_a_ticket = asyncio.Barrier(len(shown))

    async def one(method: str, code: str) -> int:
        async with door.browser() as browser:
            ticket = await ticket_for(browser)
            await everyone_has_a_ticket.wait()
            answer = await second_step(browser, ticket, method, code)
            return int(answer.status_code)

    return sorted(await asyncio.gather(*(one(*each) for each in shown)))


async def test_totp_replay(door: Door, app: App) -> None:
    code = app.code()
    async with door.browser() as browser:
        assert (await second_step(browser, await ticket_for(browser), "totp", code)).is_success
    async with door.browser() as thief:
        ticket = await ticket_for(thief)
        answer = await second_step(thief, ticket, "totp", code)
        assert code_of(answer) == (401, "SECOND_FACTOR_WRONG")
        # The step before it is as used up, though its code was never shown.
        answer = await second_step(thief, ticket, "totp", app.code(-1))
        assert code_of(answer) == (401, "SECOND_FACTOR_WRONG")
        door.clock.advance(STEP)
        assert (await second_step(thief, ticket, "totp", code)).status_code == 401
        assert not thief.token
    failed = await door.events("LOGIN_FAILED")
    assert [each["details"]["reason"] for each in failed] == ["wrong_code"] * 3


async def test_totp_replay_of_the_code_that_confirmed_it(door: Door, ada: str) -> None:
    app, _ = await enrolled(door)
    async with door.browser() as thief:
        answer = await second_step(thief, await ticket_for(thief), "totp", app.code(-1))
        assert code_of(answer) == (401, "SECOND_FACTOR_WRONG")


async def test_totp_race(door: Door, app: App) -> None:
    assert await opened_by(door, [("totp", app.code())] * 4) == [200, 401, 401, 401]


async def test_recovery_code_reuse(door: Door, ada: str) -> None:
    _, codes = await enrolled(door)
    async with door.browser() as browser:
        ticket = await ticket_for(browser)
        assert (await second_step(browser, ticket, "recovery_code", codes[0])).is_success
    async with door.browser() as thief:
        answer = await second_step(thief, await ticket_for(thief), "recovery_code", codes[0])
        assert code_of(answer) == (401, "SECOND_FACTOR_WRONG")
    [failed] = await door.events("LOGIN_FAILED")
    assert failed["details"]["reason"] == "wrong_recovery_code"


async def test_recovery_code_race(door: Door, ada: str) -> None:
    _, codes = await enrolled(door)
    shown = [("recovery_code", codes[5])] * 4
    assert await opened_by(door, shown) == [200, 401, 401, 401]


async def test_one_ticket_opens_one_session(door: Door, app: App, ada: str) -> None:
    async with door.browser() as browser, door.browser() as thief:
        ticket = await ticket_for(browser)
        answers = await asyncio.gather(
            second_step(browser, ticket, "totp", app.code()),
            second_step(thief, ticket, "totp", app.code(1)),
        )
        assert sorted(each.status_code for each in answers) == [200, 401]
        answer = await second_step(thief, ticket, "totp", app.code(1))
        assert code_of(answer) == (401, "TICKET_INVALID")


async def test_brute_force_on_one_ticket(door: Door, app: App) -> None:
    async with door.browser() as thief:
        ticket = await ticket_for(thief)
        for left in range(MAX_TRIES - 1, -1, -1):
            answer = await second_step(thief, ticket, "totp", "000000")
            assert code_of(answer) == (401, "SECOND_FACTOR_WRONG")
            assert str(left or "Begin again") in answer.json()["hint"]
        door.clock.advance(timedelta(minutes=1))
        answer = await second_step(thief, ticket, "totp", app.code())
        assert code_of(answer) == (401, "TICKET_INVALID")
    [mail] = [each for each in await door.mails() if "second factor" in each["subject"]]
    assert mail["to"] == ADA
    assert "right password" in mail["text"]


async def test_brute_force_over_many_tickets(door: Door, app: App) -> None:
    """Whoever has the password makes tickets at will; the tries are the person's all the same."""
    waits = []
    async with door.browser() as thief:
        for _ in range(40):
            ticket = await ticket_for(thief)
            answer = await second_step(thief, ticket, "totp", "000000")
            if answer.status_code == 429:
                assert answer.json()["code"] == "TOO_MANY_TRIES"
                waits.append(int(answer.headers["retry-after"]))
                door.clock.advance(timedelta(seconds=waits[-1]))
    assert waits == sorted(waits)
    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == 900
    # One mail a day says so, not one for each ticket.
    told = [each for each in await door.mails() if "stopped" in each["subject"]]
    assert len(told) <= 1


async def test_brute_force_at_once(door: Door, app: App) -> None:
    """Tries are counted before they are looked at: a hundred at once are a hundred."""
    async with door.browser() as thief:
        tickets = [await ticket_for(thief) for _ in range(4)]
        answers = await asyncio.gather(
            *(
                thief.post(
                    "/sign-in/second-factor", {"ticket": each, "method": "totp", "code": "000000"}
                )
                for each in tickets * 4
            )
        )
    looked_at = [each for each in answers if each.json()["code"] == "SECOND_FACTOR_WRONG"]
    assert len(looked_at) == 5
    assert len(await door.events("LOGIN_FAILED")) == 5


async def test_the_owner_gets_in_during_an_attack(door: Door, ada: str) -> None:
    async with door.browser(OWNERS) as owner, door.browser() as thief:
        await owner.sign_in()
        app, _ = await enrol_totp(door, owner)
        while True:
            answer = await second_step(thief, await ticket_for(thief), "totp", "000000")
            if answer.status_code == 429:
                break
        # From the browser that was used before, which has a count of its own.
        ticket = await ticket_for(owner)
        assert (await second_step(owner, ticket, "totp", app.code())).status_code == 200
        assert (
            await second_step(thief, await ticket_for(thief), "totp", app.code(1))
        ).status_code == 429


async def test_downgrade_by_another_route(door: Door, app: App, ada: str) -> None:
    """After the password alone, no route gives or takes anything as if somebody were in."""
    async with door.browser() as thief:
        view = await thief.sign_in()
        ticket = view["ticket"]
        assert thief.client.cookies.get("__Host-trailkeeper") is None
        thief.client.cookies.set("__Host-trailkeeper", ticket)
        for method, path in (
            ("GET", "/me"),
            ("GET", "/me/second-factors"),
            ("DELETE", "/me/totp"),
            ("POST", "/me/recovery-codes"),
            ("POST", "/me/totp"),
            ("POST", "/me/passkeys/options"),
            ("POST", "/me/organization"),
            ("POST", "/me/proof"),
        ):
            answer = await thief.request(method, path, {} if method == "POST" else None)
            assert answer.status_code == 401, path
        thief.client.cookies.clear()
        for method in ("recovery_code", "passkey"):
            answer = await thief.post(
                "/sign-in/second-factor", {"ticket": ticket, "method": method}
            )
            assert code_of(answer) == (401, "SECOND_FACTOR_WRONG")
        answer = await thief.post("/sign-in/second-factor", {"ticket": ticket, "method": "none"})
        assert answer.status_code == 400
        answer = await thief.post("/sign-in/passkey", {"ticket": ticket, "credential": {"id": "x"}})
        assert code_of(answer) == (401, "TICKET_INVALID")
        assert (await thief.sign_in())["status"] == "second_factor_needed"


async def test_downgrade_by_a_password_reset(door: Door, app: App, ada: str) -> None:
    async with door.browser() as thief:
        await ok(thief.post("/password-resets", {"email": ADA}), 202)
        await door.work()
        link = next(each["text"] for each in await door.mails() if "/reset#" in each["text"])
        token = link.partition("/reset#")[2].split()[0]
        body = {"token": token, "password": ANOTHER}
        answer = await thief.post("/password-resets/confirm", body)
        assert answer.is_success, answer.text
        assert not thief.token
        assert (await thief.sign_in(password=ANOTHER))["status"] == "second_factor_needed"


async def test_a_ticket_of_another_kind_is_none(door: Door, app: App, ada: str) -> None:
    async with door.browser() as thief:
        for purpose in (TicketPurpose.PASSKEY_ENROLMENT, TicketPurpose.OIDC):
            async with door.metadata.transaction() as session:
                ticket = await issue_ticket(
                    session, purpose, now=door.clock(), person=ada, organization="acme"
                )
            answer = await second_step(thief, ticket, "totp", app.code())
            assert code_of(answer) == (401, "TICKET_INVALID")


async def test_a_ticket_grows_old(door: Door, app: App) -> None:
    async with door.browser() as browser:
        ticket = await ticket_for(browser)
        door.clock.advance(timedelta(minutes=10))
        answer = await second_step(browser, ticket, "totp", app.code())
        assert code_of(answer) == (401, "TICKET_INVALID")


async def test_who_was_disabled_meanwhile_stays_out(door: Door, app: App) -> None:
    async with door.browser() as browser:
        ticket = await ticket_for(browser)
        async with door.metadata.transaction() as session:
            await session.execute(update(MemberRow).values(status=MemberStatus.DISABLED))
        answer = await second_step(browser, ticket, "totp", app.code())
        assert code_of(answer) == (401, "TICKET_INVALID")
        assert not browser.token


async def test_enrolment_by_a_stolen_session(door: Door, ada: str, laptop: Authenticator) -> None:
    """A session that is not fresh changes nothing about how its account signs in."""
    async with door.browser() as thief:
        await thief.sign_in()
        passkey = (await add_passkey(thief, laptop))["passkey"]
        door.clock.advance(LATER)
        for _ in range(2):
            await refused_without_proof(thief, passkey["id"])
            # A session that takes this one's place is no sign-in: it proves nothing more.
            switched = await ok(thief.post("/me/organization", {"organization": "acme"}))
            thief.csrf_token = switched["me"]["csrf_token"]
        assert (await ok(thief.get("/me/second-factors")))["needs_proof"]


async def refused_without_proof(thief: Browser, passkey_id: str) -> None:
    for path in ("/me/totp", "/me/passkeys/options", "/me/recovery-codes"):
        answer = await thief.post(path, {})
        assert code_of(answer) == (403, "RECENT_SIGN_IN_NEEDED"), path
        answer = await thief.post(path, {"current_password": "not the password"})
        assert code_of(answer) == (422, "WRONG_PASSWORD"), path
    for path in ("/me/totp", f"/me/passkeys/{passkey_id}"):
        assert code_of(await thief.delete(path)) == (403, "RECENT_SIGN_IN_NEEDED"), path


async def test_brute_force_of_the_password_by_a_stolen_session(door: Door, ada: str) -> None:
    async with door.browser() as thief, door.browser(OWNERS) as owner:
        await thief.sign_in()
        await owner.sign_in()
        door.clock.advance(LATER)
        wrong = {"current_password": "not the password"}
        codes = [code_of(await thief.post("/me/proof", wrong)) for _ in range(6)]
        assert codes == [(422, "WRONG_PASSWORD")] * 5 + [(429, "TOO_MANY_TRIES")]
        # The owner's own session does not have to wait for that.
        await ok(owner.post("/me/proof", {"current_password": PASSWORD}), 204)
        assert (await ok(owner.get("/me/second-factors")))["needs_proof"] is False
        assert (await ok(thief.get("/me/second-factors")))["needs_proof"] is True
        door.clock.advance(LATER)
        assert (await ok(owner.get("/me/second-factors")))["needs_proof"] is True


async def test_a_second_step_that_another_site_sends(door: Door, app: App) -> None:
    async with door.browser() as browser:
        ticket = await ticket_for(browser)
        body = {"ticket": ticket, "method": "totp", "code": app.code()}
        answer = await browser.post("/sign-in/second-factor", body, Origin="https://evil.example")
        assert code_of(answer) == (403, "ORIGIN_NOT_ALLOWED")
        assert (await browser.post("/sign-in/second-factor", body, Origin=URL)).is_success


async def test_the_first_factor_ends_sessions_that_a_password_opened(door: Door, ada: str) -> None:
    async with door.browser() as thief, door.browser(OWNERS) as owner:
        await thief.sign_in()
        await owner.sign_in()
        await enrol_totp(door, owner)
        assert (await thief.get("/me")).status_code == 401
        assert (await owner.get("/me")).status_code == 200


async def test_a_failure_has_a_subject_and_no_actor(door: Door, app: App) -> None:
    async with door.browser() as thief:
        await second_step(thief, await ticket_for(thief), "totp", "000000")
    [failed] = await door.events("LOGIN_FAILED")
    assert (failed["resource_type"], failed["resource_id"]) == ("USER", "ada")
    assert failed["status"] == "FAILED"
    assert "user_id" not in failed
    assert "user_email" not in failed
    assert failed["ip_address"] == "203.0.113.7"
    assert failed["details"] == {"reason": "wrong_code", "attempted": ADA, "method": "totp"}
