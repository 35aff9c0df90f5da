"""A file as records, each with its place, so that an import can stop and go on anywhere.

Nothing here is held but the current record: a file may be larger than memory. A record that
cannot be read is a `Fault` in its place; the file goes on behind it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

import msgspec

from trailkeeper.event import MAX_EVENT_BYTES

# Escapes may make a lawful event's line longer than the event; beyond this it cannot be lawful.
MAX_LINE_BYTES: Final = 4 * MAX_EVENT_BYTES
UTF8_BOM: Final = b"\xef\xbb\xbf"
DELIMITERS: Final = ",;\t"

# How an export of Trailkeeper ends: no event, but what the file holds.
NDJSON_TRAILER: Final = "export"
CSV_TRAILER: Final = b"# export: "

csv.field_size_limit(MAX_LINE_BYTES)


class Format(StrEnum):
    NDJSON = "ndjson"
    CSV = "csv"


class FaultCode(StrEnum):
    """Why a record never left this machine."""

    INVALID_UTF8 = "INVALID_UTF8"
    MALFORMED_JSON = "MALFORMED_JSON"
    WRONG_TYPE = "WRONG_TYPE"
    INVALID_CSV = "INVALID_CSV"
    COLUMN_COUNT = "COLUMN_COUNT"
    INVALID_DETAILS = "INVALID_DETAILS"
    INVALID_TIMESTAMP = "INVALID_TIMESTAMP"
    EVENT_TOO_LARGE = "EVENT_TOO_LARGE"


class Fault(NamedTuple):
    code: FaultCode
    reason: str
    field: str | None = None


class Place(NamedTuple):
    """A boundary between records: bytes and lines before it."""

    offset: int
    line: int


START: Final = Place(0, 0)


class Record(NamedTuple):
    """One record: its first line (from 1), what it holds, and the boundary behind it."""

    line: int
    content: dict[str, Any] | Fault
    end: Place


class Lines:
    """The lines of a file from a place on, counting as they are handed out."""

    def __init__(self, file: BinaryIO, start: Place) -> None:
        file.seek(start.offset)
        self._file = file
        self.place = start
        self.latest = b""

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        line = self._file.readline(MAX_LINE_BYTES)
        if not line:
            raise StopIteration
        size = len(line)
        piece = line
        while not piece.endswith(b"\n"):
            # Longer than any lawful line: passed over, so that memory stays flat.
            piece = self._file.readline(MAX_LINE_BYTES)
            if not piece:
                break
            size += len(piece)
        at_start = self.place.offset == 0
        self.place = Place(self.place.offset + size, self.place.line + 1)
        self.latest = line.removeprefix(UTF8_BOM) if at_start else line
        return self.latest


def guess_format(path: Path) -> Format | None:
    """From the file's name, or None."""
    match path.suffix.lower():
        case ".csv" | ".tsv":
            return Format.CSV
        case ".ndjson" | ".jsonl":
            return Format.NDJSON
        case _:
            return None


def read_ndjson(file: BinaryIO, start: Place) -> Iterator[Record]:
    """One JSON object a line; blank lines are passed over."""
    lines = Lines(file, start)
    for line in lines:
        if not line.strip():
            continue
        content = _json_object(line)
        if isinstance(content, Fault) or list(content) != [NDJSON_TRAILER]:
            yield Record(lines.place.line, content, lines.place)


def read_csv(file: BinaryIO, start: Place, delimiter: str) -> Iterator[Record]:
    """One row a record, as a dict by the header's names; a cell may hold line breaks."""
    head = Lines(file, START)
    columns = _row(csv.reader(_decoded(head), delimiter=delimiter, strict=True))
    if columns is None or isinstance(columns, Fault):
        return
    lines = Lines(file, max(start, head.place))
    reader = csv.reader(_decoded(lines), delimiter=delimiter, strict=True)
    while True:
        first_line = lines.place.line + 1
        row = _row(reader)
        if row is None:
            return
        is_trailer = lines.place.line == first_line and lines.latest.startswith(CSV_TRAILER)
        if row and not is_trailer:
            yield Record(first_line, _by_column(columns, row), lines.place)


def read_columns(file: BinaryIO, delimiter: str) -> list[str]:
    """The header's names. Raises ValueError where there is none."""
    row = _row(csv.reader(_decoded(Lines(file, START)), delimiter=delimiter, strict=True))
    if row is None or isinstance(row, Fault):
        raise ValueError("the file does not begin with a row of column names")
    if len(set(row)) != len(row):
        raise ValueError("a column name occurs twice")
    return row


def guess_delimiter(file: BinaryIO) -> str:
    """The commonest of comma, semicolon and tab in the first line."""
    head = next(Lines(file, START), b"").decode(errors="replace")
    return max(DELIMITERS, key=head.count)


def _json_object(line: bytes) -> dict[str, Any] | Fault:
    if len(line) >= MAX_LINE_BYTES:
        return Fault(FaultCode.EVENT_TOO_LARGE, f"the line is longer than {MAX_LINE_BYTES} bytes")
    try:
        value = msgspec.json.decode(line)
    except UnicodeDecodeError as error:
        return Fault(FaultCode.INVALID_UTF8, str(error))
    except msgspec.DecodeError as error:
        return Fault(FaultCode.MALFORMED_JSON, str(error))
    if not isinstance(value, dict):
        return Fault(FaultCode.WRONG_TYPE, "the line is not a JSON object")
    return value


def _decoded(lines: Lines) -> Iterator[str]:
    # Bytes that are not UTF-8 become lone surrogates: their row is refused, not the file.
    return (line.decode("utf-8", "surrogateescape") for line in lines)


def _row(reader: Iterator[list[str]]) -> list[str] | Fault | None:
    try:
        return next(reader)
    except StopIteration:
        return None
    except csv.Error as error:
        return Fault(FaultCode.INVALID_CSV, str(error))


def _by_column(columns: list[str], row: list[str] | Fault) -> dict[str, Any] | Fault:
    if isinstance(row, Fault):
        return row
    if len(row) != len(columns):
        return Fault(FaultCode.COLUMN_COUNT, f"{len(row)} cells under {len(columns)} column names")
    if not "".join(row).isascii():
        try:
            "".join(row).encode()
        except UnicodeEncodeError:
            return Fault(FaultCode.INVALID_UTF8, "the row is not UTF-8 text")
    return dict(zip(columns, row, strict=True))
