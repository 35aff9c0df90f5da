from __future__ import annotations

import pytest

from lint_bound_sql import check
from tests.tools.conftest import Write

WITH_VALUES = [
    'A = f"SELECT * FROM t WHERE id = {event_id}"',
    'A = f"SELECT * FROM t WHERE id = {EVENT_ID!r}"',
    'A = f"SELECT * FROM t LIMIT {limit:d}"',
    "A = f\"INSERT INTO t VALUES ('{name}')\"",
    'A = f"ALTER TABLE {table} DELETE"',
    'A = f"DELETE FROM {EVENTS} WHERE {given}"',
    'A = "SELECT * FROM t WHERE id = " + event_id',
    'A = "SELECT * FROM t WHERE id = %s" % event_id',
    'A = "SELECT * FROM t WHERE id = {}".format(event_id)',
    "A = QUERY_sql % event_id",
    'where_sql = f"id = {event_id}"',
    'self.order_sql += f", {column}"',
    'A = Statement(f"{verb} 1", {})',
    "A = f\"SELECT {', '.join(names)} FROM t\"",
    "A = f\"SELECT {', '.join(lower(name) for name in names)} FROM t\"",
    'def where_sql(name: str) -> str:\n    return f"id = {name}"',
]

BOUND = [
    'A = f"SELECT * FROM {EVENTS} WHERE id = {{id:String}}"',
    'A = f"SELECT {EVENT_COLUMNS} FROM {schema.EVENTS} WHERE {tenant.sql()}"',
    'A = f"SELECT {columns} FROM t WHERE {where_sql} AND {self.time_condition}"',
    "A = f\"SELECT {', '.join(COLUMNS)} FROM t\"",
    "A = f\"SELECT {', '.join(name for name in COLUMNS)} FROM t\"",
    "A = f\"SELECT 1 FROM t WHERE {' AND '.join(conditions)}\"",
    'A = f"SELECT 1 FROM t ORDER BY {ORDERS[order]} {limit_sql(query)}"',
    "A = f\"SELECT 1 FROM t {'ORDER BY id' if is_ordered else NO_ORDER}\"",
    'A = "SELECT 1 FROM t WHERE " + where_sql + " LIMIT {limit:UInt32}"',
    "A = f\"SELECT 1 FROM t WHERE id = {binder.bind(event_id, 'String')}\"",
    'A = f"Where is {place}? Select one from {options}."',
    'A = "%d rows" % count',
    'A = "{} rows".format(count)',
    'def read() -> None:\n    """SELECT 1 FROM t WHERE %s"""',
    'def where_sql() -> str:\n    return f"id = {COLUMN}"',
]


@pytest.mark.parametrize("sample", WITH_VALUES)
def test_refuses_values_in_sql(write: Write, sample: str) -> None:
    root = write("src/trailkeeper/search/a.py", f"X = 1\n{sample}\n")

    findings = check(root)

    last = 1 + len(sample.splitlines())
    assert {(each.path, each.line) for each in findings} == {("src/trailkeeper/search/a.py", last)}


@pytest.mark.parametrize("sample", BOUND)
def test_accepts_bound_sql(write: Write, sample: str) -> None:
    assert check(write("src/trailkeeper/search/a.py", f"{sample}\n")) == []


def test_looks_at_the_source_only(write: Write) -> None:
    assert check(write("tests/a.py", f"{WITH_VALUES[0]}\n")) == []


def test_escape_is_named_and_needs_a_reason(write: Write) -> None:
    name = "src/trailkeeper/search/a.py"

    assert check(write(name, f"{WITH_VALUES[0]}  # bound-sql: an integer of ours\n")) == []
    assert len(check(write(name, f"{WITH_VALUES[0]}  # bound-sql:\n"))) == 1
