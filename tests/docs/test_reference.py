"""What the documentation lists is what the code has: nothing missing, nothing made up."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.docs.pages import ROOT, code_words, page_names, read_page, table_rows
from tests.docs.sources import raised_codes, start_codes, wire_codes
from tests.live import LiveServer
from trailkeeper.capture import validate
from trailkeeper.event import (
    MAX_BATCH_BYTES,
    MAX_BATCH_EVENTS,
    MAX_DETAILS_BYTES,
    MAX_DETAILS_DEPTH,
    MAX_EVENT_BYTES,
    MAX_FUTURE,
    MAX_TEXT_LENGTH,
    NewEvent,
)
from trailkeeper.export.formats import ExportSummary
from trailkeeper.keep.retention import OVERDUE_AFTER
from trailkeeper.principal import Permission
from trailkeeper.search.answer import MAX_LIMIT, MAX_OFFSET
from trailkeeper.search.facets import FACET_COLUMNS
from trailkeeper.search.fields import PARAMETERS
from trailkeeper.search.histogram import MAX_BUCKETS, SPLIT_COLUMNS, Interval
from trailkeeper.search.parse import MAX_QUERY_LENGTH, MAX_TERMS
from trailkeeper.search.request import MAX_FILTER_VALUES
from trailkeeper.settings import DOCUMENTED, PREFIX, read_settings
from trailkeeper.store.engine import MAX_WAITING_READS

API = "docs/api.md"
OPERATIONS = "docs/operations.md"
KIB = 1024
MIB = 1024 * 1024


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def first_words(text: str) -> set[str]:
    """What stands in backticks in the first cell of each row of the tables."""
    return {word for row in table_rows(text) for word in code_words(row[0])}


def test_every_setting_is_documented_with_its_default() -> None:
    page = "\n".join(line for _, line in read_page("docs/settings.md").prose)
    rows = {code_words(row[0])[0]: row for row in table_rows(page)}
    for_the_command_line = {"TRAILKEEPER_URL", "TRAILKEEPER_API_KEY", "TRAILKEEPER_API_KEY_FILE"}
    assert set(rows) == {PREFIX + name for name in DOCUMENTED} | for_the_command_line
    defaults = read_settings({})
    for name in ("HOST", "PORT", "QUEUE_EVENTS", "QUEUE_BYTES", "ENGINE_MEMORY_BYTES"):
        assert str(getattr(defaults, name.lower())) in code_words(rows[PREFIX + name][1])
    for name in ("RETENTION_DAYS", "LOG_LEVEL", "LOG_FORMAT"):
        assert str(getattr(defaults, name.lower())) in code_words(rows[PREFIX + name][1])


def test_settings_named_anywhere_exist() -> None:
    known = {PREFIX + name for name in DOCUMENTED}
    known |= {f"{name}_FILE" for name in known}
    known |= {"TRAILKEEPER_URL", "TRAILKEEPER_API_KEY", "TRAILKEEPER_API_KEY_FILE"}
    for name in page_names():
        named = set(re.findall(r"\bTRAILKEEPER_[A-Z_]*[A-Z]\b", text_of(name)))
        assert named <= known, f"{name} names {named - known}"


def test_every_code_of_the_api_is_documented_and_no_other() -> None:
    section = read_page(API).section("All codes")
    inside_only = {"JOB_LEASE_LOST", "JOB_NOT_FOUND"}
    assert inside_only <= set(code_words(section))
    assert first_words(section) | inside_only == wire_codes()


def test_the_status_of_each_code_is_right() -> None:
    statuses: dict[str, set[str]] = {}
    for raised in raised_codes():
        if raised.status is not None and not raised.is_configuration:
            statuses.setdefault(raised.code, set()).add(str(raised.status))
    for row in table_rows(read_page(API).section("All codes")):
        for code in code_words(row[0]):
            # Some are raised as a conflict within the service, and told as another on the wire.
            assert row[1] in statuses.get(code, {row[1]}), f"{code} is not {row[1]}"


def test_every_code_at_start_is_documented_and_no_other() -> None:
    assert first_words(read_page(OPERATIONS).section("Errors at start")) == start_codes()


def test_codes_named_in_the_limits_exist() -> None:
    section = read_page(API).section("Limits")
    named = {word for row in table_rows(section) for word in code_words(row[2])}
    assert named <= wire_codes()


@pytest.mark.parametrize(
    ("what", "limit"),
    [
        ("one event as JSON", f"{MAX_EVENT_BYTES // KIB} KiB"),
        ("`details` as compact JSON", f"{MAX_DETAILS_BYTES // KIB} KiB"),
        ("`details`, nesting", f"{MAX_DETAILS_DEPTH} levels"),
        ("events in a batch", f"{MAX_BATCH_EVENTS:,}"),
        ("a batch, packed and unpacked", f"{MAX_BATCH_BYTES // MIB} MiB"),
        ("`timestamp` ahead", f"{MAX_FUTURE.total_seconds() / 3600:.0f} hours"),
        ("events waiting", f"{read_settings({}).queue_events:,}"),
        ("bytes of requests in flight", f"{read_settings({}).queue_bytes // MIB} MiB"),
        ("reads waiting", str(MAX_WAITING_READS)),
        ("`limit` of a page", f"{MAX_LIMIT:,}"),
        ("`offset`", f"{MAX_OFFSET:,}"),
        ("`q`", f"{MAX_QUERY_LENGTH:,} characters, {MAX_TERMS} terms"),
        ("filter values", str(MAX_FILTER_VALUES)),
        ("buckets", f"{MAX_BUCKETS:,}"),
    ],
)
def test_limits_are_those_of_the_code(what: str, limit: str) -> None:
    rows = [row for row in table_rows(read_page(API).section("Limits")) if row[0].startswith(what)]
    assert len(rows) == 1
    assert limit in rows[0][1]


def test_every_field_of_an_event_is_documented_with_its_length() -> None:
    rows = {
        word: row[2]
        for row in table_rows(read_page(API).section("One event"))
        for word in code_words(row[0])
    }
    assert set(rows) == set(NewEvent.__struct_fields__)
    lengths = {
        "id": validate.MAX_ID_LENGTH,
        "resource_id": validate.MAX_REFERENCE_LENGTH,
        "resource_name": MAX_TEXT_LENGTH,
        "user_id": validate.MAX_REFERENCE_LENGTH,
        "user_email": validate.MAX_REFERENCE_LENGTH,
        "user_agent": validate.MAX_USER_AGENT_LENGTH,
    }
    for field, length in lengths.items():
        assert f"{length:,}" in rows[field], field


def test_every_permission_is_documented_and_no_other() -> None:
    assert first_words(read_page(API).section("Who may")) == {str(each) for each in Permission}


def test_every_filter_is_documented_and_no_other() -> None:
    section = read_page(API).section("Filters")
    shared = {"start_date", "end_date", "time_zone", "q", "details.<path>"}
    assert first_words(section) == PARAMETERS | shared


def test_words_of_the_read_side_are_documented() -> None:
    counting = set(code_words(read_page(API).section("Counting")))
    assert {*FACET_COLUMNS, *SPLIT_COLUMNS, *Interval} <= counting
    export = read_page(API).section("Export")
    assert {*ExportSummary.__struct_fields__} - {"complete"} <= set(code_words(export))


def test_every_route_is_documented_and_no_other(live_server: LiveServer) -> None:
    documented = {
        word.replace("/ ", " ").rstrip("/")
        for word in first_words(read_page(API).section("Routes"))
    }
    paths = _openapi(live_server)["paths"]
    served = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert documented == served | {"GET /openapi.json"}


def test_every_parameter_of_a_route_is_documented(live_server: LiveServer) -> None:
    text = text_of(API)
    for path, methods in _openapi(live_server)["paths"].items():
        for method, operation in methods.items():
            for parameter in operation.get("parameters", []):
                name = parameter["name"]
                named = f"`{name}`" in text or f"{{{name}}}" in text or f"`{name}=" in text
                assert named or name == "Idempotency-Key", f"{method} {path}: {name}"
    assert "Idempotency-Key" in text


def test_every_metric_is_documented_and_no_other(live_server: LiveServer) -> None:
    with live_server.client() as client:
        told = client.get("/metrics").text
    served = set(re.findall(r"^# TYPE (trailkeeper_\w+) ", told, re.MULTILINE))
    documented = first_words(read_page(OPERATIONS).section("Metrics"))
    assert documented == {name for name in served if not name.endswith("_created")}


def test_metrics_named_anywhere_exist() -> None:
    documented = first_words(read_page(OPERATIONS).section("Metrics"))
    for name in page_names():
        named = set(
            re.findall(r"\btrailkeeper_[a-z_]+(?:total|seconds|events|bytes)\b", text_of(name))
        )
        assert named <= documented, f"{name} names {named - documented}"


def test_every_warning_is_documented() -> None:
    section = read_page(OPERATIONS).section("Readiness")
    health = (ROOT / "src" / "trailkeeper" / "health.py").read_text()
    assert first_words(section) == set(re.findall(r'warnings\.append\("([A-Z_]+)"\)', health))
    assert f"{OVERDUE_AFTER.total_seconds() / 3600:.0f} hours" in section


def test_make_targets_named_anywhere_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {"run", "test"} <= targets
    for name in ("README.md", "CONTRIBUTING.md", *(n for n in page_names() if "docs/" in n)):
        page = read_page(name)
        code = [block.text for block in page.blocks]
        code += [word for _, line in page.prose for word in code_words(line)]
        code += [line.strip() for _, line in page.prose if line.startswith("    make ")]
        named = {found for text in code for found in re.findall(r"^make ([a-z]+)", text, re.M)}
        assert named <= targets, f"{name} names {named - targets}"


def test_files_named_in_the_journey_exist() -> None:
    page = read_page("docs/journey.md")
    package = ROOT / "src" / "trailkeeper"
    named = {
        word
        for _, line in page.prose
        for word in code_words(line)
        if re.fullmatch(r"[a-z_]+/(?:[a-z_]+\.py)?|[a-z_]+\.py", word)
    }
    assert len(named) > 30
    missing = [word for word in sorted(named) if not (package / word).exists()]
    assert not missing


def _openapi(server: LiveServer) -> dict[str, Any]:
    with server.client() as client:
        document: dict[str, Any] = client.get("/openapi.json").json()
    return document
