"""The values that rules group by, count and add up, as both evaluators see them.

Each subject of a field has a *raw* text: the column's own, or the JSON at a path in `details`.
The evaluators differ in how they come by the raw text only; what it means is decided here.
Text that compares in any case groups in any case, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

import msgspec

from trailkeeper.detect.condition import Subject
from trailkeeper.detect.rule import NUMERIC_KINDS, VALUE_KINDS, Correlation, NamedField
from trailkeeper.detect.tally import Exact
from trailkeeper.event import StoredEvent, displayed_address
from trailkeeper.search.ast import Path
from trailkeeper.search.details import MISSING, comparable, escape_literal, value_at
from trailkeeper.search.evaluate import stored_address
from trailkeeper.search.fields import Field, Kind
from trailkeeper.search.text import fold

MAX_WHOLE: Final = 2**63

ABSENT: Final = ""


class Details:
    """Reads the details of one event after the other; each is decoded once."""

    def __init__(self) -> None:
        self._text = ""
        self._decoded: Any = None

    def of(self, event: StoredEvent) -> Any:
        if event.details is not self._text:
            self._decoded = msgspec.json.decode(event.details)
            self._text = event.details
        return self._decoded


@lru_cache(maxsize=65536)
def shown_address(stored: str) -> str:
    """The address as people write it, "" where absent."""
    return displayed_address(stored_address(stored)) or ABSENT


@lru_cache(maxsize=65536)
def _folded(text: str) -> str:
    return fold(text)


def text_of_raw(subject: Subject, raw: str) -> str:
    """The text that stands for the value in groups and counts; "" where there is none."""
    if isinstance(subject, Field):
        return _folded(raw) if subject.kind is Kind.TEXT else raw
    return _text_of_json(msgspec.json.decode(raw)) if raw else ABSENT


def number_of_raw(subject: Subject, raw: str) -> Exact | None:
    """The number that the value is, exactly; None where it is none."""
    if isinstance(subject, Field):
        return int(raw)
    return _number_of_json(msgspec.json.decode(raw)) if raw else None


def _text_of_json(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, dict | list):
        return ABSENT
    compared = comparable(value)
    return compared if isinstance(compared, str) else escape_literal(compared)


def _number_of_json(value: Any) -> Exact | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float):
        exact = Fraction(value)
        return exact.numerator if exact.denominator == 1 else exact
    return value if abs(value) < MAX_WHOLE else None


TextOf = Callable[[StoredEvent], str]


def column_text(field: Field) -> TextOf:
    """Reads a column's raw text."""
    get = attrgetter(field.column)
    if field.kind is Kind.ADDRESS:
        return lambda event: shown_address(get(event))
    if field.kind is Kind.NUMBER:
        return lambda event: str(get(event))
    return get


def _subject_text(subject: Subject, details: Details) -> TextOf:
    if not isinstance(subject, Field):
        path: Path = subject
        return lambda event: _json_text(value_at(details.of(event), path))
    raw = column_text(subject)
    if subject.kind is not Kind.TEXT:
        return raw
    return lambda event: _folded(raw(event))


def _json_text(value: Any) -> str:
    return ABSENT if value is MISSING else _text_of_json(value)


def field_text(named: NamedField, details: Details) -> TextOf:
    """Reads the field's text: of several subjects that of the first present."""
    texts = [_subject_text(subject, details) for subject in named.subjects]
    if len(texts) == 1:
        return texts[0]

    def first(event: StoredEvent) -> str:
        for text in texts:
            if found := text(event):
                return found
        return ABSENT

    return first


def group_reader(
    fields: Sequence[NamedField], details: Details, *, is_complete: bool
) -> Callable[[StoredEvent], tuple[str, ...] | None]:
    """Reads an event's group: None where a field is absent and the group must be complete."""
    texts = [field_text(named, details) for named in fields]
    if not texts:
        return lambda event: ()
    if len(texts) == 1:
        (text,) = texts
        if not is_complete:
            return lambda event: (text(event),)
        return lambda event: (found,) if (found := text(event)) else None

    def read(event: StoredEvent) -> tuple[str, ...] | None:
        found = tuple(text(event) for text in texts)
        return None if is_complete and ABSENT in found else found

    return read


def value_reader(watched: Correlation, details: Details) -> Callable[[StoredEvent], Any] | None:
    """Reads the value that counts: None where the event has none. No reader where none counts."""
    if watched.kind not in VALUE_KINDS:
        return None
    if watched.kind in NUMERIC_KINDS:
        return _number_reader(watched.value[0].subjects[0], details)
    return group_reader(watched.value, details, is_complete=True)


def _number_reader(subject: Subject, details: Details) -> Callable[[StoredEvent], Exact | None]:
    if isinstance(subject, Field):
        get = attrgetter(subject.column)
        return lambda event: int(get(event))
    path: Path = subject
    return lambda event: _number_of_json(value_at(details.of(event), path))


RawTexts = Sequence[str]
"""Raw texts of fields one after the other, one for each of a field's subjects."""


def raw_group_reader(
    fields: Sequence[NamedField], start: int, *, is_complete: bool
) -> Callable[[RawTexts], tuple[str, ...] | None]:
    """As `group_reader`, from raw texts; those of the fields begin at `start`."""
    texts: list[Callable[[RawTexts], str]] = []
    for named in fields:
        texts.append(_raw_text(named.subjects, start))
        start += len(named.subjects)

    def read(raw: RawTexts) -> tuple[str, ...] | None:
        found = tuple([text(raw) for text in texts])
        return None if is_complete and ABSENT in found else found

    return read


def raw_value_reader(watched: Correlation, start: int) -> Callable[[RawTexts], Any] | None:
    """As `value_reader`, from raw texts; those of the values begin at `start`."""
    if watched.kind not in VALUE_KINDS:
        return None
    if watched.kind in NUMERIC_KINDS:
        subject = watched.value[0].subjects[0]
        return lambda raw: number_of_raw(subject, raw[start])
    return raw_group_reader(watched.value, start, is_complete=True)


def _raw_text(subjects: Sequence[Subject], start: int) -> Callable[[RawTexts], str]:
    if len(subjects) == 1:
        (subject,) = subjects
        return lambda raw: text_of_raw(subject, raw[start])
    places = [(subject, start + place) for place, subject in enumerate(subjects)]
    return lambda raw: next(
        (text for subject, place in places if (text := text_of_raw(subject, raw[place]))), ABSENT
    )
