"""Security headers, on every answer: pages, API answers, refusals and what is not found.

After the OWASP Secure Headers Project. The service is its own and only origin: nothing is
framed, nothing is loaded from elsewhere, no script runs that does not carry the answer's nonce.
"""

from __future__ import annotations

import secrets
from typing import Any, Final

from litestar.enums import ScopeType
from litestar.types import Message, Scope, Send

from trailkeeper.principal import Principal
from trailkeeper.settings import Settings

NONCE: Final = "csp_nonce"
HSTS: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
NO_STORE: Final = (b"cache-control", b"no-store")
HTML: Final = b"text/html"

FIXED: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (
        b"permissions-policy",
        b"camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
        b"publickey-credentials-create=(self), publickey-credentials-get=(self)",
    ),
)
API_POLICY: Final = b"default-src 'none'; frame-ancestors 'none'"
PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def nonce_of(scope: Scope) -> str:
    """The nonce that a page's own scripts and styles carry; one for each request."""
    nonce: str = scope["state"].setdefault(NONCE, secrets.token_urlsafe(16))
    return nonce


def with_security_headers(scope: Any, send: Send, settings: Settings) -> Send:
    """A `send` that adds what the answer does not say itself."""
    if scope["type"] != ScopeType.HTTP:
        return send
    is_over_tls = scope.get("scheme") == "https" or settings.public_url.startswith("https:")

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message["headers"])
            given = {name.lower(): value for name, value in headers}
            wanted = [*FIXED, (b"content-security-policy", _policy(scope, given))]
            if is_over_tls:
                wanted.append(HSTS)
            if isinstance(scope.get("user"), Principal) or b"set-cookie" in given:
                wanted.append(NO_STORE)
            message["headers"] = [*headers, *(pair for pair in wanted if pair[0] not in given)]
        await send(message)

    return send_with_headers


def _policy(scope: Scope, given: dict[bytes, bytes]) -> bytes:
    if given.get(b"content-type", b"").startswith(HTML):
        return PAGE_POLICY.format(nonce=nonce_of(scope)).encode()
    return API_POLICY
