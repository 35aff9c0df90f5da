"""Lines of what must be reached, and tables made of them."""

from __future__ import annotations

import msgspec
import pytest

from bench.document import results_document
from bench.outcome import HEAD, Outcome, Table, joined, table_of
from bench.phases import OURS_ALONE, STORELESS, Group, Results
from tests.bench.making import dataset

GOOD = Outcome("good", "1", "≤ 2", is_reached=True)
BAD = Outcome("bad", "3", "≤ 2", is_reached=False)
TOLD = Outcome("told", "5")


def test_a_line_says_whether_it_was_reached() -> None:
    assert GOOD.cells() == ["good", "1", "≤ 2", "yes"]
    assert BAD.cells() == ["bad", "3", "≤ 2", "**no**"]
    assert TOLD.cells() == ["told", "5", "printed", ""]


@pytest.mark.parametrize(
    ("lines", "is_reached"),
    [([GOOD, TOLD], True), ([GOOD, BAD], False), ([TOLD], True), ([], True)],
)
def test_a_table_is_reached_where_no_line_fails(lines: list[Outcome], is_reached: bool) -> None:
    table = table_of("Rules", iter(lines))
    assert table.is_reached is is_reached
    assert table.head == list(HEAD)
    assert len(table.rows) == len(lines)


def test_tables_of_one_title_become_one() -> None:
    tables = [table_of("a", [GOOD]), table_of("b", [GOOD]), table_of("a", [BAD])]
    first, second = joined(tables)
    assert (first.title, second.title) == ("a", "b")
    assert first.rows == [GOOD.cells(), BAD.cells()]
    assert not first.is_reached
    assert second.is_reached


def test_tables_of_one_title_with_other_heads_stay_apart() -> None:
    other = Table("a", ["x"], [["1"]])
    assert joined([table_of("a", [GOOD]), other]) == [table_of("a", [GOOD]), other]


def test_results_are_kept_with_their_tables() -> None:
    results = Results(tables=[table_of("a", [GOOD, BAD])])
    assert msgspec.json.decode(msgspec.json.encode(results), type=Results) == results


def test_the_document_has_a_section_of_each_table() -> None:
    tables = [table_of("Rules at work", [GOOD, BAD]), table_of("Nothing here", [])]
    text = results_document("make bench", [], dataset(), Results(), Results(), 2, tables)
    section = text.partition("## Rules at work\n\n")[2].partition("\n\n")[0]
    assert section.splitlines() == [
        "| what | measured | must reach | reached |",
        "| --- | --- | --- | --- |",
        "| good | 1 | ≤ 2 | yes |",
        "| bad | 3 | ≤ 2 | **no** |",
    ]
    assert "Nothing here" not in text


def test_what_needs_no_store_is_not_asked_of_the_peer() -> None:
    assert STORELESS < OURS_ALONE < set(Group)
