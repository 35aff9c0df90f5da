"""`trailkeeper retention`: what is kept how long, and what a run removes."""

from __future__ import annotations

from typing import Annotated

import typer

from trailkeeper.cli.connection import Connection
from trailkeeper.cli.documents import print_document
from trailkeeper.cli.groups import expanded

app = typer.Typer(no_args_is_help=True, help="What is kept how long.")

AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


@app.command()
@expanded
def status(connection: Connection, as_json: AsJson = False) -> None:
    """Rules, last and next run, oldest event, and what the next run would remove."""
    with connection.open() as client:
        print_document(client.retention(), as_json)


@app.command()
@expanded
def run(
    connection: Connection,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be removed.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Remove what is past its time, now."""
    with connection.open() as client:
        print_document(client.run_retention(dry_run=dry_run), as_json)
