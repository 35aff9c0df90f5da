"""How a command ends: exit codes, and errors as people and scripts read them."""

from __future__ import annotations

import sys
from enum import IntEnum
from typing import Final

import msgspec

from trailkeeper.cli.terminal import errors, plain
from trailkeeper.client import ClientError, Unavailable
from trailkeeper.client.errors import local_problem
from trailkeeper.errors import ConfigurationError, Problem, TrailkeeperError


class ExitCode(IntEnum):
    """Documented in docs/cli.md; scripts may branch on them."""

    OK = 0
    PROBLEM = 1
    USAGE = 2
    NOT_AUTHORISED = 3
    NOT_FOUND = 4
    UNAVAILABLE = 5
    PARTIAL = 6
    INTERRUPTED = 130


class CommandFailed(Exception):
    """An expected failure of a command itself, told in one line."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        hint: str | None = None,
        exit_code: ExitCode = ExitCode.PROBLEM,
    ) -> None:
        super().__init__(detail)
        self.problem = local_problem(code, detail, status=0, hint=hint)
        self.exit_code = exit_code


def usage_error(code: str, detail: str, hint: str | None = None) -> CommandFailed:
    return CommandFailed(code, detail, hint=hint, exit_code=ExitCode.USAGE)


_BY_STATUS: Final = {
    401: ExitCode.NOT_AUTHORISED,
    403: ExitCode.NOT_AUTHORISED,
    404: ExitCode.NOT_FOUND,
    503: ExitCode.UNAVAILABLE,
    507: ExitCode.UNAVAILABLE,
}

Expected = ClientError | TrailkeeperError | CommandFailed | OSError


def exit_code_of(error: Expected) -> ExitCode:
    match error:
        case CommandFailed():
            return error.exit_code
        case Unavailable():
            return ExitCode.UNAVAILABLE
        case ConfigurationError():
            return ExitCode.USAGE
        case ClientError() | TrailkeeperError():
            return _BY_STATUS.get(error.status, ExitCode.PROBLEM)
        case OSError():
            return ExitCode.PROBLEM


def problem_of(error: Expected) -> Problem:
    match error:
        case CommandFailed() | ClientError():
            return error.problem
        case TrailkeeperError():
            return error.to_problem()
        case OSError():
            name = f"{error.filename}: " if error.filename else ""
            return local_problem("FILE_ERROR", f"{name}{error.strerror or error}", status=0)


def report(error: Expected, *, as_json: bool) -> None:
    """To stderr: `error[CODE]: detail` and what to do, or the problem document."""
    problem = problem_of(error)
    if as_json:
        sys.stderr.write(msgspec.json.encode(problem).decode() + "\n")
        return
    place = f" (position {problem.position})" if problem.position is not None else ""
    errors().print(f"error[{plain(problem.code)}]: {plain(problem.detail)}{place}", style="red")
    if problem.expected:
        errors().print(f"expected: {plain(', '.join(problem.expected))}")
    if problem.hint:
        errors().print(f"hint: {plain(problem.hint)}")
