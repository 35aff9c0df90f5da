from __future__ import annotations

import pytest

from lint_tenant_scope import check
from tests.tools.conftest import Write

TABLES = """
    class Owned(Base):
        organization: Mapped[str]

    class KeyRow(Owned):
        __tablename__ = "keys"

    class RuleRow(Base):
        __tablename__ = "rules"
        organization: Mapped[str]

    class NodeRow(Base):
        __tablename__ = "nodes"
        id: Mapped[int]

    class Unmapped:
        organization: str
"""

UNSCOPED = [
    'A = "SELECT count() FROM events"',
    'A = "select count() from events where id = 1"',
    'A = f"SELECT count() FROM {EVENTS} WHERE {where_sql}"',
    'A = f"SELECT count() FROM {schema.EVENTS}"',
    'A = "SELECT count() " + "FROM events WHERE id = {id:String}"',
    'A = f"SELECT 1 FROM nodes JOIN {EVENTS} USING node"',
    'A = f"ALTER TABLE {EVENTS} DELETE WHERE id = 1"',
    'A = f"ALTER TABLE {EVENTS} DROP PARTITION {{week:Date}}"',
    'A = f"DELETE FROM {EVENTS} WHERE id = 1"',
    "A = select(KeyRow)",
    "A = select(RuleRow.id).where(RuleRow.id == 1)",
    "A = sa.delete(tables.RuleRow)",
    "A = update(RuleRow).values(name='x')",
    "A = select(func.count()).select_from(RuleRow)",
    "A = select(NodeRow).join(RuleRow)",
    "A = session.get(RuleRow, 1)",
    "async with session.stream(select(RuleRow)) as rows:\n    tenant.owns(RuleRow.organization)",
]

SCOPED = [
    'A = "SELECT count() FROM events WHERE organization = {tenant:String}"',
    'A = f"SELECT 1 FROM {EVENTS} WHERE organization = {{tenant:String}}"',
    'A = f"SELECT count() FROM {EVENTS} WHERE {tenant.sql()} AND {where_sql}"',
    'A = f"SELECT 1 FROM {EVENTS} " f"WHERE {principal.tenant.sql()}"',
    'A = "SELECT 1 FROM nodes"',
    'A = f"CREATE TABLE IF NOT EXISTS {EVENTS} (id String)"',
    'A = f"ALTER TABLE {EVENTS} ADD COLUMN x String"',
    'A = "Removed from events that were too old"',
    'def read() -> None:\n    """SELECT count() FROM events"""',
    "A = select(KeyRow).where(tenant.owns(KeyRow.organization))",
    "A = (\n    update(RuleRow)\n    .where(principal.tenant.owns(RuleRow.organization))\n)",
    "A = select(NodeRow)",
    "A = select(Unmapped)",
    "A = {}.get(NodeRow)",
]


@pytest.mark.parametrize("sample", UNSCOPED)
def test_refuses_a_query_without_tenant(write: Write, sample: str) -> None:
    write("src/trailkeeper/access/tables.py", TABLES)
    root = write("src/trailkeeper/access/a.py", f"X = 1\n{sample}\n")

    (finding,) = check(root)

    assert str(finding).startswith("src/trailkeeper/access/a.py:2: ")
    assert "without" in finding.message


@pytest.mark.parametrize("sample", SCOPED)
def test_accepts_a_confined_query(write: Write, sample: str) -> None:
    write("src/trailkeeper/access/tables.py", TABLES)

    assert check(write("src/trailkeeper/access/a.py", f"{sample}\n")) == []


@pytest.mark.parametrize("sample", UNSCOPED)
def test_escape_is_named_and_needs_a_reason(write: Write, sample: str) -> None:
    write("src/trailkeeper/access/tables.py", TABLES)
    name = "src/trailkeeper/access/a.py"

    assert check(write(name, f"# tenant-scope: followers read all\n{sample}\n")) == []
    assert len(check(write(name, f"# tenant-scope:\n{sample}\n"))) == 1
    assert len(check(write(name, f"# bound-sql: another rule\n{sample}\n"))) == 1
