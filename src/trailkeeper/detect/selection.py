"""One line of a rule's detection to a condition: `user_agent|contains: curl`.

A line is a field, modifiers and one or more values. Without a field, its values are looked for
in all of the event, as free text is.
"""

from __future__ import annotations

from typing import Final

from trailkeeper.detect import sigma
from trailkeeper.detect.condition import (
    Asked,
    Condition,
    Negation,
    Pattern,
    SameAs,
    Subject,
    Text,
    Wildcard,
    all_of,
    any_of,
)
from trailkeeper.detect.document import Entry, Many, Node, Value
from trailkeeper.detect.faults import FaultCode, Faults, Place
from trailkeeper.detect.names import hint_for, split_key, subjects_of
from trailkeeper.detect.regex import MAX_REGEX_LENGTH, UnsafeRegex, compile_regex, with_flags
from trailkeeper.detect.values import BadValue, presence, typed_condition
from trailkeeper.errors import BadRequest
from trailkeeper.search.ast import FreeText
from trailkeeper.search.fields import Field, Kind

MAX_VALUES: Final = 500
MAX_TEXT: Final = 1024

TEXT_MODIFIERS: Final = frozenset({"contains", "startswith", "endswith", "cased"})
KNOWN_MODIFIERS: Final = (
    TEXT_MODIFIERS
    | set(sigma.REGEX_FLAGS)
    | {"all", "neq", "re", "cidr", "lt", "lte", "gt", "gte", "exists", "fieldref"}
)
REFUSED_MODIFIERS: Final = {
    **dict.fromkeys(
        ("base64", "base64offset", "wide", "utf16", "utf16be"),
        "Events hold text as people read it, not encoded. Write the text itself.",
    ),
    "windash": "Command lines of Windows are not in this log. Write each spelling as a value.",
    "expand": "There are no placeholders. Write the values.",
    **dict.fromkeys(
        ("minute", "hour", "day", "week", "month", "year"),
        "Use local_hour and local_weekday, which are in the organization's time zone.",
    ),
}


class SelectionReader:
    """Reads lines; what is wrong with one is told, and its condition is None."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._values = 0

    def item(self, entry: Entry) -> Condition | None:
        """The condition of one line with a key."""
        name, modifiers = split_key(entry.key)
        values = self._plain_values(entry.node)
        if not self._are_known(entry, modifiers) or not values:
            return None
        if name == "":
            return self._keywords(entry, modifiers, values)
        try:
            subjects = subjects_of(name)
        except BadRequest as error:
            self._faults.add(FaultCode.UNKNOWN_FIELD, entry.place, error.detail, error.hint)
            return None
        if subjects is None:
            self._faults.add(
                FaultCode.UNKNOWN_FIELD, entry.place, f"{name!r} is not a field.", hint_for(name)
            )
            return None
        conditions = [self._bound(entry, modifiers, subjects, value) for value in values]
        return _linked([each for each in conditions if each is not None], len(values), modifiers)

    def keyword(self, value: Value) -> Condition | None:
        """The condition of a value without a key."""
        if not self._is_within_limits([value]):
            return None
        try:
            return _free_text(sigma.read_values("", [value.plain])[0])
        except (sigma.Refused, BadValue) as error:
            self._faults.add(FaultCode.BAD_VALUE, value.place, str(error))
            return None

    def _plain_values(self, node: Node) -> list[Value]:
        """All the values, or none where one of them is none."""
        nodes = node.items if isinstance(node, Many) else [node]
        if not nodes:
            self._faults.add(FaultCode.BAD_VALUE, node.place, "The list is empty.")
        values = [each for each in nodes if isinstance(each, Value)]
        for each in nodes:
            if not isinstance(each, Value):
                self._faults.add(
                    FaultCode.BAD_VALUE,
                    each.place,
                    "Here a plain value or a list of them is meant.",
                )
        return values if len(values) == len(nodes) and self._is_within_limits(values) else []

    def _is_within_limits(self, values: list[Value]) -> bool:
        before, self._values = self._values, self._values + len(values)
        if before <= MAX_VALUES < self._values:
            self._faults.add(
                FaultCode.TOO_LARGE, values[0].place, f"A rule has at most {MAX_VALUES} values."
            )
        long = [value for value in values if len(value.text) > MAX_TEXT]
        for value in long:
            self._faults.add(
                FaultCode.TOO_LARGE, value.place, f"A value has at most {MAX_TEXT} characters."
            )
        return not long and self._values <= MAX_VALUES

    def _are_known(self, entry: Entry, modifiers: list[str]) -> bool:
        place = _after_name(entry)
        is_known = True
        for modifier in modifiers:
            if modifier in REFUSED_MODIFIERS:
                detail = f"The modifier {modifier!r} is not supported."
                self._faults.add(
                    FaultCode.UNSUPPORTED_MODIFIER, place, detail, REFUSED_MODIFIERS[modifier]
                )
            elif modifier not in KNOWN_MODIFIERS:
                hint = f"There are {', '.join(sorted(KNOWN_MODIFIERS))}."
                detail = f"There is no modifier {modifier!r}."
                self._faults.add(FaultCode.UNKNOWN_MODIFIER, place, detail, hint)
            is_known = is_known and modifier in KNOWN_MODIFIERS
            place = place.moved(len(modifier) + 1)
        if is_known and (clash := _clash(modifiers)):
            self._faults.add(FaultCode.BAD_MODIFIER, _after_name(entry), clash)
            return False
        return is_known

    def _keywords(
        self, entry: Entry, modifiers: list[str], values: list[Value]
    ) -> Condition | None:
        refused = [each for each in modifiers if each not in ("all", "contains", "neq")]
        if refused:
            self._faults.add(
                FaultCode.BAD_MODIFIER,
                entry.place,
                f"The modifier {refused[0]!r} needs a field.",
                "Without one, values are looked for in all of the event, whatever their case.",
            )
            return None
        conditions = [self.keyword(value) for value in values]
        return _linked([each for each in conditions if each is not None], len(values), modifiers)

    def _bound(
        self, entry: Entry, modifiers: list[str], subjects: tuple[Subject, ...], value: Value
    ) -> Condition | None:
        """The value as asked of the field: where a name stands for two, one of them has it."""
        own = [each for each in modifiers if each not in ("all", "neq")]
        regex_flags = "".join(sigma.REGEX_FLAGS[each] for each in own if each in sigma.REGEX_FLAGS)
        try:
            if "re" in own:
                return self._regex(value, subjects, regex_flags)
            key = "|".join(["x", *own])
            read = sigma.read_values(key, [value.plain])
            # Absence is asked of all subjects of a name, a value of one of them.
            is_absence = read[0] in (None, sigma.Presence(False)) or (
                isinstance(read[0], sigma.Glob) and not read[0].pieces
            )
            conditions = [_condition(subject, read[0], value) for subject in subjects]
            return all_of(conditions) if is_absence else any_of(conditions)
        except sigma.Refused as error:
            self._faults.add(FaultCode.BAD_VALUE, value.place, error.detail)
        except BadValue as error:
            self._faults.add(error.code, value.place, error.detail, error.hint)
        return None

    def _regex(self, value: Value, subjects: tuple[Subject, ...], flags: str) -> Condition | None:
        if any(isinstance(each, Field) and each.kind is Kind.NUMBER for each in subjects):
            raise BadValue("A regular expression needs text.", code=FaultCode.BAD_MODIFIER)
        if not isinstance(value.plain, str) or not value.plain:
            raise BadValue("A regular expression is text.", "Put it in quotes.")
        regex = with_flags(value.plain, flags)
        try:
            compile_regex(regex)
        except UnsafeRegex as error:
            self._unsafe(value.place, error)
            return None
        return any_of(Pattern(subject, regex) for subject in subjects)

    def _unsafe(self, place: Place, error: UnsafeRegex) -> None:
        self._faults.add(
            FaultCode.UNSAFE_REGEX,
            place,
            f"RE2 does not take this regular expression: {error}.",
            "RE2 has no look-around and no back references, and takes at most"
            f" {MAX_REGEX_LENGTH} characters.",
        )


def _after_name(entry: Entry) -> Place:
    """Where the modifiers begin."""
    return entry.place.moved(len(split_key(entry.key)[0]) + 1)


def _linked(conditions: list[Condition], asked: int, modifiers: list[str]) -> Condition | None:
    if len(conditions) < asked:
        return None
    found = all_of(conditions) if "all" in modifiers else any_of(conditions)
    return Negation(found) if "neq" in modifiers else found


def _clash(modifiers: list[str]) -> str | None:
    """Why these modifiers cannot stand together, or None."""
    own = set(modifiers) - {"all", "neq"}
    if len(set(modifiers)) < len(modifiers):
        return "A modifier stands here twice."
    if "re" in own and (others := own - {"re"} - set(sigma.REGEX_FLAGS)):
        return f"'re' goes with i, m and s, not with {sorted(others)[0]!r}."
    if "re" not in own and own & set(sigma.REGEX_FLAGS):
        return "i, m and s are flags of a regular expression: write re|i."
    if "re" in own and modifiers[0] != "re":
        return "'re' is the first modifier."
    alone = own & {"cidr", "lt", "lte", "gt", "gte", "exists"}
    if alone and len(own) > 1:
        return f"{sorted(alone)[0]!r} goes with no other modifier."
    if "fieldref" in own and (others := own - {"fieldref", "startswith", "endswith", "contains"}):
        return f"'fieldref' does not go with {sorted(others)[0]!r}."
    if "fieldref" in own and modifiers.index("fieldref") != 0:
        return "'fieldref' is the first modifier."
    return None


def _condition(subject: Subject, read: sigma.ItemValue, value: Value) -> Condition:
    match read:
        case sigma.Reference():
            return _same_as(subject, read)
        case sigma.Glob(pieces, is_cased) if _is_text(subject):
            return _text(subject, pieces, is_cased)
        case _:
            return typed_condition(subject, read, value)


def _is_text(subject: Subject) -> bool:
    return not isinstance(subject, Field) or subject.kind not in (Kind.NUMBER, Kind.ADDRESS)


def _text(subject: Subject, pieces: tuple[str | Wildcard, ...], is_cased: bool) -> Condition:
    if pieces == (Wildcard.ANY,) or (not pieces and isinstance(subject, Field)):
        return presence(subject, is_asked=bool(pieces))
    return Text(subject, pieces, is_cased)


def _same_as(subject: Subject, read: sigma.Reference) -> Condition:
    others = subjects_of(read.name)
    if others is None:
        raise BadValue(
            f"{read.name!r} is not a field.", hint_for(read.name), FaultCode.UNKNOWN_FIELD
        )
    other = others[0]
    if not isinstance(subject, Field) or not isinstance(other, Field) or len(others) > 1:
        raise BadValue(
            "fieldref compares two fields of the event itself.",
            "Values in details, and names that stand for two fields, cannot be compared.",
        )
    texts = (Kind.TEXT, Kind.EXACT, Kind.PART, Kind.VOCABULARY)
    if subject.kind not in texts or other.kind not in texts:
        raise BadValue("fieldref compares text.", f"{subject.column} or {other.column} is none.")
    return SameAs(subject, other, may_go_on=read.starts, may_begin_before=read.ends)


def _free_text(read: sigma.ItemValue) -> Condition:
    match read:
        case sigma.Glob(pieces, _):
            kept = [piece for piece in pieces if piece is not Wildcard.ANY]
            inner = kept[0] if len(kept) == 1 and isinstance(kept[0], str) else None
            if not inner:
                raise BadValue("Free text has no wildcard within it, and is not empty.")
            return Asked(FreeText(inner))
        case bool():
            return Asked(FreeText(str(read).lower()))
        case int() | float():
            return Asked(FreeText(str(read)))
    raise BadValue("Free text is text.")
