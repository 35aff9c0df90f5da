"""Export formats: CSV for spreadsheets, JSON and NDJSON for programs.

Every format ends by saying what it holds: rows, filter and coverage. An export without that
last part was cut short, whatever it looks like.
"""

from __future__ import annotations

import csv
import io
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

import msgspec

from trailkeeper.event import StoredEvent, displayed_address, to_event

WIDE: Final = ("\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Full-width `=`, `+`, `-` and `@`: some spreadsheets take them for the narrow ones."""

FORMULA_STARTS: Final = ("=", "+", "-", "@", *WIDE, "\t", "\r", "\n", "|", "%")
"""A spreadsheet may take a cell that starts so for a formula; such cells get a quote in front
(OWASP, "CSV Injection")."""
_FORMULA_STARTS: Final = frozenset(FORMULA_STARTS)

CSV_COLUMNS: Final = (
    "id", "timestamp", "action", "resource_type", "resource_id", "resource_name", "user_id",
    "user_email", "on_behalf_of", "status", "source", "ip_address", "user_agent", "details",
    "country", "city", "latitude", "longitude", "browser", "os", "device", "local_hour",
    "local_weekday", "redacted", "organization", "received_at", "node", "node_seq",
)  # fmt: skip

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


class ExportFormat(ABC):
    """Turns pages of rows into bytes; `begin` and `end` frame them."""

    name: ClassVar[str]
    media_type: ClassVar[str]

    def begin(self) -> bytes:
        return b""

    @abstractmethod
    def rows(self, events: Sequence[StoredEvent], *, is_first: bool) -> bytes: ...

    @abstractmethod
    def end(self, summary: ExportSummary) -> bytes: ...


class NdjsonFormat(ExportFormat):
    """One event a line; the last line is `{"export": {…}}`."""

    name = "ndjson"
    media_type = "application/x-ndjson"

    def rows(self, events: Sequence[StoredEvent], *, is_first: bool) -> bytes:
        return _ENCODER.encode_lines([to_event(event) for event in events])

    def end(self, summary: ExportSummary) -> bytes:
        return _ENCODER.encode({"export": summary}) + b"\n"


class JsonFormat(ExportFormat):
    """One object: `{"items": […], "export": {…}}`."""

    name = "json"
    media_type = "application/json"

    def begin(self) -> bytes:
        return b'{"items":[\n'

    def rows(self, events: Sequence[StoredEvent], *, is_first: bool) -> bytes:
        lines = _ENCODER.encode_lines([to_event(event) for event in events])
        joined = lines.rstrip(b"\n").replace(b"\n", b",\n")
        return joined if is_first else b",\n" + joined

    def end(self, summary: ExportSummary) -> bytes:
        return b'\n],"export":' + _ENCODER.encode(summary) + b"}\n"


class CsvFormat(ExportFormat):
    """RFC 4180 with a header. The last line is a comment: `# export: {…}`."""

    name = "csv"
    media_type = "text/csv"

    def __init__(self, *, with_bom: bool, with_summary: bool) -> None:
        self._with_bom = with_bom
        self._with_summary = with_summary

    def begin(self) -> bytes:
        header = ",".join(CSV_COLUMNS).encode() + b"\r\n"
        return UTF8_BOM + header if self._with_bom else header

    def rows(self, events: Sequence[StoredEvent], *, is_first: bool) -> bytes:
        buffer = io.StringIO(newline="")
        csv.writer(buffer).writerows(map(_cells, events))
        return buffer.getvalue().encode()

    def end(self, summary: ExportSummary) -> bytes:
        if not self._with_summary:
            return b""
        return f"# export: {_harmless(_ENCODER.encode(summary).decode())}\r\n".encode()


def _cells(event: StoredEvent) -> list[Any]:
    """An event's cells in the order of CSV_COLUMNS; the stored row is one step from them."""
    return [
        _safe(event.id),
        _time(event.timestamp),
        event.action,
        event.resource_type,
        _safe(event.resource_id),
        _safe(event.resource_name),
        _safe(event.user_id),
        _safe(event.user_email),
        _safe(event.on_behalf_of),
        event.status,
        event.source,
        displayed_address(event.ip_address),
        _safe(event.user_agent),
        event.details,
        _safe(event.country),
        _safe(event.city),
        event.latitude,
        event.longitude,
        _safe(event.browser),
        _safe(event.os),
        _safe(event.device),
        event.local_hour,
        event.local_weekday,
        _safe(" ".join(event.redacted)) if event.redacted else "",
        event.organization,
        _time(event.received_at),
        event.node,
        event.node_seq,
    ]


def _safe(text: str) -> str:
    return f"'{text}" if text[:1] in _FORMULA_STARTS else text


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


def _time(moment: datetime) -> str:
    # In UTC, so the offset is always the last six characters.
    return f"{moment.isoformat()[:-6]}Z"
