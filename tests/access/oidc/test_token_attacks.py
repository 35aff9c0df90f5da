"""Tokens that a provider did not make, or not for this sign-in, each attack by name."""

from __future__ import annotations

from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey

from tests.access.oidc.hostile import (
    ACCESS_TOKEN,
    FromNow,
    HostileProvider,
    SigningKey,
    new_key,
    signed,
    unsigned,
)
from tests.access.oidc.room import SESSION, OidcRoom, begin, failed, query_of

REFUSED = failed("OIDC_TOKEN_INVALID")

# Which database it is makes no difference to a token.
pytestmark = pytest.mark.parametrize("metadata_url", ["sqlite"], indirect=True)


@pytest.fixture
async def tricked(room: OidcRoom, hostile: HostileProvider) -> OidcRoom:
    """Single sign-on of acme at the provider that lies."""
    await room.configure(hostile.issuer)
    return room


async def explanation(room: OidcRoom) -> str:
    return str((await room.last_failure())["details"]["explanation"])


async def end_of(room: OidcRoom, hostile: HostileProvider, make_token: Any) -> str:
    """Where a sign-in ends that is given `make_token(claims)`."""
    async with room.client() as browser:
        asked = query_of(await begin(browser))
        hostile.hands_out(make_token(hostile.claims(asked["nonce"])))
        end = await hostile.comes_back(browser, asked["state"])
        assert (SESSION in browser.cookies) == (end == "/")
        return end


async def test_an_honest_token_is_taken(tricked: OidcRoom, hostile: HostileProvider) -> None:
    """So that what follows fails for the reason it names."""
    async with tricked.client() as browser:
        assert await hostile.sign_in(browser) == "/"
        assert await hostile.sign_in(browser, aud=["trailkeeper"], azp="trailkeeper") == "/"
        assert await hostile.sign_in(browser, aud=["x", "trailkeeper"], azp="trailkeeper") == "/"
        assert await hostile.sign_in(browser, at_hash=None, nbf=FromNow(0)) == "/"


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", ""])
async def test_alg_none(tricked: OidcRoom, hostile: HostileProvider, alg: str) -> None:
    header = {"alg": alg, "kid": "first"}
    assert await end_of(tricked, hostile, lambda claims: unsigned(claims, header)) == REFUSED
    assert await explanation(tricked) == "the token's algorithm is not allowed"


async def test_hs256_with_the_public_key_as_secret(
    tricked: OidcRoom, hostile: HostileProvider
) -> None:
    secret = OctKey.import_key(hostile.key.as_pem(private=False).replace(b"-----", b"=="))
    end = await end_of(
        tricked, hostile, lambda claims: signed(claims, secret, "HS256", kid="first")
    )
    assert end == REFUSED
    assert await explanation(tricked) == "the token's algorithm is not allowed"


async def test_hs256_with_a_secret_that_is_published(
    tricked: OidcRoom, hostile: HostileProvider
) -> None:
    hostile.answers("/jwks", {"keys": [{"kty": "oct", "k": "c2VjcmV0" * 8, "kid": "first"}]})
    secret = OctKey.import_key({"kty": "oct", "k": "c2VjcmV0" * 8})
    end = await end_of(
        tricked, hostile, lambda claims: signed(claims, secret, "HS256", kid="first")
    )
    assert end == REFUSED


async def test_a_foreign_key_under_the_same_name(
    tricked: OidcRoom, hostile: HostileProvider
) -> None:
    foreign = new_key("first")
    end = await end_of(tricked, hostile, lambda claims: signed(claims, foreign, kid="first"))
    assert end == REFUSED
    assert await explanation(tricked) == "the signature is wrong"


async def test_a_key_that_the_token_brings_along(
    tricked: OidcRoom, hostile: HostileProvider
) -> None:
    """`jwk`, `jku` and `x5u` of a header are a stranger's word."""
    own = new_key("own")
    for header in (
        {"kid": "own", "jwk": own.as_dict(private=False)},
        {"kid": "first", "jwk": own.as_dict(private=False)},
        {"kid": "own", "jku": f"{hostile.issuer}/own-jwks"},
    ):
        end = await end_of(
            tricked, hostile, lambda claims, header=header: signed(claims, own, **header)
        )
        assert end == REFUSED
    assert not [seen for seen in hostile.far.seen if seen.path == "/own-jwks"]


async def test_an_unknown_key_is_asked_for_once(
    tricked: OidcRoom, hostile: HostileProvider
) -> None:
    own = new_key("own")
    end = await end_of(tricked, hostile, lambda claims: signed(claims, own, kid="own"))
    assert end == REFUSED
    assert len([seen for seen in hostile.far.seen if seen.path == "/jwks"]) == 2
    assert await explanation(tricked) == "the provider publishes no key that signed the token"


async def test_a_key_for_something_else(tricked: OidcRoom, hostile: HostileProvider) -> None:
    for changes in ({"use": "enc"}, {"alg": "RS512"}, {"key_ops": ["sign"], "use": None}):
        public = {**hostile.key.as_dict(private=False), **changes}
        hostile.answers("/jwks", {"keys": [public]})
        end = await end_of(
            tricked, hostile, lambda claims: signed(claims, hostile.key, kid="first")
        )
        assert end == REFUSED
        assert await explanation(tricked) == ("the provider publishes no key that signed the token")


@pytest.mark.parametrize(
    ("keys", "algorithm"),
    [
        ([ECKey.generate_key("P-256", {"kid": each}) for each in "ab"], "ES256"),
        ([OKPKey.generate_key("Ed25519", {"kid": each}) for each in "ab"], "Ed25519"),
    ],
)
async def test_keys_that_are_mixed_with_others(
    tricked: OidcRoom, hostile: HostileProvider, keys: list[SigningKey], algorithm: str
) -> None:
    """A token without a key's name is good where one key can be meant alone."""

    def make(claims: dict[str, Any]) -> str:
        return signed({**claims, "at_hash": None}, keys[0], algorithm)

    hostile.publish(hostile.key, keys[0])
    assert await end_of(tricked, hostile, make) == "/"
    hostile.publish(hostile.key, *keys)
    await tricked.providers.newer_keys(await tricked.providers.document(hostile.issuer))
    assert await end_of(tricked, hostile, make) == REFUSED


async def test_a_changed_payload(tricked: OidcRoom, hostile: HostileProvider) -> None:
    def make(claims: dict[str, Any]) -> str:
        head, _, signature = signed(claims, hostile.key, kid="first").split(".")
        payload = unsigned({**claims, "email": "ada@acme.test"}, {}).split(".")[1]
        return f"{head}.{payload}.{signature}"

    assert await end_of(tricked, hostile, make) == REFUSED
    assert await explanation(tricked) == "the signature is wrong"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"nonce": "of another sign-in"}, "nonce is of another sign-in"),
        ({"nonce": None}, "a claim is missing or of a wrong type"),
        ({"iss": "https://evil.test"}, "iss is another issuer"),
        ({"aud": "another-client"}, "aud is another client"),
        ({"aud": []}, "aud is another client"),
        ({"aud": ["trailkeeper", "another-client"]}, "azp is another client"),
        ({"azp": "another-client"}, "azp is another client"),
        ({"exp": FromNow(-120)}, "exp is over"),
        ({"exp": "9999999999"}, "a claim is missing or of a wrong type"),
        ({"exp": None}, "a claim is missing or of a wrong type"),
        ({"iat": FromNow(600)}, "iat or nbf is yet to come"),
        ({"nbf": FromNow(600)}, "iat or nbf is yet to come"),
        ({"iat": FromNow(-3600)}, "iat is before this sign-in began"),
        ({"at_hash": "b3RoZXI"}, "at_hash is of another access token"),
        ({"sub": ""}, "sub is empty, too long or not printable"),
        ({"sub": "x" * 256}, "sub is empty, too long or not printable"),
        ({"sub": 7}, "a claim is missing or of a wrong type"),
    ],
)
async def test_a_well_signed_token_of_something_else(
    tricked: OidcRoom, hostile: HostileProvider, changes: dict[str, Any], why: str
) -> None:
    async with tricked.client() as browser:
        assert await hostile.sign_in(browser, **changes) == REFUSED
        assert SESSION not in browser.cookies
    assert await explanation(tricked) == why


async def test_nonce_replay(tricked: OidcRoom, hostile: HostileProvider) -> None:
    """A token of an earlier sign-in, well signed and not expired, is good for none later."""
    async with tricked.client() as browser:
        assert await hostile.sign_in(browser) == "/"
        asked = query_of(await begin(browser))
        # The token endpoint still answers with the token of before.
        assert await hostile.comes_back(browser, asked["state"]) == REFUSED
    assert await explanation(tricked) == "nonce is of another sign-in"


@pytest.mark.parametrize(
    "token",
    ["", "a", "a.b", "a.b.c", "a.b.c.d.e", "....", "é.é.é", "e30.e30.e30", "W10.e30.x", "MQ.e30.x"],
)
async def test_what_is_no_token(tricked: OidcRoom, hostile: HostileProvider, token: str) -> None:
    assert await end_of(tricked, hostile, lambda claims: token) == REFUSED


@pytest.mark.parametrize(
    "header",
    [{"crit": ["b64"], "b64": False}, {"crit": []}, {"typ": "at+jwt"}, {"kid": 7}],
)
async def test_a_header_that_asks_for_more(
    tricked: OidcRoom, hostile: HostileProvider, header: dict[str, Any]
) -> None:
    def make(claims: dict[str, Any]) -> str:
        _, payload, signature = signed(claims, hostile.key, kid="first").split(".")
        head = unsigned({}, {"alg": "RS256", "kid": "first", **header}).split(".")[0]
        return f"{head}.{payload}.{signature}"

    assert await end_of(tricked, hostile, make) == REFUSED
    assert "header" in await explanation(tricked) or "type" in await explanation(tricked)


async def test_user_info_about_somebody_else(tricked: OidcRoom, hostile: HostileProvider) -> None:
    hostile.describe(userinfo_endpoint=f"{hostile.issuer}/me")
    hostile.answers("/me", {"sub": "subject-2", "email": "ada@acme.test", "email_verified": True})
    tricked.providers.forget(hostile.issuer)
    async with tricked.client() as browser:
        assert await hostile.sign_in(browser, email=None, email_verified=None) == REFUSED
    assert await explanation(tricked) == "UserInfo is about somebody else"
    [asked] = [seen for seen in hostile.far.seen if seen.path == "/me"]
    assert asked.headers["authorization"] == f"Bearer {ACCESS_TOKEN}"
