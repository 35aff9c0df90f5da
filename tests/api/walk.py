"""Every route of the API, from the OpenAPI document and from the application itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from tests.api.tenant import Json
from trailkeeper.access.guard import PUBLIC, Known, Requires
from trailkeeper.app import ROUTES
from trailkeeper.principal import Permission

MADE_UP: Final = "0123456789abcdef"
PARAMETER: Final = re.compile(r"\{(\w+)\}")
METHODS: Final = ("get", "post", "put", "patch", "delete")

BODIES: Final[dict[tuple[str, str], Any]] = {
    ("POST", "/audit-logs"): {"action": "LOGIN", "resource_type": "USER"},
    ("POST", "/audit-logs/batch"): [{"action": "LOGIN", "resource_type": "USER"}],
    ("POST", "/api-keys"): {"name": "made by a walk", "permissions": ["event:write"]},
    ("PATCH", "/organization"): {"retention_days": 77},
    ("POST", "/retention/run"): {"dry_run": True},
}
"""A body that each route with one accepts."""

ENDLESS: Final = {"/live"}
"""Paths whose answer has no end: its first piece is looked at."""


@dataclass(frozen=True)
class Route:
    """A method of a path, as in the document, and what a caller needs for it."""

    method: str
    path: str
    needed: tuple[Permission, ...]
    is_public: bool
    is_for_people: bool

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> list[str]:
        """The names of the values in its path."""
        return PARAMETER.findall(self.path)

    def ask(
        self, client: httpx2.Client, values: Mapping[str, str] | None = None, **options: Any
    ) -> httpx2.Response:
        """Asks with a body that is accepted; `values` fill the path, made-up ones by default."""
        path = PARAMETER.sub(lambda found: (values or {}).get(found[1], MADE_UP), self.path)
        body = BODIES.get((self.method, self.path))
        if body is not None:
            options.setdefault("json", body)
        if self.path in ENDLESS:
            return _beginning_of(client, self.method, path, **options)
        return client.request(self.method, path, **options)


def _beginning_of(client: httpx2.Client, method: str, path: str, **options: Any) -> httpx2.Response:
    with client.stream(method, path, **options) as answer:
        text = next(answer.iter_bytes(), b"")
    return httpx2.Response(answer.status_code, headers=answer.headers, content=text)


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
        is_for_people = any(
            isinstance(guard, Known) and guard.is_person for guard in handler.resolve_guards()
        )
        is_public = handler.opt.get(PUBLIC) is True
        for path in handler.paths:
            plain = path.replace(":str}", "}").rstrip("/")
            for method in handler.http_methods:
                yield Route(str(method), plain, needed, is_public, is_for_people)


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
