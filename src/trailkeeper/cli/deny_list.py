"""`trailkeeper deny-list`: what is blocked, on the server's machine; the way back in."""

from __future__ import annotations

from typing import Final

import typer

from trailkeeper.cli.allow_list import Networks, Organization, print_networks
from trailkeeper.cli.key import Place
from trailkeeper.cli.org import AsJson, Data, local_settings
from trailkeeper.cli.serverside import load

app = typer.Typer(
    no_args_is_help=True,
    help="From which addresses an organization may not be used (on the server's machine).",
)

LOCAL: Final = "trailkeeper.cli.local_deny_list"
EMPTY: Final = "the list is empty: nobody is blocked"


@app.command()
def show(organization: Organization = None, data: Data = None, as_json: AsJson = False) -> None:
    """What is blocked."""
    place = Place(org=organization, data=data)
    found = load(LOCAL).deny_list(local_settings(data), place.organization())
    print_networks(found, as_json, EMPTY)


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
    print_networks(saved, as_json, EMPTY)


@app.command()
def clear(organization: Organization = None, data: Data = None, as_json: AsJson = False) -> None:
    """Block nobody any more: what undoes a list that keeps the wrong people out."""
    place = Place(org=organization, data=data)
    saved = load(LOCAL).unblocked(local_settings(data), place.organization(), None)
    print_networks(saved, as_json, EMPTY)
