"""An organization that requires a second factor, and an administrator who takes one away."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.access.factors.authenticator import Authenticator
from tests.access.factors.conftest import (
    App,
    add_passkey,
    enrol_totp,
    ok,
    second_step,
    ticket_for,
)
from tests.access.signin.conftest import ACME, ADA, OTHER, Browser, Door, code_of
from trailkeeper.access.keys import create_key
from trailkeeper.access.signin.factors import OIDC_METHOD, Factor, enrolment_due
from trailkeeper.access.signin.sessions import SignInMethod
from trailkeeper.principal import Permission, system_tenant

EVE = "eve@example.com"
WEEK = timedelta(days=7)
NOW = datetime.fromisoformat("2026-03-04T12:00:00Z")


@pytest.fixture
async def eve(door: Door, ada: str, password_hash: str) -> str:
    """Eve, SUPER_ADMIN of acme, beside Ada."""
    return await door.add_person(EVE, "SUPER_ADMIN", user_id="eve", password_hash=password_hash)


async def require(browser: Browser, grace_days: int = 0) -> None:
    body = {"required": True, "grace_days": grace_days}
    await ok(browser.request("PUT", "/organization/second-factor", body))


@pytest.mark.parametrize(
    ("required_from", "factors", "method", "expected"),
    [
        (None, [], "password", False),
        (NOW + WEEK, [], "password", False),
        (NOW, [], "password", True),
        (NOW, [], "passkey", True),
        (NOW, [Factor.RECOVERY_CODE], "password", True),
        (NOW, [Factor.TOTP], "password", False),
        (NOW, [Factor.PASSKEY, Factor.RECOVERY_CODE], "password", False),
        (NOW, [], "oidc", False),
    ],
)
def test_when_enrolment_is_due(
    required_from: datetime | None, factors: list[Factor], method: str, expected: bool
) -> None:
    assert enrolment_due(required_from, factors, method, NOW) is expected
    assert str(SignInMethod.OIDC) == OIDC_METHOD


async def test_after_the_grace_period_nothing_is_open_but_enrolment(
    door: Door, ada: str, eve: str
) -> None:
    async with door.browser() as eves, door.browser() as browser:
        await eves.sign_in(EVE)
        policy = await ok(eves.get("/organization/second-factor"))
        assert policy == {
            "required": False,
            "required_from": None,
            "members": 2,
            "members_without": 2,
        }
        body = {"required": True, "grace_days": 7}
        policy = await ok(eves.request("PUT", "/organization/second-factor", body))
        assert policy["required_from"] == (door.clock() + WEEK).isoformat().replace("+00:00", "Z")

        assert (await browser.sign_in())["me"]["must_enroll"] is False
        assert (await browser.get("/people-only")).status_code == 200
        door.clock.advance(WEEK)
        view = await browser.sign_in()
        assert view["me"]["must_enroll"] is True
        assert code_of(await browser.get("/people-only")) == (403, "SECOND_FACTOR_REQUIRED")
        for path in ("/me/second-factors", "/me/passkeys", "/me"):
            assert (await browser.get(path)).status_code == 200, path

        await enrol_totp(door, browser)
        assert (await browser.get("/people-only")).status_code == 200
        assert (await ok(browser.get("/me")))["must_enroll"] is False
        assert code_of(await browser.delete("/me/totp")) == (409, "LAST_SECOND_FACTOR")
        assert (await ok(browser.get("/me/second-factors")))["methods"] == [
            "recovery_code",
            "totp",
        ]

        await eves.sign_in(EVE)
        await enrol_totp(door, eves)
        policy = await ok(eves.get("/organization/second-factor"))
        assert (policy["members"], policy["members_without"]) == (2, 0)


async def test_one_of_two_factors_may_go(
    door: Door, ada: str, eve: str, laptop: Authenticator
) -> None:
    async with door.browser() as eves, door.browser() as browser:
        await eves.sign_in(EVE)
        await require(eves, 30)
        await browser.sign_in()
        await enrol_totp(door, browser)
        passkey = (await add_passkey(browser, laptop))["passkey"]
        await ok(browser.delete("/me/totp"), 204)
        answer = await browser.delete(f"/me/passkeys/{passkey['id']}")
        assert code_of(answer) == (409, "LAST_SECOND_FACTOR")
        assert len((await ok(browser.get("/me/passkeys")))["items"]) == 1
        # What did not happen is not on the record either.
        assert not [e for e in await door.events("DELETE") if e["resource_type"] == "PASSKEY"]


async def test_the_rule_is_recorded_and_taken_back(door: Door, ada: str, eve: str) -> None:
    async with door.browser() as eves, door.browser() as browser:
        await eves.sign_in(EVE)
        await require(eves, 1)
        await ok(eves.request("PUT", "/organization/second-factor", {"required": False}))
        [first, second] = [
            each for each in await door.events("UPDATE") if each["resource_type"] == "ORGANIZATION"
        ]
        assert first["user_id"] == "eve"
        assert first["details"]["changed_fields"] == ["second_factor_required_from"]
        assert first["details"]["old_value"] is None
        assert second["details"]["new_value"] is None
        await browser.sign_in()
        for method, body in (("GET", None), ("PUT", {"required": True})):
            answer = await browser.request(method, "/organization/second-factor", body)
            assert code_of(answer) == (403, "PERMISSION_MISSING")
        answer = await eves.request(
            "PUT", "/organization/second-factor", {"required": True, "grace_days": 366}
        )
        assert answer.status_code == 400


async def bobs_factors(
    door: Door, password_hash: str, laptop: Authenticator, role: str = "TESTER"
) -> tuple[str, App]:
    """Bob of acme, with an app and a passkey; his account's id."""
    bob = await door.add_person("bob@example.com", role, ACME, "bob", password_hash)
    async with door.browser() as browser:
        await browser.sign_in("bob@example.com")
        app, _ = await enrol_totp(door, browser)
        await add_passkey(browser, laptop)
    return bob, app


async def test_an_administrator_takes_lost_factors_away(
    door: Door, ada: str, password_hash: str, laptop: Authenticator
) -> None:
    _, app = await bobs_factors(door, password_hash, laptop)
    async with door.browser() as admin, door.browser() as bobs:
        await second_step(bobs, await ticket_for(bobs, email="bob@example.com"), "totp", app.code())
        await admin.sign_in()
        await ok(admin.delete("/users/bob/second-factors"), 204)
        assert (await bobs.get("/me")).status_code == 401
        assert (await bobs.sign_in("bob@example.com"))["status"] == "signed_in"
        answer = await admin.delete("/users/bob/second-factors")
        assert code_of(answer) == (409, "NO_SECOND_FACTOR")

    [disabled] = await door.events("TWO_FACTOR_DISABLE")
    assert (disabled["user_id"], disabled["resource_id"]) == ("ada", "bob")
    assert disabled["details"]["is_reset"] is True
    assert disabled["details"]["methods"] == ["passkey", "recovery_code", "totp"]
    [mail] = [each for each in await door.mails() if "An administrator of" in each["text"]]
    assert mail["to"] == "bob@example.com"
    assert f"By: {ADA}" in mail["text"]


async def test_a_reset_is_not_for_everybody(
    door: Door, ada: str, eve: str, password_hash: str, laptop: Authenticator
) -> None:
    bob, _ = await bobs_factors(door, password_hash, laptop)
    async with door.browser() as eves, door.browser() as admin:
        await eves.sign_in(EVE)
        await enrol_totp(door, eves)
        await admin.sign_in()
        await enrol_totp(door, admin)
        # Ada is an ADMIN: less than a SUPER_ADMIN.
        answer = await admin.delete("/users/eve/second-factors")
        assert code_of(answer) == (403, "PERMISSIONS_TOO_WIDE")
        assert code_of(await admin.delete("/users/ada/second-factors")) == (409, "OWN_FACTORS")
        answer = await admin.delete("/users/nobody/second-factors")
        assert code_of(answer) == (404, "USER_NOT_FOUND")
        await door.add_membership(bob, "bob@example.com", "TESTER", OTHER, "bob-there")
        answer = await admin.delete("/users/bob-there/second-factors")
        assert code_of(answer) == (404, "USER_NOT_FOUND")
        # Another organization relies on Bob's factors too.
        answer = await admin.delete("/users/bob/second-factors")
        assert code_of(answer) == (409, "FACTORS_SHARED")
    assert not await door.events("TWO_FACTOR_DISABLE")


async def test_a_key_may_do_no_more_than_a_person(
    door: Door, ada: str, password_hash: str, laptop: Authenticator
) -> None:
    await bobs_factors(door, password_hash, laptop, role="ADMIN")
    async with door.metadata.transaction() as session:
        keys = [
            await create_key(
                session,
                door.app.state["keys"].hasher,
                system_tenant(ACME),
                "test",
                permissions,
                now=door.clock(),
            )
            for permissions in ([Permission.EVENT_WRITE], [Permission.USER_MANAGE])
        ]
    for key, expected in zip(keys, ("PERMISSION_MISSING", "PERMISSIONS_TOO_WIDE"), strict=True):
        async with door.browser() as program:
            program.client.headers["Authorization"] = f"Bearer {key.token}"
            answer = await program.delete("/users/bob/second-factors")
            assert code_of(answer) == (403, expected)
            assert code_of(await program.get("/me/second-factors")) == (403, "PERSON_NEEDED")
