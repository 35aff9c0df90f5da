"""Every route of the API, from the OpenAPI document and from the application itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from tests.api.tenant import Json
from trailkeeper.access.guard import Requires
from trailkeeper.app import ROUTES
from trailkeeper.principal import Permission

METHODS: Final = ("get", "post", "put", "patch", "delete")

BODIES: Final[dict[tuple[str, str], Any]] = {
    ("POST", "/audit-logs"): {"action": "LOGIN", "resource_type": "USER"},
    ("POST", "/audit-logs/batch"): [{"action": "LOGIN", "resource_type": "USER"}],
    ("POST", "/api-keys"): {"name": "made by a walk", "permissions": ["event:write"]},
    ("PATCH", "/organization"): {"retention_days": 77},
    ("POST", "/retention/run"): {"dry_run": True},
}
"""A body that each route with one accepts."""


@dataclass(frozen=True)
class Route:
    """A method of a path, as in the document, and what a caller needs for it."""

    method: str
    path: str
    needed: tuple[Permission, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_public(self) -> bool:
        return not self.needed

    def ask(
        self, client: httpx2.Client, values: Mapping[str, str] | None = None, **options: Any
    ) -> httpx2.Response:
        """Asks with a body that is accepted; `values` fill the path, made-up ones by default."""
        path = self.path
        for name in ("event_id", "user_id", "key_id"):
            path = path.replace(f"{{{name}}}", (values or {}).get(name, "0123456789abcdef"))
        body = BODIES.get((self.method, self.path))
        if body is not None:
            options.setdefault("json", body)
        return client.request(self.method, path, **options)


def routes_of_app() -> list[Route]:
    """As the application declares them, the document's own route left out."""
    return sorted(_routes_of_app(), key=str)


def _routes_of_app() -> Iterator[Route]:
    for handler in ROUTES:
        if not handler.resolve_include_in_schema():
            continue
        needed = tuple(
            guard.permission for guard in handler.resolve_guards() if isinstance(guard, Requires)
        )
        for path in handler.paths:
            plain = path.replace(":str}", "}").rstrip("/")
            for method in handler.http_methods:
                yield Route(str(method), plain, needed)


def operations_of(document: Json) -> dict[str, Json]:
    """The document's operations by `METHOD /path`."""
    return {
        f"{method.upper()} {path}": operation
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if method in METHODS
    }


WALK: Final = routes_of_app()
GUARDED: Final = [route for route in WALK if not route.is_public]
