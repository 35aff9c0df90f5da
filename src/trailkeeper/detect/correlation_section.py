"""The `correlation` of a rule: read once for itself, then joined to the rules it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from trailkeeper.detect import sigma
from trailkeeper.detect.condition import Condition
from trailkeeper.detect.document import Entry, Table, Value, to_plain
from trailkeeper.detect.faults import FaultCode, Faults, Place
from trailkeeper.detect.header import named_field, nodes_of, timespan_of
from trailkeeper.detect.rule import (
    MAX_PARTS,
    NUMERIC_KINDS,
    VALUE_KINDS,
    Both,
    Comparison,
    Correlation,
    Either,
    Expression,
    Kind,
    NamedField,
    Neither,
    Part,
    Seen,
)
from trailkeeper.search.fields import Field
from trailkeeper.search.fields import Kind as FieldKind

_KEYS: Final = ("type", "rules", "group-by", "timespan", "condition", "aliases", "generate")
_TEMPORAL: Final = (Kind.TEMPORAL, Kind.TEMPORAL_ORDERED)


@dataclass(slots=True)
class Draft:
    """A correlation as written; `rules` are names or ids, not yet rules."""

    place: Place
    kind: Kind
    rules: list[tuple[str, Place]]
    group: list[tuple[str, Place]]
    timespan: timedelta
    threshold: sigma.Threshold | None
    expression: sigma.Tree | None
    condition_place: Place
    aliases: dict[str, dict[str, tuple[str, Place]]] = field(default_factory=dict)
    is_generating: bool = False


@dataclass(frozen=True, slots=True)
class Base:
    """A rule that a correlation may name: its condition is None where it is faulty."""

    title: str
    condition: Condition | None
    is_correlation: bool


def read_correlation(section: Entry, faults: Faults) -> Draft | None:
    """The correlation as written; None where it is wrong."""
    table = section.node
    if not isinstance(table, Table):
        faults.add(FaultCode.BAD_VALUE, table.place, "A correlation is a mapping.")
        return None
    before = len(faults)
    for entry in table.entries:
        if entry.key not in _KEYS:
            hint = f"There are {', '.join(_KEYS)}."
            detail = f"A correlation has no {entry.key!r}."
            faults.add(FaultCode.UNKNOWN_KEY, entry.place, detail, hint)
    kind = _kind(section, table, faults)
    timespan = _required(table, "timespan", section.place, faults)
    span = None if timespan is None else timespan_of(timespan.node, faults)
    condition = table.get("condition")
    threshold, expression = _threshold(section.place, condition, kind, faults)
    rules = _names(table.get("rules"), faults)
    if not rules and expression is not None:
        rules = [(name, condition.place) for name in _names_in(expression)] if condition else []
    if not rules:
        faults.add(FaultCode.MISSING, section.place, "The correlation names no rules.")
    if len(rules) > MAX_PARTS:
        faults.add(FaultCode.TOO_LARGE, section.place, f"It may name {MAX_PARTS} rules.")
    draft = Draft(
        section.place,
        kind or Kind.EVENT_COUNT,
        rules,
        _names(table.get("group-by"), faults),
        span or timedelta(),
        threshold,
        expression,
        condition.node.place if condition else section.place,
        _aliases(table.get("aliases"), faults),
        _flag(table.get("generate"), faults),
    )
    return draft if len(faults) == before else None


def resolve(draft: Draft, bases: Mapping[str, Base], faults: Faults) -> Correlation | None:
    """The correlation with the rules it names; None where one is missing or faulty."""
    before = len(faults)
    parts = [_part(name, place, draft, bases, faults) for name, place in draft.rules]
    value = _value(draft, faults)
    comparison, number = _asked(draft)
    order = {name: place for place, (name, _) in enumerate(draft.rules)}
    expression = None
    if draft.expression is not None:
        expression = _expression(draft.expression, order, draft.condition_place, faults)
    known = [part for part in parts if part is not None]
    if len(faults) > before or len(known) < len(parts):
        return None
    return Correlation(
        draft.kind,
        tuple(known),
        comparison,
        number,
        value,
        draft.threshold.percentile if draft.threshold else None,
        expression,
    )


def _kind(section: Entry, table: Table, faults: Faults) -> Kind | None:
    entry = _required(table, "type", section.place, faults)
    if entry is None:
        return None
    try:
        return sigma.read_kind(entry.node.text if isinstance(entry.node, Value) else "")
    except sigma.Refused as error:
        hint = f"There are {', '.join(Kind)}."
        faults.add(FaultCode.UNSUPPORTED_TYPE, entry.node.place, error.detail, hint)
        return None


def _required(table: Table, key: str, place: Place, faults: Faults) -> Entry | None:
    entry = table.get(key)
    if entry is None:
        faults.add(FaultCode.MISSING, place, f"The correlation has no {key}.")
    return entry


def _names(entry: Entry | None, faults: Faults) -> list[tuple[str, Place]]:
    found = []
    for node in [] if entry is None else nodes_of(entry.node):
        if isinstance(node, Value) and isinstance(node.plain, str):
            found.append((node.plain, node.place))
        else:
            faults.add(FaultCode.BAD_VALUE, node.place, "Here names are meant.")
    return found


def _flag(entry: Entry | None, faults: Faults) -> bool:
    if entry is None:
        return False
    if isinstance(entry.node, Value) and isinstance(entry.node.plain, bool):
        return entry.node.plain
    faults.add(FaultCode.BAD_VALUE, entry.node.place, f"{entry.key} is true or false.")
    return False


def _aliases(entry: Entry | None, faults: Faults) -> dict[str, dict[str, tuple[str, Place]]]:
    found: dict[str, dict[str, tuple[str, Place]]] = {}
    if entry is None:
        return found
    if not isinstance(entry.node, Table):
        faults.add(FaultCode.BAD_VALUE, entry.node.place, "Aliases are a mapping.")
        return found
    for alias in entry.node.entries:
        fields = alias.node.entries if isinstance(alias.node, Table) else []
        found[alias.key] = {
            each.key: (each.node.text, each.node.place)
            for each in fields
            if isinstance(each.node, Value)
        }
        if not found[alias.key]:
            faults.add(FaultCode.BAD_VALUE, alias.place, "An alias maps rules to fields.")
    return found


def _threshold(
    place: Place, condition: Entry | None, kind: Kind | None, faults: Faults
) -> tuple[sigma.Threshold | None, sigma.Tree | None]:
    if condition is None:
        if kind is not None and kind not in _TEMPORAL:
            faults.add(FaultCode.MISSING, place, "The correlation has no condition.")
        return None, None
    node = condition.node
    try:
        if isinstance(node, Table):
            threshold = sigma.read_threshold(to_plain(node))
            _check_threshold(threshold, kind, node.place, faults)
            return threshold, None
        if isinstance(node, Value) and isinstance(node.plain, str) and kind in _TEMPORAL:
            expression = sigma.read_expression(node.plain)
            if kind is Kind.TEMPORAL_ORDERED and not _is_conjunction(expression):
                raise sigma.Refused("Rules in order are joined by 'and' alone.")
            return None, expression
        raise sigma.Refused("Write a comparison: gte: 5.")
    except sigma.Refused as error:
        detail = f"The condition cannot be read: {error.detail}"
        faults.add(FaultCode.BAD_CONDITION, node.place, detail)
        return None, None


def _check_threshold(
    threshold: sigma.Threshold, kind: Kind | None, place: Place, faults: Faults
) -> None:
    if kind in VALUE_KINDS and not threshold.fields:
        faults.add(FaultCode.BAD_CONDITION, place, f"{kind} needs the field whose values count.")
    if kind is not None and kind not in VALUE_KINDS and threshold.fields:
        faults.add(FaultCode.BAD_CONDITION, place, f"{kind} looks at no field's values.")
    percentile = threshold.percentile
    if kind is Kind.VALUE_PERCENTILE and not (percentile is not None and 0 <= percentile <= 100):
        faults.add(FaultCode.BAD_CONDITION, place, "It needs a percentile from 0 to 100.")


def _part(
    name: str, place: Place, draft: Draft, bases: Mapping[str, Base], faults: Faults
) -> Part | None:
    base = bases.get(name)
    if base is None:
        faults.add(
            FaultCode.UNKNOWN_RULE,
            place,
            f"There is no rule {name!r}.",
            "Name a rule by its name or id; both must be loaded together.",
        )
        return None
    if base.is_correlation:
        faults.add(
            FaultCode.NESTED_CORRELATION,
            place,
            f"{name!r} is a correlation itself.",
            "Name the rules that it is made of.",
        )
        return None
    group = []
    for field_name, field_place in draft.group:
        alias = draft.aliases.get(field_name)
        written, written_at = (
            (field_name, field_place) if alias is None else alias.get(name, ("", place))
        )
        named = named_field(written, written_at, faults)
        if named is not None:
            group.append(NamedField(field_name, named.subjects))
    return None if base.condition is None else Part(base.title, base.condition, tuple(group))


def _value(draft: Draft, faults: Faults) -> tuple[NamedField, ...]:
    names = draft.threshold.fields if draft.threshold else ()
    found = [named_field(name, draft.condition_place, faults) for name in names]
    fields = tuple(each for each in found if each is not None)
    is_numeric = len(fields) == 1 and not _is_text(fields[0])
    if draft.kind in NUMERIC_KINDS and len(fields) == len(names) and not is_numeric:
        detail = f"{draft.kind} needs one field that holds numbers."
        faults.add(FaultCode.BAD_CONDITION, draft.condition_place, detail)
    return fields


def _is_text(named: NamedField) -> bool:
    return any(
        isinstance(each, Field) and each.kind is not FieldKind.NUMBER for each in named.subjects
    )


def _asked(draft: Draft) -> tuple[Comparison, int | float]:
    if draft.threshold is not None:
        return draft.threshold.comparison, draft.threshold.number
    return Comparison.GTE, len(draft.rules)


def _names_in(tree: sigma.Tree) -> list[str]:
    match tree:
        case sigma.Name(name):
            return [name]
        case sigma.Not(part):
            return _names_in(part)
        case sigma.All(parts) | sigma.OneOf(parts):
            return list(dict.fromkeys(name for part in parts for name in _names_in(part)))


def _is_conjunction(tree: sigma.Tree) -> bool:
    return isinstance(tree, sigma.Name) or (
        isinstance(tree, sigma.All) and all(map(_is_conjunction, tree.parts))
    )


def _expression(
    tree: sigma.Tree, order: Mapping[str, int], place: Place, faults: Faults
) -> Expression:
    match tree:
        case sigma.Name(name):
            if name not in order:
                detail = f"The condition names {name!r}, the rules do not."
                faults.add(FaultCode.UNKNOWN_RULE, place, detail)
            return Seen(order.get(name, 0))
        case sigma.Not(part):
            return Neither(_expression(part, order, place, faults))
        case sigma.All(parts):
            return Both(tuple(_expression(each, order, place, faults) for each in parts))
        case sigma.OneOf(parts):
            return Either(tuple(_expression(each, order, place, faults) for each in parts))
