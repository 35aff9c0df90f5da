"""URL parameters: repeated ones mean OR, different ones AND, unknown ones are refused."""

from __future__ import annotations

import pytest

from trailkeeper.errors import BadRequest
from trailkeeper.search.ast import (
    And,
    DetailsCompare,
    DetailsExists,
    DetailsLike,
    DetailsMatch,
    Everything,
    Filter,
    FreeText,
    Match,
    Operator,
    Or,
)
from trailkeeper.search.fields import FIELDS, PARAMETERS
from trailkeeper.search.params import parse_parameters
from trailkeeper.search.parse import MAX_TERMS, parse_query


def match(name: str, value: str) -> Match:
    return Match(FIELDS[name], value)


def test_no_parameters_match_everything() -> None:
    assert parse_parameters([]) == Everything()
    assert parse_parameters([("limit", "5"), ("q", "")], {"limit"}) == Everything()


def test_repeated_parameters_mean_or_and_different_ones_and() -> None:
    found = parse_parameters([("action", "A"), ("user_id", "u"), ("action", "B")])
    assert found == And((Or((match("action", "A"), match("action", "B"))), match("user_id", "u")))


def test_q_and_parameters_must_both_match() -> None:
    found = parse_parameters([("q", "hello -x"), ("status", "FAILED")])
    assert found == And((*_parts("hello -x"), match("status", "FAILED")))


def _parts(text: str) -> tuple[Filter, ...]:
    found = parse_query(text)
    assert isinstance(found, And)
    return found.parts


@pytest.mark.parametrize("name", sorted(PARAMETERS - {"ip_address"}))
def test_values_of_fields_are_literal(name: str) -> None:
    for value in ("a*", ">5", '"quoted"', "x OR y", ""):
        assert parse_parameters([(name, value)]) == match(name, value)


def test_addresses_and_networks_are_read() -> None:
    assert parse_parameters([("ip_address", "10.0.0.0/8")]) == parse_query("ip:10.0.0.0/8")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("details.count", "5", DetailsMatch(("count",), 5)),
        ("details.count", '"5"', DetailsMatch(("count",), "5")),
        ("details.count", ">5", DetailsCompare(("count",), Operator.MORE, 5)),
        ("details.ok", "true", DetailsMatch(("ok",), True)),
        ("details.reason", "No longer needed", DetailsMatch(("reason",), "No longer needed")),
        ("details.reason", 'a "b" c', DetailsMatch(("reason",), 'a "b" c')),
        ("details.reason", r'"a \"b\" *"', DetailsMatch(("reason",), 'a "b" *')),
        ("details.reason", "No *", DetailsLike(("reason",), ("No ", ""))),
        ("details.reason", "*", DetailsExists(("reason",))),
        ("details.reason", "", DetailsMatch(("reason",), "")),
        ('details."a.b".c', "x", DetailsMatch(("a.b", "c"), "x")),
    ],
)
def test_values_in_details_are_typed_as_in_q(name: str, value: str, expected: Filter) -> None:
    found = parse_parameters([(name, value)])
    assert found == expected
    assert repr(found) == repr(expected)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("colour", "red", "UNKNOWN_PARAMETER"),
        ("limit", "5", "UNKNOWN_PARAMETER"),
        ("organization", "other", "UNKNOWN_PARAMETER"),
        ("details", "x", "UNKNOWN_PARAMETER"),
        ("details.", "x", "UNKNOWN_PARAMETER"),
        ("details.a b", "x", "UNKNOWN_PARAMETER"),
        ("ip_address", "10.0.0.0/40", "INVALID_VALUE"),
        ("details.a", ">x", "INVALID_VALUE"),
        ("user_id", "\udc80", "INVALID_VALUE"),
        ("user_id", "x" * 5000, "QUERY_TOO_COMPLEX"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(name: str, value: str, code: str) -> None:
    with pytest.raises(BadRequest) as caught:
        parse_parameters([(name, value)])
    assert caught.value.code == code
    assert caught.value.field in (name, "parameters")
    assert caught.value.position is None


def test_a_fault_in_q_keeps_its_place() -> None:
    with pytest.raises(BadRequest) as caught:
        parse_parameters([("q", "a )")])
    assert (caught.value.code, caught.value.position) == ("INVALID_QUERY", 2)


def test_there_may_be_so_many_parameters_and_no_more() -> None:
    allowed = [("user_id", str(number)) for number in range(MAX_TERMS)]
    assert isinstance(parse_parameters(allowed), Or)
    with pytest.raises(BadRequest) as caught:
        parse_parameters([*allowed, ("user_id", "x")])
    assert caught.value.code == "QUERY_TOO_COMPLEX"


def test_unicode_line_ends_do_not_end_a_value() -> None:
    assert parse_parameters([("q", '"a\u2028b\n"')]) == FreeText("a\u2028b\n")
