"""The documentation as data: pages, headings, links, code blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_FENCE = re.compile(r"^(\s*)(```+|~~~+)(.*)$")
_HEADING = re.compile(r"^#{1,6} +(.+?) *#*$")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`[^`]*`")
_MARKUP = re.compile(r"[`*]|\[([^\]]*)\]\([^)]*\)")
_NO_ANCHOR = re.compile(r"[^\w\- ]")


@dataclass
class Block:
    """A fenced block: `language`, and the words that follow it on the opening line."""

    line: int
    language: str
    words: tuple[str, ...]
    text: str


@dataclass
class Page:
    """One Markdown file. `prose` are its lines outside of fenced blocks, with numbers."""

    path: Path
    prose: list[tuple[int, str]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    def anchors(self) -> set[str]:
        """Anchors of the headings, as the usual Markdown hosts make them."""
        found: set[str] = set()
        for _, line in self.prose:
            heading = _HEADING.match(line)
            if heading is None:
                continue
            slug = _slug(heading.group(1))
            count = 0
            while (anchor := f"{slug}-{count}" if count else slug) in found:
                count += 1
            found.add(anchor)
        return found

    def links(self) -> Iterator[tuple[int, str]]:
        """Targets of all links in the prose."""
        for number, line in self.prose:
            for found in _LINK.finditer(_CODE.sub("", line)):
                yield number, found.group(1)

    def section(self, heading: str) -> str:
        """The text below a heading, up to the next one. Raises KeyError."""
        lines: list[str] = []
        is_inside = False
        for _, line in self.prose:
            found = _HEADING.match(line)
            if found is not None and is_inside:
                break
            if is_inside:
                lines.append(line)
            is_inside = is_inside or (found is not None and found.group(1) == heading)
        if not is_inside:
            raise KeyError(f"{self.name} has no section {heading!r}")
        return "\n".join(lines)


def _slug(heading: str) -> str:
    text = _MARKUP.sub(lambda found: found.group(1) or "", heading)
    return _NO_ANCHOR.sub("", text.lower()).replace(" ", "-")


def read_page(name: str) -> Page:
    """A page by its name from the repository's root."""
    page = Page(ROOT / name)
    fence = ""
    for number, line in enumerate(page.path.read_text(encoding="utf-8").splitlines(), start=1):
        found = _FENCE.match(line)
        if fence:
            if found is not None and found.group(2).startswith(fence) and not found.group(3):
                fence = ""
            else:
                page.blocks[-1].text += line + "\n"
        elif found is not None:
            fence = found.group(2)
            language, *words = found.group(3).split() or [""]
            page.blocks.append(Block(number, language, tuple(words), ""))
        else:
            page.prose.append((number, line))
    return page


def page_names() -> list[str]:
    """Every Markdown file that people are sent to."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "bench").glob("*.md")]
    return sorted(page.relative_to(ROOT).as_posix() for page in pages)


def table_rows(text: str) -> list[list[str]]:
    """The cells of all tables in a text, without headers."""
    rows: list[list[str]] = []
    is_body = False
    for line in text.splitlines():
        if not line.startswith("|"):
            is_body = False
            continue
        if set(line) <= set("|-: "):
            is_body = True
        elif is_body:
            rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows


def code_words(cell: str) -> list[str]:
    """What stands in backticks in a cell."""
    return [found.strip("`") for found in _CODE.findall(cell)]
