"""Secrets at rest that must be read again: authenticator secrets, client secrets.

AES-256-GCM under a key derived from the service's secret key. What a secret belongs to is
authenticated with it, so that one row's secret cannot be put into another row.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trailkeeper.errors import Unavailable

KEY_CONTEXT: Final = b"trailkeeper sealed secret v1"
NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals text so that only a service with the same secret key opens it again."""

    key: bytes = field(repr=False)

    @classmethod
    def from_secret_key(cls, secret_key: str) -> Sealer:
        return cls(hmac.digest(secret_key.encode(), KEY_CONTEXT, "sha256"))

    def seal(self, text: str, owner: str) -> str:
        """Base64url of nonce and ciphertext. `owner` says whose it is: `totp:<person>`."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self.key).encrypt(nonce, text.encode(), owner.encode())
        return urlsafe_b64encode(nonce + sealed).decode()

    def open(self, sealed: str, owner: str) -> str:
        """Raises Unavailable(SECRET_UNREADABLE) where key, owner or text is another."""
        try:
            raw = urlsafe_b64decode(sealed)
            return (
                AESGCM(self.key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], owner.encode())
            ).decode()
        except (InvalidTag, NotBase64, ValueError):
            raise Unavailable(
                "SECRET_UNREADABLE",
                "A stored secret cannot be opened with this service's secret key.",
                hint="Restore the secret key that it was stored under, or set the secret anew.",
                retry_after_seconds=3600,
            ) from None
