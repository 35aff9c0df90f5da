"""The search language: the text of `q` to a filter.

    query  = [ either ]
    either = both { "OR" both }
    both   = term { [ "AND" ] term }
    term   = ( "NOT" | "-" ) term | "(" either ")" | name ":" values | value
    values = value | "(" value { ( "OR" | "," ) value } ")"
    value  = piece { "*" piece }        a quoted piece stands for itself

`docs/search.md` explains it to people.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from trailkeeper.search.ast import Everything, Filter, FreeText, Not, all_of, any_of
from trailkeeper.search.faults import invalid_query, too_complex, unknown_field
from trailkeeper.search.fields import NAMES
from trailkeeper.search.scan import Scanner
from trailkeeper.search.values import Value, details_filter, fields_filter

MAX_QUERY_LENGTH: Final = 4096
MAX_DEPTH: Final = 64
MAX_TERMS: Final = 200

_A_TERM: Final = ["a word", '"quoted text"', "field:value", "(", "-", "NOT"]


def parse_query(text: str) -> Filter:
    """The filter that a query asks for; an empty query matches everything.

    Raises BadRequest with INVALID_QUERY, UNKNOWN_FIELD, INVALID_VALUE or QUERY_TOO_COMPLEX
    and the position (0-based, in characters) of the fault.
    """
    if len(text) > MAX_QUERY_LENGTH:
        raise too_complex(
            "The query is too long.",
            f"A query has at most {MAX_QUERY_LENGTH:,} characters.",
            position=MAX_QUERY_LENGTH,
        )
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise invalid_query("This is not Unicode text.", error.start, ["a character"]) from None
    return _Parser(Scanner(text)).parse()


class _Parser:
    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self._terms = 0

    def parse(self) -> Filter:
        self._scanner.skip_space()
        if self._scanner.at_end():
            return Everything()
        found = self._either(0)
        if not self._scanner.at_end():
            raise invalid_query(
                "This parenthesis closes nothing.", self._scanner.position, [*_A_TERM, "the end"]
            )
        return found

    def _either(self, depth: int) -> Filter:
        alternatives = [self._both(depth)]
        while self._scanner.take_keyword("OR"):
            alternatives.append(self._both(depth))
        return any_of(alternatives)

    def _both(self, depth: int) -> Filter:
        terms = [self._term(depth)]
        while True:
            self._scanner.skip_space()
            if self._scanner.at_end() or self._scanner.peek() == ")":
                break
            if self._scanner.peek_keyword() == "OR":
                break
            self._scanner.take_keyword("AND")
            terms.append(self._term(depth))
        return all_of(terms)

    def _term(self, depth: int) -> Filter:
        scanner = self._scanner
        scanner.skip_space()
        start = scanner.position
        if depth >= MAX_DEPTH:
            raise too_complex(
                "The query is nested too deep.",
                f"Parentheses and negations go {MAX_DEPTH} deep at most.",
                position=start,
            )
        if scanner.take("("):
            found = self._either(depth + 1)
            if not scanner.take(")"):
                raise invalid_query(
                    f"The parenthesis at {start} is not closed.", scanner.position, [")", "OR"]
                )
            return found
        if scanner.take("-"):
            if scanner.at_end() or scanner.peek().isspace():
                raise invalid_query(
                    "Nothing follows the minus sign.",
                    scanner.position,
                    _A_TERM,
                    "Write it right before a term, or quote it to look for it.",
                )
            return Not(self._term(depth + 1))
        if scanner.take_keyword("NOT"):
            return Not(self._term(depth + 1))
        if scanner.at_end() or scanner.peek() == ")" or scanner.peek_keyword():
            raise invalid_query(
                "A term is missing.", start, _A_TERM, "To look for AND, OR or NOT, quote it."
            )
        return self._leaf(start)

    def _leaf(self, start: int) -> Filter:
        path = self._scanner.take_path()
        if path is not None:
            return self._values(lambda value: details_filter(path, value))
        name = self._scanner.take_name()
        if name is None:
            return self._free_text()
        fields = NAMES.get(name)
        if fields is None:
            raise unknown_field(name, start)
        return self._values(lambda value: fields_filter(fields, value))

    def _values(self, to_filter: Callable[[Value], Filter]) -> Filter:
        scanner = self._scanner
        if not scanner.take("("):
            return to_filter(self._value())
        alternatives = []
        while True:
            scanner.skip_space()
            alternatives.append(to_filter(self._value(in_group=True)))
            scanner.skip_space()
            if scanner.take(")"):
                return any_of(alternatives)
            if not scanner.take_keyword("OR") and not scanner.take(","):
                raise invalid_query(
                    "The list of values goes on or ends here.",
                    scanner.position,
                    ["OR", ",", ")"],
                    "Quote a value that holds spaces.",
                )

    def _value(self, *, in_group: bool = False) -> Value:
        value = self._scanner.take_value(in_group=in_group)
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise too_complex(
                "The query has too many terms.",
                f"It may have {MAX_TERMS}.",
                position=value.position,
            )
        return value

    def _free_text(self) -> Filter:
        value = self._value()
        if value.is_any:
            return Everything()
        text = [part for part in value.parts if part]
        if len(text) == 1:
            return FreeText(text[0])
        raise value.fault(
            "Free text has no wildcard within it." if text else "There is no text to look for.",
            "Free text finds parts of words by itself; quote a * to look for it.",
        )
