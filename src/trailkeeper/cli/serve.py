"""`trailkeeper serve`: the service itself."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from trailkeeper.cli.demo import load_demo
from trailkeeper.cli.serverside import load
from trailkeeper.cli.terminal import note
from trailkeeper.client import Client, ClientError
from trailkeeper.demo import DEFAULT_EVENTS
from trailkeeper.settings import PREFIX, Settings, read_settings

# A fresh server records doings of its own; a log with more than those is somebody's.
IN_USE_EVENTS: Final = 1000


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
    code = load("trailkeeper.server").serve(settings, load_demo_once if demo else None)
    raise typer.Exit(code)


def load_demo_once(url: str, api_key: str) -> None:
    """Loads the demo into the running server, unless its log is in use already."""
    # The server's log is no place for each of our own requests to it.
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    try:
        with Client(url, api_key) as client:
            held = client.search(limit=1).total or 0
            if held >= IN_USE_EVENTS:
                note(f"the log holds {held:,} events already: no demo is loaded")
                return
            note(f"loading a demo of about {DEFAULT_EVENTS:,} events")
            result = load_demo(client, datetime.now(UTC))
    except ClientError as error:
        note(f"the demo could not be loaded: {error.detail}")
        return
    note(f"demo: {result.committed:,} events committed, {result.rejected:,} rejected")


def overridden_settings(given: dict[str, str]) -> Settings:
    """Settings of the environment, with those given on the command line in their place.

    Raises ConfigurationError.
    """
    environ = dict(os.environ)
    for name, value in given.items():
        environ.pop(f"{PREFIX}{name}_FILE", None)
        environ[f"{PREFIX}{name}"] = value
    return read_settings(environ)
