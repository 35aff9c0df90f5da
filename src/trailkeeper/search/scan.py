"""The scanner: words, quoted text, paths and values of `q`, with their places."""

from __future__ import annotations

import re
from typing import Final

from trailkeeper.search.ast import Path
from trailkeeper.search.details import MAX_INDEX_SEGMENTS, MAX_PATH_SEGMENTS, is_index
from trailkeeper.search.faults import invalid_query, too_complex
from trailkeeper.search.values import Value, split_wildcards

_SPACE: Final = re.compile(r"\s*")
_BARE: Final = re.compile(r'[^\s()"]+')
_BARE_IN_GROUP: Final = re.compile(r'[^\s()",]+')
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_ESCAPE: Final = re.compile(r'\\(["\\])')
_NAME: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_.-]*):")
_SEGMENT: Final = r'(?:"(?:[^"\\]|\\.)*+"|[^\s.:"()]++)'
_PATH: Final = re.compile(rf"details((?:\.{_SEGMENT})++):", re.DOTALL)
_SEGMENTS: Final = re.compile(rf"\.({_SEGMENT})", re.DOTALL)
_KEYWORD: Final = re.compile(r'(AND|OR|NOT)(?=[\s()"]|$)')


class Scanner:
    """Reads `text` from left to right; `position` is the next character's offset."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def skip_space(self) -> None:
        self.position = self._end_of(_SPACE)

    def at_end(self) -> bool:
        return self.position >= len(self.text)

    def peek(self) -> str:
        """The next character, or "" at the end."""
        return self.text[self.position : self.position + 1]

    def take(self, character: str) -> bool:
        """Consumes the character if it is next."""
        if self.peek() != character:
            return False
        self.position += 1
        return True

    def peek_keyword(self) -> str | None:
        found = _KEYWORD.match(self.text, self.position)
        return found.group(1) if found else None

    def take_keyword(self, keyword: str) -> bool:
        if self.peek_keyword() != keyword:
            return False
        self.position += len(keyword)
        return True

    def take_path(self) -> Path | None:
        """The path of `details.<path>:`, colon consumed; None if that is not what follows."""
        start = self.position
        found = _PATH.match(self.text, start)
        if found is None:
            self._refuse_broken_path()
            return None
        self.position = found.end()
        return checked_path(
            tuple(_segment(each) for each in _SEGMENTS.findall(found.group(1))), start
        )

    def take_name(self) -> str | None:
        """The name of `name:`, colon consumed; None if that is not what follows."""
        found = _NAME.match(self.text, self.position)
        if found is None:
            return None
        self.position = found.end()
        return found.group(1)

    def take_value(self, *, in_group: bool = False) -> Value:
        """A value: quoted and unquoted pieces, with `*` between them.

        Raises BadRequest(INVALID_QUERY).
        """
        start = self.position
        parts = [""]
        is_quoted = False
        while True:
            if self.peek() == '"':
                parts[-1] += self._take_quoted()
                is_quoted = True
                self._require_end_of_piece(in_group)
            bare = self._take_bare(in_group)
            if not bare:
                break
            first, *rest = split_wildcards(bare)
            parts[-1] += first
            parts += rest
            if self.peek() == '"' and not bare.endswith("*"):
                raise invalid_query(
                    "A quote stands within a word.",
                    self.position,
                    ["a space", "*"],
                    'Put the whole value in quotes; write a quote within them as \\".',
                )
        if start == self.position:
            expected = ["a value", '"quoted value"', "*"]
            raise invalid_query(
                "A value is missing.", start, expected, 'To ask for an absent one write "".'
            )
        self._refuse_open_parenthesis()
        return Value(_without_double_stars(parts), is_quoted, start)

    def _take_bare(self, in_group: bool) -> str:
        start = self.position
        self.position = self._end_of(_BARE_IN_GROUP if in_group else _BARE)
        return self.text[start : self.position]

    def _take_quoted(self) -> str:
        found = _QUOTED.match(self.text, self.position)
        if found is None:
            raise invalid_query(
                "A quote is opened here but not closed.",
                self.position,
                ['"'],
                'Within quotes, write a quote as \\" and a backslash as \\\\.',
            )
        self.position = found.end()
        return unescape(found.group(1))

    def _require_end_of_piece(self, in_group: bool) -> None:
        following = self.peek()
        if following in ("", "*", ")") or following.isspace() or (in_group and following == ","):
            return
        raise invalid_query(
            "Something follows a closing quote.",
            self.position,
            ["a space", "*"],
            "Put the whole value in quotes.",
        )

    def _refuse_open_parenthesis(self) -> None:
        if self.peek() == "(":
            raise invalid_query(
                "A parenthesis stands within a word.",
                self.position,
                ["a space"],
                "Put text that holds parentheses in quotes.",
            )

    def _refuse_broken_path(self) -> None:
        if not self.text.startswith("details.", self.position):
            return
        word = self.text[self.position : self._end_of(_BARE)]
        if ":" in word or self.text.startswith('details."', self.position):
            raise invalid_query(
                "The path in details is not complete.",
                self.position,
                ["details.<key>.<key>:"],
                'Quote a key that holds dots, colons or spaces: details."a.b".c:5.',
            )

    def _end_of(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.text, self.position)
        return found.end() if found else self.position


def parse_path(text: str) -> Path | None:
    """The path of `details.<path>`, with nothing around it. None where it is not one.

    Raises BadRequest(QUERY_TOO_COMPLEX).
    """
    found = _PATH.fullmatch(text + ":")
    if found is None:
        return None
    return checked_path(tuple(_segment(each) for each in _SEGMENTS.findall(found.group(1))))


def show_path(path: Path) -> str:
    """The path as it is written in `q`: the counterpart of `parse_path`."""
    bare = re.compile(r"[A-Za-z0-9_-]+")
    segments = (each if bare.fullmatch(each) else show_quoted(each) for each in path)
    return ".".join(("details", *segments))


def show_quoted(text: str) -> str:
    """The text in quotes, as `q` reads them."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def checked_path(path: Path, position: int | None = None) -> Path:
    if len(path) > MAX_PATH_SEGMENTS or sum(map(is_index, path)) > MAX_INDEX_SEGMENTS:
        raise too_complex(
            "The path in details is too long.",
            f"A path has at most {MAX_PATH_SEGMENTS} segments, and {MAX_INDEX_SEGMENTS} of them "
            "may be numbers.",
            position=position,
        )
    return path


def _segment(text: str) -> str:
    return unescape(text[1:-1]) if text.startswith('"') else text


def unescape(text: str) -> str:
    return _ESCAPE.sub(r"\1", text)


def _without_double_stars(parts: list[str]) -> tuple[str, ...]:
    if len(parts) == 1:
        return (parts[0],)
    return (parts[0], *(part for part in parts[1:-1] if part), parts[-1])
