"""From a record to an event."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from trailkeeper.cli.importing.mapping import (
    FieldMapping,
    from_object,
    from_row,
    parse_renames,
    unknown_columns,
)
from trailkeeper.cli.importing.records import Fault, FaultCode

PLAIN = FieldMapping()
BERLIN = FieldMapping(assumed_zone=ZoneInfo("Europe/Berlin"))


def test_what_the_server_derives_is_left_out_of_an_object() -> None:
    exported: dict[str, Any] = {
        "id": "e-1",
        "action": "LOGIN",
        "resource_type": "USER",
        "resource_id": None,
        "details": {"node": 3},
        "received_at": "2025-01-01T00:00:00Z",
        "node": 1,
        "node_seq": 2,
        "organization": "acme",
        "redacted": [],
        "enrich": {"country": "DE"},
    }
    assert from_object(exported, PLAIN) == {
        "id": "e-1",
        "action": "LOGIN",
        "resource_type": "USER",
        "details": {"node": 3},
    }


def test_an_unknown_field_stays_for_the_server_to_judge() -> None:
    assert from_object({"action": "A", "colour": 1}, PLAIN) == {"action": "A", "colour": 1}


def test_a_row_becomes_an_event_with_nested_details() -> None:
    row = {
        "action": "UPDATE",
        "resource_type": "USER",
        "resource_id": "",
        "details": '{"n": 5, "a": {"kept": true}}',
        "details.a.b": "x",
        "details.reason": "No longer needed",
        "country": "DE",
        "enrich.os": "Linux",
        "node_seq": "7",
    }
    assert from_row(row, PLAIN) == {
        "action": "UPDATE",
        "resource_type": "USER",
        "details": {"n": 5, "a": {"kept": True, "b": "x"}, "reason": "No longer needed"},
    }


@pytest.mark.parametrize(
    "row",
    [
        {"details": "{"},
        {"details": "[1]"},
        {"details": '{"a": 1}', "details.a.b": "x"},
        {"details.a": "1", "details.a.b": "x"},
    ],
)
def test_details_that_cannot_be_are_a_fault(row: dict[str, str]) -> None:
    fault = from_row(row, PLAIN)
    assert isinstance(fault, Fault)
    assert fault.code is FaultCode.INVALID_DETAILS
    assert fault.field == "details"


def test_names_are_mapped_and_dropped() -> None:
    mapping = FieldMapping(parse_renames(["verb=action", "dept=details.team", "junk="]))
    source: dict[str, Any] = {"verb": "CREATE", "dept": "ml", "junk": "x", "resource_type": "M"}
    expected = {"action": "CREATE", "resource_type": "M", "details": {"team": "ml"}}
    assert from_row(source, mapping) == expected
    assert from_object(source, mapping) == expected
    assert unknown_columns(source, mapping) == []
    assert unknown_columns(source, PLAIN) == ["verb", "dept", "junk"]


def test_mapping_an_object_leaves_the_record_as_it_was() -> None:
    record = {"details": {"a": 1}, "extra": 2}
    from_object(record, FieldMapping({"extra": "details.extra"}))
    assert record == {"details": {"a": 1}, "extra": 2}


@pytest.mark.parametrize("pairs", [["a"], ["=a"], ["a=b", "a=c"]])
def test_a_map_that_cannot_be_is_refused(pairs: list[str]) -> None:
    with pytest.raises(ValueError, match=r"mapped twice|old=new"):
        parse_renames(pairs)


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("2025-01-15 14:30:00", "2025-01-15T14:30:00+01:00"),
        ("2025-07-15T14:30:00.5", "2025-07-15T14:30:00.500000+02:00"),
        ("2025-01-15", "2025-01-15T00:00:00+01:00"),
        ("2025-01-15T14:30:00Z", "2025-01-15T14:30:00+00:00"),
        ("2025-01-15T14:30:00-05:00", "2025-01-15T14:30:00-05:00"),
    ],
)
def test_only_a_time_without_zone_gets_the_assumed_one(given: str, sent: str) -> None:
    assert from_row({"timestamp": given}, BERLIN) == {"timestamp": sent}
    assert from_row({"timestamp": given}, PLAIN) == {"timestamp": given}


def test_a_time_that_is_none_is_a_fault() -> None:
    fault = from_object({"timestamp": "yesterday"}, BERLIN)
    assert isinstance(fault, Fault)
    assert fault.code is FaultCode.INVALID_TIMESTAMP


def test_the_description_depends_on_what_is_mapped_and_not_on_the_order() -> None:
    one = FieldMapping({"a": "b", "c": "d"}, ZoneInfo("UTC"))
    other = FieldMapping({"c": "d", "a": "b"}, ZoneInfo("UTC"))
    assert one.describe() == other.describe()
    assert one.describe() != FieldMapping({"a": "b"}, ZoneInfo("UTC")).describe()
    assert one.describe() != FieldMapping({"a": "b", "c": "d"}).describe()


def test_the_guard_against_formulas_is_taken_off_our_own_exports_only() -> None:
    own = {"received_at": "x", "node_seq": "1", "redacted": ""}
    guarded = {"resource_name": "'=1+1", "user_agent": "'tis", "user_id": "'"}
    assert from_row({**guarded, **own}, PLAIN) == {
        "resource_name": "=1+1",
        "user_agent": "'tis",
        "user_id": "'",
    }
    assert from_row(guarded, PLAIN) == guarded
