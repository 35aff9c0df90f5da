"""The guard on each route: who asks, and may they?

    @get("/api-keys/", guards=[requires(Permission.KEY_MANAGE)])

Authentication and permission are one step, in this order: 401 before 403. A route without
`requires(...)` must say `opt={"public": True}`; `check_all_routes_declare` sees to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.routes import ASGIRoute, BaseRoute, HTTPRoute, WebSocketRoute
from litestar.types import Scope

from trailkeeper.access.address import client_address
from trailkeeper.access.keyring import KeyRing
from trailkeeper.errors import ConfigurationError, Forbidden
from trailkeeper.principal import Permission, Principal
from trailkeeper.settings import Settings

PUBLIC: Final = "public"
BEARER: Final = b"bearer "
AUTHORIZATION: Final = b"authorization"

AnyConnection = ASGIConnection[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Requires:
    """A Litestar guard: lets through who holds a valid key with the permission.

    Puts the `Principal` on the request (`request.user`). Reads `state["keys"]` (KeyRing) and
    `state["settings"]` (Settings) of the application.
    """

    permission: Permission

    async def __call__(self, connection: AnyConnection, _: BaseRouteHandler) -> None:
        principal = await authenticated(connection)
        if not principal.may(self.permission):
            raise Forbidden(
                "PERMISSION_MISSING",
                f"This needs the permission {self.permission}.",
                hint="Use a key that has it, or create one with `trailkeeper key create`.",
            )


def requires(permission: Permission) -> Requires:
    """The guard for a route that needs one permission."""
    return Requires(permission)


async def authenticated(connection: AnyConnection) -> Principal:
    """The request's principal; raises Unauthenticated. Authenticates once per request."""
    known = connection.scope.get("user")
    if isinstance(known, Principal):
        return known
    state = connection.app.state
    # By item: State is a mapping, so its attribute `keys` is the mapping's own method.
    keys: KeyRing = state["keys"]
    settings: Settings = state["settings"]
    principal = await keys.authenticate(
        bearer_token(connection.scope),
        datetime.now(UTC),
        client_address(connection.scope, settings.trusted_proxies),
    )
    connection.scope["user"] = principal
    return principal


def bearer_token(scope: Scope) -> str | None:
    """The token in `Authorization: Bearer …` (RFC 6750), or None."""
    for name, value in scope["headers"]:
        if name == AUTHORIZATION and value[: len(BEARER)].lower() == BEARER:
            return value[len(BEARER) :].strip().decode("latin-1")
    return None


def check_all_routes_declare(app: Litestar) -> None:
    """Raises ConfigurationError(ROUTE_UNDECLARED) naming routes that nobody decided about."""
    undeclared = [
        f"{'/'.join(sorted(_methods(handler)))} {route.path}"
        for route in app.routes
        for handler in _handlers(route)
        if not is_declared(handler)
    ]
    if undeclared:
        raise ConfigurationError(
            "ROUTE_UNDECLARED",
            f"Routes without a declared permission: {', '.join(sorted(undeclared))}.",
            hint='Add guards=[requires(Permission.…)], or opt={"public": True}.',
        )


def is_declared(handler: BaseRouteHandler) -> bool:
    """Whether a route says who may. Preflight answers (OPTIONS) tell nothing and are exempt."""
    guarded = any(isinstance(guard, Requires) for guard in handler.resolve_guards())
    public = handler.opt.get(PUBLIC) is True
    return guarded or public or _methods(handler) == {"OPTIONS"}


def _handlers(route: BaseRoute) -> Sequence[BaseRouteHandler]:
    if isinstance(route, HTTPRoute):
        return route.route_handlers
    if isinstance(route, ASGIRoute | WebSocketRoute):
        return [route.route_handler]
    raise TypeError(f"{route.path} is a kind of route that this check does not know")


def _methods(handler: BaseRouteHandler) -> set[str]:
    return {str(method) for method in getattr(handler, "http_methods", {"ANY"})}
