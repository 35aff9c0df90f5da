"""What can be wrong with a rule: stable codes, and the place of each fault.

| code | means |
| --- | --- |
| RULE_TOO_LARGE | the file, a text or the number of values is past its limit |
| RULE_YAML_SYNTAX | this is not YAML |
| RULE_YAML_ALIAS, RULE_YAML_TAG, RULE_YAML_DEPTH, RULE_YAML_KEY | YAML that rules do not use |
| RULE_MISSING, RULE_UNKNOWN_KEY, RULE_BAD_VALUE | a part is missing, unknown or of a wrong type |
| RULE_UNKNOWN_FIELD | there is no such field |
| RULE_UNKNOWN_MODIFIER, RULE_UNSUPPORTED_MODIFIER, RULE_BAD_MODIFIER | a modifier |
| RULE_UNSAFE_REGEX | RE2 does not take the regular expression |
| RULE_BAD_CONDITION, RULE_UNKNOWN_SELECTION | the condition |
| RULE_UNSUPPORTED_TYPE, RULE_UNSUPPORTED | a kind of rule that there is not |
| RULE_BAD_TIMESPAN | a span of time |
| RULE_UNKNOWN_RULE, RULE_NESTED_CORRELATION, RULE_DUPLICATE | references between rules |
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from trailkeeper.errors import Unprocessable


class FaultCode(StrEnum):
    TOO_LARGE = "RULE_TOO_LARGE"
    YAML_SYNTAX = "RULE_YAML_SYNTAX"
    YAML_ALIAS = "RULE_YAML_ALIAS"
    YAML_TAG = "RULE_YAML_TAG"
    YAML_DEPTH = "RULE_YAML_DEPTH"
    YAML_KEY = "RULE_YAML_KEY"
    MISSING = "RULE_MISSING"
    UNKNOWN_KEY = "RULE_UNKNOWN_KEY"
    BAD_VALUE = "RULE_BAD_VALUE"
    UNKNOWN_FIELD = "RULE_UNKNOWN_FIELD"
    UNKNOWN_MODIFIER = "RULE_UNKNOWN_MODIFIER"
    UNSUPPORTED_MODIFIER = "RULE_UNSUPPORTED_MODIFIER"
    BAD_MODIFIER = "RULE_BAD_MODIFIER"
    UNSAFE_REGEX = "RULE_UNSAFE_REGEX"
    BAD_CONDITION = "RULE_BAD_CONDITION"
    UNKNOWN_SELECTION = "RULE_UNKNOWN_SELECTION"
    UNSUPPORTED_TYPE = "RULE_UNSUPPORTED_TYPE"
    UNSUPPORTED = "RULE_UNSUPPORTED"
    BAD_TIMESPAN = "RULE_BAD_TIMESPAN"
    UNKNOWN_RULE = "RULE_UNKNOWN_RULE"
    NESTED_CORRELATION = "RULE_NESTED_CORRELATION"
    DUPLICATE = "RULE_DUPLICATE"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in which file; lines and columns count from 1, columns in characters."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def moved(self, columns: int) -> Place:
        return Place(self.file, self.line, self.column + columns)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, where, and what to write instead."""

    code: FaultCode
    place: Place
    detail: str
    hint: str | None = None

    def __str__(self) -> str:
        hint = f" {self.hint}" if self.hint else ""
        return f"{self.place}: {self.code}: {self.detail}{hint}"


class Faults:
    """Collects faults, so that all of them can be told at once."""

    def __init__(self) -> None:
        self._found: list[Fault] = []

    def add(self, code: FaultCode, place: Place, detail: str, hint: str | None = None) -> None:
        fault = Fault(code, place, detail, hint)
        if fault not in self._found:
            self._found.append(fault)

    def __len__(self) -> int:
        return len(self._found)

    def found(self) -> tuple[Fault, ...]:
        """All of them, by place."""
        return tuple(sorted(self._found, key=lambda fault: fault.place))


class InvalidRules(Unprocessable):
    """Rules that cannot be used, with all of their faults."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        count = len(faults)
        super().__init__(
            "INVALID_RULES",
            f"{count} fault{'s' if count > 1 else ''}: " + "; ".join(map(str, faults[:5])),
            hint="Each fault has its file, line and column. docs/rules.md describes the language.",
        )
        self.faults = faults
