"""What the provider says of somebody's role, at each sign-in."""

from __future__ import annotations

from typing import Any

import pytest

from tests.access.oidc.real import RealProviders
from tests.access.oidc.room import PASSWORD_HASH, OidcRoom, failed, sign_in

MAPPING = {"admins": "ADMIN", "engineers": "DEVELOPER"}


def account(providers: RealProviders, groups: Any, login: str = "s-bob") -> None:
    email = f"{login.removeprefix('s-')}@acme.test"
    providers.set_account(login, email=email, email_verified=True, groups=groups)


async def sign_in_and_out(room: OidcRoom, providers: RealProviders, login: str = "s-bob") -> str:
    async with room.client() as browser:
        return await sign_in(browser, providers, login)


async def test_a_role_is_given_and_taken_at_each_sign_in(
    room: OidcRoom, providers: RealProviders
) -> None:
    await room.configure(providers.issuer, role_mapping=MAPPING)
    for groups, role in (
        (["staff", "engineers"], "DEVELOPER"),
        (["engineers", "admins"], "ADMIN"),
        ("engineers", "DEVELOPER"),
        (["staff"], "TESTER"),
        (None, "TESTER"),
    ):
        account(providers, groups)
        assert await sign_in_and_out(room, providers) == "/"
        assert (await room.member("bob@acme.test")).role == role
    changes = [each["details"] for each in await room.events("UPDATE")]
    told = [(each["old_value"], each["new_value"]) for each in changes if "old_value" in each]
    assert told == [("DEVELOPER", "ADMIN"), ("ADMIN", "DEVELOPER"), ("DEVELOPER", "TESTER")]


async def test_a_changed_role_counts_at_once_in_sessions_that_live(
    room: OidcRoom, providers: RealProviders
) -> None:
    await room.configure(providers.issuer, role_mapping=MAPPING)
    account(providers, ["admins"])
    async with room.client() as browser:
        await sign_in(browser, providers, "s-bob")
        assert (await browser.get("/whoami")).json()["permissions"] != []
        account(providers, [])
        await sign_in_and_out(room, providers)
        assert (await browser.get("/whoami")).json()["permissions"] == []


async def test_without_a_default_role_who_loses_the_role_stays_out(
    room: OidcRoom, providers: RealProviders
) -> None:
    await room.add("bob", "bob@acme.test", role="ADMIN")
    await room.configure(providers.issuer, role_mapping=MAPPING, default_role=None)
    account(providers, ["admins"])
    assert await sign_in_and_out(room, providers) == "/"
    account(providers, ["staff"])
    assert await sign_in_and_out(room, providers) == failed("OIDC_NO_ROLE")
    assert (await room.member("bob@acme.test")).role == "ADMIN"
    assert (await room.last_failure())["resource_id"] == "bob"


async def test_a_role_given_by_hand_stays_until_a_mapping_matches(
    room: OidcRoom, providers: RealProviders
) -> None:
    await room.add("bob", "bob@acme.test", role="DEVOPS")
    await room.configure(providers.issuer, role_mapping=MAPPING)
    account(providers, ["staff"])
    assert await sign_in_and_out(room, providers) == "/"
    assert (await room.member("bob@acme.test")).role == "DEVOPS"
    account(providers, ["engineers"])
    assert await sign_in_and_out(room, providers) == "/"
    assert (await room.member("bob@acme.test")).role == "DEVELOPER"


async def test_the_last_super_admin_is_never_demoted(
    room: OidcRoom, providers: RealProviders
) -> None:
    await room.configure(providers.issuer, role_mapping={**MAPPING, "chiefs": "SUPER_ADMIN"})
    account(providers, ["engineers"], "s-ada")
    assert await sign_in_and_out(room, providers, "s-ada") == "/"
    assert (await room.member("ada@acme.test")).role == "SUPER_ADMIN"
    assert (await room.events("LOGIN"))[-1]["details"]["kept_role"] == "LAST_SUPER_ADMIN"
    # With another one, the provider's word counts.
    await room.add("bea", "bea@acme.test", role="SUPER_ADMIN")
    assert await sign_in_and_out(room, providers, "s-ada") == "/"
    assert (await room.member("ada@acme.test")).role == "DEVELOPER"


async def test_the_break_glass_user_stays_super_admin(
    room: OidcRoom, providers: RealProviders
) -> None:
    await room.add("bea", "bea@acme.test", role="SUPER_ADMIN", password_hash=PASSWORD_HASH)
    await room.configure(
        providers.issuer, role_mapping=MAPPING, is_required=True, break_glass_user="ada"
    )
    account(providers, ["engineers"], "s-ada")
    assert await sign_in_and_out(room, providers, "s-ada") == "/"
    assert (await room.member("ada@acme.test")).role == "SUPER_ADMIN"


@pytest.mark.parametrize("claims", [{"groups": {"roles": ["admins"]}}, {"groups": ["admins"]}])
async def test_a_claim_may_lie_deeper(
    room: OidcRoom, providers: RealProviders, claims: dict[str, Any]
) -> None:
    name = "groups.roles" if isinstance(claims["groups"], dict) else "groups"
    await room.configure(providers.other_issuer, role_mapping=MAPPING, role_claim=name)
    account(providers, claims["groups"])
    assert await sign_in_and_out(room, providers) == "/"
    assert (await room.member("bob@acme.test")).role == "ADMIN"


@pytest.mark.parametrize("groups", [7, {"admins": True}, [["admins"], {"admins": 1}], "ADMINS", ""])
async def test_what_is_no_group_gives_no_role(
    room: OidcRoom, providers: RealProviders, groups: Any
) -> None:
    await room.configure(providers.issuer, role_mapping=MAPPING)
    account(providers, groups)
    assert await sign_in_and_out(room, providers) == "/"
    assert (await room.member("bob@acme.test")).role == "TESTER"
