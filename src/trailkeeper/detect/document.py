"""YAML as a tree in which every key and value knows its place.

Only what rules need is read: mappings, lists and plain values. Aliases, which let a few lines
grow into gigabytes, and tags, which name types to build, are refused, as are files past
`MAX_FILE_BYTES` and nesting past `MAX_DEPTH`; all before anything is built.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn, TypeAlias

import yaml

from trailkeeper.detect.faults import FaultCode, Faults, Place

MAX_FILE_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 16
MAX_DOCUMENTS: Final = 500

Scalar: TypeAlias = str | int | float | bool | None


@dataclass(slots=True)
class Value:
    """A plain value. `text` is how it is written, `is_plain` whether without quotes."""

    place: Place
    plain: Scalar
    text: str
    is_plain: bool


@dataclass(slots=True)
class Many:
    place: Place
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    key: str
    place: Place
    node: Node


@dataclass(slots=True)
class Table:
    """A mapping, in the order written."""

    place: Place
    entries: list[Entry] = field(default_factory=list)

    def get(self, key: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == key), None)

    def keys(self) -> Iterator[str]:
        return (entry.key for entry in self.entries)


Node: TypeAlias = Value | Many | Table


def to_plain(node: Node) -> Any:
    """The node as dicts, lists and values."""
    match node:
        case Value(plain=plain):
            return plain
        case Many(items=items):
            return [to_plain(item) for item in items]
        case Table(entries=entries):
            return {entry.key: to_plain(entry.node) for entry in entries}


def read_documents(file: str, text: str | bytes, faults: Faults) -> list[Table]:
    """The documents of a file. Of a file that cannot be read there are none, but a fault."""
    if len(text if isinstance(text, bytes) else text.encode("utf-8", "replace")) > MAX_FILE_BYTES:
        faults.add(
            FaultCode.TOO_LARGE,
            Place(file, 1, 1),
            f"The file has more than {MAX_FILE_BYTES // 1024} KiB.",
            "Split it: each rule may be a file of its own.",
        )
        return []
    try:
        loader = yaml.CSafeLoader(text)
    except (yaml.YAMLError, UnicodeError) as error:
        faults.add(FaultCode.YAML_SYNTAX, Place(file, 1, 1), f"This is not text: {error}.")
        return []
    reader = _Reader(file, loader, faults)
    try:
        return reader.documents()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        faults.add(FaultCode.YAML_SYNTAX, place, f"This is not YAML: {error.problem}.")
    except yaml.reader.ReaderError as error:
        faults.add(FaultCode.YAML_SYNTAX, Place(file, 1, 1), f"This is not text: {error.reason}.")
    except _Refused:
        pass
    finally:
        loader.dispose()
    return []


class _Refused(Exception):
    """The file holds something that is not read any further; the fault is told already."""


class _Reader:
    def __init__(self, file: str, loader: yaml.CSafeLoader, faults: Faults) -> None:
        self._file = file
        self._loader = loader
        self._faults = faults

    def documents(self) -> list[Table]:
        found: list[Table] = []
        while True:
            event = self._loader.get_event()
            if isinstance(event, yaml.StreamEndEvent):
                return found
            if not isinstance(event, yaml.DocumentStartEvent):
                continue
            if len(found) == MAX_DOCUMENTS:
                self._refuse(FaultCode.TOO_LARGE, event, "The file has too many documents.")
            node = self._node(self._loader.get_event(), 0)
            if isinstance(node, Table):
                found.append(node)
            elif not (isinstance(node, Value) and node.plain is None):
                self._faults.add(
                    FaultCode.BAD_VALUE, node.place, "A rule is a mapping of keys to values."
                )

    def _node(self, event: Any, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            self._refuse(
                FaultCode.YAML_ALIAS, event, "Rules use no YAML aliases.", "Repeat the value."
            )
        if event.tag is not None:
            self._refuse(
                FaultCode.YAML_TAG, event, "Rules use no YAML tags.", "Quote text instead."
            )
        if isinstance(event, yaml.ScalarEvent):
            return self._value(event)
        if depth >= MAX_DEPTH:
            self._refuse(FaultCode.YAML_DEPTH, event, f"The nesting is deeper than {MAX_DEPTH}.")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._many(event, depth)
        return self._table(event, depth)

    def _many(self, start: Any, depth: int) -> Many:
        many = Many(self._place(start))
        while True:
            event = self._loader.get_event()
            if isinstance(event, yaml.SequenceEndEvent):
                return many
            many.items.append(self._node(event, depth + 1))

    def _table(self, start: Any, depth: int) -> Table:
        table = Table(self._place(start))
        seen: set[str] = set()
        while True:
            event = self._loader.get_event()
            if isinstance(event, yaml.MappingEndEvent):
                return table
            key = self._node(event, depth + 1)
            if not isinstance(key, Value) or not isinstance(key.plain, str) or key.text == "<<":
                self._refuse(FaultCode.YAML_KEY, event, "A key is text.", "Put it in quotes.")
            node = self._node(self._loader.get_event(), depth + 1)
            if key.plain in seen:
                self._faults.add(
                    FaultCode.YAML_KEY, key.place, f"The key {key.plain!r} is here twice."
                )
                continue
            seen.add(key.plain)
            table.entries.append(Entry(key.plain, key.place, node))

    def _value(self, event: Any) -> Value:
        is_plain = not event.style
        tag = self._loader.resolve(  # type: ignore[no-untyped-call]
            yaml.ScalarNode, event.value, event.implicit
        )
        node = yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark)
        try:
            plain = self._loader.construct_object(node)
        except (ValueError, yaml.YAMLError):
            plain = event.value
        if not isinstance(plain, str | int | float | bool | None):
            # Dates, times and bytes: the text that was written is what is meant.
            plain = event.value
        return Value(self._place(event), plain, event.value, is_plain)

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self._file, mark.line + 1, mark.column + 1)

    def _refuse(
        self, code: FaultCode, event: Any, detail: str, hint: str | None = None
    ) -> NoReturn:
        self._faults.add(code, self._place(event), detail, hint)
        raise _Refused
