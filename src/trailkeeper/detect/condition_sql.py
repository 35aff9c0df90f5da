"""A condition as one of the events engine: bound values only, columns from the catalogue.

The live counterpart is `match`; both carry out the same plans (`text`). Every condition is 0
or 1 and never NULL, so that NOT means what it says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from trailkeeper.detect.condition import (
    AllOf,
    Always,
    AnyOf,
    Asked,
    Condition,
    Negation,
    Pattern,
    SameAs,
    Subject,
    Text,
)
from trailkeeper.detect.text import Folding, Plan, Shape, plan
from trailkeeper.search.ast import FreeText, Path
from trailkeeper.search.fields import Field, Kind

# The engine reads details by the same statements for rules as for searches.
from trailkeeper.search.sql import (
    SHOWN_ADDRESS,
    Binder,
    any_value_condition,
    at_path_sql,
    case_folded_sql,
    condition,
)


def rule_condition(node: Condition, binder: Binder) -> str:
    """The condition for the rows of the events table that a rule's condition matches."""
    match node:
        case Always():
            return "1"
        case AllOf(parts):
            ordered = sorted(parts, key=_cost)
            return " AND ".join(f"({rule_condition(part, binder)})" for part in ordered)
        case AnyOf(parts):
            return " OR ".join(f"({rule_condition(part, binder)})" for part in parts)
        case Negation(part):
            return f"NOT ({rule_condition(part, binder)})"
        case Asked(filter_):
            return condition(filter_, binder)
        case Text(subject):
            how = plan(node)
            return _subject_condition(
                subject, lambda text_sql: _planned_condition(text_sql, how, binder), binder
            )
        case Pattern(subject, regex):
            return _subject_condition(
                subject,
                lambda text_sql: f"match({text_sql}, {binder.bind(regex, 'String')})",
                binder,
            )
        case SameAs():
            return _same_condition(node)


def _cost(node: Condition) -> int:
    """Cheap conditions first: the engine reads the columns of later ones for fewer rows."""
    match node:
        case Text(subject) | Pattern(subject):
            return 0 if isinstance(subject, Field) and subject.kind is Kind.VOCABULARY else 1
        case Asked(FreeText()):
            return 3
        case _:
            return 2


def column_sql(field: Field) -> str:
    """The column's raw text, as `keys.column_text` reads it."""
    if field.kind is Kind.ADDRESS:
        return SHOWN_ADDRESS
    column_sql = field.column
    return f"toString({column_sql})" if field.kind is Kind.NUMBER else column_sql


def raw_sql(subject: Subject, binder: Binder) -> str:
    """The raw text of a subject: see `keys`."""
    if isinstance(subject, Field):
        return f"toString({column_sql(subject)})"
    path: Path = subject
    return at_path_sql(path, binder, _raw_json_sql)


def group_text_sql(subjects: tuple[Subject, ...]) -> str | None:
    """The text that columns are grouped by, in the engine itself; None where details are.

    It may tell fewer groups apart than `keys` does, never more.
    """
    texts = []
    for subject in subjects:
        if not isinstance(subject, Field):
            return None
        column = column_sql(subject)
        texts.append(case_folded_sql(column, False) if subject.kind is Kind.TEXT else column)
    last_sql = texts.pop()
    group_sql = f"toString({last_sql})"
    for text_sql in reversed(texts):
        group_sql = f"if({text_sql} != '', toString({text_sql}), {group_sql})"
    return group_sql


def _subject_condition(
    subject: Subject, text_condition: Callable[[str], str], binder: Binder
) -> str:
    if isinstance(subject, Field):
        return text_condition(column_sql(subject))
    value_condition = text_condition("JSONExtractString(v)")
    return any_value_condition(subject, f"startsWith(v, '\"') AND {value_condition}", binder)


def _planned_condition(text_sql: str, how: Plan, binder: Binder) -> str:
    needle_sql = binder.bind(how.needle, "String")
    folded_sql = _FOLDED[how.folding](text_sql)
    match how.shape:
        case Shape.EQUAL:
            return f"{folded_sql} = {needle_sql}"
        case Shape.PREFIX:
            return f"startsWith({folded_sql}, {needle_sql})"
        case Shape.SUFFIX:
            return f"endsWith({folded_sql}, {needle_sql})"
        case Shape.CONTAINS:
            return f"position({folded_sql}, {needle_sql}) > 0"
        case Shape.REGEX:
            return f"match({folded_sql}, {needle_sql})"


_FOLDED: Final[dict[Folding, Callable[[str], str]]] = {
    Folding.NONE: lambda text_sql: text_sql,
    Folding.ASCII: lambda text_sql: case_folded_sql(text_sql, True),
    Folding.UNICODE: lambda text_sql: case_folded_sql(text_sql, False),
}


def _same_condition(same: SameAs) -> str:
    own_sql, other_sql = same.field.column, same.other.column
    folded_sql, folded_other_sql = (
        case_folded_sql(own_sql, False),
        case_folded_sql(other_sql, False),
    )
    if same.may_go_on and same.may_begin_before:
        compared_condition = f"position({folded_sql}, {folded_other_sql}) > 0"
    elif same.may_go_on:
        compared_condition = f"startsWith({folded_sql}, {folded_other_sql})"
    elif same.may_begin_before:
        compared_condition = f"endsWith({folded_sql}, {folded_other_sql})"
    else:
        compared_condition = f"{folded_sql} = {folded_other_sql}"
    return f"{own_sql} != '' AND {other_sql} != '' AND {compared_condition}"


def _raw_json_sql(arguments_sql: str) -> str:
    return f"JSONExtractRaw({arguments_sql})"
