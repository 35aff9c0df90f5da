from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailkeeper.capture.parse import check_batch_size, parse_event, split_array, split_lines
from trailkeeper.capture.rejection import Reason, Rejected, Rejection
from trailkeeper.errors import BadRequest
from trailkeeper.event import MAX_BATCH_BYTES, MAX_BATCH_EVENTS, MAX_EVENT_BYTES

ACTION_AND_TYPE = b'"action":"LOGIN","resource_type":"USER"'


def with_member(member: bytes) -> bytes:
    return b"{" + ACTION_AND_TYPE + b"," + member + b"}"


def refusal(raw: bytes) -> Rejection:
    with pytest.raises(Rejected) as refused:
        parse_event(raw)
    return refused.value.rejection


def refused_code(body: bytes) -> str:
    with pytest.raises(BadRequest) as refused:
        check_batch_size(len(split_array(body)))
    return refused.value.code


@pytest.mark.parametrize(
    ("raw", "code", "field"),
    [
        (b"", Reason.MALFORMED_JSON, None),
        (b"{", Reason.MALFORMED_JSON, None),
        (with_member(b'"id":"1"') + b"}", Reason.MALFORMED_JSON, None),
        (b'{"action":"\xff"}', Reason.MALFORMED_JSON, None),
        (with_member(b'"id":"\\ud800"'), Reason.MALFORMED_JSON, None),
        (with_member(b'"details":{"n":NaN}'), Reason.MALFORMED_JSON, None),
        (b'{"resource_type":"USER"}', Reason.MISSING_FIELD, "action"),
        (b'{"action":"LOGIN"}', Reason.MISSING_FIELD, "resource_type"),
        (with_member(b'"actor":"ada"'), Reason.UNKNOWN_FIELD, "actor"),
        (with_member(b'"received_at":"2026-01-01T00:00:00Z"'), Reason.UNKNOWN_FIELD, "received_at"),
        (with_member(b'"RFC3339":1'), Reason.UNKNOWN_FIELD, "RFC3339"),
        (with_member(b'"missing required field":1'), Reason.UNKNOWN_FIELD, None),
        (b"[]", Reason.WRONG_TYPE, None),
        (b'"LOGIN"', Reason.WRONG_TYPE, None),
        (b"null", Reason.WRONG_TYPE, None),
        (with_member(b'"user_id":7'), Reason.WRONG_TYPE, "user_id"),
        (with_member(b'"details":[1]'), Reason.WRONG_TYPE, "details"),
        (with_member(b'"details":"text"'), Reason.WRONG_TYPE, "details"),
        (with_member(b'"timestamp":1700000000'), Reason.WRONG_TYPE, "timestamp"),
        (with_member(b'"timestamp":"2025-01-15"'), Reason.INVALID_TIMESTAMP, "timestamp"),
        (with_member(b'"timestamp":"yesterday"'), Reason.INVALID_TIMESTAMP, "timestamp"),
        (with_member(b'"details":{"n":1e999}'), Reason.NUMBER_OUT_OF_RANGE, "details"),
        (with_member(b'"details":{"a":[{"n":-1e999}]}'), Reason.NUMBER_OUT_OF_RANGE, "details"),
        (
            with_member(b'"details":' + b'{"a":' * 5000 + b"1" + b"}" * 5000),
            Reason.DETAILS_TOO_DEEP,
            "details",
        ),
    ],
)
def test_each_fault_has_its_code_and_field(raw: bytes, code: Reason, field: str | None) -> None:
    found = refusal(raw)

    assert found.code is code
    if field is not None:
        assert found.field == field
    assert found.reason


def test_an_event_may_have_exactly_the_largest_size() -> None:
    frame = with_member(b'"user_agent":""')
    largest = frame.replace(b'""', b'"' + b"x" * (MAX_EVENT_BYTES - len(frame)) + b'"')

    assert parse_event(largest).user_agent is not None
    assert refusal(largest + b" ").code is Reason.EVENT_TOO_LARGE


def test_the_name_of_an_unknown_field_is_not_repeated_at_any_length() -> None:
    found = refusal(with_member(b'"' + b"x" * 100_000 + b'":1'))

    assert found.code is Reason.UNKNOWN_FIELD
    assert len(found.field or "") + len(found.reason) < 1000


def test_numbers_of_any_size_in_details_are_kept() -> None:
    number = 123456789012345678901234567890
    new = parse_event(with_member(b'"details":{"n":%d}' % number))

    assert new.details == {"n": number}


@given(st.lists(st.dictionaries(st.text(), st.integers() | st.text()) | st.integers()))
def test_an_array_is_split_into_its_elements(items: list[Any]) -> None:
    body = msgspec.json.encode(items)

    assert [msgspec.json.decode(raw) for raw in split_array(body)] == items


@given(st.lists(st.binary().filter(lambda line: b"\n" not in line)))
def test_lines_that_hold_something_are_kept_in_order(lines: list[bytes]) -> None:
    assert split_lines(b"\n".join(lines)) == [line for line in lines if line.strip()]


def test_line_ends_of_any_system_are_understood() -> None:
    lines = split_lines(b"\r\n" + with_member(b'"id":"1"') + b"\r\n\r\n" + with_member(b'"id":"2"'))

    assert [parse_event(line).id for line in lines] == ["1", "2"]


@pytest.mark.parametrize("body", [b"", b"{}", b"[", b"[1,]", b"[1] 2", b"\xff", b"[" * 100_000])
def test_what_is_no_array_is_refused_as_a_whole(body: bytes) -> None:
    assert refused_code(body) == "MALFORMED_JSON"


def test_a_large_array_is_no_array_where_it_is_malformed() -> None:
    assert refused_code(b"[" + b"[1,2,3]," * (MAX_BATCH_EVENTS // 2) + b"x]") == "MALFORMED_JSON"


@pytest.mark.parametrize("separator", [b",", b", \n"])
def test_a_batch_holds_from_one_to_the_most_events(separator: bytes) -> None:
    event = with_member(b'"details":{"a":[1,2,3]}')
    most = b"[" + separator.join([event] * MAX_BATCH_EVENTS) + b"]"

    assert split_array(most) == [event] * MAX_BATCH_EVENTS
    assert refused_code(b"[" + event + b"," + most[1:]) == "TOO_MANY_EVENTS"
    assert refused_code(b"[ ]") == "EMPTY_BATCH"


def test_lines_may_be_as_many_as_the_most_events_and_blanks_do_not_count() -> None:
    event = with_member(b'"id":"1"')
    most = b"\n \n\n" + b"\n\r\n\n".join([event] * MAX_BATCH_EVENTS) + b"\n\n"

    assert split_lines(most) == [event] * MAX_BATCH_EVENTS
    with pytest.raises(BadRequest) as refused:
        split_lines(most + event)
    assert refused.value.code == "TOO_MANY_EVENTS"


@pytest.mark.parametrize(
    "body", [b"[" + b"1," * (MAX_BATCH_BYTES // 2 - 1) + b"1]", b"[" + b"[]," * 10_000_000 + b"1]"]
)
def test_an_array_of_millions_is_refused_before_it_is_taken_apart(body: bytes) -> None:
    began = time.process_time()

    assert refused_code(body) == "TOO_MANY_EVENTS"
    assert time.process_time() - began < 1


def test_lines_by_the_million_are_refused_before_they_are_taken_apart() -> None:
    began = time.process_time()

    with pytest.raises(BadRequest) as refused:
        split_lines(b"1\n" * (MAX_BATCH_BYTES // 2))
    assert refused.value.code == "TOO_MANY_EVENTS"
    assert split_lines(b"\n" * MAX_BATCH_BYTES) == []
    assert time.process_time() - began < 3
