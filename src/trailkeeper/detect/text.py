"""How a text condition is checked: one plan per condition, carried out by both evaluators.

Case follows the search's rule: text of ASCII alone compares by ASCII letters, any other by
Unicode's lower case. Vocabulary fields are stored in upper case, so that the asked text is put
in upper case instead and the stored one left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from trailkeeper.detect.condition import Subject, Text, Wildcard
from trailkeeper.detect.regex import quoted
from trailkeeper.search.fields import Field, Kind
from trailkeeper.search.text import fold, fold_ascii

ANY: Final = Wildcard.ANY
ONE: Final = Wildcard.ONE


class Folding(Enum):
    """What is done to the stored text before it is compared."""

    NONE = auto()
    ASCII = auto()
    UNICODE = auto()


class Shape(Enum):
    EQUAL = auto()
    PREFIX = auto()
    SUFFIX = auto()
    CONTAINS = auto()
    REGEX = auto()


@dataclass(frozen=True, slots=True)
class Plan:
    """`needle` is compared with the folded text; it is folded itself. For REGEX it is one."""

    folding: Folding
    shape: Shape
    needle: str


def is_vocabulary(subject: Subject) -> bool:
    return isinstance(subject, Field) and subject.kind is Kind.VOCABULARY


def plan(text: Text) -> Plan:
    """How the condition is checked."""
    written = "".join(piece for piece in text.pieces if isinstance(piece, str))
    if text.is_cased:
        folding, folded = Folding.NONE, text.pieces
    elif is_vocabulary(text.subject):
        folding = Folding.NONE
        folded = tuple(each.upper() if isinstance(each, str) else each for each in text.pieces)
    else:
        is_ascii = written.isascii()
        folding = Folding.ASCII if is_ascii else Folding.UNICODE
        fold_piece = fold_ascii if is_ascii else fold
        folded = tuple(fold_piece(each) if isinstance(each, str) else each for each in text.pieces)
    match folded:
        case ():
            return Plan(folding, Shape.EQUAL, "")
        case (str() as needle,):
            return Plan(folding, Shape.EQUAL, needle)
        case (str() as needle, Wildcard.ANY):
            return Plan(folding, Shape.PREFIX, needle)
        case (Wildcard.ANY, str() as needle):
            return Plan(folding, Shape.SUFFIX, needle)
        case (Wildcard.ANY, str() as needle, Wildcard.ANY):
            return Plan(folding, Shape.CONTAINS, needle)
        case _:
            return Plan(folding, Shape.REGEX, _regex(folded))


def _regex(pieces: tuple[str | Wildcard, ...]) -> str:
    inner = "".join(
        quoted(piece) if isinstance(piece, str) else ".*" if piece is ANY else "."
        for piece in pieces
    )
    return f"(?s-im)^(?:{inner})$"
