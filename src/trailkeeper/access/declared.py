"""Who may use a route, as its guards declare it, for the OpenAPI document.

Every operation says `x-access`: `public`, `known` (any key, any signed-in person) or `person`;
those that need permissions name all of them in `x-permission`, and `x-or-own` names the path
parameter where a person's own user id lets them through without.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final

from litestar import Litestar
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute

from trailkeeper.access.guard import PUBLIC, Known, Requires

ACCESS: Final = "x-access"
PERMISSION: Final = "x-permission"
OR_OWN: Final = "x-or-own"
SECURITY: Final = "security"
BY_KEY: Final[dict[str, list[str]]] = {"ApiKey": []}
BY_SESSION: Final[dict[str, list[str]]] = {"Session": []}


class Access(StrEnum):
    PUBLIC = "public"
    KNOWN = "known"
    PERSON = "person"


def declare_access(app: Litestar, document: dict[str, Any]) -> dict[str, Any]:
    """Adds to each operation of the document who may use it; returns the document."""
    for route in app.routes:
        operations = document["paths"].get(getattr(route, "path_format", ""))
        if operations is None or not isinstance(route, HTTPRoute):
            continue
        for handler in route.route_handlers:
            for method in handler.http_methods:
                operation = operations.get(str(method).lower())
                if operation is not None:
                    operation.update(_declaration(handler))
    return document


def _declaration(handler: BaseRouteHandler) -> dict[str, Any]:
    if handler.opt.get(PUBLIC) is True:
        return {ACCESS: Access.PUBLIC, SECURITY: []}
    required = list(_required(handler))
    is_person = any(isinstance(each, Known) and each.is_person for each in handler.resolve_guards())
    declared: dict[str, Any] = {ACCESS: Access.PERSON if is_person else Access.KNOWN}
    declared[SECURITY] = [BY_SESSION] if is_person else [BY_KEY, BY_SESSION]
    if required:
        declared[PERMISSION] = [str(each.permission) for each in required]
    own = next((each.or_own for each in required if each.or_own is not None), None)
    if own is not None:
        declared[OR_OWN] = own
    return declared


def _required(handler: BaseRouteHandler) -> Iterator[Requires]:
    for guard in handler.resolve_guards():
        if isinstance(guard, Requires):
            yield guard
