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
from trailkeeper.cli.documents import print_document, shown
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
    "created_by",
    "expires_at",
    "revoked_at",
    "last_used_at",
    "last_used_address",
    "allow_list",
    "leaked_at",
    "replaced_by",
)
LOCAL: Final = "trailkeeper.cli.local_keys"

Allow = Annotated[
    list[str] | None,
    typer.Option(
        "--allow",
        metavar="NETWORK",
        help="Only usable from this address or network; repeat for several.",
    ),
]
KeyId = Annotated[str, typer.Argument(metavar="KEY_ID", help="From `key list`.")]


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
def list_(
    place: Place,
    created_by: Annotated[
        str | None, typer.Option(help="Only keys that this user (or api-key:ID) made.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """All keys, revoked and expired ones too; never their secrets."""
    remote = place.remote()
    if remote is not None:
        with remote.open() as client:
            found: list[dict[str, Any]] = client.list_keys(created_by=created_by)["items"]
    else:
        found = load(LOCAL).keys(local_settings(place.data), place.organization(), created_by)
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
    allow: Allow = None,
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
            issued: Mapping[str, Any] = client.create_key(
                name, permissions, expires_at=expires_at, allow_list=allow or ()
            )
    else:
        issued = load(LOCAL).new_key(
            local_settings(place.data),
            place.organization(),
            name,
            permissions,
            expires_at,
            allow or (),
        )
    _print_issued(issued, f"for {', '.join(permissions)}", as_json)


@app.command("set")
@expanded
def set_(
    key_id: KeyId,
    place: Place,
    name: Annotated[str | None, typer.Option(help="What it is for.")] = None,
    allow: Allow = None,
    allow_everywhere: Annotated[
        bool, typer.Option("--allow-everywhere", help="Usable from everywhere again.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Change a key's name, or from where it may be used; --allow replaces the whole list."""
    if name is None and not allow and not allow_everywhere:
        raise usage_error("NOTHING_TO_SET", "no change was given", "See --help.")
    if allow and allow_everywhere:
        raise usage_error("TWO_LISTS", "--allow cannot be combined with --allow-everywhere")
    allow_list = [] if allow_everywhere else allow
    remote = place.remote()
    if remote is not None:
        with remote.open() as client:
            changed: Mapping[str, Any] = client.change_key(key_id, name=name, allow_list=allow_list)
    else:
        changed = load(LOCAL).changed_key(
            local_settings(place.data), place.organization(), key_id, name, allow_list
        )
    print_document(changed, as_json)


@app.command()
@expanded
def rotate(
    key_id: KeyId,
    place: Place,
    overlap_hours: Annotated[
        int, typer.Option(min=0, max=720, help="How long the old key still works.")
    ] = 24,
    as_json: AsJson = False,
) -> None:
    """Make a key in place of another: same name, permissions and allow-list.

    It is printed once, on standard output. The old one works until the overlap is over.
    """
    remote = place.remote()
    if remote is not None:
        with remote.open() as client:
            issued: Mapping[str, Any] = client.rotate_key(key_id, overlap_hours=overlap_hours)
    else:
        issued = load(LOCAL).rotated_key(
            local_settings(place.data), place.organization(), key_id, overlap_hours
        )
    _print_issued(issued, f"in place of {key_id}, which works {overlap_hours} h more", as_json)


@app.command()
@expanded
def revoke(key_id: KeyId, place: Place) -> None:
    """Revoke a key for good; other processes refuse it within seconds."""
    remote = place.remote()
    if remote is not None:
        with remote.open() as client:
            client.revoke_key(key_id)
    else:
        load(LOCAL).revoked_key(local_settings(place.data), place.organization(), key_id)
    note(f"{key_id} is revoked")


def _print_issued(issued: Mapping[str, Any], what: str, as_json: bool) -> None:
    if as_json:
        print_json(issued)
        return
    sys.stdout.write(f"{issued['key']}\n")
    note(f"key {issued['id']} {what}: keep it now, it is not shown again")
