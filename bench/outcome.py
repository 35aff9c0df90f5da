"""What was measured beside what must be reached, in tables that any group can make."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

HEAD = ("what", "measured", "must reach", "reached")
VERDICTS = {None: "", True: "yes", False: "**no**"}


class Outcome(msgspec.Struct, frozen=True):
    """One line. `is_reached` is None where nothing must be reached."""

    what: str
    measured: str
    must: str = "printed"
    is_reached: bool | None = None

    def cells(self) -> list[str]:
        return [self.what, self.measured, self.must, VERDICTS[self.is_reached]]


class Table(msgspec.Struct, frozen=True):
    """A section of the results. `is_reached` is False where one of its lines was not."""

    title: str
    head: list[str]
    rows: list[list[str]]
    is_reached: bool = True


def table_of(title: str, outcomes: Iterable[Outcome]) -> Table:
    lines = list(outcomes)
    return Table(
        title,
        list(HEAD),
        [line.cells() for line in lines],
        all(line.is_reached is not False for line in lines),
    )


def joined(tables: Iterable[Table]) -> list[Table]:
    """The tables in their order; those of one title and head become one, where the first was."""
    found: dict[tuple[str, ...], Table] = {}
    for table in tables:
        key = (table.title, *table.head)
        first = found.get(key)
        found[key] = (
            table
            if first is None
            else msgspec.structs.replace(
                first,
                rows=first.rows + table.rows,
                is_reached=first.is_reached and table.is_reached,
            )
        )
    return list(found.values())
