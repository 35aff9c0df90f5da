"""An export as it streams in: written through, counted, and checked against its trailer.

Every export ends by saying how many rows it has. A file without that end was cut, and one
with fewer rows than it says lost some on the way: neither may pass for a whole one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO, Final

import httpx2
import msgspec

from trailkeeper.client.errors import IncompleteExport, local_problem

# The trailer repeats the filter, and that came in a URL: it is far shorter than this.
TAIL_BYTES: Final = 256 * 1024


class ExportFormat(StrEnum):
    CSV = "csv"
    JSON = "json"
    NDJSON = "ndjson"


class ExportTrailer(msgspec.Struct, frozen=True, kw_only=True):
    """What the server says at the end of an export."""

    rows: int
    complete: bool
    filter: dict[str, list[str]] = {}
    start: str | None = None
    end: str | None = None
    committed_upto: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExportResult:
    """A whole export: its rows, its size, and what the server says that it covers."""

    rows: int
    size_bytes: int
    trailer: ExportTrailer


class _NdjsonTrailer(msgspec.Struct, frozen=True):
    export: ExportTrailer


class RowCounter(ABC):
    """Counts rows in a stream of chunks, and finds the trailer in the last line."""

    def __init__(self) -> None:
        self.size_bytes = 0
        self._tail = b""

    def feed(self, chunk: bytes) -> None:
        self.count(chunk)
        self.size_bytes += len(chunk)
        self._tail = (self._tail + chunk)[-TAIL_BYTES:]

    def trailer(self) -> ExportTrailer | None:
        """None where the stream does not end with one."""
        if not self._tail.endswith(b"\n"):
            return None
        try:
            return self.parse(self._tail.rstrip(b"\r\n").rsplit(b"\n", 1)[-1])
        except msgspec.DecodeError:
            return None

    @property
    @abstractmethod
    def rows(self) -> int: ...

    @abstractmethod
    def count(self, chunk: bytes) -> None: ...

    @abstractmethod
    def parse(self, last_line: bytes) -> ExportTrailer | None: ...


class NdjsonCounter(RowCounter):
    """One row a line; the trailer is a line too."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = 0

    @property
    def rows(self) -> int:
        return max(0, self._lines - 1)

    def count(self, chunk: bytes) -> None:
        self._lines += chunk.count(b"\n")

    def parse(self, last_line: bytes) -> ExportTrailer | None:
        return msgspec.json.decode(last_line, type=_NdjsonTrailer).export


class JsonCounter(RowCounter):
    """Rows are the lines that begin with a brace, but the first; JSON text has no raw newline."""

    START: Final = b'],"export":'

    def __init__(self) -> None:
        super().__init__()
        self._rows = 0
        self._ends_line = False

    @property
    def rows(self) -> int:
        return self._rows

    def count(self, chunk: bytes) -> None:
        self._rows += chunk.count(b"\n{") + (self._ends_line and chunk.startswith(b"{"))
        self._ends_line = chunk.endswith(b"\n")

    def parse(self, last_line: bytes) -> ExportTrailer | None:
        if not last_line.startswith(self.START):
            return None
        text = last_line.removeprefix(self.START).removesuffix(b"}")
        return msgspec.json.decode(text, type=ExportTrailer)


class CsvCounter(RowCounter):
    """Lines outside of quotes, but the header and the trailer."""

    START: Final = b"# export: "

    def __init__(self) -> None:
        super().__init__()
        self._lines = 0
        self._is_quoted = False

    @property
    def rows(self) -> int:
        return max(0, self._lines - 2)

    def count(self, chunk: bytes) -> None:
        # Two quotes in a row close and open: they cancel out.
        pieces = chunk.split(b'"')
        self._lines += sum(piece.count(b"\n") for piece in pieces[self._is_quoted :: 2])
        self._is_quoted ^= len(pieces) % 2 == 0

    def parse(self, last_line: bytes) -> ExportTrailer | None:
        if not last_line.startswith(self.START):
            return None
        return msgspec.json.decode(last_line.removeprefix(self.START), type=ExportTrailer)


COUNTERS: Final[dict[ExportFormat, type[RowCounter]]] = {
    ExportFormat.CSV: CsvCounter,
    ExportFormat.JSON: JsonCounter,
    ExportFormat.NDJSON: NdjsonCounter,
}


def receive(
    response: httpx2.Response,
    format: ExportFormat,
    fileobj: BinaryIO,
    progress: Callable[[int, int], None] | None,
) -> ExportResult:
    """Writes the body through. Raises IncompleteExport unless it came whole."""
    counter = COUNTERS[format]()
    try:
        for chunk in response.iter_bytes():
            fileobj.write(chunk)
            counter.feed(chunk)
            if progress is not None:
                progress(counter.rows, counter.size_bytes)
    except httpx2.RequestError as error:
        raise _incomplete(f"the connection broke after {counter.rows:,} rows: {error}") from error
    return checked(counter)


def checked(counter: RowCounter) -> ExportResult:
    """The result of a stream that has ended. Raises IncompleteExport."""
    trailer = counter.trailer()
    if trailer is None or not trailer.complete:
        raise _incomplete(
            f"the export ended without its trailer, after about {counter.rows:,} rows"
        )
    if trailer.rows != counter.rows:
        raise _incomplete(f"{counter.rows:,} rows came of {trailer.rows:,} that were sent")
    return ExportResult(counter.rows, counter.size_bytes, trailer)


def _incomplete(detail: str) -> IncompleteExport:
    return IncompleteExport(
        local_problem(
            "INCOMPLETE_EXPORT",
            detail,
            status=502,
            hint="Nothing is wrong with the log: run the export again.",
        )
    )
