"""`trailkeeper tail`: the latest events, and with -f those to come."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Annotated, Final

import typer

from trailkeeper.cli.connection import Connection
from trailkeeper.cli.events import print_line
from trailkeeper.cli.filters import Filters, Words, joined
from trailkeeper.cli.groups import expanded
from trailkeeper.cli.search import QUERY_HELP
from trailkeeper.cli.terminal import note, print_json
from trailkeeper.client import LATEST, Client, Event, Unavailable
from trailkeeper.client.query import FilterFields


@expanded
def tail(
    filters: Filters,
    connection: Connection,
    query: Annotated[Words, typer.Argument(metavar="QUERY", help=QUERY_HELP)] = None,
    lines: Annotated[
        int, typer.Option("--lines", "-n", min=0, max=1000, help="How many of the latest.")
    ] = 10,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with events as they are committed.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One event per line as JSON.")] = False,
) -> None:
    """The latest events, oldest first; -f goes on live until Ctrl-C, through server restarts."""
    q, arguments = joined(query), filters.arguments()
    with connection.open() as client:
        # The place is taken before the latest are read: what is committed in between is
        # shown once, for its id is known by then; nothing is missed.
        cursor = _place_now(client, q, arguments) if follow else None
        latest = _latest(client, q, lines, arguments)
        for event in latest:
            _show(event, as_json)
        if cursor is not None:
            _follow(client, q, cursor, {event.id for event in latest}, arguments, as_json)


def _place_now(client: Client, q: str | None, arguments: FilterFields) -> str | None:
    return client.search(q, order="committed", cursor=LATEST, limit=1, **arguments).next_cursor


def _latest(client: Client, q: str | None, lines: int, arguments: FilterFields) -> list[Event]:
    if lines == 0:
        return []
    return client.search(q, limit=lines, **arguments).items[::-1]


def _follow(
    client: Client,
    q: str | None,
    cursor: str,
    shown: set[str],
    arguments: FilterFields,
    as_json: bool,
) -> None:
    for frame in client.live(q, cursor=cursor, on_unavailable=OutageNote(), **arguments):
        event, missed = frame.event, frame.missed
        if event is not None and event.id not in shown:
            _show(event, as_json)
        if missed is not None and missed.count:
            note(
                f"missed {missed.count:,} events, too many to show as they came; "
                f"they are at {client.url}{missed.url}"
            )


def _show(event: Event, as_json: bool) -> None:
    if as_json:
        print_json(event)
        sys.stdout.flush()
    else:
        print_line(event)


class OutageNote:
    """Tells of an outage when it begins and once a minute, not at each try."""

    EVERY_SECONDS: Final = 60.0

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._told_at: float | None = None

    def __call__(self, error: Unavailable) -> None:
        now = self._monotonic()
        if self._told_at is None or now - self._told_at >= self.EVERY_SECONDS:
            self._told_at = now
            note(f"waiting for the server: {error.detail}")
