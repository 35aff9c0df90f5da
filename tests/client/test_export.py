"""An export is whole or it is an error: counted over any chunks, against its trailer."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client.far_end import Answer, far_end
from trailkeeper.client import Client, ExportFormat, IncompleteExport, RetryPolicy
from trailkeeper.client.export import COUNTERS, ExportResult, checked

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=10)


def trailer(rows: int) -> dict[str, Any]:
    return {"rows": rows, "complete": True, "filter": {"q": ["a"]}}


def to_ndjson(rows: list[list[str]]) -> bytes:
    lines = [{"id": row} for row in rows] + [{"export": trailer(len(rows))}]
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


def to_json(rows: list[list[str]]) -> bytes:
    items = b",\n".join(msgspec.json.encode({"id": row}) for row in rows)
    end = msgspec.json.encode(trailer(len(rows)))
    return b'{"items":[\n' + items + b'\n],"export":' + end + b"}\n"


def to_csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["a", "b"], *rows])
    end = msgspec.json.encode(trailer(len(rows)))
    return text.getvalue().encode() + b"# export: " + end + b"\r\n"


WRITERS = {
    ExportFormat.NDJSON: to_ndjson,
    ExportFormat.JSON: to_json,
    ExportFormat.CSV: to_csv,
}


def received(format: ExportFormat, chunks: Iterable[bytes]) -> ExportResult:
    counter = COUNTERS[format]()
    for chunk in chunks:
        counter.feed(chunk)
    return checked(counter)


@pytest.mark.parametrize("format", ExportFormat)
@given(
    rows=st.lists(st.tuples(TEXT.filter(bool), TEXT).map(list), max_size=8),
    chunk_bytes=st.integers(1, 40),
)
def test_rows_are_counted_whatever_they_hold_and_however_they_are_cut(
    format: ExportFormat, rows: list[list[str]], chunk_bytes: int
) -> None:
    whole = WRITERS[format](rows)
    chunks = [whole[at : at + chunk_bytes] for at in range(0, len(whole), chunk_bytes)]
    result = received(format, chunks)
    assert (result.rows, result.size_bytes) == (len(rows), len(whole))
    assert result.trailer.filter == {"q": ["a"]}


@pytest.mark.parametrize("format", ExportFormat)
def test_cut_anywhere_it_is_not_taken_for_whole(format: ExportFormat) -> None:
    # One value plays the trailer: what strangers write must not make a cut file look whole.
    fake = '\n# export: {"rows": 1, "complete": true}\n'
    whole = WRITERS[format]([["x", fake], ["y", fake]])
    for length in range(len(whole) - 1):
        with pytest.raises(IncompleteExport):
            received(format, [whole[:length]])


@pytest.mark.parametrize("format", ExportFormat)
def test_a_lost_row_is_noticed(format: ExportFormat) -> None:
    fewer = WRITERS[format]([["x", "1"], ["y", "2"]])
    claimed = fewer.replace(b'"rows":2', b'"rows":3')
    with pytest.raises(IncompleteExport, match="2 rows came of 3"):
        received(format, [claimed])


def test_a_connection_that_breaks_is_an_incomplete_export() -> None:
    body = to_csv([["x", "1"]])
    longer = {"Content-Length": str(len(body) + 100)}
    with (
        far_end(Answer(200, body, longer)) as server,
        Client(server.url, "tk_test", retry=RetryPolicy(retries=0)) as client,
        pytest.raises(IncompleteExport),
    ):
        client.export("csv", io.BytesIO())


def test_it_is_written_through_and_told_as_it_comes() -> None:
    body = to_ndjson([["x"], ["y"]])
    told: list[tuple[int, int]] = []
    out = io.BytesIO()
    with far_end(Answer(200, body)) as server, Client(server.url, "tk_test") as client:
        result = client.export(
            "ndjson", out, "a:b", progress=lambda *now: told.append(now), action=["A", "B"]
        )
    assert out.getvalue() == body
    assert result.rows == 2
    assert told[-1] == (2, len(body))
    path = server.asked[0].path
    assert path == "/audit-logs/export?format=ndjson&q=a%3Ab&action=A&action=B"
