from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.access.signin.conftest import (
    ACME,
    ADA,
    HOUR,
    OTHER,
    PASSWORD,
    Door,
    code_of,
)
from trailkeeper.access.people.tables import MemberRow
from trailkeeper.access.signin.devices import MAX_KNOWN, Whereabouts, note_sighting
from trailkeeper.access.signin.sessions import end_sessions, forget_old_sessions
from trailkeeper.access.signin.tables import KnownDeviceRow, SessionRow
from trailkeeper.access.tokens import hash_token, new_token


async def test_session_fixation(door: Door, ada: str) -> None:
    """A token that was there before the sign-in is worth nothing after it."""
    planted = new_token()
    async with door.browser() as attacker, door.browser() as victim:
        await attacker.sign_in()
        known_to_attacker = attacker.token
        for token in (planted, known_to_attacker):
            victim.client.cookies.clear()
            await victim.post(
                "/sign-in",
                {"email": ADA, "password": PASSWORD},
                Cookie=f"__Host-trailkeeper={token}",
            )
            assert victim.token not in ("", token)
            attacker.client.cookies.clear()
            answer = await attacker.client.get(
                "/me", headers={"Cookie": f"__Host-trailkeeper={token}"}
            )
            assert code_of(answer) == (401, "SESSION_INVALID")


async def test_only_a_hash_of_the_token_is_kept(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        token = browser.token
    async with door.metadata.reading() as session:
        [row] = (await session.scalars(select(SessionRow))).all()
    assert row.token_hash == hash_token(token)
    assert token not in str(vars(row))


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "ä", "__Host-", "a" * 5000])
async def test_made_up_tokens_open_nothing(door: Door, ada: str, token: str) -> None:
    async with door.browser() as browser:
        cookie = f"__Host-trailkeeper={token}".encode()
        answer = await browser.client.get("/me", headers=[(b"Cookie", cookie)])
    assert answer.status_code == 401


async def test_an_unused_session_expires(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        for _ in range(3):
            door.clock.advance(11 * HOUR)
            assert (await browser.get("/me")).status_code == 200
            await door.sessions.flush_last_seen()
        door.clock.advance(12 * HOUR)
        assert code_of(await browser.get("/me")) == (401, "SESSION_EXPIRED")


async def test_a_used_session_expires_too(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        for _ in range(30 * 3 - 1):
            door.clock.advance(8 * HOUR)
            assert (await browser.get("/me")).status_code == 200
        door.clock.advance(8 * HOUR)
        assert code_of(await browser.get("/me")) == (401, "SESSION_EXPIRED")


async def test_use_is_written_in_batches_and_counts_in_other_processes(
    door: Door, ada: str
) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        elsewhere = door.new_sessions()
        door.clock.advance(11 * HOUR)
        await browser.get("/me")
        door.clock.advance(2 * HOUR)
        await door.sessions.flush_last_seen()
        principal = await elsewhere.authenticate(browser.token, door.clock())
    assert principal.user_id == "ada"


async def test_signing_out_ends_the_session_and_takes_the_cookie(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        token = browser.token
        answer = await browser.post("/sign-out")
        assert answer.status_code == 204
        assert browser.token == ""
        again = await browser.get("/me", Cookie=f"__Host-trailkeeper={token}")
    assert code_of(again) == (401, "SESSION_INVALID")
    [event] = await door.events("LOGOUT")
    assert (event["user_id"], event["resource_id"], event["user_email"]) == ("ada", "ada", ADA)


async def test_signing_out_everywhere(door: Door, ada: str) -> None:
    async with door.browser() as one, door.browser() as two:
        await one.sign_in()
        await two.sign_in()
        answer = await one.post("/me/sign-out-everywhere")
        assert (answer.status_code, answer.json()) == (200, {"ended": 2})
        assert code_of(await two.get("/me")) == (401, "SESSION_INVALID")
        assert one.token == ""


async def test_sessions_are_listed_with_place_and_device(door: Door, ada: str) -> None:
    async with door.browser() as one, door.browser("198.51.100.4") as two:
        await one.sign_in()
        door.clock.advance(HOUR)
        door.place.whereabouts = Whereabouts("IN", "Bengaluru", "Chrome on Android")
        await two.sign_in()
        door.clock.advance(HOUR)
        await one.get("/me")
        listed = (await one.get("/me/sessions")).json()["items"]

    told = [(each["is_current"], each["address"], each["city"], each["device"]) for each in listed]
    assert told == [
        (False, "198.51.100.4", "Bengaluru", "Chrome on Android"),
        (True, "203.0.113.7", "Berlin", "Firefox on Linux"),
    ]
    assert listed[1]["last_seen_at"].startswith("2026-03-04T14:00")


async def test_an_own_session_is_ended_from_another(door: Door, ada: str) -> None:
    async with door.browser() as one, door.browser() as two:
        await one.sign_in()
        session_id = (await two.sign_in())["me"]["session_id"]
        assert (await one.delete(f"/me/sessions/{session_id}")).status_code == 204
        assert code_of(await two.get("/me")) == (401, "SESSION_INVALID")
        again = await one.delete(f"/me/sessions/{session_id}")
    assert code_of(again) == (404, "SESSION_NOT_FOUND")


async def test_nobody_ends_the_session_of_another_person(
    door: Door, ada: str, password_hash: str
) -> None:
    await door.add_person("bob@example.com", "TESTER", user_id="bob", password_hash=password_hash)
    async with door.browser() as victim, door.browser() as attacker:
        session_id = (await victim.sign_in())["me"]["session_id"]
        await attacker.sign_in("bob@example.com")
        refused = await attacker.delete(f"/me/sessions/{session_id}")
        forbidden = await attacker.delete(f"/users/ada/sessions/{session_id}")
        assert (await victim.get("/me")).status_code == 200

    assert code_of(refused) == (404, "SESSION_NOT_FOUND")
    assert code_of(forbidden) == (403, "PERMISSION_MISSING")


async def test_who_manages_users_sees_and_ends_their_sessions(
    door: Door, ada: str, password_hash: str
) -> None:
    await door.add_person("bob@example.com", "TESTER", user_id="bob", password_hash=password_hash)
    await door.add_person(
        "eve@example.com", organization=OTHER, user_id="eve", password_hash=password_hash
    )
    async with door.browser() as admin, door.browser() as bob, door.browser() as eve:
        await admin.sign_in()
        await bob.sign_in("bob@example.com")
        await eve.sign_in("eve@example.com")
        listed = (await admin.get("/users/bob/sessions")).json()["items"]
        foreign = await admin.get("/users/eve/sessions")
        ended = await admin.delete("/users/bob/sessions")
        assert code_of(await bob.get("/me")) == (401, "SESSION_INVALID")
        assert (await eve.get("/me")).status_code == 200

    assert len(listed) == 1
    assert code_of(foreign) == (404, "USER_NOT_FOUND")
    assert ended.status_code == 204
    [event] = await door.events("REVOKE")
    assert (event["user_id"], event["resource_type"], event["details"]["user_id"]) == (
        "ada",
        "SESSION",
        "bob",
    )


async def test_a_super_admins_sessions_are_not_an_admins_to_end(
    door: Door, ada: str, password_hash: str
) -> None:
    await door.add_person("root@example.com", "SUPER_ADMIN", user_id="root")
    async with door.browser() as admin:
        await admin.sign_in()
        answer = await admin.delete("/users/root/sessions")
    assert code_of(answer) == (403, "PERMISSIONS_TOO_WIDE")


async def test_another_role_counts_at_once_here_and_soon_elsewhere(door: Door, ada: str) -> None:
    elsewhere = door.new_sessions()
    async with door.browser() as browser:
        await browser.sign_in()
        assert (await browser.get("/people-only")).status_code == 200
        assert (await elsewhere.authenticate(browser.token, door.clock())).permissions
        await change_ada(door, role="TESTER")
        door.sessions.forget_person(ada)
        assert code_of(await browser.get("/people-only")) == (403, "PERMISSION_MISSING")
        door.clock.advance(timedelta(seconds=5))
        assert not (await elsewhere.authenticate(browser.token, door.clock())).permissions


async def test_who_was_disabled_is_out_within_five_seconds(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        assert (await browser.get("/me")).status_code == 200
        await change_ada(door, status="disabled")
        door.clock.advance(timedelta(seconds=5))
        assert code_of(await browser.get("/me")) == (401, "SESSION_INVALID")


async def test_a_second_sign_in_replaces_the_browsers_session(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        first = browser.token
        await browser.sign_in()
        assert browser.token != first
        old = await browser.client.get("/me", headers={"Cookie": f"__Host-trailkeeper={first}"})
    assert code_of(old) == (401, "SESSION_INVALID")
    [event] = await door.events("LOGOUT")
    assert event["details"]["is_replaced"] is True


async def test_going_to_another_organization_rotates_the_session(door: Door, ada: str) -> None:
    await door.add_membership(ada, ADA, "TESTER", OTHER, "ada-there")
    async with door.browser() as browser:
        await browser.sign_in(organization="acme")
        old = browser.token
        answer = await browser.post("/me/organization", {"organization": "other"})
        me = answer.json()["me"]
        assert browser.token not in ("", old)
        stale = await browser.client.get("/me", headers={"Cookie": f"__Host-trailkeeper={old}"})
        browser.csrf_token = me["csrf_token"]
        strange = await browser.post("/me/organization", {"organization": "third"})

    assert (me["organization"]["id"], me["user_id"], me["role"]) == ("other", "ada-there", "TESTER")
    assert code_of(stale) == (401, "SESSION_INVALID")
    assert code_of(strange) == (404, "ORGANIZATION_NOT_FOUND")


async def test_a_single_sign_on_stays_in_its_organization(door: Door, ada: str) -> None:
    await door.add_membership(ada, ADA, "TESTER", OTHER, "ada-there")
    async with door.browser() as browser:
        await browser.sign_in(organization="acme")
        async with door.metadata.transaction() as session:
            await session.execute(update(SessionRow).values(method="oidc"))
        answer = await browser.post("/me/organization", {"organization": "other"})
    assert code_of(answer) == (403, "SIGN_IN_AGAIN")


async def test_a_new_device_or_place_is_told_by_mail(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        assert len(await door.mails()) == 1
        await browser.sign_in()
        assert len(await door.mails()) == 1
        door.place.whereabouts = Whereabouts("IN", "Bengaluru", "Firefox on Linux")
        await browser.sign_in()
    mails = await door.mails()
    assert [each["to"] for each in mails] == [ADA, ADA]
    assert "Bengaluru, IN" in mails[1]["text"]
    assert "https://audit.example.com/settings/security" in mails[1]["text"]
    new = [
        (each["details"]["new_device"], each["details"]["new_place"])
        for each in await door.events("LOGIN")
    ]
    assert new == [(True, True), (False, False), (False, True)]


async def test_known_devices_are_bounded(door: Door, ada: str) -> None:
    async with door.metadata.transaction() as session:
        for _ in range(MAX_KNOWN + 5):
            door.clock.advance(timedelta(seconds=1))
            last = await note_sighting(session, ada, None, Whereabouts(), door.clock())
        again = await note_sighting(session, ada, last.device_token, Whereabouts(), door.clock())
        rows = (await session.scalars(select(KnownDeviceRow))).all()
    assert len(rows) == MAX_KNOWN
    assert not again.is_new
    assert again.device_token == last.device_token


async def test_ending_sessions_spares_what_it_is_told_to(door: Door, ada: str) -> None:
    await door.add_membership(ada, ADA, "TESTER", OTHER, "ada-there")
    ids = []
    for organization in (ACME, ACME, OTHER):
        async with door.browser() as browser:
            view = await browser.sign_in(organization=organization)
            ids.append(view["me"]["session_id"])
    async with door.metadata.transaction() as session:
        ended = await end_sessions(
            session, ada, organization=ACME, except_session=ids[0], now=door.clock()
        )
        assert ended == [ids[1]]
        assert set(await end_sessions(session, ada, now=door.clock())) == {ids[0], ids[2]}


async def test_ended_sessions_are_forgotten_after_a_month(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        await browser.post("/sign-out")
    for days, left in ((29, 1), (2, 0)):
        door.clock.advance(timedelta(days=days))
        async with door.metadata.transaction() as session:
            await forget_old_sessions(session, door.clock())
            assert len((await session.scalars(select(SessionRow))).all()) == left


async def test_many_requests_at_once_read_a_session_once(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.sign_in()
        token = browser.token
    fresh = door.new_sessions()
    found = await asyncio.gather(*(fresh.authenticate(token, door.clock()) for _ in range(50)))
    assert all(each is found[0] for each in found)


async def change_ada(door: Door, **values: str) -> None:
    async with door.metadata.transaction() as session:
        await session.execute(update(MemberRow).where(MemberRow.user_id == "ada").values(**values))
