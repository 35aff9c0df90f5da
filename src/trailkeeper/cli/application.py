"""The command tree, grouped as `--help` shows it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from trailkeeper import __version__
from trailkeeper.cli import allow_list, deny_list, key, org, retention, rule, user
from trailkeeper.cli.demo import demo
from trailkeeper.cli.doctor.command import doctor
from trailkeeper.cli.export import export
from trailkeeper.cli.import_ import import_
from trailkeeper.cli.record import record
from trailkeeper.cli.search import search
from trailkeeper.cli.serve import serve
from trailkeeper.cli.setup_link import setup_link
from trailkeeper.cli.tail import tail

EVENTS = "Events"
OPERATION = "Running the service"
ADMINISTRATION = "Administration"

app = typer.Typer(
    name="trailkeeper",
    no_args_is_help=True,
    # Expected errors are told by `main`; an unexpected one should be seen whole.
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command(rich_help_panel=EVENTS)(record)
app.command(rich_help_panel=EVENTS)(search)
app.command(rich_help_panel=EVENTS)(tail)
app.command(rich_help_panel=EVENTS)(export)
app.command("import", rich_help_panel=EVENTS)(import_)
app.command(rich_help_panel=OPERATION)(serve)
app.command(rich_help_panel=OPERATION)(doctor)
app.command(rich_help_panel=OPERATION)(demo)
app.command("setup-link", rich_help_panel=ADMINISTRATION)(setup_link)
app.add_typer(org.app, name="org", rich_help_panel=ADMINISTRATION)
app.add_typer(user.app, name="user", rich_help_panel=ADMINISTRATION)
app.add_typer(key.app, name="key", rich_help_panel=ADMINISTRATION)
app.add_typer(allow_list.app, name="allow-list", rich_help_panel=ADMINISTRATION)
app.add_typer(deny_list.app, name="deny-list", rich_help_panel=ADMINISTRATION)
app.add_typer(retention.app, name="retention", rich_help_panel=ADMINISTRATION)
app.add_typer(rule.app, name="rule", rich_help_panel=ADMINISTRATION)


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"trailkeeper {__version__}\n")
        raise typer.Exit


@app.callback()
def trailkeeper(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Record who did what, keep it, and find it again.

    The server is --url or TRAILKEEPER_URL (default http://127.0.0.1:8080), the key is
    TRAILKEEPER_API_KEY, TRAILKEEPER_API_KEY_FILE or --key.

    Exit codes: 0 ok, 1 a problem, 2 wrong usage, 3 not authorised, 4 not found,
    5 server unavailable, 6 partly done, 130 interrupted.
    """
