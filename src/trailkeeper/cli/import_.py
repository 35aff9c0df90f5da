"""`trailkeeper import`: a file of any size, resumed where it stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.progress import Progress, TaskID

from trailkeeper.cli.connection import PATIENT, Connection
from trailkeeper.cli.exits import CommandFailed, ExitCode, usage_error
from trailkeeper.cli.groups import expanded
from trailkeeper.cli.importing.mapping import FieldMapping, parse_renames
from trailkeeper.cli.importing.records import Format, guess_format
from trailkeeper.cli.importing.run import DEFAULT_BATCH_RECORDS, ImportPlan, run_import
from trailkeeper.cli.importing.state import (
    ImportState,
    StateMismatch,
    rejects_path,
)
from trailkeeper.cli.terminal import note, print_json, progress_bar
from trailkeeper.event import MAX_BATCH_EVENTS


@expanded
def import_(
    source: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="NDJSON or CSV.")
    ],
    connection: Connection,
    format: Annotated[
        Format | None, typer.Option(help="If the file's name does not say it.")
    ] = None,
    map_names: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="OLD=NEW", help="Rename a field or column; OLD= drops it."),
    ] = None,
    assume_zone: Annotated[
        str | None, typer.Option(help="Zone of times without one, e.g. Europe/Berlin.")
    ] = None,
    batch: Annotated[
        int, typer.Option(min=1, max=MAX_BATCH_EVENTS, help="Records per request.")
    ] = DEFAULT_BATCH_RECORDS,
    restart: Annotated[
        bool, typer.Option("--restart", help="Forget the saved place: begin at the first line.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Import NDJSON or CSV; run it again to go on where it stopped.

    The place is kept in FILE.trailkeeper-import, refused records in FILE.rejects.ndjson.
    """
    plan = ImportPlan(
        source=source,
        format=_format(source, format),
        mapping=_mapping(map_names or [], assume_zone),
        batch_records=batch,
        restart=restart,
    )
    try:
        state = _run(connection, plan)
    except StateMismatch as error:
        raise usage_error(
            "IMPORT_STATE_MISMATCH",
            str(error),
            "Use the same file and options, or --restart to begin at the first line.",
        ) from None
    except ValueError as error:
        raise usage_error(
            "UNUSABLE_COLUMNS",
            str(error),
            "Map it: --map OLD=NEW, --map OLD=details.NAME, or drop it: --map OLD=",
        ) from None
    _tell(state, source, as_json)


def _format(source: Path, given: Format | None) -> Format:
    chosen = given or guess_format(source)
    if chosen is None:
        raise usage_error(
            "UNKNOWN_FORMAT", f"{source.name} tells no format", "Pass --format ndjson or csv."
        )
    return chosen


def _mapping(pairs: list[str], zone: str | None) -> FieldMapping:
    try:
        renames = parse_renames(pairs)
    except ValueError as error:
        raise usage_error("INVALID_MAP", str(error)) from None
    try:
        return FieldMapping(renames, ZoneInfo(zone) if zone else None)
    except (ZoneInfoNotFoundError, ValueError):
        raise usage_error(
            "UNKNOWN_ZONE", f"{zone!r} is not a time zone", "Write e.g. Europe/Berlin or UTC."
        ) from None


def _run(connection: Connection, plan: ImportPlan) -> ImportState:
    size = plan.source.stat().st_size
    with connection.open(PATIENT) as client, progress_bar("bytes") as bar:
        task = bar.add_task(plan.source.name, total=size)
        return run_import(client, plan, lambda state: _advance(bar, task, state))


def _advance(bar: Progress, task: TaskID, state: ImportState) -> None:
    rejected = f", {state.rejected:,} rejected" if state.rejected else ""
    bar.update(
        task,
        completed=state.offset,
        description=f"{state.committed + state.duplicate:,} events{rejected}",
    )


def _tell(state: ImportState, source: Path, as_json: bool) -> None:
    if as_json:
        print_json(state)
    else:
        note(
            f"{state.committed:,} committed, {state.duplicate:,} duplicate, "
            f"{state.rejected:,} rejected of {state.line:,} lines"
        )
    if state.rejected:
        raise CommandFailed(
            "SOME_REJECTED",
            f"{state.rejected:,} records were rejected",
            hint=f"Each is in {rejects_path(source)} with its line, code and reason.",
            exit_code=ExitCode.PARTIAL,
        )
