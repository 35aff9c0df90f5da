"""What a rule says about itself: title, id, level, tags and the like."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, TypeVar

from trailkeeper.detect import sigma
from trailkeeper.detect.document import Entry, Many, Node, Table, Value
from trailkeeper.detect.faults import FaultCode, Faults, Place
from trailkeeper.detect.names import hint_for, subjects_of
from trailkeeper.detect.rule import (
    DEFAULT_GROUP,
    DEFAULT_WINDOW,
    MAX_TIMESPAN,
    Level,
    NamedField,
    RuleId,
    RuleStatus,
)
from trailkeeper.errors import BadRequest

OWN_KEY: Final = "trailkeeper"
OWN_KEYS: Final = ("group-by", "window", "suppress", "digest", "history")
CORRELATION_KEYS: Final = ("suppress", "digest")
DAILY: Final = "daily"
MAX_TITLE: Final = 256
_NAMESPACE: Final = uuid.UUID("7d0f3f2a-51a4-5b0e-9c53-6a3c1d1f8e21")

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Header:
    id: RuleId
    title: str
    name: str | None
    description: str
    level: Level
    status: RuleStatus
    tags: tuple[str, ...]
    false_positives: tuple[str, ...]
    fields: tuple[str, ...]
    references: tuple[str, ...]
    group_by: tuple[NamedField, ...]
    window: timedelta
    suppression: timedelta
    is_daily: bool


class HeaderReader:
    """Reads one document's header; wrong parts are told and left out."""

    def __init__(self, document: Table, faults: Faults) -> None:
        self._document = document
        self._faults = faults

    def read(self) -> Header:
        title = self.text("title")
        if not title:
            self._missing("title", self._document.place)
        elif len(title) > MAX_TITLE:
            self._bad("title", f"A title has at most {MAX_TITLE} characters.")
        name = self.text("name") or None
        return Header(
            id=self._id(name or title),
            title=title,
            name=name,
            description=self.text("description"),
            level=self._word("level", Level, Level.MEDIUM),
            status=self._word("status", RuleStatus, RuleStatus.STABLE),
            tags=self.texts("tags"),
            false_positives=self.texts("falsepositives"),
            fields=self.texts("fields"),
            references=self.texts("references"),
            group_by=self._own_group(),
            window=self._own_span("window", DEFAULT_WINDOW),
            suppression=self._own_span("suppress", timedelta()),
            is_daily=self._is_daily(),
        )

    def text(self, key: str) -> str:
        """Plain text, "" where it is missing or wrong."""
        entry = self._document.get(key)
        if entry is None or (isinstance(entry.node, Value) and entry.node.plain is None):
            return ""
        if isinstance(entry.node, Value) and isinstance(entry.node.plain, str):
            return entry.node.plain.strip()
        self._faults.add(
            FaultCode.BAD_VALUE, entry.node.place, f"{key} is text.", "Put it in quotes."
        )
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        entry = self._document.get(key)
        return () if entry is None else texts_of(entry, self._faults)

    def _id(self, named: str) -> RuleId:
        text = self.text("id")
        try:
            return RuleId(str(uuid.UUID(text) if text else uuid.uuid5(_NAMESPACE, named)))
        except ValueError:
            self._bad("id", "An id is a UUID.")
            return RuleId("")

    def _word(self, key: str, words: type[Word], default: Word) -> Word:
        text = self.text(key)
        if not text:
            return default
        try:
            return words(text.lower())
        except ValueError:
            self._bad(key, f"{text!r} is no {key}.", f"There are {', '.join(words)}.")
            return default

    def _own(self, key: str) -> Entry | None:
        own = self._document.get(OWN_KEY)
        if own is None:
            return None
        if not isinstance(own.node, Table):
            self._faults.add(
                FaultCode.BAD_VALUE, own.node.place, "Here keys with values are meant."
            )
            return None
        is_correlation = self._document.get("correlation") is not None
        known = CORRELATION_KEYS if is_correlation else OWN_KEYS
        for entry in own.node.entries:
            if entry.key not in known:
                self._faults.add(
                    FaultCode.UNKNOWN_KEY,
                    entry.place,
                    f"{OWN_KEY} has no {entry.key!r} here.",
                    f"There are {', '.join(known)}.",
                )
        return own.node.get(key)

    def _own_group(self) -> tuple[NamedField, ...]:
        entry = self._own("group-by")
        if entry is None:
            return (NamedField(DEFAULT_GROUP, subjects_of(DEFAULT_GROUP) or ()),)
        return named_fields(entry, self._faults)

    def _own_span(self, key: str, default: timedelta) -> timedelta:
        entry = self._own(key)
        return default if entry is None else timespan_of(entry.node, self._faults) or default

    def _is_daily(self) -> bool:
        entry = self._own("digest")
        if entry is None:
            return False
        if isinstance(entry.node, Value) and entry.node.plain == DAILY:
            return True
        self._faults.add(
            FaultCode.BAD_VALUE, entry.node.place, f"A digest is {DAILY}.", "Or leave it out."
        )
        return False

    def _missing(self, key: str, place: Place) -> None:
        self._faults.add(FaultCode.MISSING, place, f"The rule has no {key}.")

    def _bad(self, key: str, detail: str, hint: str | None = None) -> None:
        entry = self._document.get(key)
        place = entry.node.place if entry is not None else self._document.place
        self._faults.add(FaultCode.BAD_VALUE, place, detail, hint)


def nodes_of(node: Node) -> list[Node]:
    """The members of a list; a single value is a list of one."""
    if isinstance(node, Many):
        return node.items
    return [] if isinstance(node, Value) and node.plain is None else [node]


def texts_of(entry: Entry, faults: Faults) -> tuple[str, ...]:
    """A list of texts, or one."""
    found = []
    for node in nodes_of(entry.node):
        if isinstance(node, Value) and isinstance(node.plain, str | int | float):
            found.append(node.text)
        else:
            faults.add(FaultCode.BAD_VALUE, node.place, f"{entry.key} holds text.")
    return tuple(found)


def timespan_of(node: Node, faults: Faults) -> timedelta | None:
    """A span of time as `10m`; None where it is wrong."""
    if isinstance(node, Value):
        try:
            seconds = sigma.read_timespan(node.text)
        except sigma.Refused:
            seconds = 0
        if 0 < seconds <= MAX_TIMESPAN.total_seconds():
            return timedelta(seconds=seconds)
    text = f"{node.text!r}" if isinstance(node, Value) else "This"
    faults.add(
        FaultCode.BAD_TIMESPAN,
        node.place,
        f"{text} is no span of time.",
        f"Write 30s, 10m, 2h, 7d or 4w; at most {MAX_TIMESPAN.days}d.",
    )
    return None


def named_fields(
    entry: Entry, faults: Faults, known: dict[str, NamedField] | None = None
) -> tuple[NamedField, ...]:
    """The fields that a list names; `known` are names that stand for something already."""
    found = []
    for node in nodes_of(entry.node):
        if not isinstance(node, Value):
            faults.add(FaultCode.BAD_VALUE, node.place, f"{entry.key} holds names of fields.")
            continue
        named = (known or {}).get(node.text) or named_field(node.text, node.place, faults)
        if named is not None:
            found.append(named)
    return tuple(found)


def named_field(name: str, place: Place, faults: Faults) -> NamedField | None:
    try:
        subjects = subjects_of(name)
    except BadRequest as error:
        faults.add(FaultCode.UNKNOWN_FIELD, place, error.detail, error.hint)
        return None
    if subjects is None:
        faults.add(FaultCode.UNKNOWN_FIELD, place, f"{name!r} is not a field.", hint_for(name))
        return None
    return NamedField(name, subjects)
