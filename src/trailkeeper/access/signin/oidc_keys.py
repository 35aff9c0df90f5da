"""A provider's public keys, and signatures made with them: JWK (RFC 7517), JWS (RFC 7515).

What a token's header says is a stranger's word until the signature is checked, so it chooses
among our algorithms and the provider's published keys, and decides nothing else.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwa import JWSAlgModel
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from trailkeeper.access.signin.oidc_fault import OidcFault, OidcRefused

KEY_TYPES: Final = {
    "RS256": "RSA",
    "PS256": "RSA",
    "ES256": "EC",
    "EdDSA": "OKP",
    "Ed25519": "OKP",
}
"""The algorithms that are believed. No HS*: a public key must never pass for a shared secret."""

MAX_KEYS: Final = 100
MAX_TOKEN_LENGTH: Final = 64 * 1024
MIN_RSA_BITS: Final = 2048
RSA_MODULUS_CHARACTERS: Final = range(342, 1367)
"""Base64url of 2048 to 8192 bits."""

MAX_RSA_EXPONENT_CHARACTERS: Final = 8

PublicKey = RSAKey | ECKey | OKPKey


class _Registry(JWSRegistry):
    """The library's algorithms, ours alone; it would warn of the name EdDSA at each use."""

    max_header_length = 8 * 1024
    max_payload_length = MAX_TOKEN_LENGTH

    def get_alg(self, name: str) -> JWSAlgModel:
        if name not in KEY_TYPES:
            raise UnsupportedAlgorithmError("the algorithm is not allowed")
        return self.algorithms[name]


REGISTRY: Final = _Registry(strict_check_header=False)


class _Jwk(msgspec.Struct, frozen=True, kw_only=True):
    kty: str
    kid: str | None = None
    use: str | None = None
    alg: str | None = None
    key_ops: list[str] | None = None
    n: str | None = None
    e: str | None = None
    crv: str | None = None
    x: str | None = None
    y: str | None = None


class _JwkSet(msgspec.Struct, frozen=True):
    keys: list[msgspec.Raw]


class _Header(msgspec.Struct, frozen=True, kw_only=True):
    alg: str
    kid: str | None = None
    typ: str | None = None
    crit: Any = None
    b64: Any = None


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key that a provider signs with."""

    kid: str | None
    algorithm: str | None
    key: PublicKey

    def fits(self, header: _Header) -> bool:
        return (
            self.key.key_type == KEY_TYPES[header.alg]
            and self.algorithm in (None, header.alg)
            and header.kid in (None, self.kid)
        )


class UnknownKey(Exception):
    """The token names a key that is not among these: there may be newer ones."""


def read_key_set(body: bytes) -> tuple[SigningKey, ...]:
    """The keys for signatures of a JWK Set; others, and what cannot be read, are passed over.

    Raises OidcRefused(ANSWER) where it is no key set, or one without end.
    """
    try:
        found = msgspec.json.decode(body, type=_JwkSet).keys
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise OidcRefused(OidcFault.ANSWER, "the key set is not JSON of the right shape") from None
    if len(found) > MAX_KEYS:
        raise OidcRefused(OidcFault.ANSWER, f"the key set has more than {MAX_KEYS} keys")
    keys = (_to_signing_key(raw) for raw in found)
    return tuple(key for key in keys if key is not None)


def verified_payload(token: str, keys: Sequence[SigningKey]) -> tuple[str, bytes]:
    """The algorithm and the payload of a token whose signature is good.

    Raises OidcRefused(TOKEN), or UnknownKey.
    """
    header = _read_header(token)
    fitting = [key for key in keys if key.fits(header)]
    if not fitting:
        raise UnknownKey
    if header.kid is None and len(fitting) > 1:
        raise _invalid("the token does not say which key it was signed with")
    for candidate in fitting:
        try:
            return header.alg, jws.deserialize_compact(
                token, candidate.key, registry=REGISTRY
            ).payload
        except (JoseError, ValueError):
            continue
    raise _invalid("the signature is wrong")


def _read_header(token: str) -> _Header:
    parts = token.split(".")
    if len(token) > MAX_TOKEN_LENGTH or len(parts) != 3 or not token.isascii():
        raise _invalid("the token is no compact JWS")
    try:
        raw = urlsafe_b64decode(parts[0] + "=" * (-len(parts[0]) % 4))
        header = msgspec.json.decode(raw, type=_Header)
    except (ValueError, RecursionError):
        raise _invalid("the token's header cannot be read") from None
    if header.alg not in KEY_TYPES:
        raise _invalid("the token's algorithm is not allowed")
    if header.crit is not None or header.b64 is not None:
        raise _invalid("the token's header asks for what is not known here")
    if header.typ is not None and header.typ.lower() not in ("jwt", "application/jwt"):
        raise _invalid("the token is of another type")
    return header


def _to_signing_key(raw: msgspec.Raw) -> SigningKey | None:
    try:
        jwk = msgspec.json.decode(raw, type=_Jwk)
        is_for_signatures = jwk.use in (None, "sig") and "verify" in (jwk.key_ops or ["verify"])
        key = _to_key(jwk) if is_for_signatures else None
    except (ValueError, JoseError, UnsupportedAlgorithm, OverflowError):
        return None
    return SigningKey(jwk.kid, jwk.alg, key) if key is not None else None


def _to_key(jwk: _Jwk) -> PublicKey | None:
    """From the public parts alone, whatever else the provider wrote there."""
    if jwk.kty == "RSA" and jwk.n is not None and jwk.e is not None:
        is_sized = len(jwk.n.rstrip("=")) in RSA_MODULUS_CHARACTERS
        if not is_sized or len(jwk.e) > MAX_RSA_EXPONENT_CHARACTERS:
            return None
        rsa = RSAKey.import_key({"kty": "RSA", "n": jwk.n, "e": jwk.e})
        return rsa if rsa.public_key.key_size >= MIN_RSA_BITS else None
    if jwk.kty == "EC" and jwk.crv == "P-256" and jwk.x is not None and jwk.y is not None:
        return ECKey.import_key({"kty": "EC", "crv": jwk.crv, "x": jwk.x, "y": jwk.y})
    if jwk.kty == "OKP" and jwk.crv == "Ed25519" and jwk.x is not None:
        return OKPKey.import_key({"kty": "OKP", "crv": jwk.crv, "x": jwk.x})
    return None


def _invalid(detail: str) -> OidcRefused:
    return OidcRefused(OidcFault.TOKEN, detail)
