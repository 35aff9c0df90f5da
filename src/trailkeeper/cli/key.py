"""`trailkeeper key`: API keys, on the server's machine or over HTTP."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from trailkeeper.cli.connection import PANEL, Connection
from trailkeeper.cli.documents import shown
from trailkeeper.cli.exits import usage_error
from trailkeeper.cli.groups import OptionGroup, expanded
from trailkeeper.cli.org import AsJson, local_settings
from trailkeeper.cli.serverside import load
from trailkeeper.cli.terminal import note, print_json, print_table
from trailkeeper.principal import Permission

app = typer.Typer(
    no_args_is_help=True,
    help="API keys: on the server's machine with --org, or over HTTP with --url.",
)

COLUMNS: Final = (
    "id",
    "name",
    "permissions",
    "created_at",
    "expires_at",
    "revoked_at",
    "last_used_at",
)


@dataclass(frozen=True, slots=True)
class Place(OptionGroup):
    """Where the keys are: on this machine's metadata database, or behind a URL."""

    url: Annotated[
        str | None,
        typer.Option(help="Act on this server over HTTP instead.", rich_help_panel=PANEL),
    ] = None
    key: Annotated[
        str | None,
        typer.Option(
            envvar="TRAILKEEPER_API_KEY", help="API key, with --url.", rich_help_panel=PANEL
        ),
    ] = None
    key_file: Annotated[
        Path | None,
        typer.Option(
            envvar="TRAILKEEPER_API_KEY_FILE",
            help="File that holds the API key, with --url.",
            rich_help_panel=PANEL,
        ),
    ] = None
    org: Annotated[
        str | None, typer.Option(help="The organization, on this machine.", rich_help_panel=PANEL)
    ] = None
    data: Annotated[
        Path | None,
        typer.Option(
            help="The server's data folder, if not TRAILKEEPER_DATA.", rich_help_panel=PANEL
        ),
    ] = None

    def remote(self) -> Connection | None:
        """The connection, where one is asked for; its key decides the organization."""
        if self.url is None:
            return None
        if self.org is not None or self.data is not None:
            raise usage_error("TWO_PLACES", "--url cannot be combined with --org or --data")
        return Connection(self.url, self.key, self.key_file)

    def organization(self) -> str:
        """The one that was named, or the only one there is."""
        if self.org is not None:
            return self.org
        found = load("trailkeeper.cli.local").organizations(local_settings(self.data))
        if len(found) != 1:
            names = ", ".join(each["id"] for each in found) or "none yet"
            raise usage_error(
                "WHICH_ORGANIZATION",
                f"--org is needed: the organizations are {names}",
                "`trailkeeper org create NAME` adds one." if not found else None,
            )
        only: str = found[0]["id"]
        return only


@app.command("list")
@expanded
def list_(place: Place, as_json: AsJson = False) -> None:
    """All keys, revoked and expired ones too; never their secrets."""
    remote = place.remote()
    if remote is not None:
        with remote.open() as client:
            found: list[dict[str, Any]] = client.list_keys()["items"]
    else:
        found = load("trailkeeper.cli.local").keys(local_settings(place.data), place.organization())
    if as_json:
        print_json({"items": found})
    else:
        print_table(COLUMNS, ([shown(each.get(name)) for name in COLUMNS] for each in found))


@app.command()
@expanded
def create(
    name: Annotated[str, typer.Argument(help="What it is for, e.g. billing-service.")],
    place: Place,
    permission: Annotated[
        list[Permission] | None,
        typer.Option("--permission", "-p", help="Repeat for several; default event:write."),
    ] = None,
    expires_in_days: Annotated[
        int | None,
        typer.Option(min=1, max=36_500, help="Days until it expires; never if left out."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key. It is printed once, on standard output, and cannot be shown again."""
    permissions = [str(each) for each in permission or [Permission.EVENT_WRITE]]
    expires_at = (
        datetime.now(UTC) + timedelta(days=expires_in_days) if expires_in_days is not None else None
    )
    remote = place.remote()
    if remote is not None:
        with remote.open() as client:
            issued: Mapping[str, Any] = client.create_key(name, permissions, expires_at=expires_at)
    else:
        issued = load("trailkeeper.cli.local").new_key(
            local_settings(place.data), place.organization(), name, permissions, expires_at
        )
    if as_json:
        print_json(issued)
        return
    sys.stdout.write(f"{issued['key']}\n")
    note(f"key {issued['id']} for {', '.join(permissions)}: keep it now, it is not shown again")


@app.command()
@expanded
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="KEY_ID", help="From `key list`.")],
    place: Place,
) -> None:
    """Revoke a key for good; other processes refuse it within seconds."""
    remote = place.remote()
    if remote is not None:
        with remote.open() as client:
            client.revoke_key(key_id)
    else:
        load("trailkeeper.cli.local").revoked_key(
            local_settings(place.data), place.organization(), key_id
        )
    note(f"{key_id} is revoked")
