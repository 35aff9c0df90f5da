"""Options that several commands share, as dataclasses: one list, one help text, one place.

A command takes e.g. `connection: Connection`; `expanded` shows Typer the dataclass's fields
as options of their own and hands the command the object made of them.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar, get_type_hints


class OptionGroup:
    """Base of the dataclasses whose fields are options."""

    __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[Any]]]


Result = TypeVar("Result")


def expanded(command: Callable[..., Result]) -> Callable[..., Result]:
    """The command with each parameter that is an OptionGroup spread into its options."""
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, type[OptionGroup]] = {}
    parameters: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        kind = hints[parameter.name]
        if isinstance(kind, type) and issubclass(kind, OptionGroup):
            groups[parameter.name] = kind
            parameters += _parameters_of(kind)
        else:
            parameters.append(
                parameter.replace(annotation=kind, kind=inspect.Parameter.KEYWORD_ONLY)
            )

    @functools.wraps(command)
    def call(**given: Any) -> Result:
        for name, kind in groups.items():
            options = {field.name: given.pop(field.name) for field in dataclasses.fields(kind)}
            given[name] = kind(**options)
        return command(**given)

    vars(call)["__signature__"] = inspect.Signature(parameters)
    return call


def _parameters_of(kind: type[OptionGroup]) -> list[inspect.Parameter]:
    hints = get_type_hints(kind, include_extras=True)
    return [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=field.default,
            annotation=hints[field.name],
        )
        for field in dataclasses.fields(kind)
    ]
