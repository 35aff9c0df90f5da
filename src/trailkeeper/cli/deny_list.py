"""`trailkeeper deny-list`: what is blocked, on the server's machine; the way back in."""

from __future__ import annotations

from typing import Any, Final

import typer

from trailkeeper.cli.allow_list import COLUMNS, Networks, Organization
from trailkeeper.cli.documents import shown
from trailkeeper.cli.key import Place
from trailkeeper.cli.org import AsJson, Data, local_settings
from trailkeeper.cli.serverside import load
from trailkeeper.cli.terminal import note, print_json, print_table

app = typer.Typer(
    no_args_is_help=True,
    help="From which addresses an organization may not be used (on the server's machine).",
)

LOCAL: Final = "trailkeeper.cli.local_deny_list"


@app.command()
def show(organization: Organization = None, data: Data = None, as_json: AsJson = False) -> None:
    """What is blocked."""
    place = Place(org=organization, data=data)
    _print(load(LOCAL).deny_list(local_settings(data), place.organization()), as_json)


@app.command()
def remove(
    networks: Networks,
    organization: Organization = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Block networks no longer."""
    place = Place(org=organization, data=data)
    saved = load(LOCAL).unblocked(local_settings(data), place.organization(), networks)
    _print(saved, as_json)


@app.command()
def clear(organization: Organization = None, data: Data = None, as_json: AsJson = False) -> None:
    """Block nobody any more: what undoes a list that keeps the wrong people out."""
    place = Place(org=organization, data=data)
    _print(load(LOCAL).unblocked(local_settings(data), place.organization(), None), as_json)


def _print(entries: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print_json({"entries": entries})
        return
    print_table(COLUMNS, ([shown(each[name]) for name in COLUMNS] for each in entries))
    if not entries:
        note("the list is empty: nobody is blocked")
