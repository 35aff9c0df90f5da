"""`trailkeeper export`: everything that matches, into a file, whole or not at all."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from trailkeeper.cli.connection import Connection
from trailkeeper.cli.exits import usage_error
from trailkeeper.cli.filters import Filters, Words, joined
from trailkeeper.cli.groups import expanded
from trailkeeper.cli.search import QUERY_HELP
from trailkeeper.cli.terminal import errors, note, progress_bar
from trailkeeper.client import Client, ExportFormat
from trailkeeper.client.query import FilterFields


class TimeOrder(StrEnum):
    DESC = "desc"
    ASC = "asc"


PART_SUFFIX = ".part"


@expanded
def export(
    filters: Filters,
    connection: Connection,
    query: Annotated[Words, typer.Argument(metavar="QUERY", help=QUERY_HELP)] = None,
    format: Annotated[
        ExportFormat | None, typer.Option(help="From the file's name if left out, else csv.")
    ] = None,
    order: Annotated[TimeOrder, typer.Option(help="Newest or oldest first.")] = TimeOrder.DESC,
    bom: Annotated[
        bool, typer.Option("--bom", help="Begin CSV with a byte order mark, as old Excel wants.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; standard output if none.")
    ] = None,
) -> None:
    """Export all events that match; fails rather than end with fewer than there are."""
    chosen = format or _from_name(out)
    q, arguments = joined(query), filters.arguments()
    with connection.open() as client, _destination(out) as file, progress_bar("events") as bar:
        task = bar.add_task("exporting", total=_expected(client, q, arguments))

        def advance(rows: int, _size: int) -> None:
            bar.update(task, completed=rows)

        result = client.export(
            chosen, file, q, order=order, bom=bom or None, progress=advance, **arguments
        )
    note(f"{result.rows:,} events, {result.size_bytes:,} bytes" + (f" in {out}" if out else ""))


def _from_name(out: Path | None) -> ExportFormat:
    suffix = out.suffix.removeprefix(".").lower() if out else "csv"
    if suffix == "jsonl":
        return ExportFormat.NDJSON
    try:
        return ExportFormat(suffix)
    except ValueError:
        raise usage_error(
            "UNKNOWN_FORMAT", f"{out} tells no format", "Pass --format csv, json or ndjson."
        ) from None


def _expected(client: Client, q: str | None, arguments: FilterFields) -> int | None:
    """The bar's length; not worth a question where no bar is shown."""
    if not errors().is_terminal:
        return None
    return client.search(q, limit=1, **arguments).total


@contextmanager
def _destination(out: Path | None) -> Iterator[BinaryIO]:
    """The file under its name only once it is whole: a cut export is never taken for one."""
    if out is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = out.with_name(out.name + PART_SUFFIX)
    with part.open("wb") as file:
        yield file
    part.replace(out)
