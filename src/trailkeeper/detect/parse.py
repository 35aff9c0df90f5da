"""Sigma YAML to rules, with every fault at once.

Files are read together: a correlation may name a rule of another file. A faulty rule hides
neither its own other faults nor the rules beside it. pySigma reads the small parts
(`trailkeeper.detect.sigma`); what a rule may say is described in docs/rules.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import msgspec

from trailkeeper.detect.condition import Condition
from trailkeeper.detect.correlation_section import Base, Draft, read_correlation, resolve
from trailkeeper.detect.detection_section import read_detection
from trailkeeper.detect.document import Many, Node, Table, Value, read_documents, to_plain
from trailkeeper.detect.faults import Fault, FaultCode, Faults, InvalidRules, Place
from trailkeeper.detect.header import Header, HeaderReader
from trailkeeper.detect.names import split_key
from trailkeeper.detect.rule import Correlation, Rule, RuleVersion

MAX_FILES: Final = 5000

_UNSUPPORTED: Final = {
    "action": "Rules are not built from other documents of a file. Write each in full.",
    "filter": "Filters of Sigma change other rules. Write the exception into the rule.",
}


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A file's name, for faults to tell, and its text."""

    name: str
    text: str | bytes


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """One document of a file: the rule, or None and why. `names` are the fields it names."""

    title: str
    place: Place
    rule: Rule | None
    faults: tuple[Fault, ...]
    names: tuple[str, ...]
    logsource: str


@dataclass(frozen=True, slots=True)
class ReadRules:
    """What was read. `faults` are all of them, those of unreadable files included."""

    documents: tuple[ReadDocument, ...]
    faults: tuple[Fault, ...]

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(each.rule for each in self.documents if each.rule is not None)


def load_rules(files: Iterable[RuleFile]) -> tuple[Rule, ...]:
    """The rules of all files. Raises InvalidRules with every fault in them."""
    found = read_rules(files)
    if found.faults:
        raise InvalidRules(found.faults)
    return found.rules


def load_rule_text(text: str | bytes, name: str = "rule.yml") -> tuple[Rule, ...]:
    """The rules of one text. Raises InvalidRules."""
    return load_rules([RuleFile(name, text)])


def read_rules(files: Iterable[RuleFile]) -> ReadRules:
    """All that can be read of the files, and all that is wrong with the rest."""
    general = Faults()
    drafts: list[_Draft] = []
    for file in files:
        drafts += [_Draft(table) for table in read_documents(file.name, file.text, general)]
    bases = _bases(drafts)
    for draft in drafts:
        if draft.correlating is not None:
            draft.correlation = resolve(draft.correlating, bases, draft.faults)
    serving = _serving(drafts)
    documents = tuple(draft.read(serving, drafts) for draft in drafts)
    faults = [*general.found(), *(fault for each in documents for fault in each.faults)]
    return ReadRules(documents, tuple(sorted(faults, key=lambda fault: fault.place)))


class _Draft:
    """A document while its references are not resolved yet."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.faults = Faults()
        self.header: Header = HeaderReader(table, self.faults).read()
        self.condition: Condition | None = None
        self.correlating: Draft | None = None
        self.correlation: Correlation | None = None
        self._read_body()

    @property
    def is_correlation(self) -> bool:
        return self.table.get("correlation") is not None

    def names(self) -> Iterator[str]:
        """What a correlation may call it."""
        yield self.header.id
        if self.header.name:
            yield self.header.name

    def _read_body(self) -> None:
        for key, hint in _UNSUPPORTED.items():
            entry = self.table.get(key)
            if entry is not None:
                detail = f"{key!r} is not supported."
                self.faults.add(FaultCode.UNSUPPORTED, entry.place, detail, hint)
        detection, correlation = self.table.get("detection"), self.table.get("correlation")
        if detection is not None and correlation is not None:
            self.faults.add(
                FaultCode.UNSUPPORTED,
                correlation.place,
                "A rule has a detection or a correlation, not both.",
                "Write two documents; the correlation names the other rule.",
            )
        elif detection is not None:
            self.condition = read_detection(detection, self.faults)
        elif correlation is not None:
            self.correlating = read_correlation(correlation, self.faults)
        else:
            self.faults.add(
                FaultCode.MISSING,
                self.table.place,
                "The rule has neither a detection nor a correlation.",
            )

    def read(self, serving: set[str], drafts: list[_Draft]) -> ReadDocument:
        rule = None
        if not self.faults:
            rule = self._rule(serving, drafts)
        return ReadDocument(
            self.header.title,
            self.table.place,
            rule,
            self.faults.found(),
            tuple(dict.fromkeys(_field_names(self.table))),
            _logsource(self.table),
        )

    def _rule(self, serving: set[str], drafts: list[_Draft]) -> Rule | None:
        header, draft = self.header, self.correlating
        if self.condition is None and self.correlation is None:
            # A rule that it names is faulty, which is told there.
            return None
        named = [] if draft is None else [name for name, _ in draft.rules]
        return Rule(
            id=header.id,
            title=header.title,
            name=header.name,
            description=header.description,
            level=header.level,
            status=header.status,
            tags=header.tags,
            version=_version([self.table, *_tables(named, drafts)]),
            false_positives=header.false_positives,
            fields=header.fields,
            references=header.references,
            condition=self.condition,
            correlation=self.correlation,
            group_by=self.correlation.parts[0].group_by if self.correlation else header.group_by,
            timespan=_timespan(self),
            suppression=header.suppression,
            is_daily=header.is_daily,
            is_raised=not serving.intersection(self.names()),
            place=self.table.place,
        )


def _timespan(draft: _Draft) -> timedelta:
    return draft.correlating.timespan if draft.correlating is not None else draft.header.window


def _bases(drafts: list[_Draft]) -> dict[str, Base]:
    """What correlations may name. A name that is given twice is a fault."""
    bases: dict[str, Base] = {}
    for draft in drafts:
        for name in draft.names():
            if name and name in bases:
                entry = draft.table.get("name" if name == draft.header.name else "id")
                place = entry.node.place if entry is not None else draft.table.place
                detail = f"There is another rule {name!r}."
                draft.faults.add(
                    FaultCode.DUPLICATE, place, detail, "Give the rule an id of its own."
                )
                continue
            bases[name] = Base(draft.header.title, draft.condition, draft.is_correlation)
    return bases


def _serving(drafts: list[_Draft]) -> set[str]:
    """Names of rules that only serve a correlation."""
    return {
        name
        for draft in drafts
        if draft.correlating is not None and not draft.correlating.is_generating
        for name, _ in draft.correlating.rules
    }


def _tables(names: list[str], drafts: list[_Draft]) -> list[Table]:
    by_name = {name: draft.table for draft in drafts for name in draft.names()}
    return [by_name[name] for name in names]


def _version(tables: list[Table]) -> RuleVersion:
    said = msgspec.json.encode([to_plain(table) for table in tables], order="deterministic")
    return RuleVersion(hashlib.sha256(said).hexdigest()[:16])


def _field_names(table: Table) -> Iterator[str]:
    """The names of fields in the detection, as written."""
    detection = table.get("detection")
    if detection is not None and isinstance(detection.node, Table):
        for entry in detection.node.entries:
            yield from _keys_of(entry.node)
    for key in ("correlation", "trailkeeper"):
        section = table.get(key)
        if section is None or not isinstance(section.node, Table):
            continue
        group = section.node.get("group-by")
        if group is not None:
            yield from (each.text for each in _values_of(group.node))


def _keys_of(node: Node) -> Iterator[str]:
    match node:
        case Table(entries=entries):
            yield from (name for each in entries if (name := split_key(each.key)[0]))
        case Many(items=items):
            for item in items:
                yield from _keys_of(item)


def _values_of(node: Node) -> Iterator[Value]:
    members = node.items if isinstance(node, Many) else [node]
    return (each for each in members if isinstance(each, Value))


def _logsource(table: Table) -> str:
    section = table.get("logsource")
    if section is None or not isinstance(section.node, Table):
        return ""
    return " ".join(
        f"{each.key}={each.node.text}"
        for each in section.node.entries
        if isinstance(each.node, Value)
    )
