"""The guard on each route: who asks, and may they?

    @get("/api-keys/", guards=[requires(Permission.KEY_MANAGE)])

Authentication and permission are one step, in this order: 401 before 403. A route without a
guard of this module must say `opt={"public": True}`; `check_all_routes_declare` sees to it.

Who asks is an API key (`Authorization: Bearer …`), else a person by the session cookie. What
may still stand in the way, in this order: a forged request (unsafe methods by cookie need the
session's CSRF token and the service's own origin), the organization's allow-list, a second
factor that is due.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.routes import ASGIRoute, BaseRoute, HTTPRoute, WebSocketRoute
from litestar.types import Scope

from trailkeeper.access.address import client_address
from trailkeeper.access.allow_list import AllowLists
from trailkeeper.access.embed_tokens import check_embeddable, embedded_principal, is_embed_token
from trailkeeper.access.keyring import KeyRing
from trailkeeper.access.recorder import Recorder
from trailkeeper.access.signin.csrf import check_not_forged
from trailkeeper.access.signin.sessions import SESSION_COOKIE, Sessions
from trailkeeper.access.trail import requester_of
from trailkeeper.errors import ConfigurationError, Forbidden
from trailkeeper.principal import Permission, Principal
from trailkeeper.settings import Settings

PUBLIC: Final = "public"
ENROLMENT: Final = "enrolment"
BEARER: Final = b"bearer "
AUTHORIZATION: Final = b"authorization"
ASKER: Final = "asker"
"""In the scope's state: who asks, whether or not they are let in."""

AnyConnection = ASGIConnection[Any, Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Requires:
    """A Litestar guard: lets through who has the permission.

    With `or_own`, the name of a path parameter, also the person whose own user id stands
    there. Puts the `Principal` on the request (`request.user`). Reads `state` by item: "keys",
    "sessions", "allow_lists", "settings", "clock".
    """

    permission: Permission
    or_own: str | None = None

    async def __call__(self, connection: AnyConnection, handler: BaseRouteHandler) -> None:
        principal = await authenticated(connection)
        if principal.may(self.permission) or self._is_own(connection, principal):
            return
        raise permission_missing(self.permission)

    def _is_own(self, connection: AnyConnection, principal: Principal) -> bool:
        if self.or_own is None or not principal.is_person or not principal.user_id:
            return False
        return bool(connection.path_params.get(self.or_own) == principal.user_id)


@dataclass(frozen=True, slots=True)
class Known:
    """A Litestar guard: lets through every key and every signed-in person.

    With `is_person`, persons alone: a key gets Forbidden(PERSON_NEEDED).
    """

    is_person: bool

    async def __call__(self, connection: AnyConnection, handler: BaseRouteHandler) -> None:
        principal = await authenticated(connection)
        if self.is_person and not principal.is_person:
            raise Forbidden(
                "PERSON_NEEDED",
                "This is about the person who is signed in; an API key is none.",
                hint="Sign in instead of using a key.",
            )


def requires(permission: Permission, or_own: str | None = None) -> Requires:
    """The guard for a route that needs one permission.

    `or_own="user_id"` lets a person through where that path parameter is their own user id.
    """
    return Requires(permission, or_own)


def signed_in() -> Known:
    """The guard for what any signed-in person may do, whatever their role."""
    return Known(is_person=True)


def known() -> Known:
    """The guard for what every key and every person may do."""
    return Known(is_person=False)


def permission_missing(permission: Permission) -> Forbidden:
    return Forbidden(
        "PERMISSION_MISSING",
        f"This needs the permission {permission}.",
        hint="Use a key that has it, or ask an administrator for a role that does.",
    )


async def authenticated(connection: AnyConnection) -> Principal:
    """The request's principal, let in; authenticates once per request.

    Raises Unauthenticated, and Forbidden: CSRF_TOKEN_WRONG, ORIGIN_NOT_ALLOWED,
    EMBED_TOKEN_ONLY_READS, ADDRESS_NOT_ALLOWED, SECOND_FACTOR_REQUIRED.
    """
    admitted = connection.scope.get("user")
    if isinstance(admitted, Principal):
        return admitted
    # By item: State is a mapping, so its attribute `keys` is the mapping's own method.
    state = connection.app.state
    settings: Settings = state["settings"]
    address = client_address(connection.scope, settings.trusted_proxies)
    principal = await _identified(connection, address)
    connection.scope["state"][ASKER] = principal
    await _admit(connection, principal, address)
    connection.scope["user"] = principal
    return principal


async def _identified(connection: AnyConnection, address: str | None) -> Principal:
    state = connection.app.state
    clock: Callable[[], datetime] = state["clock"]
    keys: KeyRing = state["keys"]
    bearer = bearer_token(connection.scope)
    if bearer is not None and is_embed_token(bearer):
        return await embedded_principal(connection, bearer)
    cookie = connection.cookies.get(SESSION_COOKIE)
    if bearer is None and cookie:
        sessions: Sessions = state["sessions"]
        return await sessions.authenticate(cookie, clock())
    return await keys.authenticate(bearer, clock(), address)


async def _admit(connection: AnyConnection, principal: Principal, address: str | None) -> None:
    state = connection.app.state
    check_embeddable(connection, principal)
    if principal.session_id is not None:
        sessions: Sessions = state["sessions"]
        check_not_forged(connection, sessions.csrf_token(principal.session_id))
    allow_lists: AllowLists = state["allow_lists"]
    await allow_lists.check(principal, address)
    if principal.must_enroll and connection.route_handler.opt.get(ENROLMENT) is not True:
        raise Forbidden(
            "SECOND_FACTOR_REQUIRED",
            "Your organization requires a second factor, and you have none yet.",
            hint="Set up an authenticator app or a passkey; until then nothing else is open.",
        )


async def note_refusal(error: Exception, scope: Scope) -> None:
    """Litestar's `after_exception`: each 403 of a known principal goes on the record."""
    asker = scope["state"].get(ASKER)
    if not isinstance(error, Forbidden) or not isinstance(asker, Principal):
        return
    connection: AnyConnection = ASGIConnection(scope)
    recorder: Recorder = connection.app.state["recorder"]
    recorder.refused(
        asker.tenant,
        requester_of(connection, asker),
        method=str(scope.get("method", "")),
        path=scope["path"],
        code=error.code,
        permission=_wanted(connection) if error.code == "PERMISSION_MISSING" else None,
    )


def _wanted(connection: AnyConnection) -> Permission | None:
    guards = connection.route_handler.resolve_guards()
    return next((each.permission for each in guards if isinstance(each, Requires)), None)


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
    guarded = any(isinstance(guard, Requires | Known) for guard in handler.resolve_guards())
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
