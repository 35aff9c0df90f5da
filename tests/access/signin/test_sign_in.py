from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, update

from tests.access.signin.conftest import (
    ACME,
    ADA,
    ANOTHER,
    OTHER,
    PASSWORD,
    URL,
    Door,
    code_of,
)
from trailkeeper.access.people.tables import MemberRow
from trailkeeper.access.signin.tables import OidcProviderRow, PasskeyRow
from trailkeeper.access.signin.tickets import TicketPurpose, take_ticket


async def test_who_signs_in_is_told_who_they_are(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        view = await browser.sign_in()
        me = (await browser.get("/me")).json()

    assert view["status"] == "signed_in"
    assert view["me"] == me
    assert (me["kind"], me["user_id"], me["email"], me["role"]) == ("person", "ada", ADA, "ADMIN")
    assert me["organization"]["id"] == "acme"
    assert "user:manage" in me["permissions"]
    assert "security:manage" not in me["permissions"]
    assert me["key_id"] is None
    assert not me["must_enroll"]


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        answer = await browser.try_sign_in()

    cookies = answer.headers.get_list("set-cookie")
    assert [each.partition("=")[0] for each in cookies] == [
        "__Host-trailkeeper",
        "__Host-trailkeeper-device",
    ]
    for cookie in cookies:
        flags = {flag.strip().lower() for flag in cookie.split(";")[1:]}
        assert {"secure", "httponly", "samesite=strict", "path=/"} <= flags
        assert not any(flag.startswith("domain") for flag in flags)


async def test_the_sign_in_is_on_the_record(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        session_id = (await browser.sign_in())["me"]["session_id"]

    [event] = await door.events("LOGIN")
    assert (event["organization"], event["user_id"], event["user_email"]) == ("acme", "ada", ADA)
    assert (event["resource_type"], event["resource_id"]) == ("USER", "ada")
    assert (event["ip_address"], event["source"]) == ("203.0.113.7", "UI")
    assert event["user_agent"].startswith("Mozilla/5.0")
    assert event["details"] == {
        "method": "password",
        "second_factor": False,
        "session": session_id,
        "new_device": True,
        "new_place": True,
    }


async def test_the_case_and_composition_of_letters_do_not_matter(door: Door, ada: str) -> None:
    decomposed = PASSWORD.replace("ü", "u\u0308")
    assert decomposed != PASSWORD
    async with door.browser() as browser:
        await browser.sign_in(" Ada@Example.COM ", decomposed)


async def test_user_enumeration_by_body_and_status(
    door: Door, ada: str, password_hash: str
) -> None:
    await door.add_person("bob@example.com", user_id="bob", password_hash=password_hash)
    await door.add_person("eve@example.com", user_id="eve", password_hash=None)
    await set_status(door, "bob", "disabled")
    tries = [
        ("nobody@example.com", PASSWORD),
        (ADA, ANOTHER),
        ("bob@example.com", PASSWORD),
        ("eve@example.com", PASSWORD),
        ("no e-mail at all", PASSWORD),
        ("nul\0@example.com", PASSWORD),
    ]
    async with door.browser() as browser:
        answers = [await browser.try_sign_in(*each) for each in tries]

    assert {code_of(each) for each in answers} == {(401, "INVALID_CREDENTIALS")}
    bodies = [{**each.json(), "request_id": ""} for each in answers]
    assert all(body == bodies[0] for body in bodies)
    for answer in answers:
        assert "set-cookie" not in answer.headers


async def test_user_enumeration_by_timing(door: Door, ada: str, password_hash: str) -> None:
    """One slow hash and the same statements, in the same order, whoever it is about."""
    await door.add_person("bob@example.com", user_id="bob", password_hash=password_hash)
    await set_status(door, "bob", "disabled")
    costs = []
    for email in ("nobody@example.com", ADA, "bob@example.com"):
        before = door.passwords.checks
        with statements() as made:
            async with door.browser() as browser:
                await browser.try_sign_in(email, ANOTHER)
        costs.append((door.passwords.checks - before, made))

    assert costs[0][0] == 1
    assert "INSERT INTO jobs" in str(costs[0][1])
    assert costs[1] == costs[0]
    assert costs[2] == costs[0]


@pytest.mark.parametrize("status", ["disabled", "deleted", "invited", "observed"])
async def test_only_active_members_get_in(door: Door, ada: str, status: str) -> None:
    await set_status(door, "ada", status)
    async with door.browser() as browser:
        assert code_of(await browser.try_sign_in()) == (401, "INVALID_CREDENTIALS")
    await door.work()

    [event] = await door.events("LOGIN_FAILED")
    assert event["details"]["reason"] == "no_active_membership"


async def test_a_failure_is_recorded_without_an_actor(door: Door, ada: str) -> None:
    async with door.browser() as browser:
        await browser.try_sign_in(password=ANOTHER)
    await door.work()

    [event] = await door.events("LOGIN_FAILED")
    assert "user_id" not in event
    assert "user_email" not in event
    assert (event["organization"], event["resource_type"], event["resource_id"]) == (
        "acme",
        "USER",
        "ada",
    )
    assert event["status"] == "FAILED"
    assert event["ip_address"] == "203.0.113.7"
    assert event["details"] == {
        "reason": "wrong_password",
        "attempted": ADA,
        "method": "password",
    }


async def test_a_failure_is_recorded_where_the_account_belongs(door: Door, ada: str) -> None:
    await door.add_membership(ada, ADA, "TESTER", OTHER, "ada-there")
    async with door.browser() as browser:
        await browser.try_sign_in(password=ANOTHER)
        await browser.try_sign_in("nobody@example.com")
        await browser.try_sign_in("nobody@example.com", organization="other")
        await browser.try_sign_in("nobody@example.com", organization="nowhere")
    await door.work()

    told = [
        (each["organization"], each["details"]["reason"], each.get("resource_id"))
        for each in await door.events("LOGIN_FAILED")
    ]
    assert told == [
        ("acme", "wrong_password", "ada"),
        ("other", "wrong_password", "ada-there"),
        ("other", "unknown_account", None),
    ]


async def test_of_several_organizations_the_last_used_is_entered(door: Door, ada: str) -> None:
    await door.add_membership(ada, ADA, "TESTER", OTHER, "ada-there")
    async with door.browser() as browser:
        there = await browser.sign_in(organization="other")
        again = await browser.sign_in()
        strange = await browser.try_sign_in(organization="third")

    assert there["me"]["organization"]["id"] == "other"
    assert again["me"]["organization"]["id"] == "other"
    assert [each["id"] for each in again["me"]["organizations"]] == ["acme", "other"]
    assert code_of(strange) == (401, "INVALID_CREDENTIALS")


async def test_a_second_factor_comes_before_the_cookie(door: Door, ada: str) -> None:
    async with door.metadata.transaction() as session:
        session.add(
            PasskeyRow(
                id="one",
                person=ada,
                credential_id="id",
                public_key="key",
                sign_count=0,
                transports=[],
                is_backed_up=False,
                name="key",
                created_at=door.clock(),
            )
        )
    async with door.browser() as browser:
        answer = await browser.try_sign_in()
        view = answer.json()

    assert "set-cookie" not in answer.headers
    assert (view["status"], view["me"], view["methods"]) == (
        "second_factor_needed",
        None,
        ["passkey"],
    )
    assert await door.events("LOGIN") == []
    async with door.metadata.transaction() as session:
        ticket = await take_ticket(
            session, TicketPurpose.SECOND_FACTOR, view["ticket"], door.clock()
        )
    assert ticket is not None
    assert (ticket.person, ticket.organization) == (ada, "acme")
    assert ticket.payload == {"user_id": "ada", "method": "password"}


async def test_single_sign_on_is_told_to_who_knows_the_password_alone(door: Door, ada: str) -> None:
    await require_single_sign_on(door, ACME)
    async with door.browser() as browser:
        right = await browser.try_sign_in()
        wrong = await browser.try_sign_in(password=ANOTHER)
    await door.work()

    assert code_of(right) == (403, "SINGLE_SIGN_ON_REQUIRED")
    assert code_of(wrong) == (401, "INVALID_CREDENTIALS")
    reasons = [each["details"]["reason"] for each in await door.events("LOGIN_FAILED")]
    assert reasons == ["single_sign_on_required", "wrong_password"]


async def test_break_glass_lets_one_in_by_password(door: Door, ada: str) -> None:
    await require_single_sign_on(door, ACME, break_glass_user="ada")
    async with door.browser() as browser:
        assert (await browser.sign_in())["status"] == "signed_in"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
async def test_login_csrf(door: Door, ada: str, headers: dict[str, str]) -> None:
    """Another site must not sign anybody in as somebody else."""
    body = {"email": ADA, "password": PASSWORD}
    async with door.browser() as browser:
        refused = await browser.post("/sign-in", body, **headers)
        own = await browser.post("/sign-in", body, Origin=URL, Sec_Fetch_Site="same-origin")

    assert code_of(refused) == (403, "ORIGIN_NOT_ALLOWED")
    assert own.status_code == 200


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_form_of_another_page_is_no_sign_in(door: Door, ada: str, media_type: str) -> None:
    body = f'{{"email": "{ADA}", "password": "{PASSWORD}"}}'
    async with door.browser() as browser:
        answer = await browser.client.post(
            "/sign-in", content=body, headers={"Content-Type": media_type}
        )

    assert code_of(answer) == (415, "JSON_NEEDED")


async def test_open_redirect_after_sign_in(door: Door, ada: str) -> None:
    """There is nothing to redirect by: the answer names no address, whatever is asked."""
    body = {"email": ADA, "password": PASSWORD}
    async with door.browser() as browser:
        with_parameter = await browser.post("/sign-in?next=https://evil.example&redirect=//x", body)
        with_field = await browser.post("/sign-in", {**body, "next": "https://evil.example"})

    assert with_parameter.status_code == 200
    assert "location" not in with_parameter.headers
    assert "evil.example" not in with_parameter.text
    assert with_field.status_code == 400


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the metadata database meanwhile."""
    made: list[str] = []

    def note(_1: Any, _2: Any, statement: str, *_more: Any) -> None:
        made.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield made
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def set_status(door: Door, user_id: str, status: str) -> None:
    await change_member(door, user_id, status=status)


async def change_member(door: Door, user_id: str, **values: Any) -> None:
    async with door.metadata.transaction() as session:
        await session.execute(
            update(MemberRow).where(MemberRow.user_id == user_id).values(**values)
        )


async def require_single_sign_on(
    door: Door, organization: str, break_glass_user: str | None = None
) -> None:
    async with door.metadata.transaction() as session:
        session.add(
            OidcProviderRow(
                organization=organization,
                issuer="https://id.example.com",
                client_id="trailkeeper",
                sealed_secret="",
                domains=[],
                role_claim="",
                role_mapping={},
                default_role=None,
                is_required=True,
                break_glass_user=break_glass_user,
                created_at=door.clock(),
                updated_at=door.clock(),
            )
        )
