"""Events on a terminal: a row of a table, a line of `tail`, a colour by action."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Final
from zlib import crc32

from rich.text import Text

from trailkeeper.cli.terminal import Cell, output, plain
from trailkeeper.client import Event

COLUMNS: Final = ("time", "action", "resource", "user", "status", "address", "place", "id")
UNBROKEN: Final = ("time", "id")

_COLOURS: Final = {
    "CREATE": "green",
    "UPDATE": "yellow",
    "DELETE": "red",
    "LOGIN": "cyan",
    "LOGIN_FAILED": "bold red",
    "LOGOUT": "bright_black",
}
_OTHER_COLOURS: Final = ("blue", "magenta", "bright_blue", "bright_magenta", "bright_cyan")


def colour_of(action: str) -> str:
    """The built-in actions have colours; any other keeps one, always the same."""
    known = _COLOURS.get(action) or next(
        (colour for name, colour in _COLOURS.items() if action.startswith(f"{name}_")), None
    )
    return known or _OTHER_COLOURS[crc32(action.encode()) % len(_OTHER_COLOURS)]


def table_row(event: Event) -> tuple[Cell, ...]:
    """The cells under COLUMNS; times in UTC."""
    return (
        moment(event.timestamp),
        Text(plain(event.action), style=colour_of(event.action)),
        _resource(event),
        _user(event),
        Text(plain(event.status), style="red" if event.status == "FAILED" else ""),
        event.ip_address or "",
        _place(event),
        event.id,
    )


def print_line(event: Event) -> None:
    """One event as one line; written out at once, for it may be the last for hours."""
    time, action, resource, user, status, address, place, _ = table_row(event)
    line = Text.assemble(
        (f"{time}  ", "bright_black"), action, f"  {plain(str(resource))}  {plain(str(user))}"
    )
    if event.status == "FAILED":
        line.append("  ").append(status)
    for extra in (address, place):
        if str(extra):
            line.append(f"  {plain(str(extra))}")
    output().print(line)
    sys.stdout.flush()


def moment(when: datetime | None) -> str:
    """`2025-01-15 14:30:00.000Z`: for people; JSON has the microseconds."""
    if when is None:
        return ""
    return when.isoformat(" ", "milliseconds").replace("+00:00", "Z")


def _resource(event: Event) -> str:
    name = event.resource_name or event.resource_id or ""
    return f"{event.resource_type} {name}".strip()


def _user(event: Event) -> str:
    user = event.user_email or event.user_id or "-"
    return f"{user} for {event.on_behalf_of}" if event.on_behalf_of else user


def _place(event: Event) -> str:
    return ", ".join(part for part in (event.enrich.city, event.enrich.country) if part)
