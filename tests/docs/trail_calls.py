"""What the code records of its own, collected from its calls: actions, resource types, details.

A call counts whose function's name says that it records (`record…`, `own_event`, `note_…`, or
`read` of the recorder). Names are resolved to the module's constants; what a wrapper hands on
from its own parameter is found at the wrapper's calls and defaults.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Final

SOURCE: Final = Path(__file__).parents[2] / "src"
ABOUT_USERS: Final = frozenset({"add_member", "record_everywhere", "record_member", "save_changes"})
"""Wrappers that record on a USER, whatever the action."""
RECORDS: Final = re.compile(
    r"_?(?:record(?:_\w+)?|own_event|note_\w+|_note|_Note|save_changes|add_member)"
)
NOT_OURS: Final = ("client", "cli", "demo", "console")
"""Rooms whose `record` sends events of others."""
WORD: Final = re.compile(r"[A-Z][A-Z_]{2,}")
KEY: Final = re.compile(r"[a-z][a-z0-9_]*")
RESOURCE_TYPES: Final = frozenset({"AUDIT_LOG", "USER"})
"""Stand among the arguments of some calls, beside the action."""
DETAILS: Final = ("details", "changes", "told", "more")


@dataclass
class Recorded:
    """All that is recorded anywhere, and where."""

    words: dict[str, str] = field(default_factory=dict)
    resource_types: dict[str, str] = field(default_factory=dict)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    details: dict[str, str] = field(default_factory=dict)


def collect() -> Recorded:
    found = Recorded()
    for path in sorted((SOURCE / "trailkeeper").rglob("*.py")):
        if path.relative_to(SOURCE / "trailkeeper").parts[0] in NOT_OURS:
            continue
        tree = ast.parse(path.read_text())
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _records(node)]
        if not calls:
            continue
        dotted = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        module = importlib.import_module(dotted)  # inline-import: whichever module is looked at
        for call in calls:
            _add_call(found, call, module, f"{path.name}:{call.lineno}")
        for node in ast.walk(tree):
            if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef):
                _add_default_action(found, node, module, path.name)
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                _add_assigned_details(found, node, path.name)
    return found


def _records(call: ast.Call) -> bool:
    return RECORDS.fullmatch(_name(call)) is not None


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _add_call(found: Recorded, call: ast.Call, module: ModuleType, where: str) -> None:
    keywords = {each.arg: each.value for each in call.keywords if each.arg}
    types = set(_words(keywords.get("resource_type"), module))
    if _name(call) in ABOUT_USERS:
        types.add("USER")
    arguments = [*call.args, *(keywords[name] for name in ("action",) if name in keywords)]
    words = {word for argument in arguments for word in _words(argument, module)} - RESOURCE_TYPES
    for word in words:
        found.words.setdefault(word, where)
    for word in types:
        found.resource_types.setdefault(word, where)
    found.pairs |= {(word, kind) for word in words for kind in types}
    for name in DETAILS:
        for key in _keys(keywords.get(name)):
            found.details.setdefault(key, where)


def _add_default_action(
    found: Recorded,
    definition: ast.AsyncFunctionDef | ast.FunctionDef,
    module: ModuleType,
    where: str,
) -> None:
    arguments = definition.args
    named = dict(zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True))
    for argument, default in named.items():
        if argument.arg == "action" and default is not None:
            for word in _words(default, module):
                found.words.setdefault(word, f"{where}:{definition.lineno}")


def _add_assigned_details(found: Recorded, node: ast.Assign | ast.AnnAssign, where: str) -> None:
    """Details that were put into a variable first."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if any(isinstance(each, ast.Name) and each.id in DETAILS for each in targets):
        for key in _keys(node.value):
            found.details.setdefault(key, f"{where}:{node.lineno}")


def _words(node: ast.expr | None, module: ModuleType) -> Iterator[str]:
    """Upper-case words that an argument is: a literal, a constant, or a choice of those."""
    match node:
        case ast.Constant(value=str(text)) if WORD.fullmatch(text):
            yield text
        case ast.Name(id=name):
            value = getattr(module, name, None)
            if isinstance(value, str) and WORD.fullmatch(value):
                yield str(value)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _words(body, module)
            yield from _words(orelse, module)


def _keys(node: ast.expr | None) -> Iterator[str]:
    """Keys of the dictionaries written in an argument."""
    if node is None:
        return
    dicts = (inner for inner in ast.walk(node) if isinstance(inner, ast.Dict))
    for key in (key for each in dicts for key in each.keys):
        value = key.value if isinstance(key, ast.Constant) else None
        if isinstance(value, str) and KEY.fullmatch(value):
            yield value
