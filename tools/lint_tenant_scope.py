"""Every query is confined to one organization.

Reason: one forgotten condition shows one customer's log to another. `principal.Tenant` is the
only maker of that condition, and each query must show it where it is written:

- SQL that reads or deletes from the events table holds `{tenant:String}` or interpolates a
  tenant's condition (`{tenant.sql()}`) in the same string;
- a SQLAlchemy statement on a table with an `organization` column calls `tenant.owns(...)` in the
  same statement.

Escape: `# tenant-scope: reason` in or just above the statement, for work that is about all
organizations (followers, drop of a partition) or that finds out which one it is (sign-in).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from linting import (
    Finding,
    Source,
    docstrings,
    header_extent,
    main,
    own_nodes,
    sources,
    statements,
    string_expressions,
    tail_name,
    text_of,
)

_EVENTS = r"(?:events\b|\{[\w.]*\bEVENTS\w*\})"
TOUCHES_EVENTS = re.compile(
    rf"\b(?:FROM|JOIN)\s+{_EVENTS}"
    rf"|\b(?i:select|delete)\b.*\b(?i:from)\s+{_EVENTS}"
    rf"|\bALTER\s+TABLE\s+{_EVENTS}.*\b(?:DELETE|UPDATE|DROP\s+PART)",
    re.DOTALL,
)
IS_SCOPED = re.compile(r"\{tenant:String\}|\{[^{}]*\btenant\b[^{}]*\}")

QUERY_MAKERS = {"delete", "select", "update"}
QUERY_METHODS = {"get", "get_one", "join", "outerjoin", "select_from"}
OWNER_COLUMN = "organization"


def check(root: Path) -> list[Finding]:
    files = list(sources(root, "src"))
    owned = owned_tables(files)
    return [
        finding
        for source in files
        for finding in (*_check_sql(source), *_check_tables(source, owned))
    ]


def owned_tables(files: list[Source]) -> set[str]:
    """Names of the mapped classes that have an `organization` column, inherited or their own."""
    classes = [
        node for source in files for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef)
    ]
    owners = {node.name for node in classes if OWNER_COLUMN in _attributes(node)}
    while True:
        heirs = {node.name for node in classes if owners & {tail_name(base) for base in node.bases}}
        if heirs <= owners:
            break
        owners |= heirs
    return {
        node.name
        for node in classes
        if node.name in owners and "__tablename__" in _attributes(node)
    }


def _attributes(node: ast.ClassDef) -> set[str]:
    names = set()
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign):
            names.add(tail_name(statement.target))
        elif isinstance(statement, ast.Assign):
            names.update(tail_name(target) for target in statement.targets)
    return names


def _check_sql(source: Source) -> Iterator[Finding]:
    ignored = docstrings(source.tree)
    for statement in statements(source.tree):
        for node in string_expressions(statement):
            text = text_of(node) or ""
            if node in ignored or not TOUCHES_EVENTS.search(text) or IS_SCOPED.search(text):
                continue
            if not source.is_excused("tenant-scope", *header_extent(statement)):
                yield source.finding(node.lineno, "SQL on events without the tenant's condition")


def _check_tables(source: Source, owned: set[str]) -> Iterator[Finding]:
    for statement in statements(source.tree):
        calls = [node for node in own_nodes(statement) if isinstance(node, ast.Call)]
        is_scoped = any(_is_method(call, {"owns"}) for call in calls)
        for call in calls:
            tables = _tables_queried(call) & owned
            if not tables or is_scoped:
                continue
            if not source.is_excused("tenant-scope", *header_extent(statement)):
                message = f"a query on {', '.join(sorted(tables))} without tenant.owns(...)"
                yield source.finding(call.lineno, message)


def _tables_queried(call: ast.Call) -> set[str]:
    """Every name in the arguments of a call that makes a query."""
    if tail_name(call.func) not in QUERY_MAKERS and not _is_method(call, QUERY_METHODS):
        return set()
    return {
        tail_name(node)
        for argument in call.args
        for node in ast.walk(argument)
        if isinstance(node, ast.Name | ast.Attribute)
    }


def _is_method(call: ast.Call, names: set[str]) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in names


if __name__ == "__main__":
    main(check)
