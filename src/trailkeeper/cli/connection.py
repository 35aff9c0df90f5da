"""Which server, as whom: the options of every command that talks HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from trailkeeper.cli.exits import usage_error
from trailkeeper.cli.groups import OptionGroup
from trailkeeper.client import Client, RetryPolicy

PANEL = "Connection"
DEFAULT_URL = "http://127.0.0.1:8080"

IMPATIENT = 2
"""Retries where a person waits; with back-off, under a second."""
PATIENT = 20
"""Retries of long work that should outlive a restart of the server: about a minute."""


@dataclass(frozen=True, slots=True)
class Connection(OptionGroup):
    url: Annotated[
        str,
        typer.Option(
            envvar="TRAILKEEPER_URL", help="Address of the server.", rich_help_panel=PANEL
        ),
    ] = DEFAULT_URL
    key: Annotated[
        str | None,
        typer.Option(
            envvar="TRAILKEEPER_API_KEY",
            help="API key. Prefer the variable or a file: others can see command lines.",
            rich_help_panel=PANEL,
        ),
    ] = None
    key_file: Annotated[
        Path | None,
        typer.Option(
            envvar="TRAILKEEPER_API_KEY_FILE",
            help="File that holds the API key.",
            rich_help_panel=PANEL,
        ),
    ] = None

    def api_key(self) -> str | None:
        """The key that was given. Raises OSError where the file cannot be read."""
        if self.key is not None or self.key_file is None:
            return self.key
        return self.key_file.read_text().strip()

    def open(self, retries: int = IMPATIENT) -> Client:
        """A client with a key. Raises a usage error where there is none."""
        api_key = self.api_key()
        if api_key is None:
            raise usage_error(
                "NO_API_KEY",
                "no API key was given",
                "Set TRAILKEEPER_API_KEY (or TRAILKEEPER_API_KEY_FILE), or pass --key. "
                "`trailkeeper key create` on the server's machine makes one.",
            )
        try:
            return Client(self.url, api_key, retry=RetryPolicy(retries=retries))
        except ValueError as error:
            raise usage_error("INVALID_CONNECTION", str(error)) from None
