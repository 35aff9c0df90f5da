"""No value is written into SQL.

Reason: a value in the text of a query can end the query and begin another one. Values travel
beside the text, as `{name:Type}` parameters; the text is put together from our own words only.

A string is taken for SQL if it reads like SQL, if it is assigned to or returned by something
whose name ends in `sql`, `condition(s)` or `columns`, or if it is passed to `Statement` or `text`.
It may interpolate UPPER_CASE constants, look-ups in them, names with those endings, calls of
functions with those endings or called `bind` (they give out a placeholder), and joins of these
(also of a generator over one of them). `%`, `.format` and `!r` are refused.

Escape: `# bound-sql: reason` in or just above the statement.
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

LOOKS_LIKE_SQL = re.compile(
    r"\b(?:SELECT|WHERE|PREWHERE)\s|\b(?:INSERT\s+INTO|ALTER\s+TABLE|DELETE\s+FROM)\b"
    r"|\b(?:GROUP|ORDER)\s+BY\s|\bFROM\s+[\w{]|\bUPDATE\s+\S+\s+SET\b"
    r"|\b(?:CREATE|DROP|TRUNCATE|OPTIMIZE|DESCRIBE)\s+TABLE\b|\bDROP\s+PARTITION\b"
    r"|^\s*(?:select|insert\s+into|delete\s+from|alter\s+table)\s"
)
SQL_NAME = re.compile(r"(?:^|_)(?:sql|conditions?|columns)$")
CONSTANT_NAME = re.compile(r"^_?[A-Z][A-Z0-9_]*$")
SQL_TAKERS = {"Statement", "text"}


def check(root: Path) -> list[Finding]:
    return [finding for source in sources(root, "src") for finding in _check_source(source)]


def _check_source(source: Source) -> Iterator[Finding]:
    ignored = docstrings(source.tree)
    returns = _statements_returning_sql(source.tree)
    for statement in statements(source.tree):
        is_sql_statement = statement in returns or _assigns_sql(statement)
        taken = _arguments_taken_as_sql(statement)
        for node in string_expressions(statement):
            is_sql = is_sql_statement or node in taken or LOOKS_LIKE_SQL.search(text_of(node) or "")
            if (
                not is_sql
                or node in ignored
                or source.is_excused("bound-sql", *header_extent(statement))
            ):
                continue
            for part in _foreign_parts(node):
                message = f"SQL holds {ast.unparse(part)}: bind it as a parameter"
                yield source.finding(part.lineno, message)
        yield from _check_formatting(source, statement)


def _check_formatting(source: Source, statement: ast.stmt) -> Iterator[Finding]:
    for node in own_nodes(statement):
        match node:
            case ast.BinOp(left=template, op=ast.Mod()):
                way = "%"
            case ast.Call(func=ast.Attribute(value=template, attr="format")):
                way = ".format"
            case _:
                continue
        is_sql = LOOKS_LIKE_SQL.search(text_of(template) or "") or SQL_NAME.search(
            tail_name(template)
        )
        if is_sql and not source.is_excused("bound-sql", *header_extent(statement)):
            yield source.finding(node.lineno, f"SQL is filled in with {way}: bind its values")


def _statements_returning_sql(tree: ast.Module) -> set[ast.stmt]:
    return {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and SQL_NAME.search(function.name)
        for node in ast.walk(function)
        if isinstance(node, ast.Return)
    }


def _assigns_sql(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(targets=targets):
            return any(SQL_NAME.search(tail_name(target)) for target in targets)
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return bool(SQL_NAME.search(tail_name(target)))
    return False


def _arguments_taken_as_sql(statement: ast.stmt) -> set[ast.expr]:
    return {
        node.args[0]
        for node in own_nodes(statement)
        if isinstance(node, ast.Call) and node.args and tail_name(node.func) in SQL_TAKERS
    }


def _foreign_parts(node: ast.expr) -> Iterator[ast.expr]:
    """The parts of a string expression that are neither literal nor made of our own words."""
    match node:
        case ast.JoinedStr(values=parts):
            for part in parts:
                yield from _foreign_parts(part)
        case ast.FormattedValue(value=value, conversion=conversion, format_spec=spec):
            if conversion != -1 or spec is not None:
                yield value
            else:
                yield from _foreign_parts(value)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from _foreign_parts(left)
            yield from _foreign_parts(right)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _foreign_parts(body)
            yield from _foreign_parts(orelse)
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join"), args=[joined]):
            yield from _foreign_parts(joined)
        case ast.GeneratorExp(elt=element, generators=loops):
            ours = {tail_name(loop.target) for loop in loops if not list(_foreign_parts(loop.iter))}
            yield from (part for part in _foreign_parts(element) if tail_name(part) not in ours)
        case ast.Call(func=ast.Name(id="bind") | ast.Attribute(attr="bind")):
            return
        case ast.Subscript(value=looked_up):
            yield from _foreign_parts(looked_up)
        case ast.Constant(value=str()):
            return
        case _:
            name = tail_name(node)
            if not SQL_NAME.search(name) and not CONSTANT_NAME.match(name):
                yield node


if __name__ == "__main__":
    main(check)
