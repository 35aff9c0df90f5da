"""An import of public rules on the wire."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from trailkeeper.detect.importer import Imported, ImportReport, Outcome

MAX_IMPORTED: Final = 500


class ImportedFile(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=400)]
    text: Annotated[str, msgspec.Meta(max_length=262_144)]


class NewImport(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Rule files. With `keep`, files of one usable rule are kept, turned off."""

    files: Annotated[list[ImportedFile], msgspec.Meta(min_length=1, max_length=MAX_IMPORTED)]
    keep: bool = False


class ImportedRule(msgspec.Struct, kw_only=True):
    """`mapped` are the rule's names for fields and ours, `unmapped` those that stand for
    nothing here."""

    title: str
    file: str
    line: int
    outcome: Outcome
    id: str | None
    reasons: list[str]
    mapped: dict[str, str]
    unmapped: list[str]
    logsource: str


class MissedName(msgspec.Struct, kw_only=True):
    name: str
    rules: int


class ImportView(msgspec.Struct, kw_only=True):
    """`kept` are ids of rules that were kept; `unreadable` files that hold no rule at all."""

    usable: int
    doubtful: int
    unusable: int
    rules: list[ImportedRule]
    unreadable: list[str]
    most_missed: list[MissedName]
    kept: list[str]


def to_import_view(report: ImportReport, kept: list[str]) -> ImportView:
    return ImportView(
        usable=report.count(Outcome.USABLE),
        doubtful=report.count(Outcome.DOUBTFUL),
        unusable=report.count(Outcome.UNUSABLE),
        rules=[_to_rule(each) for each in report.rules],
        unreadable=list(report.unreadable),
        most_missed=[MissedName(name=name, rules=count) for name, count in report.most_missed()],
        kept=kept,
    )


def _to_rule(imported: Imported) -> ImportedRule:
    return ImportedRule(
        title=imported.title,
        file=imported.place.file,
        line=imported.place.line,
        outcome=imported.outcome,
        id=imported.rule.id if imported.rule is not None else None,
        reasons=list(imported.reasons),
        mapped=dict(imported.mapped),
        unmapped=list(imported.unmapped),
        logsource=imported.logsource,
    )
