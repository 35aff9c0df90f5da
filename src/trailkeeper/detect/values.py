"""Values that are not text: what a number, an address, true, null or a presence asks."""

from __future__ import annotations

from trailkeeper.detect import sigma
from trailkeeper.detect.condition import (
    Asked,
    Condition,
    Negation,
    Subject,
    Text,
    Wildcard,
    any_of,
)
from trailkeeper.detect.document import Value
from trailkeeper.detect.faults import FaultCode
from trailkeeper.search.ast import (
    AddressIn,
    Compare,
    DetailsCompare,
    DetailsExists,
    DetailsMatch,
    Exists,
    Operator,
)
from trailkeeper.search.details import MAX_INTEGER, MIN_INTEGER
from trailkeeper.search.fields import Field, Kind
from trailkeeper.search.values import parse_network

_OPERATORS = {
    "lt": Operator.LESS,
    "lte": Operator.AT_MOST,
    "gt": Operator.MORE,
    "gte": Operator.AT_LEAST,
}


class BadValue(Exception):
    """The value cannot be asked of the field."""

    def __init__(
        self, detail: str, hint: str | None = None, code: FaultCode = FaultCode.BAD_VALUE
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.hint = hint
        self.code = code


def presence(subject: Subject, *, is_asked: bool) -> Condition:
    """Whether there is a value, or (where it is not asked for) none."""
    if isinstance(subject, Field):
        if subject.kind is Kind.NUMBER:
            raise BadValue(f"{subject.column} is always there.")
        found: Condition = Asked(Exists(subject))
    else:
        found = Asked(DetailsExists(subject))
    return found if is_asked else Negation(found)


def typed_condition(subject: Subject, read: sigma.ItemValue, value: Value) -> Condition:
    """The condition of a value that is no text, or of a field that holds none.

    Raises BadValue.
    """
    match read:
        case sigma.Presence(is_asked):
            return presence(subject, is_asked=is_asked)
        case None:
            return _null(subject)
        case sigma.Network(text):
            return _address(subject, text)
        case sigma.Compared(operator, number):
            return _compared(subject, operator, number)
    if not isinstance(subject, Field):
        return _details_value(subject, read)
    if subject.kind is Kind.NUMBER:
        return Asked(Compare(subject, Operator.EQUAL, _whole(subject, read)))
    if subject.kind is Kind.ADDRESS:
        return _address_text(subject, read)
    return _written_number(subject, read, value)


def _null(subject: Subject) -> Condition:
    """Nothing is there; in details, null is nothing."""
    absent = presence(subject, is_asked=False)
    if isinstance(subject, Field):
        return absent
    return any_of((absent, Asked(DetailsMatch(subject, None))))


def _details_value(subject: tuple[str, ...], read: sigma.ItemValue) -> Condition:
    if isinstance(read, bool | int | float):
        return Asked(DetailsMatch(subject, read))
    raise BadValue("Such a value cannot be looked for in details.")


def _compared(subject: Subject, operator: str, number: int | float) -> Condition:
    if operator not in _OPERATORS:
        raise BadValue(f"There is no comparison {operator!r}.")
    if not isinstance(subject, Field):
        return Asked(DetailsCompare(subject, _OPERATORS[operator], number))
    if subject.kind is not Kind.NUMBER:
        raise BadValue(
            f"{subject.column} is no number and has no order.", code=FaultCode.BAD_MODIFIER
        )
    return Asked(Compare(subject, _OPERATORS[operator], _whole(subject, number)))


def _whole(field: Field, read: sigma.ItemValue) -> int:
    match read:
        case bool():
            pass
        case int() if MIN_INTEGER <= read <= MAX_INTEGER // 2:
            return read
        case float() if read.is_integer() and abs(read) <= 2**53:
            return int(read)
        case sigma.Glob((str() as text,), _) if text.isascii() and text.isdigit():
            if len(text) < 19:
                return int(text)
    raise BadValue(f"{field.column} is a whole number.")


def _address(subject: Subject, text: str) -> Condition:
    if not isinstance(subject, Field) or subject.kind is not Kind.ADDRESS:
        raise BadValue("Only ip_address can be in a network.", code=FaultCode.BAD_MODIFIER)
    network = parse_network(text)
    if network is None:
        raise BadValue(f"{text!r} is neither an address nor a network.")
    return Asked(AddressIn(subject, network))


def _address_text(field: Field, read: sigma.ItemValue) -> Condition:
    """An address or network as such; with wildcards, the address as people write it."""
    match read:
        case sigma.Glob((), _):
            return presence(field, is_asked=False)
        case sigma.Glob((Wildcard.ANY,), _):
            return presence(field, is_asked=True)
        case sigma.Glob((str() as text,), _):
            return _address(field, text)
        case sigma.Glob(pieces, is_cased):
            return Text(field, pieces, is_cased)
    raise BadValue("An address is text.", "Put it in quotes.")


def _written_number(field: Field, read: sigma.ItemValue, value: Value) -> Condition:
    """A number where text is asked for: taken as text if it is written as it reads."""
    if isinstance(read, int) and not isinstance(read, bool) and value.text == str(read):
        return Text(field, (value.text,))
    raise BadValue(
        f"{field.column} is text, but {value.text} reads as {str(read).lower()}.",
        f"Put it in quotes: '{value.text}'.",
    )
