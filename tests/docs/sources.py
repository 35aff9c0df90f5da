"""What the source says of its errors: codes and classes, read from the syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.docs.pages import ROOT
from trailkeeper import errors
from trailkeeper.capture.rejection import Reason
from trailkeeper.errors import ConfigurationError, TrailkeeperError
from trailkeeper.problem import CODES

PACKAGE = ROOT / "src" / "trailkeeper"

# The command line's and the client's own codes are told by docs/cli.md.
OTHER_DOORS = ("cli", "client", "demo")

ERROR_CLASSES: dict[str, type[TrailkeeperError]] = {
    name: value
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, TrailkeeperError)
}

# Not a code, but what OpenAPI shows in its place.
EXAMPLE = "EXAMPLE_CODE"


@dataclass(frozen=True)
class Raised:
    """One place that makes an error with a code; `status` is None where the class has none."""

    code: str
    status: int | None
    is_configuration: bool
    place: str


def raised_codes() -> list[Raised]:
    """Every error that the service's source makes with a code of its own."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.relative_to(PACKAGE).parts[0] not in OTHER_DOORS:
            found += list(_codes_in(path))
    return found


def wire_codes() -> set[str]:
    """Codes that a caller of the API can meet, in a problem document or a batch's result."""
    ours = {each.code for each in raised_codes() if not each.is_configuration}
    return ours | {str(reason) for reason in Reason} | set(CODES.values())


def start_codes() -> set[str]:
    """Codes that an operator can meet at start."""
    return {each.code for each in raised_codes() if each.is_configuration}


def _codes_in(path: Path) -> Iterator[Raised]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = _called(node.func)
        code = _code_of(node, name)
        if code is None or code == EXAMPLE:
            continue
        error = ERROR_CLASSES.get(name)
        yield Raised(
            code,
            error.status if error is not None else None,
            error is not None and issubclass(error, ConfigurationError),
            f"{path.relative_to(ROOT)}:{node.lineno}",
        )


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _code_of(call: ast.Call, name: str) -> str | None:
    if name in ERROR_CLASSES or name == "_problem":
        return _text(call.args[0]) if call.args else None
    if name == "Problem":
        return next((_text(each.value) for each in call.keywords if each.arg == "code"), None)
    return None


def _text(value: ast.expr) -> str | None:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    return None
