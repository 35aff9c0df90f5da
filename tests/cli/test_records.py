"""Files as records: every place is a place to go on from."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailkeeper.cli.importing.records import (
    MAX_LINE_BYTES,
    START,
    Fault,
    FaultCode,
    Format,
    Record,
    guess_delimiter,
    guess_format,
    read_columns,
    read_csv,
    read_ndjson,
)

CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)


def codes(records: list[Record]) -> list[FaultCode | None]:
    return [each.content.code if isinstance(each.content, Fault) else None for each in records]


def test_ndjson_lines_with_their_numbers_blank_ones_passed_over() -> None:
    file = io.BytesIO(b'\xef\xbb\xbf{"a":1}\n\n  \r\n{"a":2}\r\n{"a":3}')
    records = list(read_ndjson(file, START))
    assert [(each.line, each.content) for each in records] == [
        (1, {"a": 1}),
        (4, {"a": 2}),
        (5, {"a": 3}),
    ]
    assert records[-1].end.offset == len(file.getvalue())


def test_a_bad_line_is_a_fault_in_its_place() -> None:
    file = io.BytesIO(b'{"a":1}\n{"a":\n[1]\n"x"\n{"a":"\xff"}\n{"a":2}\n')
    assert codes(list(read_ndjson(file, START))) == [
        None,
        FaultCode.MALFORMED_JSON,
        FaultCode.WRONG_TYPE,
        FaultCode.WRONG_TYPE,
        FaultCode.INVALID_UTF8,
        None,
    ]


@pytest.mark.parametrize("length", [MAX_LINE_BYTES, MAX_LINE_BYTES + 1, 3 * MAX_LINE_BYTES])
def test_a_line_beyond_all_limits_is_refused_and_the_next_one_read(length: int) -> None:
    file = io.BytesIO(b"x" * length + b'\n{"a":1}\n')
    first, second = read_ndjson(file, START)
    assert isinstance(first.content, Fault)
    assert first.content.code is FaultCode.EVENT_TOO_LARGE
    assert (second.line, second.content) == (2, {"a": 1})
    assert second.end.offset == length + 1 + 8


@given(rows=st.lists(st.dictionaries(CELL, CELL, max_size=3), max_size=12), data=st.data())
def test_ndjson_goes_on_from_any_place_as_if_never_stopped(
    rows: list[dict[str, str]], data: st.DataObject
) -> None:
    file = io.BytesIO(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    whole = list(read_ndjson(file, START))
    assert [each.content for each in whole] == rows
    stop = data.draw(st.integers(0, len(whole)))
    place = whole[stop - 1].end if stop else START
    assert whole[:stop] + list(read_ndjson(file, place)) == whole


@given(
    rows=st.lists(st.tuples(CELL, CELL).filter(lambda row: row != ("", "")), max_size=12),
    data=st.data(),
)
def test_csv_goes_on_from_any_place_as_if_never_stopped(
    rows: list[tuple[str, str]], data: st.DataObject
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([("x", "y"), *rows])
    file = io.BytesIO(text.getvalue().encode())
    whole = list(read_csv(file, START, ","))
    assert [each.content for each in whole] == [{"x": x, "y": y} for x, y in rows]
    stop = data.draw(st.integers(0, len(whole)))
    place = whole[stop - 1].end if stop else START
    assert whole[:stop] + list(read_csv(file, place, ",")) == whole


def test_a_csv_cell_may_hold_line_breaks_and_its_record_begins_at_its_first_line() -> None:
    file = io.BytesIO(b'a,b\n1,"two\nlines"\n3,4\n')
    records = list(read_csv(file, START, ","))
    assert [(each.line, each.content) for each in records] == [
        (2, {"a": "1", "b": "two\nlines"}),
        (4, {"a": "3", "b": "4"}),
    ]


def test_bad_csv_rows_are_faults_in_their_place() -> None:
    file = io.BytesIO(b'a,b\n1\n1,\xff\n"x"y,2\n\n1,2,3\n1,2\n1,"cut')
    assert codes(list(read_csv(file, START, ","))) == [
        FaultCode.COLUMN_COUNT,
        FaultCode.INVALID_UTF8,
        FaultCode.INVALID_CSV,
        FaultCode.COLUMN_COUNT,
        None,
        FaultCode.INVALID_CSV,
    ]


@pytest.mark.parametrize(
    ("head", "delimiter"), [(b"a;b;c\n", ";"), (b"a\tb\n", "\t"), (b"a,b;c,d\n", ","), (b"", ",")]
)
def test_the_delimiter_is_seen_in_the_header(head: bytes, delimiter: str) -> None:
    assert guess_delimiter(io.BytesIO(head)) == delimiter


@pytest.mark.parametrize("head", [b"", b"a,b,a\n", b'"a'])
def test_a_file_without_usable_column_names_is_refused(head: bytes) -> None:
    with pytest.raises(ValueError, match="column name"):
        read_columns(io.BytesIO(head), ",")


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.csv", Format.CSV),
        ("a.TSV", Format.CSV),
        ("a.ndjson", Format.NDJSON),
        ("a.jsonl", Format.NDJSON),
        ("a.log", None),
    ],
)
def test_the_format_is_seen_in_the_name(name: str, format: Format | None) -> None:
    assert guess_format(Path(name)) is format


def test_the_trailer_of_an_export_is_no_record() -> None:
    ndjson = io.BytesIO(b'{"action":"A"}\n{"export":{"rows":1}}\n')
    assert [each.content for each in read_ndjson(ndjson, START)] == [{"action": "A"}]
    rows = io.BytesIO(b'a,b\r\n1,2\r\n# export: {"rows":1,"complete":true}\r\n')
    assert [each.content for each in read_csv(rows, START, ",")] == [{"a": "1", "b": "2"}]
