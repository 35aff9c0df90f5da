"""The two cookies of the service, and what a request brings of them.

Both are `__Host-` cookies (RFC 6265bis, 4.1.3.2): Secure, of this host alone, for all paths.
Browsers take loopback for a safe place and keep them there without TLS as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

SESSION_COOKIE: Final = "__Host-trailkeeper"
DEVICE_COOKIE: Final = "__Host-trailkeeper-device"
DEVICE_LIFETIME: Final = timedelta(days=400)
"""The longest that browsers keep a cookie (RFC 6265bis, 5.5)."""

MAX_TOKEN_LENGTH: Final = 100

AnyConnection = ASGIConnection[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Browser:
    """What a request's cookies say: the device's token, and that of a session it is in."""

    device_token: str | None = None
    session_token: str | None = None


NO_BROWSER: Final = Browser()


def browser_of(connection: AnyConnection) -> Browser:
    return Browser(_token(connection, DEVICE_COOKIE), _token(connection, SESSION_COOKIE))


def _token(connection: AnyConnection, name: str) -> str | None:
    token = connection.cookies.get(name, "")
    return token if 0 < len(token) <= MAX_TOKEN_LENGTH else None


def session_cookie(token: str, lifetime: timedelta) -> Cookie:
    return _cookie(SESSION_COOKIE, token, lifetime)


def device_cookie(token: str) -> Cookie:
    return _cookie(DEVICE_COOKIE, token, DEVICE_LIFETIME)


def no_session_cookie() -> Cookie:
    """Takes the session's cookie away; the device stays known."""
    return _cookie(SESSION_COOKIE, "", timedelta(0))


def _cookie(name: str, value: str, lifetime: timedelta) -> Cookie:
    return Cookie(
        key=name,
        value=value,
        path="/",
        max_age=int(lifetime.total_seconds()),
        secure=True,
        httponly=True,
        samesite="strict",
    )
