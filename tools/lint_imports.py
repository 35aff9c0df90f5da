"""Imports run one way, the way an event travels.

Reason: a room that reaches upward ties two steps of the journey into one; then neither can be
read, tested or changed alone. The table below is the whole rule. `access` lies under every
room with routes, for it says at the door who asks.

Also: the events engine's driver is imported by `store` alone, the client runs without the
server's dependencies, and no import hides inside a function to dodge a circle.

Escape: `# import-direction: reason` for a direction, a driver or a dependency of the client,
`# inline-import: reason` for an import inside a function.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from typing import TypeGuard

from linting import (
    PYTHON_FOLDERS,
    Finding,
    Source,
    extent,
    imports,
    is_within,
    main,
    sources,
    tail_name,
)

PACKAGE = "trailkeeper"

# Every room may import the nouns (and the counters); these import nothing of ours but each other.
NOUNS = {
    "errors",
    "event",
    "ids",
    "outbound_settings",
    "principal",
    "problem",
    "settings",
    "telemetry",
}

# Room -> rooms right below it; what lies below those may be imported too.
BELOW: dict[str, set[str]] = {
    "store": set(),
    "outbound": {"store"},
    "access": {"outbound"},
    "capture": {"access"},
    "search": {"access"},
    "insight": {"search"},
    "detect": {"search"},
    "notify": {"detect"},
    "ledger": {"access"},
    "keep": {"ledger"},
    "export": {"notify", "ledger"},
    "console": set(),
    "client": set(),
    "demo": {"client"},
}

# The wiring sees every room.
WIRING = {
    "__main__",
    "announce",
    "app",
    "bootstrap",
    "cli",
    "headers",
    "health",
    "lease",
    "logs",
    "secret",
    "server",
    "services",
    "unread",
    "worker",
}

# The client is installed without the server: it may import these and the standard library.
CLIENT = "client"
CLIENT_NOUNS = {"errors", "event"}
CLIENT_DEPENDENCIES = {"httpx2", "msgspec"}

DRIVERS = {"chdb", "clickhouse_connect"}


def may_import(room: str) -> set[str]:
    """All rooms below a room, near and far."""
    reached: set[str] = set()
    waiting = list(BELOW[room])
    while waiting:
        below = waiting.pop()
        if below not in reached:
            reached.add(below)
            waiting.extend(BELOW[below])
    return reached


def allowed_parts(part: str) -> set[str]:
    """What a part of the package may import: nouns and rooms, itself included."""
    if part in WIRING:
        return NOUNS | set(BELOW) | WIRING
    if part in NOUNS:
        return NOUNS
    if part == CLIENT:
        return CLIENT_NOUNS | {CLIENT}
    return NOUNS | {part} | may_import(part)


def check(root: Path) -> list[Finding]:
    findings = []
    for source in sources(root, "src"):
        findings += _check_direction(source)
        findings += _check_third_party(source)
    for source in sources(root, *PYTHON_FOLDERS):
        findings += _check_inline(source)
    return findings


def _part(dotted: str) -> str | None:
    """`trailkeeper.store.engine` -> `store`; None for other packages and the root itself."""
    names = dotted.split(".")
    known = NOUNS | set(BELOW) | WIRING
    if names[0] != PACKAGE or len(names) < 2:
        return None
    is_value_of_root = len(names) == 2 and names[1] not in known
    return None if is_value_of_root else names[1]


def _part_of(source: Source) -> str | None:
    names = source.path.relative_to(source.root).with_suffix("").parts
    return None if names[2:] in ((), ("__init__",)) else names[2]


def _check_direction(source: Source) -> list[Finding]:
    part = _part_of(source)
    if part is None:
        return []
    if part not in NOUNS | set(BELOW) | WIRING:
        return [source.finding(1, f"{part} is not in the table of tools/lint_imports.py; add it")]
    allowed = allowed_parts(part)
    return [
        source.finding(node.lineno, f"{part} may not import {target}: imports run one way")
        for node, dotted in imports(source)
        if (target := _part(dotted)) is not None
        and target not in allowed
        and not source.is_excused("import-direction", *extent(node))
    ]


def _check_third_party(source: Source) -> list[Finding]:
    part = _part_of(source)
    findings = []
    for node, dotted in imports(source):
        top = dotted.split(".")[0]
        if is_within(dotted, DRIVERS) and part != "store":
            message = f"only store imports the events driver, not {part}"
        elif part == CLIENT and not _is_thin(top):
            message = f"client may not import {top}: it is installed without the server"
        else:
            continue
        if not source.is_excused("import-direction", *extent(node)):
            findings.append(source.finding(node.lineno, message))
    return findings


def _is_thin(top: str) -> bool:
    return top == PACKAGE or top in CLIENT_DEPENDENCIES or top in sys.stdlib_module_names


def _check_inline(source: Source) -> list[Finding]:
    inside: set[ast.stmt | ast.expr] = {
        node
        for function in ast.walk(source.tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) or _imports_by_name(node)
    }
    return [
        source.finding(node.lineno, "an import inside a function: move it to the top")
        for node in inside
        if not source.is_excused("inline-import", *extent(node))
    ]


def _imports_by_name(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and tail_name(node.func) in {"__import__", "import_module"}


if __name__ == "__main__":
    main(check)
