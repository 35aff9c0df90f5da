"""An organization's single sign-on: set, shown, tested, removed, and on the record."""

from __future__ import annotations

from typing import Any

import pytest

from tests.access.oidc.hostile import HostileProvider
from tests.access.oidc.real import PUBLIC_URL, SECRET, RealProviders
from tests.access.oidc.room import OTHER, PASSWORD_HASH, OidcRoom, failed, sign_in
from trailkeeper.access.people.members import find_member
from trailkeeper.access.signin.attempts import Attempts
from trailkeeper.access.signin.cookies import Browser
from trailkeeper.access.signin.opening import OpenedSession, Opening, SignInMethod
from trailkeeper.access.signin.passwords import Passwords
from trailkeeper.access.signin.sign_in import Credentials, PasswordSignIn
from trailkeeper.access.trail import Requester
from trailkeeper.errors import Forbidden
from trailkeeper.event import OrganizationId
from trailkeeper.principal import Permission, system_tenant

PATH = "/organization/single-sign-on"
ISSUER = "https://login.acme.test"
ACME = OrganizationId("acme")
PASSWORD = "correct horse battery staple"


async def test_what_is_set_is_shown_without_its_secret(room: OidcRoom) -> None:
    answer = await room.configure(
        ISSUER, domains=["ACME.test", "acme.test"], role_mapping={"x": "ADMIN"}
    )
    async with room.client(room.tokens[ACME]) as client:
        shown = await client.get(PATH)
    async with room.client(room.tokens[OTHER]) as client:
        elsewhere = await client.get(PATH)

    assert answer.status_code == shown.status_code == 200
    assert shown.json() == answer.json()
    assert shown.json()["domains"] == ["acme.test"]
    assert shown.json()["redirect_uri"] == f"{PUBLIC_URL}/sign-in/oidc/callback"
    assert SECRET not in shown.text
    assert elsewhere.json()["code"] == "SINGLE_SIGN_ON_NOT_SET_UP"
    assert elsewhere.status_code == 404


async def test_each_change_is_recorded_without_the_secret(room: OidcRoom) -> None:
    await room.configure(ISSUER)
    await room.configure(ISSUER, client_secret="a new one", domains=["acme.test", "acme.example"])
    async with room.client(room.tokens[ACME]) as client:
        assert (await client.delete(PATH)).status_code == 204
        assert (await client.delete(PATH)).status_code == 404

    events = [
        each
        for action in ("CREATE", "UPDATE", "DELETE")
        for each in await room.events(action)
        if each["resource_type"] == "SINGLE_SIGN_ON"
    ]
    created, updated, deleted = events
    assert created["details"]["issuer"] == deleted["details"]["issuer"] == ISSUER
    assert updated["details"] == {
        "is_client_renewed": True,
        "ended_sessions": 0,
        "changed_fields": ["domains"],
        "old_value": ["acme.test"],
        "new_value": ["acme.example", "acme.test"],
    }
    assert all(each["user_id"].startswith("api-key:") for each in events)
    assert SECRET not in str(events)
    assert "a new one" not in str(events)


async def test_the_secret_stays_for_the_same_issuer_and_client_alone(room: OidcRoom) -> None:
    needed: dict[str, Any] = {"client_secret": None}
    assert (await room.configure(ISSUER, **needed)).json()["code"] == "CLIENT_SECRET_NEEDED"
    assert (await room.configure(ISSUER)).status_code == 200
    assert (await room.configure(ISSUER, **needed)).status_code == 200
    changed: list[dict[str, Any]] = [{"issuer": "https://evil.test"}, {"client_id": "another"}]
    for changes in changed:
        refused = await room.configure(**{"issuer": ISSUER, **needed, **changes})
        assert (refused.status_code, refused.json()["field"]) == (400, "client_secret")


async def test_whoever_decides_who_is_who_needs_every_permission(room: OidcRoom) -> None:
    """Else a lesser role would point the organization at a provider of its own and come back
    as its SUPER_ADMIN."""
    room.tokens[ACME] = await room.new_key(
        permissions=frozenset(Permission) - {Permission.ROLE_MANAGE}
    )
    refused = await room.configure(ISSUER)
    assert (refused.status_code, refused.json()["code"]) == (403, "PERMISSIONS_TOO_WIDE")
    room.tokens[ACME] = await room.new_key(
        permissions=frozenset(Permission) - {Permission.SECURITY_MANAGE}
    )
    async with room.client(room.tokens[ACME]) as client:
        for method, path in (("GET", PATH), ("DELETE", PATH), ("POST", f"{PATH}/test")):
            assert (await client.request(method, path)).json()["code"] == "PERMISSION_MISSING"
    assert (await room.configure(ISSUER)).json()["code"] == "PERMISSION_MISSING"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"issuer": "http://login.acme.test"}, "INVALID_ISSUER", "issuer"),
        ({"issuer": "https://login.acme.test/?a=b"}, "INVALID_ISSUER", "issuer"),
        ({"issuer": "https://login.acme.test/#a"}, "INVALID_ISSUER", "issuer"),
        ({"issuer": "https://user:pw@login.acme.test"}, "INVALID_ISSUER", "issuer"),
        ({"issuer": "javascript:alert(1)"}, "INVALID_ISSUER", "issuer"),
        ({"issuer": "file:///etc/passwd"}, "INVALID_ISSUER", "issuer"),
        ({"issuer": "https://login.acme.test\r\nX: y"}, "INVALID_ISSUER", "issuer"),
        ({"domains": ["*.acme.test"]}, "INVALID_DOMAIN", "domains"),
        ({"domains": ["acme.test@evil.test"]}, "INVALID_DOMAIN", "domains"),
        ({"default_role": "EMPEROR"}, "ROLE_UNKNOWN", "default_role"),
        ({"role_mapping": {"x": "EMPEROR"}}, "ROLE_UNKNOWN", "role_mapping"),
        ({"is_required": True}, "BREAK_GLASS_NEEDED", "break_glass_user"),
        ({"break_glass_user": "nobody"}, "BREAK_GLASS_UNSUITABLE", "break_glass_user"),
        ({"break_glass_user": "bob"}, "BREAK_GLASS_UNSUITABLE", "break_glass_user"),
        ({"break_glass_user": "bea"}, "BREAK_GLASS_UNSUITABLE", "break_glass_user"),
        ({"domains": []}, "INVALID_REQUEST", "domains"),
        ({"surprise": 1}, "INVALID_REQUEST", None),
    ],
)
async def test_what_is_refused(
    room: OidcRoom, changes: dict[str, Any], code: str, field: str | None
) -> None:
    await room.add("bob", "bob@acme.test", role="ADMIN", password_hash=PASSWORD_HASH)
    await room.add("bea", "bea@acme.test", role="SUPER_ADMIN")
    answer = await room.configure(**{"issuer": ISSUER, **changes})
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert field is None or answer.json()["field"] == field
    assert await room.events("UPDATE") == []


async def test_required_closes_passwords_but_for_the_break_glass_user(
    room: OidcRoom, providers: RealProviders
) -> None:
    passwords = Passwords()
    hashed = await passwords.hash(PASSWORD)
    await room.add("bob", "bob@acme.test", password_hash=hashed)
    await room.add("bea", "bea@acme.test", role="SUPER_ADMIN", password_hash=hashed)
    providers.set_account("s-bob", email="bob@acme.test", email_verified=True)
    bob, bea = await session_of(room, "bob"), await session_of(room, "bea")
    set_up = await room.configure(providers.issuer, is_required=True, break_glass_user="bea")
    assert set_up.status_code == 200

    by_password = PasswordSignIn(
        room.metadata, passwords, Attempts(room.metadata), room.sessions, room.clock
    )
    opened = await by_password(credentials("bea@acme.test"))
    assert isinstance(opened, OpenedSession)
    with pytest.raises(Forbidden) as refused:
        await by_password(credentials("bob@acme.test"))
    passwords.close()
    assert refused.value.code == "SINGLE_SIGN_ON_REQUIRED"
    # So do the sessions that were opened by password before.
    async with room.client(Cookie=f"__Host-trailkeeper={bob}") as browser:
        assert (await browser.get("/whoami")).status_code == 401
    async with room.client(Cookie=f"__Host-trailkeeper={bea}") as browser:
        assert (await browser.get("/whoami")).status_code == 200
    async with room.client() as browser:
        assert await sign_in(browser, providers, "s-bob") == "/"


async def test_sessions_of_a_provider_end_with_it(
    room: OidcRoom, providers: RealProviders, hostile: HostileProvider
) -> None:
    providers.set_account("s-bob", email="bob@acme.test", email_verified=True)
    await room.configure(providers.issuer)
    async with room.client() as browser:
        assert await sign_in(browser, providers, "s-bob") == "/"
        await room.configure(providers.issuer, domains=["acme.test", "acme.example"])
        assert (await browser.get("/whoami")).status_code == 200
        await room.configure(hostile.issuer)
        assert (await browser.get("/whoami")).status_code == 401
        await room.configure(providers.issuer)
        assert await sign_in(browser, providers, "s-bob") == "/"
        async with room.client(room.tokens[ACME]) as client:
            await client.delete(PATH)
        assert (await browser.get("/whoami")).status_code == 401
        assert await sign_in(browser, providers, "s-bob") == failed("SINGLE_SIGN_ON_NOT_SET_UP")


async def test_the_test_of_a_provider_that_works(room: OidcRoom, providers: RealProviders) -> None:
    async with room.client(room.tokens[ACME]) as client:
        missing = await client.post(f"{PATH}/test")
        await room.configure(providers.issuer)
        answer = await client.post(f"{PATH}/test")
    assert (missing.status_code, missing.json()["code"]) == (404, "SINGLE_SIGN_ON_NOT_SET_UP")
    assert answer.json() == {
        "is_working": True,
        "code": None,
        "detail": None,
        "authorization_endpoint": f"{providers.issuer}/auth",
        "token_endpoint": f"{providers.issuer}/token",
        "keys": 3,
        "warnings": [],
    }


async def test_the_test_of_a_provider_that_does_not(
    room: OidcRoom, hostile: HostileProvider
) -> None:
    await room.configure(hostile.issuer)
    async with room.client(room.tokens[ACME]) as client:

        async def outcome() -> tuple[bool, str | None]:
            told = (await client.post(f"{PATH}/test")).json()
            return told["is_working"], told["code"]

        assert await outcome() == (True, None)
        hostile.answers("/jwks", {"keys": [{"kty": "oct", "k": "c2VjcmV0"}, {"kty": 7}, "x"]})
        assert await outcome() == (False, "OIDC_ANSWER_INVALID")
        hostile.answers("/jwks", {"keys": []}, status=503)
        assert await outcome() == (False, "OIDC_PROVIDER_UNAVAILABLE")
        hostile.describe(jwks_uri="http://169.254.169.254/jwks")
        assert await outcome() == (False, "OIDC_ANSWER_INVALID")
        hostile.far.answers_with("/.well-known/openid-configuration", body=b"<html>")
        assert await outcome() == (False, "OIDC_ANSWER_INVALID")


def credentials(email: str) -> Credentials:
    return Credentials(email, PASSWORD, ACME, Requester(address="127.0.0.1"), Browser())


async def session_of(room: OidcRoom, user_id: str) -> str:
    """The token of a session opened by password."""
    async with room.metadata.transaction() as session:
        member = await find_member(session, system_tenant(ACME), user_id)
        assert member is not None
        opening = Opening(
            person_id=str(member.person),
            organization=ACME,
            user_id=user_id,
            method=SignInMethod.PASSWORD,
            has_second_factor=False,
            requester=Requester(),
        )
        return (await room.sessions.open_session(session, opening, room.clock())).token
