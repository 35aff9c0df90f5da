"""What each format holds: the same events as the search, and a summary at the end."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.api.tenant import SENT, Json, Pairs, Tenant, at, event
from tests.export.reading import FORMATS, cells, export, ids_of, read_csv
from trailkeeper.export.csv_line import CSV_COLUMNS, FORMULA_STARTS
from trailkeeper.export.formats import CsvFormat, ExportSummary

NASTY = [
    'quotes " and "" and \' and `',
    "line\nbreaks\r\nof\rall kinds",
    "commas, and; semicolons\tand tabs",
    "ünïcödé \U0001f600 \u4f60\u597d \u202e",
    "trailing space ",
    " leading space",
    "# export: {}",
    "\\ backslash \\n",
    "\x00\x01\x1b control",
    "null",
    "00123",
]

FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "|cmd", "%0A",
    "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff201", "=HYPERLINK(\"http://evil\",\"x\")",
]  # fmt: skip


def full_event(**fields: Any) -> Json:
    return event(
        **{
            "action": "UPDATE",
            "resource_type": "PROJECT",
            "resource_id": "p1",
            "resource_name": "Project One",
            "user_id": "ann",
            "user_email": "ann@acme.io",
            "on_behalf_of": "bob",
            "timestamp": "2025-01-15T14:30:00.123456Z",
            "ip_address": "203.0.113.7",
            "user_agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/126.0.0.0",
            "status": "FAILED",
            "source": "UI",
            "details": {"a": [1, 2.5, None, True], "deep": {"text": 'x "y" z', "password": "p"}},
            **fields,
        }
    )


@pytest.mark.parametrize("order", ["desc", "asc"])
@pytest.mark.parametrize("asked", [{}, {"action": "UPDATE"}, {"start_date": "2025-01-20"}])
@pytest.mark.parametrize("format", FORMATS)
def test_an_export_holds_what_the_search_finds(
    tenant: Tenant, format: str, asked: Json, order: str
) -> None:
    events = [
        full_event(action=action, timestamp=f"2025-01-{day:02}T00:00:00Z")
        for day in range(10, 30)
        for action in ("UPDATE", "CREATE")
    ]
    tenant.record([*events, event(user_agent=None)])
    page = tenant.search(**asked, order=order, limit=1000)
    exported = export(tenant, format, {**asked, "order": order})
    if format == "csv":
        assert exported.rows == [csv_row(each) for each in page["items"]]
    else:
        assert exported.rows == page["items"]
    assert exported.summary["rows"] == page["total"] == len(exported.rows)
    assert exported.summary["complete"] is True
    assert exported.summary["filter"] == {
        name: [value]
        for name, value in {**asked, "order": order, "format": format, "q": SENT}.items()
    }
    assert exported.summary["start"] == (
        "2025-01-20T00:00:00+00:00" if "start_date" in asked else None
    )
    assert at(exported.summary["committed_upto"]) >= at(page["coverage"]["committed_upto"])


def csv_row(shown: Json) -> Json:
    """How an event of the API reads in a CSV file."""
    flat = {**shown, **shown["enrich"]}
    flat["details"] = json.dumps(shown["details"], separators=(",", ":"), ensure_ascii=False)
    flat["redacted"] = " ".join(shown["redacted"])
    return {
        name: "" if flat[name] is None else str(flat[name]).replace("+00:00", "Z")
        for name in CSV_COLUMNS
    }


@pytest.mark.parametrize("format", FORMATS)
def test_an_export_of_nothing_is_whole(reader: Tenant, format: str) -> None:
    exported = export(reader, format)
    assert (exported.rows, exported.summary["rows"]) == ([], 0)
    assert exported.summary["complete"] is True


@pytest.mark.parametrize(
    ("format", "media_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
        ("ndjson", "application/x-ndjson"),
    ],
)
def test_it_comes_as_a_file_of_its_type(reader: Tenant, format: str, media_type: str) -> None:
    answer = reader.client.get("/audit-logs/export", params={"format": format})
    assert answer.headers["content-type"] == media_type
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="audit-logs-')
    assert disposition.endswith(f'.{format}"')


@pytest.mark.parametrize("format", FORMATS)
def test_any_text_survives(tenant: Tenant, format: str) -> None:
    events = [
        full_event(resource_name=text, user_id=text, details={"text": text, text: [text]})
        for text in NASTY
    ]
    tenant.record(events)
    sent = {each["id"]: each for each in events}
    rows = export(tenant, format).rows
    assert {row["id"] for row in rows} == sent.keys()
    for row in rows:
        original = sent[row["id"]]
        details = json.loads(row["details"]) if format == "csv" else row["details"]
        assert details == original["details"]
        assert row["resource_name"] == original["resource_name"]
        assert row["user_id"] == original["user_id"]


def test_a_spreadsheet_finds_no_formula(tenant: Tenant) -> None:
    fields = ("resource_id", "resource_name", "user_id", "user_email", "on_behalf_of", "user_agent")
    events = [event(**dict.fromkeys(fields, text)) for text in FORMULAS]
    # An id has no control characters.
    events += [event(id=text) for text in FORMULAS if text.isprintable()]
    tenant.record(events)
    rows = export(tenant, "csv", {"order": "asc"}).rows
    assert len(rows) == len(events)
    for row in rows:
        for name, cell in row.items():
            assert not cell.startswith(FORMULA_STARTS), (name, cell)
    sent = {each["id"]: each for each in events}
    for row in rows:
        original = sent[row["id"].removeprefix("'")]
        assert row["user_id"] in ("", f"'{original.get('user_id')}")


def test_json_keeps_formulas_as_they_were(tenant: Tenant) -> None:
    tenant.record([event(user_id=text) for text in FORMULAS])
    for format in ("json", "ndjson"):
        rows = export(tenant, format).rows
        assert {row["user_id"] for row in rows} == set(FORMULAS)


def test_the_summary_of_a_csv_holds_no_formula_either(tenant: Tenant) -> None:
    tenant.record([event()])
    filters: Pairs = [
        ("q", '"x,=1+1"'),
        ("user_id", "a"),
        ("user_id", "=1+1"),
        ("user_id", "+x;=2"),
    ]
    answer = tenant.client.get("/audit-logs/export", params=filters)
    assert answer.status_code == 200
    last = answer.text.removesuffix("\r\n").rpartition("\r\n")[2]
    for delimiter in (",", ";", "\t", "|"):
        [row] = csv.reader(io.StringIO(last, newline=""), delimiter=delimiter)
        assert not any(cell.strip().startswith(FORMULA_STARTS) for cell in row)
    summary = read_csv(answer.content).summary
    assert summary["filter"] == {"q": ['"x,=1+1"'], "user_id": ["a", "=1+1", "+x;=2"]}


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(FORMULAS)


@settings(max_examples=300, deadline=None)
@given(filters=st.dictionaries(texts, st.lists(texts, max_size=4), max_size=4))
def test_any_summary_is_harmless_and_reads_back(filters: dict[str, list[str]]) -> None:
    names = {f"details.{name}": values for name, values in filters.items()}
    summary = ExportSummary(
        rows=1, complete=True, filter=names, start=None, end=None, committed_upto="2025"
    )
    line = CsvFormat(with_bom=False, with_summary=True).end(summary).decode()
    assert line.endswith("\r\n")
    assert "\n" not in line[:-2]
    assert "\r" not in line[:-2]
    for delimiter in (",", ";", "\t", "|"):
        [row] = csv.reader(io.StringIO(line, newline=""), delimiter=delimiter)
        assert not any(cell.startswith(FORMULA_STARTS) for cell in row)
    assert json.loads(line.removeprefix("# export: "))["filter"] == names


def test_a_byte_order_mark_only_where_it_is_asked_for(reader: Tenant) -> None:
    mark = b"\xef\xbb\xbf"
    for bom, has_mark in (("true", True), ("false", False), (None, False)):
        asked = {} if bom is None else {"bom": bom}
        body = reader.client.get("/audit-logs/export", params=asked).content
        assert body.startswith(mark) is has_mark
        assert body.removeprefix(mark).startswith(b"id,timestamp,action,")


def test_the_summary_of_a_csv_can_be_left_out(tenant: Tenant) -> None:
    tenant.record([event() for _ in range(3)])
    answer = tenant.client.get("/audit-logs/export", params={"summary": "false"})
    rows = cells(answer.text)
    assert len(rows) == 3
    assert tuple(rows[0]) == CSV_COLUMNS


def test_csv_times_addresses_and_numbers_read_plainly(tenant: Tenant) -> None:
    tenant.record([full_event(), event(ip_address="2001:DB8::7", timestamp="1970-01-01T00:00:00Z")])
    newer, older = export(tenant, "csv").rows
    assert newer["timestamp"] == "2025-01-15T14:30:00.123456Z"
    assert newer["ip_address"] == "203.0.113.7"
    assert newer["redacted"] == "details.deep.password"
    assert older["timestamp"] == "1970-01-01T00:00:00Z"
    assert older["ip_address"] == "2001:db8::7"
    assert older["user_id"] == older["country"] == older["latitude"] == ""
    assert ids_of([newer, older]) == ids_of(tenant.search()["items"])
