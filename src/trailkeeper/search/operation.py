"""What OpenAPI says of the routes that read their parameters themselves."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from litestar.openapi.spec import OpenAPIType, Operation, Schema
from litestar.openapi.spec import Parameter as ParameterSpec

from trailkeeper.access.operation import add_example
from trailkeeper.search.request import filter_parameters


def number(name: str, description: str, default: int, low: int, high: int) -> ParameterSpec:
    return _parameter(
        name,
        description,
        Schema(type=OpenAPIType.INTEGER, default=default, minimum=low, maximum=high),
    )


def word(name: str, description: str, default: str | None, allowed: list[str]) -> ParameterSpec:
    return _parameter(
        name, description, Schema(type=OpenAPIType.STRING, default=default, enum=allowed)
    )


def text(name: str, description: str) -> ParameterSpec:
    return _parameter(name, description, Schema(type=OpenAPIType.STRING))


def words(name: str, description: str, allowed: list[str]) -> ParameterSpec:
    return _parameter(
        name,
        description,
        Schema(type=OpenAPIType.ARRAY, items=Schema(type=OpenAPIType.STRING, enum=allowed)),
    )


def _parameter(name: str, description: str, schema: Schema) -> ParameterSpec:
    return ParameterSpec(
        name=name, param_in="query", description=description, required=False, schema=schema
    )


PAGING: Final[Callable[[], list[ParameterSpec]]] = lambda: [  # noqa: E731
    number("limit", "Events per page.", 100, 1, 1000),
    number("offset", "Events to skip; prefer `cursor`.", 0, 0, 100_000),
    text(
        "cursor",
        "`next_cursor` of the page before, with the same filters. With order=committed, "
        "`latest` begins after everything committed so far.",
    ),
    word(
        "order",
        "Newest first, oldest first, or as committed: safe to poll for ever.",
        "desc",
        ["desc", "asc", "committed"],
    ),
]


def reading(
    own: Callable[[], list[ParameterSpec]],
    *,
    filters: bool = True,
    fixed: Collection[str] = (),
    example: object = None,
) -> type[Operation]:
    """An operation class that documents a route's own parameters and the shared filters.

    `fixed` are filters that the path gives, `example` is an answer. A further filter,
    `details.<path>`, cannot be written in OpenAPI; the description says so.
    """

    @dataclass
    class ReadOperation(Operation):
        def __post_init__(self) -> None:
            add_example(self, example)
            given: list[Any] = list(self.parameters or [])
            self.parameters = [*given, *own(), *(filter_parameters(fixed) if filters else [])]

    return ReadOperation
