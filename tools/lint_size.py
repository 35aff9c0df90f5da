"""Budgets of size.

Reason: what fits on a screen or two is read whole before it is changed; what does not is
changed in part. A file past its budget holds two things: split it by what they are.

Python files have at most 400 lines and a median of at most 150, functions fewer than 60, the
console's source files at most 250, and a line at most 100 columns.

Escape: `# size: reason` (in the console `// size: reason`) in the first five lines for a file,
on or above the `def` for a function, on the line for a line. A line whose length is due to an
address needs none.
"""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

from linting import PYTHON_FOLDERS, Finding, Source, main, sources

MAX_FILE_LINES = 400
MAX_MEDIAN_LINES = 150
MAX_FUNCTION_LINES = 59
MAX_CONSOLE_LINES = 250
MAX_COLUMNS = 100

CONSOLE_SOURCES = {".css", ".html", ".js", ".jsx", ".ts", ".tsx"}
NOT_OURS = {"dist", "node_modules"}
GENERATED = {"web/src/api/schema.d.ts"}
ESCAPE = re.compile(r"(#|//|/\*|<!--)\s*size:\s*\S")
ADDRESS = re.compile(r"https?://\S{40}")


def check(root: Path) -> list[Finding]:
    python = list(sources(root, *PYTHON_FOLDERS))
    findings = [finding for source in python for finding in _check_functions(source)]
    for path in [source.path for source in python]:
        findings += _check_file(root, path, MAX_FILE_LINES)
    for path in _console_files(root):
        findings += _check_file(root, path, MAX_CONSOLE_LINES)
    return [*findings, *_check_median(python)]


def _console_files(root: Path) -> Iterator[Path]:
    for path in sorted((root / "web").rglob("*")):
        name = path.relative_to(root)
        is_ours = not NOT_OURS & set(name.parts) and name.as_posix() not in GENERATED
        if path.suffix in CONSOLE_SOURCES and is_ours:
            yield path


def _check_file(root: Path, path: Path, budget: int) -> Iterator[Finding]:
    name = path.relative_to(root).as_posix()
    lines = path.read_text(encoding="utf-8").splitlines()
    if len(lines) > budget and not any(ESCAPE.search(line) for line in lines[:5]):
        yield Finding(name, 1, f"{len(lines)} lines, the budget is {budget}: split it")
    for number, line in enumerate(lines, start=1):
        if len(line) > MAX_COLUMNS and not ADDRESS.search(line) and not ESCAPE.search(line):
            yield Finding(name, number, f"{len(line)} columns, the budget is {MAX_COLUMNS}")


def _check_functions(source: Source) -> Iterator[Finding]:
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        length = (node.end_lineno or node.lineno) - node.lineno + 1
        header_end = max(node.lineno, node.body[0].lineno - 1)
        if length > MAX_FUNCTION_LINES and not source.is_excused("size", node.lineno, header_end):
            message = f"{node.name} has {length} lines, the budget is {MAX_FUNCTION_LINES}"
            yield source.finding(node.lineno, message)


def _check_median(python: list[Source]) -> Iterator[Finding]:
    lengths = [lines for source in python if (lines := len(source.text.splitlines()))]
    median = statistics.median(lengths) if lengths else 0
    if median > MAX_MEDIAN_LINES:
        yield Finding(".", 1, f"median file length {median:.0f}, the budget is {MAX_MEDIAN_LINES}")


if __name__ == "__main__":
    main(check)
