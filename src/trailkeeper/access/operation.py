"""What OpenAPI says of a route beside its types: an example of its answer, and who may ask."""

from __future__ import annotations

from dataclasses import dataclass, field

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
        media.examples = {"answer": Example(value=example)}
