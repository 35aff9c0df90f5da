"""The `detection` of a rule: named selections, and the condition that joins them."""

from __future__ import annotations

from typing import Final

from trailkeeper.detect import sigma
from trailkeeper.detect.condition import Condition, Negation, all_of, any_of
from trailkeeper.detect.document import Entry, Many, Node, Table, Value
from trailkeeper.detect.faults import FaultCode, Faults, Place
from trailkeeper.detect.header import nodes_of
from trailkeeper.detect.selection import SelectionReader

MAX_CONDITION_LENGTH: Final = 1000
MAX_CONDITION_DEPTH: Final = 12

_CONDITION: Final = "condition"


def read_detection(section: Entry, faults: Faults) -> Condition | None:
    """The condition of the section; None where any of it is wrong."""
    if not isinstance(section.node, Table):
        faults.add(
            FaultCode.BAD_VALUE, section.node.place, "A detection is a mapping of selections."
        )
        return None
    reader = SelectionReader(faults)
    selections: dict[str, Condition | None] = {}
    for entry in section.node.entries:
        if entry.key == "timeframe":
            faults.add(
                FaultCode.UNSUPPORTED,
                entry.place,
                "A timeframe in a detection is no longer Sigma.",
                "Write a correlation with a timespan.",
            )
        elif entry.key != _CONDITION:
            selections[entry.key] = _definition(entry.node, reader, faults)
    if not selections:
        faults.add(FaultCode.MISSING, section.place, "The detection has no selection.")
        return None
    condition = section.node.get(_CONDITION)
    if condition is None:
        faults.add(FaultCode.MISSING, section.place, "The detection has no condition.")
        return None
    found = [_condition(node, selections, faults) for node in nodes_of(condition.node)]
    if not found:
        faults.add(FaultCode.BAD_CONDITION, condition.place, "The condition is empty.")
    kept = [each for each in found if each is not None]
    return any_of(kept) if kept and len(kept) == len(found) else None


def _definition(node: Node, reader: SelectionReader, faults: Faults) -> Condition | None:
    """A mapping: all of its lines. A list: one of its members. A value: free text."""
    match node:
        case Table(entries=[]) | Many(items=[]):
            faults.add(FaultCode.BAD_VALUE, node.place, "The selection is empty.")
            return None
        case Table(entries=entries):
            return _all_or_none([reader.item(entry) for entry in entries], all_of)
        case Many(items=items):
            return _all_or_none([_definition(item, reader, faults) for item in items], any_of)
        case Value():
            return reader.keyword(node)


def _all_or_none(found: list[Condition | None], join: object) -> Condition | None:
    kept = [each for each in found if each is not None]
    if len(kept) < len(found):
        return None
    return all_of(kept) if join is all_of else any_of(kept)


def _condition(
    node: Node, selections: dict[str, Condition | None], faults: Faults
) -> Condition | None:
    if not isinstance(node, Value) or not isinstance(node.plain, str):
        faults.add(FaultCode.BAD_CONDITION, node.place, "A condition is text.")
        return None
    text = node.plain
    if len(text) > MAX_CONDITION_LENGTH or _depth(text) > MAX_CONDITION_DEPTH:
        detail = "The condition is too long, or nested too deep."
        limits = f"{MAX_CONDITION_LENGTH} characters, {MAX_CONDITION_DEPTH} parentheses deep."
        faults.add(FaultCode.BAD_CONDITION, node.place, detail, f"At most {limits}")
        return None
    try:
        tree = sigma.read_condition(text, list(selections))
    except sigma.Refused as error:
        place = _within(node, error.offset)
        faults.add(FaultCode.BAD_CONDITION, place, f"The condition cannot be read: {error.detail}")
        return None
    return _resolve(tree, node, selections, faults)


def _depth(text: str) -> int:
    """How deep parentheses and negations go: the parser would call itself that often."""
    deepest = depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest + text.split().count("not") // 8


def _within(node: Value, offset: int | None) -> Place:
    """The place in the text, where that can be told: on one line, as it is written."""
    if offset is None or node.text != node.plain:
        return node.place
    return node.place.moved(offset + (0 if node.is_plain else 1))


def _resolve(
    tree: sigma.Tree, node: Value, selections: dict[str, Condition | None], faults: Faults
) -> Condition | None:
    match tree:
        case sigma.Name(name) if name in selections:
            return selections[name]
        case sigma.Name(name):
            place = _within(node, node.text.find(name))
            faults.add(
                FaultCode.UNKNOWN_SELECTION,
                place,
                f"There is no selection {name!r}.",
                f"There are {', '.join(selections)}." if selections else None,
            )
            return None
        case sigma.All(parts):
            found = [_resolve(each, node, selections, faults) for each in parts]
            return _all_or_none(found, all_of)
        case sigma.OneOf(parts):
            found = [_resolve(each, node, selections, faults) for each in parts]
            return _all_or_none(found, any_of)
        case sigma.Not(part):
            inner = _resolve(part, node, selections, faults)
            return None if inner is None else Negation(inner)
