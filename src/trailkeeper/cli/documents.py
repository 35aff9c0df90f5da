"""A JSON document on a terminal: names and values, lists of objects as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from trailkeeper.cli.terminal import output, plain, print_json, print_table


def print_document(document: Mapping[str, Any], as_json: bool) -> None:
    """The whole document; as JSON byte for byte what the server said, on one line."""
    if as_json:
        print_json(document)
        return
    tables: list[tuple[str, list[Mapping[str, Any]]]] = []
    for name, value in _flat("", document):
        if _is_table(value):
            tables.append((name, value))
        else:
            output().print(f"{plain(name)}: {shown(value)}")
    for name, rows in tables:
        output().print(f"\n{plain(name)}:")
        columns = list(dict.fromkeys(key for row in rows for key in row))
        print_table(columns, ([shown(row.get(key)) for key in columns] for row in rows))


def shown(value: Any) -> str:
    """A value as people read it: numbers with separators, absent as a dash."""
    match value:
        case None | []:
            return "-"
        case dict() if not value:
            return "-"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case str():
            return plain(value)
        case list() if all(isinstance(each, str) for each in value):
            return plain(", ".join(value)) or "-"
        case _:
            return plain(msgspec.json.encode(value).decode())


def _flat(prefix: str, document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and value:
            yield from _flat(f"{name}.", value)
        else:
            yield name, value


def _is_table(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(x, Mapping) for x in value)
