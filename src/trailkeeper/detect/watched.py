"""A rule as it is watched: what its text says, and whether and how loudly it is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from trailkeeper.detect.builtin import builtin_files, builtin_history_files
from trailkeeper.detect.document import read_documents
from trailkeeper.detect.faults import Fault, FaultCode, Faults, InvalidRules, Place
from trailkeeper.detect.history_plan import HistoryPlan, read_history
from trailkeeper.detect.lint import RuleWarning, lint
from trailkeeper.detect.parse import RuleFile, read_rules
from trailkeeper.detect.rule import Level, Rule, RuleId

FILE_NAME: Final = "rule.yml"


@dataclass(frozen=True, slots=True)
class WatchedRule:
    """One rule that raises detections. `history` is set where it compares with history."""

    rule: Rule
    text: str
    history: HistoryPlan | None = None
    is_built_in: bool = False
    is_enabled: bool = True
    severity_override: Level | None = None

    @property
    def severity(self) -> Level:
        return self.severity_override or self.rule.level

    def with_changes(self, *, is_enabled: bool, severity: Level | None) -> WatchedRule:
        return replace(self, is_enabled=is_enabled, severity_override=severity)


@dataclass(frozen=True, slots=True)
class CheckedText:
    """What a text says, all that is wrong with it, and what is doubtful."""

    watched: WatchedRule | None
    faults: tuple[Fault, ...]
    warnings: tuple[RuleWarning, ...]


def check_text(text: str, name: str = FILE_NAME, *, is_built_in: bool = False) -> CheckedText:
    """Reads a text of one rule and of those that serve it."""
    found = read_rules([RuleFile(name, text)])
    faults = Faults()
    plans = {
        table.place: read_history(table, faults) for table in read_documents(name, text, faults)
    }
    all_faults = [*found.faults, *(fault for fault in faults.found() if fault not in found.faults)]
    raised = [rule for rule in found.rules if rule.is_raised]
    if not all_faults and len(raised) != 1:
        place = raised[1].place if raised else Place(name, 1, 1)
        detail = f"The text holds {len(raised)} rules that raise detections."
        hint = "Keep one rule, with those that it refers to, in one text."
        all_faults.append(Fault(FaultCode.UNSUPPORTED, place, detail, hint))
    warnings = lint(found.rules)
    if all_faults:
        return CheckedText(None, tuple(sorted(all_faults, key=lambda each: each.place)), warnings)
    rule = raised[0]
    watched = WatchedRule(rule, text, plans.get(rule.place), is_built_in=is_built_in)
    return CheckedText(watched, (), warnings)


def read_text(text: str, name: str = FILE_NAME, *, is_built_in: bool = False) -> WatchedRule:
    """The rule of a text. Raises InvalidRules with every fault."""
    checked = check_text(text, name, is_built_in=is_built_in)
    if checked.watched is None:
        raise InvalidRules(checked.faults)
    return checked.watched


@lru_cache(maxsize=1)
def built_in_watched() -> dict[RuleId, WatchedRule]:
    """The built-in rules by id: one file each, all of them on."""
    found = {}
    for file in (*builtin_files(), *builtin_history_files()):
        text = file.text if isinstance(file.text, str) else file.text.decode()
        watched = read_text(text, file.name, is_built_in=True)
        found[watched.rule.id] = watched
    return found
