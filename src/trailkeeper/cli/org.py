"""`trailkeeper org`: organizations, on the server's machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from trailkeeper.cli.documents import print_document, shown
from trailkeeper.cli.exits import usage_error
from trailkeeper.cli.serve import overridden_settings
from trailkeeper.cli.serverside import load
from trailkeeper.cli.terminal import print_json, print_table
from trailkeeper.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Organizations (on the server's machine).")

COLUMNS = ("id", "name", "time_zone", "retention_days", "created_at")

Data = Annotated[
    Path | None, typer.Option("--data", help="The server's data folder, if not TRAILKEEPER_DATA.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
OrganizationArgument = Annotated[str, typer.Argument(metavar="ORG", help="The organization's id.")]


def local_settings(data: Path | None) -> Settings:
    """The settings that the server on this machine would run with."""
    return overridden_settings({} if data is None else {"DATA": str(data)})


@app.command("list")
def list_(data: Data = None, as_json: AsJson = False) -> None:
    """All organizations."""
    found: list[dict[str, Any]] = load("trailkeeper.cli.local").organizations(local_settings(data))
    if as_json:
        print_json({"items": found})
    else:
        print_table(COLUMNS, ([shown(each[name]) for name in COLUMNS] for each in found))


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="The name that people see.")],
    organization_id: Annotated[
        str | None, typer.Option("--id", help="Its id; made from the name if left out.")
    ] = None,
    time_zone: Annotated[str, typer.Option(help="For local hours and weekdays.")] = "UTC",
    retention_days: Annotated[
        int | None,
        typer.Option(help="How long events are kept; default TRAILKEEPER_RETENTION_DAYS."),
    ] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Add an organization: a log of its own, closed to all others."""
    settings = local_settings(data)
    created = load("trailkeeper.cli.local").new_organization(
        settings, name, organization_id, time_zone, retention_days or settings.retention_days
    )
    print_document(created, as_json)


@app.command()
def show(organization_id: OrganizationArgument, data: Data = None, as_json: AsJson = False) -> None:
    """Its settings."""
    local = load("trailkeeper.cli.local")
    print_document(local.organization(local_settings(data), organization_id), as_json)


@app.command("set")
def set_(
    organization_id: OrganizationArgument,
    name: Annotated[str | None, typer.Option(help="The name that people see.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="IANA name, e.g. Europe/Berlin.")] = None,
    retention_days: Annotated[int | None, typer.Option(help="How long events are kept.")] = None,
    retention_rules: Annotated[
        str | None,
        typer.Option(metavar="JSON", help='All rules, e.g. [{"action": "LOGIN", "days": 365}].'),
    ] = None,
    redaction: Annotated[
        str | None,
        typer.Option(
            metavar="JSON",
            help='What to redact beyond the defaults, e.g. {"paths": ["request.body"]}.',
        ),
    ] = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Change settings; what is not given stays. Rules and redaction replace the whole list."""
    given = {
        "name": name,
        "time_zone": time_zone,
        "retention_days": retention_days,
        "retention_rules": _json("--retention-rules", retention_rules),
        "redaction": _json("--redaction", redaction),
    }
    changes = {key: value for key, value in given.items() if value is not None}
    if not changes:
        raise usage_error("NOTHING_TO_SET", "no setting was given", "See --help.")
    local = load("trailkeeper.cli.local")
    print_document(
        local.changed_organization(local_settings(data), organization_id, changes), as_json
    )


def _json(option: str, text: str | None) -> Any:
    if text is None:
        return None
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise usage_error("INVALID_JSON", f"{option} is not JSON: {error}") from None
