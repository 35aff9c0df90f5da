"""What a provider says of itself: OpenID Connect Discovery 1.0, and its keys (RFC 7517).

Both are fetched through the outbound room, so an issuer that leads inward is refused, and are
kept for some minutes. What a provider says is not believed further than it must be: the
document is about the issuer that was asked for, and each endpoint is as safe as the issuer.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from trailkeeper.access.recent import Recent
from trailkeeper.access.signin.oidc_fault import OidcFault, OidcRefused
from trailkeeper.access.signin.oidc_keys import SigningKey, read_key_set
from trailkeeper.outbound.errors import OutboundError
from trailkeeper.outbound.http import CallLimits, OutboundAnswer, OutboundClient
from trailkeeper.outbound_settings import Allowed, AllowedHost

WELL_KNOWN: Final = "/.well-known/openid-configuration"
LIMITS: Final = CallLimits(connect_seconds=4.0, total_seconds=8.0, body_bytes=256 * 1024)
KEEP_SECONDS: Final = 300.0
MAX_URL_LENGTH: Final = 2000

Answer = TypeVar("Answer")


class ProviderDocument(msgspec.Struct, frozen=True, kw_only=True):
    """Of OpenID Provider Metadata, what a sign-in needs."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    token_endpoint_auth_methods_supported: list[str] = msgspec.field(
        default_factory=lambda: ["client_secret_basic"]
    )
    authorization_response_iss_parameter_supported: bool = False
    code_challenge_methods_supported: list[str] = []


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Judges addresses: https, or http where the operator has named the very host."""

    allowed: tuple[Allowed, ...]

    def is_safe(self, url: str) -> bool:
        """An absolute URL without user, password or fragment that may be used at all."""
        if len(url) > MAX_URL_LENGTH or not (url.isascii() and url.isprintable()) or " " in url:
            return False
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            return False
        if not host or "@" in parts.netloc or "#" in url or "\\" in url:
            return False
        return parts.scheme == "https" or (parts.scheme == "http" and self._is_named(host))

    def _is_named(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return any(isinstance(each, AllowedHost) and each.name == host for each in self.allowed)
        return any(
            not isinstance(each, AllowedHost) and address in each.network for each in self.allowed
        )


class Providers:
    """Providers by issuer, as they described themselves a short while ago."""

    def __init__(self, client: OutboundClient, allowed: tuple[Allowed, ...]) -> None:
        self.client = client
        self.endpoints = Endpoints(allowed)
        self._documents = Recent(self._fetch_document, seconds=KEEP_SECONDS)
        self._keys = Recent(self._fetch_keys, seconds=KEEP_SECONDS)

    async def document(self, issuer: str) -> ProviderDocument:
        """Raises OidcRefused: UNAVAILABLE, ADDRESS, ANSWER."""
        return await self._documents.get(issuer)

    async def keys(self, document: ProviderDocument) -> Sequence[SigningKey]:
        """Raises OidcRefused as above."""
        return await self._keys.get(document.jwks_uri)

    async def newer_keys(self, document: ProviderDocument) -> Sequence[SigningKey]:
        """Asks anew: a provider signs with a new key before we have heard of it."""
        self._keys.forget(document.jwks_uri)
        return await self._keys.get(document.jwks_uri)

    def forget(self, issuer: str) -> None:
        self._documents.forget(issuer)

    async def _fetch_document(self, issuer: str) -> ProviderDocument:
        if not self.endpoints.is_safe(issuer):
            raise OidcRefused(OidcFault.ADDRESS, "the issuer is neither https nor opened")
        body = await self._get(issuer.rstrip("/") + WELL_KNOWN, "the discovery document")
        document = decoded(body, ProviderDocument, "the discovery document")
        if document.issuer != issuer:
            raise OidcRefused(OidcFault.ANSWER, "the discovery document is of another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"):
            url = getattr(document, name)
            if url is not None and not self.endpoints.is_safe(url):
                raise OidcRefused(OidcFault.ANSWER, f"{name} is neither https nor opened")
        return document

    async def _fetch_keys(self, jwks_uri: str) -> Sequence[SigningKey]:
        return read_key_set(await self._get(jwks_uri, "the key set"))

    async def _get(self, url: str, what: str) -> bytes:
        try:
            answer = await self.client.get(
                url, headers={"accept": "application/json"}, limits=LIMITS
            )
        except OutboundError as error:
            raise unreachable(error, what) from None
        return checked_body(answer, what)


def checked_body(answer: OutboundAnswer, what: str) -> bytes:
    """The body of a 200. Raises OidcRefused: UNAVAILABLE where it may pass, else ANSWER."""
    if answer.status == 200:
        return answer.body
    is_temporary = answer.status >= 500 or answer.status == 429
    fault = OidcFault.UNAVAILABLE if is_temporary else OidcFault.ANSWER
    raise OidcRefused(fault, f"{what} came with status {answer.status}")


def decoded(body: bytes, kind: type[Answer], what: str) -> Answer:
    """Raises OidcRefused(ANSWER) where it is not JSON of this shape."""
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise OidcRefused(OidcFault.ANSWER, f"{what} is not JSON of the right shape") from None


def unreachable(error: OutboundError, what: str) -> OidcRefused:
    """What a failed call means to who signs in; where it went is for the operator alone."""
    if error.is_permanent:
        return OidcRefused(OidcFault.ADDRESS, f"{what}: {error.code}")
    if error.code in ("OUTBOUND_ANSWER_TOO_LARGE", "OUTBOUND_ANSWER_INVALID"):
        return OidcRefused(OidcFault.ANSWER, f"{what}: {error.code}")
    return OidcRefused(OidcFault.UNAVAILABLE, f"{what}: {error.code}")
