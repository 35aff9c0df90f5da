"""`trailkeeper setup-link`: a new set-up link, on the server's own machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from trailkeeper.cli.org import AsJson, local_settings
from trailkeeper.cli.serverside import load
from trailkeeper.cli.terminal import note, print_json


def setup_link(
    org: Annotated[
        str | None, typer.Option(help="The organization; needed where there are several.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="The server's data folder, if not TRAILKEEPER_DATA.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print a link to become SUPER_ADMIN, where nobody can sign in as one."""
    document = load("trailkeeper.cli.local_setup").new_setup_link(local_settings(data), org)
    if as_json:
        print_json(document)
        return
    sys.stdout.write(f"{document['link']}\n")
    note(f"for {document['organization']}: good once, until {document['expires_at']}")
