"""`trailkeeper allow-list`: who may come from where, on the server's machine.

The way back in for an organization that locked itself out: it needs no sign-in and no key.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

import typer

from trailkeeper.cli.documents import shown
from trailkeeper.cli.key import Place
from trailkeeper.cli.org import AsJson, Data, local_settings
from trailkeeper.cli.serverside import load
from trailkeeper.cli.terminal import note, print_json, print_table

app = typer.Typer(
    no_args_is_help=True,
    help="From which addresses an organization may be used (on the server's machine).",
)

LOCAL: Final = "trailkeeper.cli.local_keys"
COLUMNS: Final = ("network", "note")
EMPTY: Final = "the list is empty: everyone is let through"

Organization = Annotated[
    str | None,
    typer.Option("--organization", "--org", help="Its id; not needed where there is only one."),
]
Networks = Annotated[
    list[str],
    typer.Argument(metavar="NETWORK...", help="An address or a network: 203.0.113.0/24."),
]


@app.command()
def show(organization: Organization = None, data: Data = None, as_json: AsJson = False) -> None:
    """The list; an empty one lets everyone through."""
    place = Place(org=organization, data=data)
    found = load(LOCAL).allow_list(local_settings(data), place.organization())
    print_networks(found, as_json, EMPTY)


@app.command()
def add(
    networks: Networks,
    text: Annotated[str, typer.Option("--note", help="What they are, e.g. office.")] = "",
    organization: Organization = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Let networks in. With the first entry, everyone else is kept out."""
    place = Place(org=organization, data=data)
    saved = load(LOCAL).allowed(local_settings(data), place.organization(), networks, text)
    print_networks(saved, as_json, EMPTY)


@app.command()
def remove(
    networks: Networks,
    organization: Organization = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Take networks off the list. With the last entry, everyone is let in again."""
    place = Place(org=organization, data=data)
    saved = load(LOCAL).disallowed(local_settings(data), place.organization(), networks)
    print_networks(saved, as_json, EMPTY)


@app.command()
def clear(organization: Organization = None, data: Data = None, as_json: AsJson = False) -> None:
    """Let everyone in again: what undoes a list that locked everybody out."""
    place = Place(org=organization, data=data)
    saved = load(LOCAL).cleared_allow_list(local_settings(data), place.organization())
    print_networks(saved, as_json, EMPTY)


def print_networks(entries: list[dict[str, Any]], as_json: bool, if_empty: str) -> None:
    """A list of networks; `if_empty` says what an empty one means."""
    if as_json:
        print_json({"entries": entries})
        return
    print_table(COLUMNS, ([shown(each[name]) for name in COLUMNS] for each in entries))
    if not entries:
        note(if_empty)
