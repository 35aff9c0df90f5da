"""What OpenAPI says of a route beside its types: an example of its answer, and who may ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from litestar.openapi.spec import Example, OpenAPIResponse, Operation
from litestar.openapi.spec.security_requirement import SecurityRequirement


def answering(example: object, *, status: int = 200) -> type[Operation]:
    """An operation class that gives an example of the answer with this status."""

    @dataclass
    class AnswerOperation(Operation):
        def __post_init__(self) -> None:
            add_example(self, example, status)

    return AnswerOperation


def public(example: object = None, *, status: int = 200) -> type[Operation]:
    """The same for a route that needs no key."""

    @dataclass
    class PublicOperation(Operation):
        security: list[SecurityRequirement] | None = field(default_factory=list)

        def __post_init__(self) -> None:
            self.security = []
            add_example(self, example, status)

    return PublicOperation


def add_example(operation: Operation, example: object, status: int = 200) -> None:
    """Puts the example, where there is one, on each media type of the answer.

    An answer 204 has no content, whichever type the handler returns to set its cookies.
    """
    nothing = (operation.responses or {}).get("204")
    if isinstance(nothing, OpenAPIResponse):
        nothing.content = None
    response = (operation.responses or {}).get(str(status))
    if example is None or not isinstance(response, OpenAPIResponse):
        return
    for media in (response.content or {}).values():
        media.examples = {"answer": Example(value=with_nulls_marked(example))}


NULL: Final = "\ue000null"
"""Stands for null in an example: the framework would leave the field out of the document."""


def with_nulls_marked(value: Any) -> Any:
    """The example with `NULL` for each null in it."""
    return _replaced(value, None, NULL)


def with_nulls(value: Any) -> Any:
    """The document with null for each `NULL` in it."""
    return _replaced(value, NULL, None)


def _replaced(value: Any, old: str | None, new: str | None) -> Any:
    if isinstance(value, dict):
        return {name: _replaced(each, old, new) for name, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, old, new) for each in value]
    return new if value == old else value
