"""Export formats: CSV for spreadsheets, JSON and NDJSON for programs.

Every format ends by saying what it holds: rows, filter and coverage. An export without that
last part was cut short, whatever it looks like.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Final, Generic, TypeVar

import msgspec

from trailkeeper.event import StoredEvent, to_event
from trailkeeper.export.csv_line import CSV_COLUMNS, CSV_LINE_SQL, FORMULA_STARTS, CsvLine
from trailkeeper.search.question import ALL_COLUMNS

UTF8_BOM: Final = b"\xef\xbb\xbf"

_ENCODER: Final = msgspec.json.Encoder()
_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_SEPARATORS: Final = ",;|"


class ExportSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What an export holds. Its presence says that the export is whole."""

    rows: int
    complete: bool
    filter: dict[str, list[str]]
    start: str | None
    end: str | None
    committed_upto: str


Row = TypeVar("Row", StoredEvent, CsvLine)


class ExportFormat(ABC, Generic[Row]):
    """Turns pages of rows into bytes; `begin` and `end` frame them.

    `columns` (SQL) are what it wants to know of each event, `row` the struct that they make:
    it begins with, or has, the event's `timestamp` and `id`.
    """

    name: ClassVar[str]
    media_type: ClassVar[str]
    columns: ClassVar[str] = ALL_COLUMNS
    row: type[Row]

    def begin(self) -> bytes:
        return b""

    @abstractmethod
    def rows(self, rows: Sequence[Row], *, is_first: bool) -> bytes: ...

    @abstractmethod
    def end(self, summary: ExportSummary) -> bytes: ...


class NdjsonFormat(ExportFormat[StoredEvent]):
    """One event a line; the last line is `{"export": {…}}`."""

    name = "ndjson"
    media_type = "application/x-ndjson"
    row = StoredEvent

    def rows(self, rows: Sequence[StoredEvent], *, is_first: bool) -> bytes:
        return _ENCODER.encode_lines([to_event(event) for event in rows])

    def end(self, summary: ExportSummary) -> bytes:
        return _ENCODER.encode({"export": summary}) + b"\n"


class JsonFormat(ExportFormat[StoredEvent]):
    """One object: `{"items": […], "export": {…}}`."""

    name = "json"
    media_type = "application/json"
    row = StoredEvent

    def begin(self) -> bytes:
        return b'{"items":[\n'

    def rows(self, rows: Sequence[StoredEvent], *, is_first: bool) -> bytes:
        lines = _ENCODER.encode_lines([to_event(event) for event in rows])
        joined = lines.rstrip(b"\n").replace(b"\n", b",\n")
        return joined if is_first else b",\n" + joined

    def end(self, summary: ExportSummary) -> bytes:
        return b'\n],"export":' + _ENCODER.encode(summary) + b"}\n"


class CsvFormat(ExportFormat[CsvLine]):
    """RFC 4180 with a header. The last line is a comment: `# export: {…}`."""

    name = "csv"
    media_type = "text/csv"
    columns = f"timestamp, id, {CSV_LINE_SQL}"
    row = CsvLine

    def __init__(self, *, with_bom: bool, with_summary: bool) -> None:
        self._with_bom = with_bom
        self._with_summary = with_summary

    def begin(self) -> bytes:
        header = ",".join(CSV_COLUMNS).encode() + b"\r\n"
        return UTF8_BOM + header if self._with_bom else header

    def rows(self, rows: Sequence[CsvLine], *, is_first: bool) -> bytes:
        return "".join([f"{row.line}\r\n" for row in rows]).encode()

    def end(self, summary: ExportSummary) -> bytes:
        if not self._with_summary:
            return b""
        return f"# export: {_harmless(_ENCODER.encode(summary).decode())}\r\n".encode()


def _harmless(json: str) -> str:
    """The same JSON, with strings that neither end a cell nor begin one with a formula.

    The summary repeats what a caller wrote, and a spreadsheet cuts its line at each comma:
    of the filters `a` and `=1+1`, or of `a,=1+1`, it would make a cell that it calculates.
    """
    return _STRING.sub(lambda found: f'"{_escaped(found.group(1))}"', json)


def _escaped(text: str) -> str:
    return "".join(
        f"\\u{ord(char):04x}"
        if char in _SEPARATORS or (place == 0 and char in FORMULA_STARTS)
        else char
        for place, char in enumerate(text)
    )
