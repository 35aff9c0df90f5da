"""`trailkeeper user`: the people of an organization, on the server's machine or over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final

import typer

from trailkeeper.cli.documents import print_document, shown
from trailkeeper.cli.groups import expanded
from trailkeeper.cli.key import Place
from trailkeeper.cli.org import AsJson, local_settings
from trailkeeper.cli.serverside import load
from trailkeeper.cli.terminal import note, print_json, print_table

app = typer.Typer(
    no_args_is_help=True,
    help="People: on the server's machine with --org, or over HTTP with --url.",
)

LOCAL: Final = "trailkeeper.cli.local_users"
COLUMNS: Final = (
    "user_id",
    "name",
    "user_email",
    "role",
    "status",
    "last_login_at",
    "last_seen_at",
    "events",
)

UserId = Annotated[str, typer.Argument(metavar="USER_ID", help="From `user list`.")]


class Sort(StrEnum):
    LAST_SEEN = "last_seen"
    LAST_LOGIN = "last_login"
    NAME = "name"


class Status(StrEnum):
    ACTIVE = "active"
    INVITED = "invited"
    DISABLED = "disabled"
    DELETED = "deleted"
    OBSERVED = "observed"


@app.command("list")
@expanded
def list_(
    place: Place,
    search: Annotated[str | None, typer.Option(help="Part of the name, e-mail or id.")] = None,
    role: Annotated[
        list[str] | None, typer.Option("--role", help="Only with this role; repeat for several.")
    ] = None,
    status: Annotated[
        list[Status] | None,
        typer.Option("--status", help="Only with this status; repeat for several."),
    ] = None,
    sort: Annotated[Sort, typer.Option(help="What to sort by.")] = Sort.LAST_SEEN,
    as_json: AsJson = False,
) -> None:
    """Everyone: people with an account, users of the platform, and whoever an event named."""
    statuses = [str(each) for each in status or ()]
    remote = place.remote()
    if remote is not None:
        with remote.open() as client:
            found: list[dict[str, Any]] = list(
                client.users(search=search, role=role, status=statuses, sort=sort)
            )
    else:
        found = load(LOCAL).users(
            local_settings(place.data), place.organization(), search, role or (), statuses, sort
        )
    if as_json:
        print_json({"items": found})
    else:
        print_table(COLUMNS, ([shown(each.get(name)) for name in COLUMNS] for each in found))


@app.command()
@expanded
def invite(
    email: Annotated[str, typer.Argument(help="Where the link is mailed to.")],
    name: Annotated[str, typer.Argument(help="What they are called.")],
    role: Annotated[str, typer.Argument(help="What they shall be, e.g. DEVELOPER.")],
    place: Place,
    user_id: Annotated[
        str | None, typer.Option(help="The id that events have for them, if there is one.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Mail somebody a link to come in with. It works once, for seven days."""
    remote = place.remote()
    if remote is not None:
        with remote.open() as client:
            invited: Mapping[str, Any] = client.invite(email, name, role, user_id=user_id)
    else:
        invited = load(LOCAL).invited(
            local_settings(place.data), place.organization(), email, name, role, user_id
        )
    print_document(invited, as_json)
    note("the mail is sent by the running server; without mail settings its log has the link")


@app.command()
@expanded
def role(
    user_id: UserId,
    role: Annotated[str, typer.Argument(help="The new role, e.g. ADMIN.")],
    place: Place,
    as_json: AsJson = False,
) -> None:
    """Give somebody another role; it counts within seconds."""
    remote = place.remote()
    if remote is not None:
        with remote.open() as client:
            changed: Mapping[str, Any] = client.change_user(user_id, role=role)
    else:
        changed = load(LOCAL).with_role(
            local_settings(place.data), place.organization(), user_id, role
        )
    print_document(changed, as_json)


@app.command()
@expanded
def disable(user_id: UserId, place: Place, as_json: AsJson = False) -> None:
    """Keep somebody out: their sessions end, an invitation is void."""
    remote = place.remote()
    if remote is not None:
        with remote.open() as client:
            changed: Mapping[str, Any] = client.change_user(user_id, status="disabled")
    else:
        changed = load(LOCAL).disabled(local_settings(place.data), place.organization(), user_id)
    print_document(changed, as_json)


@app.command()
@expanded
def enable(user_id: UserId, place: Place, as_json: AsJson = False) -> None:
    """Let somebody back in who was disabled."""
    remote = place.remote()
    if remote is not None:
        with remote.open() as client:
            changed: Mapping[str, Any] = client.change_user(user_id, status="active")
    else:
        changed = load(LOCAL).enabled(local_settings(place.data), place.organization(), user_id)
    print_document(changed, as_json)
