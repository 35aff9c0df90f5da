"""Import of a folder of public Sigma rules: what can be used here, and why the rest cannot.

Nothing is stored and nothing is turned on: the answer is a report, rule by rule, which says
what each name in the rule stands for here and which names stand for nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from trailkeeper.detect.document import MAX_FILE_BYTES
from trailkeeper.detect.faults import Fault, Place
from trailkeeper.detect.lint import RuleWarning, lint
from trailkeeper.detect.names import is_known, our_name
from trailkeeper.detect.parse import MAX_FILES, ReadDocument, RuleFile, read_rules
from trailkeeper.detect.rule import Rule
from trailkeeper.errors import Unprocessable

_ENDINGS: Final = (".yml", ".yaml")


class Outcome(StrEnum):
    USABLE = "usable"
    """All of it means something here; whether such events are sent is for people to know."""
    DOUBTFUL = "doubtful"
    """It can be used, but has warnings."""
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class Imported:
    """One rule of the folder. `mapped` are its names for fields and ours; `unmapped` the rest."""

    title: str
    place: Place
    outcome: Outcome
    rule: Rule | None
    reasons: tuple[str, ...]
    mapped: tuple[tuple[str, str], ...]
    unmapped: tuple[str, ...]
    logsource: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """`unreadable` are files (and faults in them) that hold no rule at all."""

    rules: tuple[Imported, ...]
    unreadable: tuple[str, ...]

    def count(self, outcome: Outcome) -> int:
        return sum(each.outcome is outcome for each in self.rules)

    def most_missed(self, limit: int = 20) -> list[tuple[str, int]]:
        """Names that stand for nothing here, those in most rules first."""
        counts: dict[str, int] = {}
        for each in self.rules:
            for name in each.unmapped:
                counts[name] = counts.get(name, 0) + 1
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]


def import_folder(folder: Path) -> ImportReport:
    """Reads all YAML files below the folder. Links that lead out of it are not followed.

    Raises Unprocessable(TOO_MANY_RULE_FILES).
    """
    unreadable: list[str] = []
    return import_files(list(_read_files(folder, unreadable)), unreadable)


def import_files(rule_files: Sequence[RuleFile], unread: Sequence[str] = ()) -> ImportReport:
    """The same of files in memory. `unread` are others that could not even be read, and why."""
    unreadable = list(unread)
    found = read_rules(rule_files)
    told = {fault for document in found.documents for fault in document.faults}
    unreadable += [str(fault) for fault in found.faults if fault not in told]
    return ImportReport(tuple(map(_imported, found.documents)), tuple(unreadable))


def _read_files(folder: Path, unreadable: list[str]) -> Iterator[RuleFile]:
    for count, path in enumerate(_paths(folder), 1):
        if count > MAX_FILES:
            raise Unprocessable(
                "TOO_MANY_RULE_FILES",
                f"The folder holds more than {MAX_FILES:,} rule files.",
                hint="Import it in parts.",
            )
        name = path.relative_to(folder).as_posix()
        try:
            with path.open("rb") as file:
                # One byte more, so that a file past the limit is told as such.
                yield RuleFile(name, file.read(MAX_FILE_BYTES + 1))
        except OSError as error:
            unreadable.append(f"{name}: {error.strerror}")


def _paths(folder: Path) -> Iterator[Path]:
    root = folder.resolve()
    for directory, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(directory) / name
            if name.endswith(_ENDINGS) and path.resolve().is_relative_to(root) and path.is_file():
                yield path


def _imported(document: ReadDocument) -> Imported:
    warnings: tuple[RuleWarning, ...] = lint([document.rule]) if document.rule else ()
    reasons = [_reason(fault) for fault in document.faults]
    reasons += [f"{warning.code}: {warning.detail}" for warning in warnings]
    if document.rule is None and not document.faults:
        reasons.append("A rule that it refers to is unusable.")
    if document.rule is None:
        outcome = Outcome.UNUSABLE
    else:
        outcome = Outcome.DOUBTFUL if warnings else Outcome.USABLE
    return Imported(
        title=document.title,
        place=document.place,
        outcome=outcome,
        rule=document.rule,
        reasons=tuple(reasons),
        mapped=tuple((name, our_name(name)) for name in document.names if is_known(name)),
        unmapped=tuple(name for name in document.names if not is_known(name)),
        logsource=document.logsource,
    )


def _reason(fault: Fault) -> str:
    return f"{fault.place.line}:{fault.place.column}: {fault.code}: {fault.detail}"
