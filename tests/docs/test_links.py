"""Every link within the documentation leads somewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import ROOT, page_names, read_page

OUTSIDE = ("http://", "https://", "mailto:")

EXPECTED = (
    "README.md",
    "docs/README.md",
    "docs/api.md",
    "docs/cli.md",
    "docs/enrichment.md",
    "docs/journey.md",
    "docs/operations.md",
    "docs/redaction.md",
    "docs/retention.md",
    "docs/search.md",
    "docs/settings.md",
    "docs/threat-model.md",
    "docs/troubleshooting.md",
)


def test_the_promised_pages_exist() -> None:
    assert set(EXPECTED) <= set(page_names())


@pytest.mark.parametrize("name", page_names())
def test_links_lead_somewhere(name: str) -> None:
    page = read_page(name)
    faults = [
        f"{name}:{line}: {target}: {fault}"
        for line, target in page.links()
        if not target.startswith(OUTSIDE) and (fault := _fault(page.path, target))
    ]
    assert not faults, "\n".join(faults)


def test_every_page_is_reachable_from_the_readme() -> None:
    seen: set[str] = set()
    waiting = ["README.md"]
    while waiting:
        name = waiting.pop()
        if name in seen or not name.endswith(".md"):
            continue
        seen.add(name)
        page = read_page(name)
        for _, target in page.links():
            if not target.startswith((*OUTSIDE, "#")):
                linked = (page.path.parent / target.partition("#")[0]).resolve()
                waiting.append(linked.relative_to(ROOT).as_posix())
    documentation = {name for name in page_names() if name.startswith("docs/")}
    assert not documentation - seen


def _fault(path: Path, target: str) -> str | None:
    file_part, _, anchor = target.partition("#")
    linked = (path.parent / file_part).resolve() if file_part else path
    if not linked.is_relative_to(ROOT):
        return "leads out of the repository"
    if not linked.exists():
        return "there is no such file"
    if anchor and anchor not in read_page(linked.relative_to(ROOT).as_posix()).anchors():
        return "there is no such heading"
    return None
