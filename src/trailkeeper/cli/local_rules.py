"""What `rule` does without a server: reading rules. Loaded through `serverside.load` only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from trailkeeper.detect.faults import Place
from trailkeeper.detect.importer import ImportReport, Outcome, import_folder
from trailkeeper.detect.watched import check_text

Document = dict[str, Any]


def checked(paths: list[Path]) -> list[Document]:
    """All faults and warnings of rule files, file by file."""
    found: list[Document] = []
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="replace")
        result = check_text(text, str(path))
        found += [_told(fault.place, fault.code, fault.detail, True) for fault in result.faults]
        found += [_told(each.place, each.code, each.detail, False) for each in result.warnings]
    return found


def import_report(folder: Path) -> Document:
    """What of a folder of public rules means something here."""
    report = import_folder(folder)
    return {
        **{str(outcome): report.count(outcome) for outcome in Outcome},
        "rules": [
            {
                "title": each.title,
                "place": str(each.place),
                "outcome": str(each.outcome),
                "reasons": list(each.reasons),
                "mapped": dict(each.mapped),
                "unmapped": list(each.unmapped),
            }
            for each in report.rules
        ],
        "unreadable": list(report.unreadable),
        "most_missed": [{"name": name, "rules": count} for name, count in report.most_missed()],
    }


def usable_files(folder: Path) -> list[tuple[str, str]]:
    """Names and texts of the files whose rules can all be used."""
    report: ImportReport = import_folder(folder)
    outcomes: dict[str, set[Outcome]] = {}
    for each in report.rules:
        outcomes.setdefault(each.place.file, set()).add(each.outcome)
    names = sorted(name for name, found in outcomes.items() if found == {Outcome.USABLE})
    return [(name, (folder / name).read_text(encoding="utf-8")) for name in names]


def _told(place: Place, code: str, detail: str, is_fault: bool) -> Document:
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "code": str(code),
        "detail": detail,
        "is_fault": is_fault,
    }
