"""Signing in at a real, certified provider."""

from __future__ import annotations

import pytest

from tests.access.oidc.real import PUBLIC_URL, RealProviders
from tests.access.oidc.room import (
    OTHER,
    PASSWORD_HASH,
    SESSION,
    OidcRoom,
    begin,
    failed,
    finish,
    query_of,
    sign_in,
)
from trailkeeper.access.people.editor import operating
from trailkeeper.access.people.members import MemberStatus
from trailkeeper.access.people.standing import disable_member
from trailkeeper.principal import system_tenant


async def test_somebody_new_is_made_just_in_time(room: OidcRoom, providers: RealProviders) -> None:
    providers.set_account("s-bob", email="Bob@Acme.test", email_verified=True, name="Bob  B.")
    await room.configure(providers.issuer)
    async with room.client() as browser:
        location = await begin(browser, return_to="/activity?user=bob#latest")
        asked = query_of(location)
        back = await providers.sign_in(location, "s-bob")
        assert await finish(browser, back) == "/activity?user=bob#latest"
        who = (await browser.get("/whoami")).json()

    assert location.startswith(f"{providers.issuer}/auth?")
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"{PUBLIC_URL}/sign-in/oidc/callback"
    member = await room.member("bob@acme.test")
    assert (member.name, member.role, member.status) == ("Bob B.", "TESTER", "active")
    assert who == {
        "organization": "acme",
        "user_id": member.user_id,
        "email": "bob@acme.test",
        "permissions": [],
    }
    [login] = await room.events("LOGIN")
    assert login["user_id"] == login["resource_id"] == member.user_id
    assert login["details"]["method"] == "oidc"
    assert login["details"]["issuer"] == providers.issuer
    made = (await room.events("CREATE"))[-1]
    assert made["resource_id"] == member.user_id
    assert made["details"]["operator"] == "single sign-on"
    assert "user_id" not in made


async def test_cookies_of_a_sign_in(room: OidcRoom, providers: RealProviders) -> None:
    providers.set_account("s-bob", email="bob@acme.test", email_verified=True)
    await room.configure(providers.issuer)
    async with room.client() as browser:
        began = await browser.get("/sign-in/oidc", params={"organization": "acme"})
        back = await providers.sign_in(began.headers["location"], "s-bob")
        ended = await browser.get(back)

    flow = began.headers["set-cookie"]
    assert flow.startswith("__Host-trailkeeper-oidc=")
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(flow.split("; "))
    assert "Domain" not in flow
    [session] = [each for each in ended.headers.get_list("set-cookie") if each.startswith(SESSION)][
        :1
    ]
    assert {"HttpOnly", "Secure", "SameSite=strict", "Path=/"} <= set(session.split("; "))
    assert ended.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("client_id", ["client-ps256", "client-es256", "client-eddsa"])
async def test_other_algorithms_at_a_provider_that_takes_the_secret_in_the_body(
    room: OidcRoom, providers: RealProviders, client_id: str
) -> None:
    providers.set_account("s-bob", email="bob@acme.test", email_verified=True)
    await room.configure(providers.other_issuer, client_id=client_id)
    async with room.client() as browser:
        assert await sign_in(browser, providers, "s-bob") == "/"


async def test_who_signed_in_before_is_known_by_subject_and_not_by_email(
    room: OidcRoom, providers: RealProviders
) -> None:
    providers.set_account("s-bob", email="bob@acme.test", email_verified=True)
    await room.configure(providers.issuer)
    async with room.client() as browser:
        await sign_in(browser, providers, "s-bob")
        before = (await browser.get("/whoami")).json()
    providers.set_account("s-bob", email="robert@acme.test", email_verified=True)
    async with room.client() as browser:
        assert await sign_in(browser, providers, "s-bob") == "/"
        assert (await browser.get("/whoami")).json() == before


async def test_a_member_is_found_by_verified_email_once(
    room: OidcRoom, providers: RealProviders
) -> None:
    await room.add("bob", "bob@acme.test", role="DEVOPS")
    providers.set_account("s-bob", email="bob@acme.test", email_verified=True)
    providers.set_account("s-robert", email="bob@acme.test", email_verified=True)
    await room.configure(providers.issuer, default_role=None)
    async with room.client() as browser:
        assert await sign_in(browser, providers, "s-bob") == "/"
        assert (await browser.get("/whoami")).json()["user_id"] == "bob"
    assert (await room.member("bob@acme.test")).role == "DEVOPS"
    async with room.client() as browser:
        # The address was given to somebody else at the provider.
        assert await sign_in(browser, providers, "s-robert") == failed("OIDC_USER_MISMATCH")
    failure = await room.last_failure()
    assert failure["resource_id"] == "bob"
    assert failure["details"]["attempted"] == "bob@acme.test"
    assert failure["details"]["method"] == "oidc"
    assert failure["details"]["reason"] == "OIDC_USER_MISMATCH"


@pytest.mark.parametrize("status", [MemberStatus.INVITED, MemberStatus.OBSERVED])
async def test_who_is_expected_becomes_active(
    room: OidcRoom, providers: RealProviders, status: MemberStatus
) -> None:
    role = "DEVOPS" if status is MemberStatus.INVITED else None
    await room.add("bob", "bob@acme.test", role=role, status=status)
    providers.set_account("s-bob", email="bob@acme.test", email_verified=True)
    await room.configure(providers.issuer)
    async with room.client() as browser:
        assert await sign_in(browser, providers, "s-bob") == "/"
    member = await room.member("bob@acme.test")
    assert (member.user_id, member.status) == ("bob", "active")
    assert member.role == (role or "TESTER")
    change = (await room.events("UPDATE"))[-1]
    assert change["details"]["issuer"] == providers.issuer


async def test_nobody_is_made_without_a_default_role(
    room: OidcRoom, providers: RealProviders
) -> None:
    providers.set_account("s-bob", email="bob@acme.test", email_verified=True)
    await room.configure(providers.issuer, default_role=None)
    async with room.client() as browser:
        assert await sign_in(browser, providers, "s-bob") == failed("OIDC_USER_UNKNOWN")


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"email": "bob@evil.test", "email_verified": True}, "OIDC_DOMAIN_NOT_ALLOWED"),
        ({"email": "bob@acme.test.evil.test", "email_verified": True}, "OIDC_DOMAIN_NOT_ALLOWED"),
        ({"email": "bob@sub.acme.test", "email_verified": True}, "OIDC_DOMAIN_NOT_ALLOWED"),
        ({"email": "bob@acme.test", "email_verified": False}, "OIDC_EMAIL_UNVERIFIED"),
        ({"email": "bob@acme.test"}, "OIDC_EMAIL_UNVERIFIED"),
        ({"email": "bob@evil.test,bob@acme.test", "email_verified": True}, "OIDC_EMAIL_UNVERIFIED"),
        ({"email_verified": True}, "OIDC_EMAIL_UNVERIFIED"),
    ],
)
async def test_an_email_that_does_not_do(
    room: OidcRoom, providers: RealProviders, claims: dict[str, object], code: str
) -> None:
    providers.set_account("s-eve", **claims)
    await room.configure(providers.issuer)
    async with room.client() as browser:
        assert await sign_in(browser, providers, "s-eve") == failed(code)
        assert SESSION not in browser.cookies
    assert (await room.last_failure())["details"]["attempted"] == claims.get("email", "")


async def test_a_disabled_member_stays_out(room: OidcRoom, providers: RealProviders) -> None:
    providers.set_account("s-bob", email="bob@acme.test", email_verified=True)
    await room.configure(providers.issuer)
    async with room.client() as browser:
        assert await sign_in(browser, providers, "s-bob") == "/"
        member = await room.member("bob@acme.test")
        async with room.metadata.transaction() as session:
            await disable_member(
                session,
                system_tenant(member.organization),
                member.user_id,
                editor=operating(),
                now=room.clock(),
            )
        assert await sign_in(browser, providers, "s-bob") == failed("OIDC_USER_SHUT_OUT")
    async with room.client() as browser:
        # Nor as somebody new to the provider, with the same address.
        providers.set_account("s-bob-2", email="bob@acme.test", email_verified=True)
        assert await sign_in(browser, providers, "s-bob-2") == failed("OIDC_USER_SHUT_OUT")
    assert (await room.last_failure())["resource_id"] == member.user_id


async def test_who_refuses_at_the_provider_is_told_so(
    room: OidcRoom, providers: RealProviders
) -> None:
    await room.configure(providers.issuer)
    async with room.client() as browser:
        back = await providers.sign_in(await begin(browser), "s-bob", is_refusing=True)
        assert await finish(browser, back) == failed("OIDC_DENIED")
    assert (await room.last_failure())["details"]["reason"] == "OIDC_DENIED"


async def test_a_wrong_secret_is_told_apart(room: OidcRoom, providers: RealProviders) -> None:
    await room.configure(providers.issuer, client_secret="another one")
    async with room.client() as browser:
        assert await sign_in(browser, providers, "s-bob") == failed("OIDC_CLIENT_REFUSED")


async def test_keys_that_the_provider_rotated_are_fetched_once(
    room: OidcRoom, providers: RealProviders
) -> None:
    providers.set_account("s-bob", email="bob@acme.test", email_verified=True)
    await room.configure(providers.issuer)
    async with room.client() as browser:
        assert await sign_in(browser, providers, "s-bob") == "/"
        providers.rotate_keys()
        assert await sign_in(browser, providers, "s-bob") == "/"


async def test_an_organization_without_single_sign_on(room: OidcRoom) -> None:
    async with room.client() as browser:
        for organization in ("acme", "nobody", "", "\0", "ACME"):
            query = {"organization": organization}
            answer = await browser.get("/sign-in/oidc", params=query)
            assert answer.headers["location"] == PUBLIC_URL + failed("SINGLE_SIGN_ON_NOT_SET_UP")


async def test_a_session_is_of_one_organization_alone(
    room: OidcRoom, providers: RealProviders
) -> None:
    """The same human is a member of both; one organization's provider opens that one."""
    await room.add("bob", "bob@acme.test", role="SUPER_ADMIN", organization=OTHER)
    await room.add("bob-here", "bob@acme.test", role="TESTER")
    providers.set_account("s-bob", email="bob@acme.test", email_verified=True)
    await room.configure(providers.issuer)
    async with room.client() as browser:
        assert await sign_in(browser, providers, "s-bob") == "/"
        who = (await browser.get("/whoami")).json()
        refused = await browser.get("/organization/single-sign-on")
        elsewhere = await sign_in(browser, providers, "s-bob", organization="other")
    assert (who["organization"], who["user_id"], who["permissions"]) == ("acme", "bob-here", [])
    assert refused.status_code == 403
    assert elsewhere == failed("SINGLE_SIGN_ON_NOT_SET_UP")


async def test_a_sign_on_proves_nothing_about_the_account(
    room: OidcRoom, providers: RealProviders
) -> None:
    """Else a provider could add a passkey of its own to somebody's account, and be them in
    every organization."""
    await room.add("vic", "vic@other.test", organization=OTHER)
    await room.add("vic", "vic@other.test")
    providers.set_account("s-vic", email="vic@other.test", email_verified=True)
    await room.configure(providers.issuer, domains=["other.test"])
    async with room.client() as browser:
        assert await sign_in(browser, providers, "s-vic") == "/"
        csrf = {"X-CSRF-Token": await room.csrf_token(browser.cookies[SESSION])}
        for path in ("/me/passkeys/options", "/me/totp"):
            refused = await browser.post(path, json={}, headers=csrf)
            assert (refused.status_code, refused.json()["code"]) == (403, "RECENT_SIGN_IN_NEEDED")


@pytest.mark.parametrize("is_invited", [False, True])
async def test_an_account_with_a_password_is_not_taken_over(
    room: OidcRoom, providers: RealProviders, is_invited: bool
) -> None:
    """Acme may name any domain as its own; that brings it no account of somebody else's."""
    victim = await room.add(
        "vic", "vic@other.test", organization=OTHER, password_hash=PASSWORD_HASH
    )
    if is_invited:
        await room.add("vic", "vic@other.test", status=MemberStatus.INVITED)
    providers.set_account("s-vic", email="vic@other.test", email_verified=True)
    await room.configure(providers.issuer, domains=["other.test"])
    async with room.client() as browser:
        assert await sign_in(browser, providers, "s-vic") == failed("OIDC_INVITATION_NEEDED")
    assert await room.member("vic@other.test", OTHER) == victim
    assert await room.events("LOGIN", OTHER) == []
