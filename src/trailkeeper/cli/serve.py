"""`trailkeeper serve`: the service itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from trailkeeper.cli.serverside import load
from trailkeeper.settings import PREFIX, Settings, read_settings


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the embedded stores.")] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Load 90 days of believable activity first.")
    ] = False,
) -> None:
    """Start the server. Other settings: see docs/settings.md."""
    given = {"HOST": host, "PORT": port, "DATA": data}
    settings = overridden_settings(
        {name: str(value) for name, value in given.items() if value is not None}
    )
    load("trailkeeper.server").serve(settings, demo=demo)


def overridden_settings(given: dict[str, str]) -> Settings:
    """Settings of the environment, with those given on the command line in their place.

    Raises ConfigurationError.
    """
    environ = dict(os.environ)
    for name, value in given.items():
        environ.pop(f"{PREFIX}{name}_FILE", None)
        environ[f"{PREFIX}{name}"] = value
    return read_settings(environ)
