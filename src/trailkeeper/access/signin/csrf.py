"""Requests that another site made a browser send: refused before anything is done.

Three independent barriers: the session cookie is SameSite=Strict, the browser's own word on
where the request came from (`Origin`, `Sec-Fetch-Site`) has to be this service, and unsafe
methods by cookie need a token that another site cannot read.
"""

from __future__ import annotations

import hmac
from typing import Any, Final
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from trailkeeper.errors import Forbidden, UnsupportedMedia
from trailkeeper.outbound_settings import default_public_url, is_loopback
from trailkeeper.settings import Settings

CSRF_HEADER: Final = "X-CSRF-Token"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
"""RFC 9110, 9.2.1, without TRACE."""

AnyConnection = ASGIConnection[Any, Any, Any, Any]


def check_not_forged(connection: AnyConnection, csrf_token: str) -> None:
    """For a request by session cookie. `csrf_token` is the session's.

    Raises Forbidden: ORIGIN_NOT_ALLOWED, CSRF_TOKEN_WRONG (missing or wrong).
    """
    if connection.scope.get("method") in SAFE_METHODS:
        return
    check_origin(connection)
    given = connection.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(given.encode(), csrf_token.encode()):
        raise Forbidden(
            "CSRF_TOKEN_WRONG",
            f"The header {CSRF_HEADER} is missing or not this session's.",
            hint="Send `csrf_token` of GET /me in it.",
        )


def check_origin(connection: AnyConnection) -> None:
    """Where the browser says whence a request came, it has to be the service itself.

    Programs that are no browser send neither header. Raises Forbidden(ORIGIN_NOT_ALLOWED).
    """
    site = connection.headers.get("Sec-Fetch-Site")
    origin = connection.headers.get("Origin")
    settings: Settings = connection.app.state["settings"]
    if site not in (None, "same-origin") or (
        origin is not None and origin.lower() not in own_origins(settings)
    ):
        raise Forbidden(
            "ORIGIN_NOT_ALLOWED",
            "The request was sent by another site.",
            hint="Open the service at its own address; TRAILKEEPER_PUBLIC_URL says which it is.",
        )


def own_origins(settings: Settings) -> frozenset[str]:
    """Where people may have the service open: its public address, and the one it listens on.

    The machine itself has more than one name, all of them its own.
    """
    listening = default_public_url(settings.host, settings.port)
    own = {settings.public_url.lower(), listening.lower()}
    if is_loopback(urlsplit(listening).hostname or ""):
        own.add(f"http://localhost:{settings.port}")
    return frozenset(own)


def own_form(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """A Litestar guard for public routes that take a form: of this service's own pages only.

    Signing somebody in as somebody else is an attack too. A page of another site can send
    forms, but no JSON. Raises Forbidden(ORIGIN_NOT_ALLOWED) or UnsupportedMedia(JSON_NEEDED).
    """
    check_origin(connection)
    media_type = connection.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMedia(
            "JSON_NEEDED",
            "This takes JSON only.",
            hint="Send the header `Content-Type: application/json`.",
        )
