"""`trailkeeper rule`: detection rules, checked here, rehearsed and kept on a server."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from trailkeeper.cli.connection import Connection
from trailkeeper.cli.documents import shown
from trailkeeper.cli.exits import CommandFailed
from trailkeeper.cli.groups import expanded
from trailkeeper.cli.serverside import load
from trailkeeper.cli.terminal import note, print_json, print_table
from trailkeeper.client.rules import FINISHED

app = typer.Typer(no_args_is_help=True, help="Detection rules: Sigma YAML.")

LOCAL: Final = "trailkeeper.cli.local_rules"
COLUMNS: Final = ("id", "title", "kind", "severity", "is_enabled", "is_built_in")
IMPORT_BATCH: Final = 200
POLL_SECONDS: Final = 0.5

AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
Files = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", exists=True, dir_okay=False, help="Rule files."),
]


@app.command()
def check(files: Files, as_json: AsJson = False) -> None:
    """Tell every fault and warning in rule files, with line and column.

    Needs no server running. Ends with exit code 1 where there is a fault.
    """
    found: list[dict[str, Any]] = load(LOCAL).checked(files)
    if as_json:
        print_json({"items": found})
    else:
        for each in found:
            kind = "" if each["is_fault"] else "warning: "
            place = f"{each['file']}:{each['line']}:{each['column']}"
            sys.stdout.write(f"{place}: {kind}{each['code']}: {each['detail']}\n")
    faults = sum(each["is_fault"] for each in found)
    if faults:
        raise CommandFailed("INVALID_RULES", f"{faults} fault{'s' if faults > 1 else ''}")
    note(f"{len(files)} file{'s' if len(files) > 1 else ''} checked, no fault")


@app.command("list")
@expanded
def list_(connection: Connection, as_json: AsJson = False) -> None:
    """The built-in rules and the organization's own."""
    with connection.open() as client:
        found = client.rules.list()
    if as_json:
        print_json(found)
    else:
        rows = ([shown(each.get(name)) for name in COLUMNS] for each in found["items"])
        print_table(COLUMNS, rows)


@app.command()
@expanded
def rehearse(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A rule file.")],
    connection: Connection,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How far back, in event time.")] = 90,
    as_json: AsJson = False,
) -> None:
    """Say what a rule would have raised over stored history, by day and by group."""
    with connection.open() as client:
        rehearsal = client.rules.rehearse(file.read_text(encoding="utf-8"), days=days)
        while rehearsal["state"] not in FINISHED:
            note(f"{rehearsal['done']} of {rehearsal['total']} periods")
            time.sleep(POLL_SECONDS)
            rehearsal = client.rules.rehearsal(rehearsal["id"])
    if rehearsal["state"] == "failed":
        raise CommandFailed("REHEARSAL_FAILED", rehearsal["error"])
    if as_json:
        print_json(rehearsal)
        return
    result = rehearsal["result"]
    print_table(("day", "detections"), ([each["day"], each["count"]] for each in result["by_day"]))
    print_table(
        ("group", "detections"), ([each["group"], each["count"]] for each in result["by_group"])
    )
    note(f"{result['detections']:,} detections in {days} days, {result['events']:,} events matched")


@app.command("import")
@expanded
def import_(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="Its rules.")],
    connection: Connection,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep what is usable on the server, turned off.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Report what of a folder of public Sigma rules maps to our fields, and what does not."""
    report: dict[str, Any] = load(LOCAL).import_report(folder)
    kept: list[str] = []
    if keep:
        files: list[tuple[str, str]] = load(LOCAL).usable_files(folder)
        with connection.open() as client:
            for start in range(0, len(files), IMPORT_BATCH):
                answer = client.rules.import_files(files[start : start + IMPORT_BATCH])
                kept += answer["kept"]
    if as_json:
        print_json({**report, "kept": kept})
        return
    columns = ("outcome", "title", "place", "reasons")
    rows = (
        [each["outcome"], each["title"], each["place"], "; ".join(each["reasons"])]
        for each in report["rules"]
    )
    print_table(columns, rows)
    counts = ", ".join(f"{report[name]:,} {name}" for name in ("usable", "doubtful", "unusable"))
    note(f"{counts}; {len(report['unreadable'])} files could not be read")
    if keep:
        note(f"{len(kept)} rules are kept, turned off")
