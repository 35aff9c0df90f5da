"""`trailkeeper search`: a table for people, JSON for scripts."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from trailkeeper.cli.connection import Connection
from trailkeeper.cli.events import COLUMNS, UNBROKEN, moment, table_row
from trailkeeper.cli.filters import Filters, Words, joined
from trailkeeper.cli.groups import expanded
from trailkeeper.cli.terminal import note, print_json, print_table
from trailkeeper.client import Coverage, Page


class Order(StrEnum):
    DESC = "desc"
    ASC = "asc"
    COMMITTED = "committed"


QUERY_HELP = (
    'What to look for, e.g. action:DELETE -status:FAILED "free text". '
    "Put -- before a query that begins with a minus."
)


@expanded
def search(
    filters: Filters,
    connection: Connection,
    query: Annotated[Words, typer.Argument(metavar="QUERY", help=QUERY_HELP)] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Events on a page.")] = 50,
    order: Annotated[Order, typer.Option(help="By time, or in commit order.")] = Order.DESC,
    cursor: Annotated[
        str | None, typer.Option(help="Go on where a page ended (its next_cursor).")
    ] = None,
    all_pages: Annotated[
        bool, typer.Option("--all", help="All pages; with --json one event per line.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the page as JSON.")] = False,
) -> None:
    """Find events: newest first, 50 at a time."""
    q, arguments = joined(query), filters.arguments()
    with connection.open() as client:
        if not all_pages:
            page = client.search(q, limit=limit, order=order, cursor=cursor, **arguments)
            _show(page, as_json)
            if page.next_cursor and page.has_more and not as_json:
                note("more: " + _how_to_go_on(filters, page.next_cursor))
            return
        for page in client.pages(q, order=order, cursor=cursor, **arguments):
            _show_part(page, as_json)


def _show(page: Page, as_json: bool) -> None:
    if as_json:
        print_json(page)
        return
    print_table(COLUMNS, (table_row(event) for event in page.items), UNBROKEN)
    total = "" if page.total is None else f" of {page.total:,}"
    note(f"{len(page.items):,}{total} events; {covered(page.coverage)}")


def _how_to_go_on(filters: Filters, cursor: str) -> str:
    # An age means another moment each time, and a cursor belongs to one question only.
    return "--all" if filters.has_age() else f"--all, or --cursor {cursor}"


def _show_part(page: Page, as_json: bool) -> None:
    if as_json:
        for event in page.items:
            print_json(event)
    elif page.items:
        print_table(COLUMNS, (table_row(event) for event in page.items), UNBROKEN)


def covered(coverage: Coverage) -> str:
    """The answer's coverage in words."""
    window = f"{moment(coverage.start) or 'the beginning'} to {moment(coverage.end) or 'now'}"
    read_at = moment(coverage.committed_upto)
    return f"covers {window}" + (f", committed up to {read_at}" if read_at else "")
