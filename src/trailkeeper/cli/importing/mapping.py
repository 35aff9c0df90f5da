"""From what a file holds to an event as the API takes it: pure functions, one record at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from trailkeeper.cli.importing.records import Fault, FaultCode
from trailkeeper.event import Enrichment, NewEvent

EVENT_FIELDS: Final = frozenset(NewEvent.__struct_fields__)
# What the server works out for itself: an exported file holds it, an event may not.
DERIVED_FIELDS: Final = frozenset(
    {"received_at", "node", "node_seq", "enrich", "organization", "redacted"}
)
# An exported CSV file holds the parts of `enrich` as columns of their own.
DERIVED_COLUMNS: Final = DERIVED_FIELDS | set(Enrichment.__struct_fields__)
DETAILS_PREFIX: Final = "details."

# An exported CSV file has a quote before text that a spreadsheet would run as a formula.
OWN_EXPORT: Final = frozenset({"received_at", "node_seq", "redacted"})
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """How names and times are to be read. An empty new name drops the column."""

    renames: Mapping[str, str] = field(default_factory=dict)
    assumed_zone: ZoneInfo | None = None

    def describe(self) -> str:
        """The same text for the same mapping; kept in the state file."""
        parts = [f"{old}={new}" for old, new in sorted(self.renames.items())]
        if self.assumed_zone is not None:
            parts.append(f"zone={self.assumed_zone.key}")
        return " ".join(parts)


def parse_renames(pairs: Iterable[str]) -> dict[str, str]:
    """`old=new` each. Raises ValueError for one without `=` or an old name given twice."""
    renames: dict[str, str] = {}
    for pair in pairs:
        old, equals, new = pair.partition("=")
        if not equals or not old:
            raise ValueError(f"{pair!r} is not of the form old=new")
        if old in renames:
            raise ValueError(f"{old!r} is mapped twice")
        renames[old] = new
    return renames


def unknown_columns(columns: Iterable[str], mapping: FieldMapping) -> list[str]:
    """Columns that would become no field of an event: better said before than 10^6 times after."""
    return [
        column
        for column in columns
        if (name := mapping.renames.get(column, column))
        and name not in EVENT_FIELDS | DERIVED_COLUMNS
        and not name.startswith((DETAILS_PREFIX, "enrich."))
    ]


def from_object(content: Mapping[str, Any], mapping: FieldMapping) -> dict[str, Any] | Fault:
    """A line of NDJSON as an event."""
    event: dict[str, Any] = {}
    dotted: dict[str, Any] = {}
    for old, value in content.items():
        name = mapping.renames.get(old, old)
        if not name or name in DERIVED_FIELDS or value is None:
            continue
        target = dotted if name.startswith(DETAILS_PREFIX) else event
        target[name] = value
    return _completed(event, dotted, mapping)


def from_row(row: Mapping[str, str], mapping: FieldMapping) -> dict[str, Any] | Fault:
    """A row of CSV as an event: an empty cell is an absent field, `details` is JSON."""
    event: dict[str, Any] = {}
    dotted: dict[str, Any] = {}
    is_own_export = row.keys() >= OWN_EXPORT
    for column, cell in row.items():
        text = _without_guard(cell) if is_own_export else cell
        name = mapping.renames.get(column, column)
        if not text or not name or name in DERIVED_COLUMNS or name.startswith("enrich."):
            continue
        if name.startswith(DETAILS_PREFIX):
            dotted[name] = text
        elif name == "details":
            details = _details_of(text)
            if isinstance(details, Fault):
                return details
            event["details"] = details
        else:
            event[name] = text
    return _completed(event, dotted, mapping)


def _completed(
    event: dict[str, Any], dotted: dict[str, Any], mapping: FieldMapping
) -> dict[str, Any] | Fault:
    for name, value in dotted.items():
        if not _put(event, name, value):
            reason = f"{name} lies inside a value that is not an object"
            return Fault(FaultCode.INVALID_DETAILS, reason, "details")
    return _with_zone(event, mapping.assumed_zone)


def _put(event: dict[str, Any], dotted: str, value: Any) -> bool:
    *parents, last = dotted.split(".")
    inner = event
    for parent in parents:
        child = inner.get(parent, {})
        if not isinstance(child, dict):
            return False
        # A copy: the record itself stays as the file has it.
        inner[parent] = inner = dict(child)
    inner[last] = value
    return True


def _without_guard(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA_STARTS else cell


def _details_of(text: str) -> dict[str, Any] | Fault:
    try:
        details = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        return Fault(FaultCode.INVALID_DETAILS, f"details is not JSON: {error}", "details")
    if not isinstance(details, dict):
        return Fault(FaultCode.INVALID_DETAILS, "details is not a JSON object", "details")
    return details


def _with_zone(event: dict[str, Any], zone: ZoneInfo | None) -> dict[str, Any] | Fault:
    timestamp = event.get("timestamp")
    if zone is None or not isinstance(timestamp, str):
        return event
    try:
        moment = datetime.fromisoformat(timestamp.strip())
    except ValueError:
        return Fault(
            FaultCode.INVALID_TIMESTAMP, f"{timestamp!r} is not an ISO 8601 time", "timestamp"
        )
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    event["timestamp"] = moment.isoformat()
    return event
