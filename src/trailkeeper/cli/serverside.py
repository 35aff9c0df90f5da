"""The door to the server's code, which a thin install does not have.

Everything else in this package needs the base dependencies alone.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from trailkeeper.cli.exits import CommandFailed


def load(module: str) -> ModuleType:
    """The module, or a plain word that the server is not installed."""
    try:
        return import_module(module)  # inline-import: server extra is optional
    except ModuleNotFoundError as error:
        if error.name is not None and error.name.startswith("trailkeeper"):
            raise
        raise CommandFailed(
            "SERVER_NOT_INSTALLED",
            f"this command needs the server, which is not installed ({error.name} is missing)",
            hint="pip install 'trailkeeper[server]'",
        ) from None
