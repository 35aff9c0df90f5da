"""From a code to what the provider says of a person: the token endpoint, the ID token, UserInfo.

OpenID Connect Core 1.0, 3.1.3 and 5.3; RFC 6749, 4.1.3; RFC 7636. The ID token's checks are
in the order of 3.1.3.7 there, and none of them can be switched off.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote_plus

import msgspec

from trailkeeper.access.signin.oidc_discovery import (
    LIMITS,
    ProviderDocument,
    Providers,
    checked_body,
    decoded,
    unreachable,
)
from trailkeeper.access.signin.oidc_fault import OidcFault, OidcRefused
from trailkeeper.access.signin.oidc_keys import UnknownKey, verified_payload
from trailkeeper.outbound.errors import OutboundError
from trailkeeper.outbound.http import OutboundAnswer

LEEWAY: Final = timedelta(seconds=60)
"""How far the provider's clock may be from ours."""

MAX_SUBJECT_LENGTH: Final = 255


@dataclass(frozen=True, slots=True)
class Client:
    """What the provider knows us by, and where it may send the code."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What one sign-in remembers of itself: its token has to match all of it."""

    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider vouches for. `claims` are all it said, JSON-ready."""

    issuer: str
    subject: str
    has_second_factor: bool
    claims: Mapping[str, Any] = field(repr=False)


class TokenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    id_token: str
    access_token: str | None = None


class _TokenError(msgspec.Struct, frozen=True):
    error: str


class _IdToken(msgspec.Struct, frozen=True, kw_only=True):
    iss: str
    sub: str
    aud: str | list[str]
    exp: int | float
    iat: int | float
    nonce: str
    nbf: int | float | None = None
    azp: str | None = None
    at_hash: str | None = None
    amr: list[str] = []


async def identify(
    providers: Providers,
    document: ProviderDocument,
    client: Client,
    code: str,
    expected: Expected,
    now: datetime,
    wanted: frozenset[str],
) -> Identity:
    """Redeems a code. Claims in `wanted` that the ID token lacks are asked for at UserInfo.

    Raises OidcRefused: UNAVAILABLE, ADDRESS, ANSWER, CODE, CLIENT, TOKEN.
    """
    answer = await _redeem(providers, document, client, code, expected.verifier)
    algorithm, payload = await _verified(providers, document, answer.id_token)
    try:
        token = msgspec.json.decode(payload, type=_IdToken)
        claims: dict[str, Any] = msgspec.json.decode(payload, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise _wrong("a claim is missing or of a wrong type") from None
    check_claims(token, document.issuer, client.client_id, expected, now)
    _check_access_token(token, algorithm, answer.access_token)
    if not wanted <= claims.keys() and document.userinfo_endpoint and answer.access_token:
        said = await _user_info(providers, document.userinfo_endpoint, answer.access_token)
        if said.get("sub") != token.sub:
            raise _wrong("UserInfo is about somebody else")
        claims = {**said, **claims}
    return Identity(token.iss, token.sub, "mfa" in token.amr, claims)


def check_claims(
    token: _IdToken, issuer: str, client_id: str, expected: Expected, now: datetime
) -> None:
    """Raises OidcRefused(TOKEN) naming the claim at fault."""
    audience = [token.aud] if isinstance(token.aud, str) else token.aud
    latest, earliest = (now + LEEWAY).timestamp(), (now - LEEWAY).timestamp()
    if token.iss != issuer:
        raise _wrong("iss is another issuer")
    if client_id not in audience:
        raise _wrong("aud is another client")
    if token.azp != client_id and (token.azp is not None or len(audience) > 1):
        raise _wrong("azp is another client")
    if token.exp <= earliest:
        raise _wrong("exp is over")
    if token.iat > latest or (token.nbf is not None and token.nbf > latest):
        raise _wrong("iat or nbf is yet to come")
    if token.iat < (expected.started_at - LEEWAY).timestamp():
        raise _wrong("iat is before this sign-in began")
    if not hmac.compare_digest(token.nonce.encode(), expected.nonce.encode()):
        raise _wrong("nonce is of another sign-in")
    if not 1 <= len(token.sub) <= MAX_SUBJECT_LENGTH or not token.sub.isprintable():
        raise _wrong("sub is empty, too long or not printable")


def _check_access_token(token: _IdToken, algorithm: str, access_token: str | None) -> None:
    """OpenID Connect Core 1.0, 3.1.3.8."""
    if token.at_hash is None:
        return
    # Ed25519 hashes with SHA-512 itself; of the others each has SHA-256 in its name.
    name = "sha256" if algorithm.endswith("256") else "sha512"
    digest = hashlib.new(name, (access_token or "").encode()).digest()
    half = urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=")
    if not hmac.compare_digest(token.at_hash.encode(), half):
        raise _wrong("at_hash is of another access token")


async def _redeem(
    providers: Providers, document: ProviderDocument, client: Client, code: str, verifier: str
) -> TokenAnswer:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.redirect_uri,
        "code_verifier": verifier,
    }
    headers = {"accept": "application/json"}
    methods = document.token_endpoint_auth_methods_supported
    if "client_secret_basic" in methods:
        headers["authorization"] = basic_authorization(client)
    elif "client_secret_post" in methods:
        form |= {"client_id": client.client_id, "client_secret": client.client_secret}
    else:
        raise OidcRefused(OidcFault.CLIENT, "the provider takes no client secret")
    try:
        answer = await providers.client.post(
            document.token_endpoint, headers=headers, form=form, limits=LIMITS
        )
    except OutboundError as error:
        raise unreachable(error, "the token endpoint") from None
    if answer.status in (400, 401):
        raise _token_error(answer)
    return decoded(checked_body(answer, "the token endpoint"), TokenAnswer, "the token answer")


def basic_authorization(client: Client) -> str:
    """RFC 6749, 2.3.1: both parts are form-encoded before they are joined."""
    pair = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
    return f"Basic {b64encode(pair.encode()).decode()}"


def _token_error(answer: OutboundAnswer) -> OidcRefused:
    error = decoded(answer.body, _TokenError, "the token endpoint's error").error
    if error in ("invalid_client", "unauthorized_client"):
        return OidcRefused(OidcFault.CLIENT, "the provider does not take our client id or secret")
    if error == "invalid_grant":
        return OidcRefused(OidcFault.CODE, "the provider does not take the code")
    return OidcRefused(OidcFault.PROVIDER_ERROR, "the token endpoint answers with an error")


async def _verified(
    providers: Providers, document: ProviderDocument, token: str
) -> tuple[str, bytes]:
    try:
        return verified_payload(token, await providers.keys(document))
    except UnknownKey:
        pass
    try:
        return verified_payload(token, await providers.newer_keys(document))
    except UnknownKey:
        raise _wrong("the provider publishes no key that signed the token") from None


async def _user_info(providers: Providers, url: str, access_token: str) -> dict[str, Any]:
    headers = {"accept": "application/json", "authorization": f"Bearer {access_token}"}
    try:
        answer = await providers.client.get(url, headers=headers, limits=LIMITS)
    except OutboundError as error:
        raise unreachable(error, "UserInfo") from None
    return decoded(checked_body(answer, "UserInfo"), dict[str, Any], "UserInfo")


def _wrong(detail: str) -> OidcRefused:
    return OidcRefused(OidcFault.TOKEN, detail)
