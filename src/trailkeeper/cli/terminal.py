"""What reaches the terminal: consoles, tables, and text made harmless.

Events hold text that strangers chose (user agents, e-mail addresses): nothing of it may move
the cursor, colour the screen or be read as markup.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any, Final

import msgspec
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

# C0, DEL, C1, line and paragraph separators, and the marks that reorder text on screen.
_UNSAFE: Final = [*range(0x20), *range(0x7F, 0xA0), *range(0x2028, 0x202F), *range(0x2066, 0x206A)]
_VISIBLE: Final = {
    code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" for code in _UNSAFE
} | {0x09: "\\t", 0x0A: "\\n", 0x0D: "\\r"}


@cache
def output() -> Console:
    return Console(markup=False, highlight=False, emoji=False, soft_wrap=True)


@cache
def errors() -> Console:
    return Console(stderr=True, markup=False, highlight=False, emoji=False, soft_wrap=True)


def plain(text: str) -> str:
    """The text on one line, with control characters written out."""
    return text.translate(_VISIBLE)


def note(text: str) -> None:
    """A remark for people, beside the output: to stderr."""
    errors().print(plain(text))


def print_json(value: Any) -> None:
    """One JSON document on one line: the form for scripts."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


Cell = str | Text
WIDE: Final = 120


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[Cell]], unbroken: Collection[str] = ()
) -> None:
    """A table on a terminal; elsewhere lines of tab-separated cells, nothing cut.

    `unbroken` columns stay on one line where the terminal is wide enough.
    """
    if not output().is_terminal:
        for row in [columns, *rows]:
            sys.stdout.write("\t".join(plain(str(cell)) for cell in row) + "\n")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        no_wrap = column in unbroken and output().width >= WIDE
        table.add_column(column, overflow="fold", no_wrap=no_wrap)
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(plain(cell)) for cell in row))
    output().print(table, soft_wrap=False)


def progress_bar(unit: str) -> Progress:
    """A bar on stderr, shown on terminals only; `unit` is "bytes" or what is counted."""
    counted: list[ProgressColumn] = (
        [DownloadColumn()] if unit == "bytes" else [MofNCompleteColumn(), TextColumn(unit)]
    )
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        *counted,
        TimeRemainingColumn(),
        console=errors(),
        disable=not errors().is_terminal,
    )
