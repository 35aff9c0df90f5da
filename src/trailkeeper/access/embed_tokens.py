"""Embed tokens: what a browser in another product reads one customer's trail with.

A token is short-lived and confined: it reads `GET /audit-logs`, within a fixed filter that every
question of it is put into, from pages of the origins that it names. It is sealed rather than
kept, and bound to the API key that made it: once that is revoked or has expired, its tokens end.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import msgspec
from litestar.connection import ASGIConnection
from litestar.types import Message, Scope

from trailkeeper.access.keyring import KeyRing
from trailkeeper.access.seal import Sealer
from trailkeeper.errors import Forbidden, Unauthenticated, Unavailable
from trailkeeper.principal import Permission, Principal

PREFIX: Final = "te_"
OWNER: Final = "embed-token"
EMBEDDABLE: Final = "embeddable"
"""In a handler's `opt`: embed tokens may ask it. It MUST put questions into the filter."""
CORS_ORIGIN: Final = "cors_origin"
"""In the scope's state: the page's origin, where the token names it."""

READ_PATH: Final = "/audit-logs"
PREFLIGHT: Final = (
    (b"access-control-allow-methods", b"GET"),
    (b"access-control-allow-headers", b"Authorization"),
    (b"access-control-max-age", b"600"),
)
EXPOSED: Final = (b"access-control-expose-headers", b"X-Request-ID, Retry-After")

AnyConnection = ASGIConnection[Any, Any, Any, Any]


class EmbedGrant(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    """What a token says: until when, which filter (names and values), from which origins."""

    organization: str
    key_id: str
    expires_at: datetime
    filter: tuple[tuple[str, str], ...]
    origins: tuple[str, ...]


def to_token(sealer: Sealer, grant: EmbedGrant) -> str:
    return PREFIX + sealer.seal(msgspec.json.encode(grant).decode(), OWNER)


def from_token(sealer: Sealer, token: str) -> EmbedGrant:
    """Raises Unauthenticated(INVALID_KEY)."""
    try:
        opened = sealer.open(token.removeprefix(PREFIX), OWNER)
        return msgspec.json.decode(opened, type=EmbedGrant)
    except (Unavailable, msgspec.MsgspecError, ValueError):
        raise Unauthenticated(
            "INVALID_KEY",
            "This embed token is not valid.",
            hint="Ask your product for a new one.",
        ) from None


def is_embed_token(bearer: str | None) -> bool:
    return bearer is not None and bearer.startswith(PREFIX)


async def embedded_principal(connection: AnyConnection, token: str) -> Principal:
    """Who a token stands for: its key, confined to the filter, and good for nothing but reading.

    Raises Unauthenticated (INVALID_KEY, EMBED_TOKEN_EXPIRED, EXPIRED_KEY, REVOKED_KEY) and
    Forbidden(ORIGIN_NOT_ALLOWED).
    """
    state = connection.app.state
    clock: Callable[[], datetime] = state["clock"]
    grant = from_token(state["sealer"], token)
    origin = connection.headers.get("Origin")
    if origin is not None:
        if origin not in grant.origins:
            raise Forbidden(
                "ORIGIN_NOT_ALLOWED",
                "The embed token is not for pages of this origin.",
                hint="Name the origin when the token is made.",
            )
        connection.scope["state"][CORS_ORIGIN] = origin
    if grant.expires_at <= clock():
        raise Unauthenticated(
            "EMBED_TOKEN_EXPIRED",
            "This embed token has expired.",
            hint="Ask your product for a new one.",
        )
    keys: KeyRing = state["keys"]
    key = await keys.principal_of(grant.key_id, clock())
    if key.organization != grant.organization or not key.may(Permission.USER_VIEW):
        raise Unauthenticated("INVALID_KEY", "This embed token is not valid.")
    return Principal(
        key.organization,
        key.key_id,
        key.name,
        frozenset({Permission.USER_VIEW}),
        confined_to=grant.filter,
    )


def check_embeddable(connection: AnyConnection, principal: Principal) -> None:
    """An embed token is good for few routes. Raises Forbidden(EMBED_TOKEN_ONLY_READS)."""
    if principal.confined_to and connection.route_handler.opt.get(EMBEDDABLE) is not True:
        raise Forbidden(
            "EMBED_TOKEN_ONLY_READS",
            "An embed token reads GET /audit-logs and does nothing else.",
            hint="Use an API key, on a server.",
        )


async def tell_origin(message: Message, scope: Scope) -> None:
    """Litestar's `before_send`: what browsers have to know of another product's page (CORS).

    A preflight carries no token, so any page may ask whether it may send one. The answer to the
    question itself is for pages of the token's origins alone.
    """
    if message["type"] != "http.response.start":
        return
    told: list[tuple[bytes, bytes]] = []
    if _is_preflight(scope):
        told = [*_named(_origin_of(scope)), *PREFLIGHT]
    elif (origin := scope.get("state", {}).get(CORS_ORIGIN)) is not None:
        told = [*_named(str(origin).encode()), EXPOSED]
    if told:
        message["headers"] = [*message["headers"], *told, (b"vary", b"Origin")]


def _is_preflight(scope: Scope) -> bool:
    is_options = scope.get("method") == "OPTIONS"
    return is_options and scope["path"].rstrip("/") == READ_PATH and bool(_origin_of(scope))


def _origin_of(scope: Scope) -> bytes:
    return next((value for name, value in scope["headers"] if name == b"origin"), b"")


def _named(origin: bytes) -> list[tuple[bytes, bytes]]:
    return [(b"access-control-allow-origin", origin)]
