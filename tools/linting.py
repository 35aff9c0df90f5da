"""What the lints share: source files, findings, and the comments that let a line pass.

A lint is a script `lint_<rule>.py` with a function `check(root)` that returns findings. Run
alone it checks the repository (or the folder named as its argument), prints each finding as
`path:line: message` and exits with 1 if there are any.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PYTHON_FOLDERS = ("src", "tests", "tools", "bench")


@dataclass(frozen=True, order=True)
class Finding:
    """One place that breaks a rule; `path` is relative to the checked root."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Source:
    """One Python file, parsed once."""

    root: Path
    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(self.root).as_posix()

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.name)

    @cached_property
    def comments(self) -> dict[int, str]:
        """Line number to the comment on that line."""
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}

    def finding(self, line: int, message: str) -> Finding:
        return Finding(self.name, line, message)

    def is_excused(self, escape: str, first: int, last: int) -> bool:
        """Whether `# <escape>: <reason>` stands on one of these lines or just above them."""
        pattern = re.compile(rf"#\s*{re.escape(escape)}:\s*\S")
        return any(
            pattern.search(self.comments.get(line, "")) for line in range(first - 1, last + 1)
        )


def sources(root: Path, *folders: str) -> Iterator[Source]:
    """All Python files below the folders, in a stable order."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            yield Source(root, path)


def extent(node: ast.stmt | ast.expr) -> tuple[int, int]:
    """First and last line of a node."""
    return node.lineno, node.end_lineno or node.lineno


def header_extent(statement: ast.stmt) -> tuple[int, int]:
    """First and last line of a statement's own nodes: of a `with`, its head and not its body."""
    if not hasattr(statement, "body"):
        return extent(statement)
    heads = [node for node in own_nodes(statement) if isinstance(node, ast.expr)]
    return statement.lineno, max((extent(head)[1] for head in heads), default=statement.lineno)


def statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """Every statement, nested ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.stmt))


def own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """The nodes of a statement, without those of the statements inside it."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(
            child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)
        )


def docstrings(tree: ast.AST) -> set[ast.AST]:
    """The constants that only document: a string alone as a statement."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def text_of(node: ast.expr) -> str | None:
    """The text of a string expression; an interpolation shows as `{its source}`.

    Joins with `+` count as one text. None where the expression is no string literal.
    """
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(text_of(part) or "" for part in parts)
        case ast.FormattedValue(value=value):
            return "{" + ast.unparse(value) + "}"
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            texts = (text_of(left), text_of(right))
            if texts == (None, None):
                return None
            known = (
                texts[0] or f"{{{ast.unparse(left)}}}",
                texts[1] or f"{{{ast.unparse(right)}}}",
            )
            return "".join(known)
    return None


def string_expressions(statement: ast.stmt) -> Iterator[ast.expr]:
    """The outermost string expressions of a statement itself: no part of another one."""
    inner: set[ast.AST] = set()
    for node in own_nodes(statement):
        if node in inner or not isinstance(node, ast.expr) or text_of(node) is None:
            continue
        inner.update(each for each in ast.walk(node) if each is not node)
        yield node


def imports(source: Source) -> Iterator[tuple[ast.Import | ast.ImportFrom, str]]:
    """Each import statement with each absolute dotted name that it may load.

    `from a import b` yields `a.b`, for b may be a module; relative names are resolved.
    """
    package = source.path.relative_to(source.root).with_suffix("").parts[:-1]
    package = package[1:] if package[:1] == ("src",) else package
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            kept = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*kept, *([node.module] if node.module else [])])
            yield from ((node, f"{base}.{alias.name}") for alias in node.names)


def tail_name(node: ast.expr) -> str:
    """The last name of `a`, `a.b` or a call of either; empty where there is none."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=called):
            return tail_name(called)
    return ""


def is_within(module: str, packages: Iterable[str]) -> bool:
    """Whether a dotted name is one of the packages or inside one."""
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def main(check: Callable[[Path], list[Finding]]) -> None:
    """Runs one lint as a script."""
    root = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else REPOSITORY
    findings = sorted(set(check(root)))
    for finding in findings:
        print(finding)
    sys.exit(1 if findings else 0)
