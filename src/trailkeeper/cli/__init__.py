"""The command line: `trailkeeper`, or `python -m trailkeeper.cli`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from trailkeeper.cli.application import app
from trailkeeper.cli.exits import CommandFailed, ExitCode, exit_code_of, report
from trailkeeper.client import ClientError
from trailkeeper.errors import TrailkeeperError


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and leaves with its exit code (see `ExitCode`)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        app(given, prog_name="trailkeeper")
    except (ClientError, TrailkeeperError, CommandFailed, OSError) as error:
        report(error, as_json=_wants_json(given))
        sys.exit(exit_code_of(error))
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)


def _wants_json(arguments: Sequence[str]) -> bool:
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    return "--json" in options
