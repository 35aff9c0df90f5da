r"""Text without regard to case, and where it may stand in stored details.

Text of ASCII alone compares by ASCII letters: neither the Kelvin sign nor a dotted capital I
is taken for a `k` or an `i`. Any other text compares by Unicode's lower case, with the final
sigma taken for a sigma, since the engine and Python could see a word's end differently.

Stored details are compact JSON. A pattern (RE2's syntax) that is anchored at the start and
consumes whole strings knows an opening quote from a closing one, a key from a value, and
`\\n`, two characters, from the line feed that is written so.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from trailkeeper.search.details import escape_json
from trailkeeper.search.fields import Field, Kind

SIGMA: Final = "\N{GREEK SMALL LETTER SIGMA}"
FINAL_SIGMA: Final = "\N{GREEK SMALL LETTER FINAL SIGMA}"

MIN_INDEXED_LENGTH: Final = 4
"""The index knows text by its runs of four characters."""

_UNIT: Final = r'(?:[^"\\]|\\u[0-9a-f]{4}|\\[^u])'
_SCALAR: Final = re.compile(r"[0-9a-z.+-]+")
_ADDRESS_PART: Final = re.compile(r"[0-9a-f]{0,4}(?:[:.][0-9a-f]{0,4})*")
_KELVIN_AND_DOTTED_I: Final = "ki"


def fold(text: str) -> str:
    """Unicode's lower case, the same wherever in a word a letter stands."""
    return text.lower().replace(FINAL_SIGMA, SIGMA)


def fold_ascii(text: str) -> str:
    """ASCII letters in lower case, all else as it is."""
    return text.lower() if text.isascii() else text.encode().lower().decode()


def fold_needle(text: str) -> str:
    """Text to be found, folded by the rule that its own characters choose."""
    return fold_ascii(text) if text.isascii() else fold(text)


def fold_parts(field: Field, parts: tuple[str, ...]) -> tuple[str, ...]:
    """The parts of a Like, all folded by the one rule that they choose together."""
    folding = fold_ascii if "".join(parts).isascii() else fold
    folded = tuple(map(folding, parts))
    return ("", *folded, "") if field.kind is Kind.PART else folded


def may_be_in_address(needle: str) -> bool:
    """Whether a folded needle can be a part of an address as people write it."""
    return len(needle) <= 45 and _ADDRESS_PART.fullmatch(needle) is not None


def details_pattern(needle: str) -> str:
    """A pattern that finds a folded needle in the values, not the keys, of stored details."""
    quoted = "".join(_quoted(character) for character in escape_json(needle))
    found = f'"{_UNIT}*?{quoted}{_UNIT}*"[,\\]}}]'
    if _SCALAR.fullmatch(needle):
        # Outside strings such text can only be (a part of) a number, true, false or null.
        found = f"(?:{quoted}|{found})"
    return f'(?s)^(?:[^"]|"{_UNIT}*")*?{found}'


def _quoted(character: str) -> str:
    if not character.isascii():
        return character
    if character.isalpha():
        return f"[{character.lower()}{character.upper()}]"
    return character if character.isalnum() else "\\" + character


def indexed_part(needle: str) -> str | None:
    """The longest part of a folded needle that the text index can be asked for, or None.

    That is a part which stands in the indexed text as it stands here: not escaped as JSON
    would, and not the lower case of something that ASCII lower-casing leaves alone.
    """
    runs = re.split("\0", "".join(c if _is_indexed(c, needle) else "\0" for c in needle))
    longest = max(runs, key=len)
    return longest if len(longest) >= MIN_INDEXED_LENGTH else None


def _is_indexed(character: str, needle: str) -> bool:
    if character in '"\\' or character < " ":
        return False
    if needle.isascii():
        return True
    if character.isascii():
        return character not in _KELVIN_AND_DOTTED_I
    return unicodedata.category(character) == "Lo"


def like_escape(text: str) -> str:
    """The text as a LIKE pattern that stands for itself."""
    return re.sub(r"([\\%_])", r"\\\1", text)
