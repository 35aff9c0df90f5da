"""The one catalogue of what can be filtered on, and how each field's values compare."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """How a field's values compare."""

    VOCABULARY = "VOCABULARY"
    """Stored in upper case; the asked value is put in upper case too."""
    TEXT = "TEXT"
    """The whole value, whatever its case."""
    PART = "PART"
    """Any part of the value, whatever its case."""
    EXACT = "EXACT"
    """The whole value, byte for byte."""
    ADDRESS = "ADDRESS"
    """An IPv4 or IPv6 address or network; IPv4-mapped IPv6 is IPv4."""
    NUMBER = "NUMBER"
    """A whole number, which can also be compared."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the events table that can be filtered on, under its own name."""

    column: str
    kind: Kind
    is_parameter: bool = True
    """Whether it is a URL parameter of its own, too."""


_FIELDS: Final = (
    Field("action", Kind.VOCABULARY),
    Field("resource_type", Kind.VOCABULARY),
    Field("resource_id", Kind.EXACT),
    Field("resource_name", Kind.TEXT),
    Field("user_id", Kind.EXACT),
    Field("user_email", Kind.TEXT),
    Field("on_behalf_of", Kind.EXACT),
    Field("ip_address", Kind.ADDRESS),
    Field("user_agent", Kind.PART),
    Field("status", Kind.VOCABULARY),
    Field("source", Kind.VOCABULARY),
    Field("country", Kind.VOCABULARY),
    Field("city", Kind.TEXT),
    Field("browser", Kind.TEXT),
    Field("os", Kind.TEXT),
    Field("device", Kind.TEXT),
    Field("id", Kind.EXACT, is_parameter=False),
    Field("local_hour", Kind.NUMBER, is_parameter=False),
    Field("local_weekday", Kind.NUMBER, is_parameter=False),
    Field("node", Kind.NUMBER, is_parameter=False),
    Field("node_seq", Kind.NUMBER, is_parameter=False),
)

FIELDS: Final[dict[str, Field]] = {field.column: field for field in _FIELDS}

PARAMETERS: Final = frozenset(field.column for field in _FIELDS if field.is_parameter)

NAMES: Final[dict[str, tuple[Field, ...]]] = {
    **{name: (field,) for name, field in FIELDS.items()},
    "email": (FIELDS["user_email"],),
    "ip": (FIELDS["ip_address"],),
    "type": (FIELDS["resource_type"],),
    "user": (FIELDS["user_id"], FIELDS["user_email"]),
    "resource": (FIELDS["resource_id"], FIELDS["resource_name"]),
}
"""Every name that `q` knows, and the fields of which one must match."""

DETAILS: Final = "details"

SEARCHED_COLUMNS: Final = (
    "action",
    "resource_type",
    "user_id",
    "user_email",
    "on_behalf_of",
    "user_agent",
    "status",
    "source",
    "country",
    "city",
    "browser",
    "os",
    "device",
    "id",
    "resource_id",
    "resource_name",
)
"""The text columns that free text looks into (beside the address and `details`), cheapest
first: those with few distinct values are compared once per value, not once per event."""
