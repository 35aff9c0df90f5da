"""An authenticator in software: makes real keys, attestations and assertions (WebAuthn Level 2).

It is the far end of the protocol, browser included: it fills in the client data, counts its
uses, knows its user's credentials, and can be told to misbehave.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field, replace
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Json = dict[str, Any]
PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

ES256 = -7
EDDSA = -8

UP, UV, BE, BS, AT = 0x01, 0x04, 0x08, 0x10, 0x40


@dataclass
class Credential:
    """One key pair, and for whom it was made."""

    id: bytes
    key: PrivateKey
    rp_id: str
    user_handle: bytes
    sign_count: int = 0

    def sign(self, data: bytes) -> bytes:
        if isinstance(self.key, ed25519.Ed25519PrivateKey):
            return self.key.sign(data)
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))


@dataclass
class Authenticator:
    """A device with passkeys, in a browser that shows the page of `origin`."""

    origin: str
    algorithm: int = ES256
    verifies_user: bool = True
    counts: bool = True
    is_backed_up: bool = False
    cross_origin: bool = False
    rp_id: str | None = None
    credentials: list[Credential] = field(default_factory=list)

    def create(self, options: Json) -> Json:
        """`navigator.credentials.create`, as `toJSON` writes the answer."""
        wanted = [each["alg"] for each in options["pubKeyCredParams"]]
        assert self.algorithm in wanted
        known = {each["id"] for each in options["excludeCredentials"]}
        assert not any(encode(each.id) in known for each in self.credentials)
        credential = Credential(
            secrets.token_bytes(32),
            _new_key(self.algorithm),
            self.rp_id or options["rp"]["id"],
            decode(options["user"]["id"]),
        )
        self.credentials.append(credential)
        return self.attest(credential, options)

    def attest(self, credential: Credential, options: Json) -> Json:
        """A registration of this very credential, whatever the options exclude."""
        key = credential.key
        attested = (
            bytes(16)
            + len(credential.id).to_bytes(2, "big")
            + credential.id
            + cbor2.dumps(cose_key(key))
        )
        data = self._authenticator_data(credential, AT) + attested
        statement = {"fmt": "none", "attStmt": {}, "authData": data}
        response = {
            "clientDataJSON": encode(self._client_data("webauthn.create", options)),
            "attestationObject": encode(cbor2.dumps(statement)),
            "transports": ["internal", "hybrid"],
        }
        return _answer(credential, response)

    def get(self, options: Json, *, which: int = -1) -> Json:
        """`navigator.credentials.get`: with the newest of the allowed credentials, or `which`."""
        allowed = {each["id"] for each in options.get("allowCredentials", [])}
        usable = [each for each in self.credentials if not allowed or encode(each.id) in allowed]
        return self.assert_with(usable[which], options)

    def assert_with(self, credential: Credential, options: Json) -> Json:
        """An assertion by this very credential, whatever the options allow."""
        if self.counts:
            credential.sign_count += 1
        data = self._authenticator_data(credential, 0)
        client_data = self._client_data("webauthn.get", options)
        response = {
            "clientDataJSON": encode(client_data),
            "authenticatorData": encode(data),
            "signature": encode(credential.sign(data + hashlib.sha256(client_data).digest())),
            "userHandle": encode(credential.user_handle),
        }
        return _answer(credential, response)

    def clone(self) -> Authenticator:
        """The same keys in another hand, with counters that go their own way from here."""
        return replace(self, credentials=[replace(each) for each in self.credentials])

    def _authenticator_data(self, credential: Credential, flags: int) -> bytes:
        flags |= UP
        flags |= UV if self.verifies_user else 0
        flags |= BE | BS if self.is_backed_up else 0
        rp_id = self.rp_id or credential.rp_id
        return (
            hashlib.sha256(rp_id.encode()).digest()
            + bytes([flags])
            + credential.sign_count.to_bytes(4, "big")
        )

    def _client_data(self, kind: str, options: Json) -> bytes:
        return json.dumps(
            {
                "type": kind,
                "challenge": options["challenge"],
                "origin": self.origin,
                "crossOrigin": self.cross_origin,
            }
        ).encode()


def cose_key(key: PrivateKey) -> dict[int, Any]:
    """The public key as RFC 9053 writes it."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return {1: 1, 3: EDDSA, -1: 6, -2: raw}
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {1: 2, 3: ES256, -1: 1, -2: point[1:33], -3: point[33:]}


def encode(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _new_key(algorithm: int) -> PrivateKey:
    if algorithm == EDDSA:
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(ec.SECP256R1())


def _answer(credential: Credential, response: Json) -> Json:
    return {
        "id": encode(credential.id),
        "rawId": encode(credential.id),
        "type": "public-key",
        "authenticatorAttachment": "platform",
        "clientExtensionResults": {},
        "response": response,
    }
