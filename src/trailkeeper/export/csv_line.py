"""An event as one line of CSV, put together by the store.

The store makes a line in a fraction of the time that it would take here, and the rest of the
row need not travel: an export of CSV reads place and line, and passes the lines on.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

WIDE: Final = ("\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Full-width `=`, `+`, `-` and `@`: some spreadsheets take them for the narrow ones."""

FORMULA_STARTS: Final = ("=", "+", "-", "@", *WIDE, "\t", "\r", "\n", "|", "%")
"""A spreadsheet may take a cell that starts so for a formula; such cells get a quote in front
(OWASP, "CSV Injection")."""

CSV_COLUMNS: Final = (
    "id", "timestamp", "action", "resource_type", "resource_id", "resource_name", "user_id",
    "user_email", "on_behalf_of", "status", "source", "ip_address", "user_agent", "details",
    "country", "city", "latitude", "longitude", "browser", "os", "device", "local_hour",
    "local_weekday", "redacted", "organization", "received_at", "node", "node_seq",
)  # fmt: skip


class CsvLine(msgspec.Struct, array_like=True, gc=False):
    """A row of the store's answer: the event's place, and its line without the line end."""

    timestamp: datetime
    id: str
    line: str


# RE2 reads \x{…}; SQL reads the backslash first, so there are two.
_STARTS_SQL: Final = "".join(f"\\\\x{{{ord(char):x}}}" for char in FORMULA_STARTS)
_MUST_QUOTE_SQL: Final = '[,"\\\\r\\\\n]'


def _quoted(sql: str) -> str:
    return (
        f"if(match({sql}, '{_MUST_QUOTE_SQL}'),"
        f" concat('\"', replaceAll({sql}, '\"', '\"\"'), '\"'), {sql})"
    )


def _text(sql: str) -> str:
    """Text that a person or a program wrote: no formula, whatever it begins with."""
    return _quoted(f"if(match({sql}, '^[{_STARTS_SQL}]'), concat('\\'', {sql}), {sql})")


def _time(column: str) -> str:
    """RFC 3339 in UTC, with six decimals or none."""
    text = f"replaceOne(substring(toString({column}), 1, 26), ' ', 'T')"
    return f"concat(if(endsWith({text}, '.000000'), substring({text}, 1, 19), {text}), 'Z')"


def _degrees(column: str) -> str:
    """Always with a decimal point; empty where unknown."""
    text = f"toString(assumeNotNull({column}))"
    return f"if(isNull({column}), '', if(match({text}, '[.e]'), {text}, concat({text}, '.0')))"


_PLAIN: Final = ("action", "resource_type", "status", "source", "organization")
"""Their alphabet has no character that would need quotes."""

_NUMBERS: Final = ("local_hour", "local_weekday", "node", "node_seq")

_ADDRESS_SQL: Final = (
    "multiIf(ip_address = toIPv6('::'), '',"
    " position(IPv6NumToString(ip_address), '.') > 0,"
    " replaceOne(IPv6NumToString(ip_address), '::ffff:', ''), IPv6NumToString(ip_address))"
)


def _cell(column: str) -> str:
    match column:
        case "timestamp" | "received_at":
            return _time(column)
        case "latitude" | "longitude":
            return _degrees(column)
        case "ip_address":
            return _ADDRESS_SQL
        case "details":
            return _quoted("details")
        case "redacted":
            return _text("arrayStringConcat(redacted, ' ')")
        case _ if column in _PLAIN:
            return column
        case _ if column in _NUMBERS:
            return f"toString({column})"
        case _:
            return _text(column)


_COMMA_SQL: Final = ", ',', "

CSV_LINE_SQL: Final = f"concat({_COMMA_SQL.join(map(_cell, CSV_COLUMNS))})"
"""The line as an expression over the events table's columns."""
