"""A provider that lies, in whichever way a test wants: the far end of the attacks."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx2
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from tests.access.oidc.real import CALLBACK
from tests.access.oidc.room import begin, finish, query_of
from tests.outbound.far_http import FarEnd

ACCESS_TOKEN = "an access token"
SigningKey = RSAKey | ECKey | OKPKey | OctKey


class FromNow(int):
    """A moment in seconds from when the token is made."""


def new_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


@cache
def usual_key() -> RSAKey:
    """The same for all tests: it takes a while to make one."""
    return new_key("first")


def half_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def signed(claims: dict[str, Any], key: SigningKey, algorithm: str = "RS256", **header: Any) -> str:
    payload = json.dumps(claims).encode()
    protected = {"alg": algorithm, **header}
    return jws.serialize_compact(protected, payload, key, algorithms=[algorithm])


def unsigned(claims: dict[str, Any], header: dict[str, Any], signature: str = "") -> str:
    parts = [json.dumps(each).encode() for each in (header, claims)]
    texts = [base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in parts]
    return ".".join([*texts, signature])


@dataclass
class HostileProvider:
    """Honest until told otherwise: `key` signs and is published."""

    far: FarEnd
    key: RSAKey = field(default_factory=usual_key)

    def __post_init__(self) -> None:
        self.describe()
        self.publish(self.key)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.far.port}"

    def describe(self, **changes: Any) -> None:
        document = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "authorization_response_iss_parameter_supported": True,
            "code_challenge_methods_supported": ["S256"],
            **changes,
        }
        self.answers("/.well-known/openid-configuration", document)

    def publish(self, *keys: SigningKey) -> None:
        self.answers("/jwks", {"keys": [key.as_dict(private=False) for key in keys]})

    def answers(self, path: str, value: Any, status: int = 200) -> None:
        self.far.answers_with(path, status, json.dumps(value).encode())

    def claims(self, asked_nonce: str, **changes: Any) -> dict[str, Any]:
        """Claims that do, with changes; None leaves one out."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "subject-1",
            "aud": "trailkeeper",
            "iat": now,
            "exp": now + 300,
            "nonce": asked_nonce,
            "at_hash": half_hash(ACCESS_TOKEN),
            "email": "eve@acme.test",
            "email_verified": True,
            **changes,
        }
        return {
            name: now + value if isinstance(value, FromNow) else value
            for name, value in claims.items()
            if value is not None
        }

    def hands_out(self, id_token: str, access_token: str = ACCESS_TOKEN) -> None:
        self.answers(
            "/token",
            {"id_token": id_token, "access_token": access_token, "token_type": "Bearer"},
        )

    async def sign_in(self, browser: httpx2.AsyncClient, **changes: Any) -> str:
        """A sign-in that this provider answers with a well-signed token of changed claims."""
        asked = query_of(await begin(browser))
        token = signed(self.claims(asked["nonce"], **changes), self.key, kid="first")
        self.hands_out(token)
        return await self.comes_back(browser, asked["state"])

    async def comes_back(self, browser: httpx2.AsyncClient, state: str, **parameters: str) -> str:
        query = {"state": state, "code": "a-code", "iss": self.issuer, **parameters}
        return await finish(browser, f"{CALLBACK}?{httpx2.QueryParams(query)}")
