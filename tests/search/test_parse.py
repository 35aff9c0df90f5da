"""The search language: what is understood, and where a fault is said to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search.samples import TEXTS
from trailkeeper.errors import BadRequest
from trailkeeper.search.ast import (
    AddressIn,
    And,
    Compare,
    DetailsCompare,
    DetailsExists,
    DetailsLike,
    DetailsMatch,
    Everything,
    Exists,
    Filter,
    FreeText,
    Like,
    Match,
    Not,
    Operator,
    Or,
)
from trailkeeper.search.fields import FIELDS
from trailkeeper.search.parse import MAX_DEPTH, MAX_QUERY_LENGTH, MAX_TERMS, parse_query
from trailkeeper.search.values import parse_network

A, B, C = FreeText("a"), FreeText("b"), FreeText("c")


def match(name: str, value: str) -> Match:
    return Match(FIELDS[name], value)


def network(text: str) -> AddressIn:
    found = parse_network(text)
    assert found is not None
    return AddressIn(FIELDS["ip_address"], found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Everything()),
        (" \n ", Everything()),
        ("*", Everything()),
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("a b OR c", Or((And((A, B)), C))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("a OR (b OR c)", Or((A, B, C))),
        ("-a", Not(A)),
        ("NOT a", Not(A)),
        ("NOT NOT a", Not(Not(A))),
        ("-(a b)", Not(And((A, B)))),
        ("NOT(a)b", And((Not(A), B))),
        ("* a", A),
        ("and", FreeText("and")),
        ("NOTE ORDER ANDROID", And((FreeText("NOTE"), FreeText("ORDER"), FreeText("ANDROID")))),
        ('"AND"', FreeText("AND")),
        ('"a b"', FreeText("a b")),
        (r'"say \"hi\" \\ C:\temp"', FreeText('say "hi" \\ C:\\temp')),
        ("*part*", FreeText("part")),
        ('"a*b"', FreeText("a*b")),
        ("12:30", FreeText("12:30")),
        ("a-b", FreeText("a-b")),
        ("::1", FreeText("::1")),
        ("details.reason", FreeText("details.reason")),
    ],
)
def test_structure_and_free_text(text: str, expected: Filter) -> None:
    assert parse_query(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("action:DELETE", match("action", "DELETE")),
        ("action:OR", match("action", "OR")),
        ('resource_name:"prod api"', match("resource_name", "prod api")),
        ("type:model", match("resource_type", "model")),
        ("email:a@b", match("user_email", "a@b")),
        ("user:bob", Or((match("user_id", "bob"), match("user_email", "bob")))),
        ("resource:x", Or((match("resource_id", "x"), match("resource_name", "x")))),
        ("user_id:urn:x:1", match("user_id", "urn:x:1")),
        ("user_id:*", Exists(FIELDS["user_id"])),
        ('user_id:""', match("user_id", "")),
        ('user:""', Not(Or((Exists(FIELDS["user_id"]), Exists(FIELDS["user_email"]))))),
        ("action:LOGIN*", Like(FIELDS["action"], ("LOGIN", ""))),
        ("action:**IN**ED", Like(FIELDS["action"], ("", "IN", "ED"))),
        ('action:"LOGIN*"', match("action", "LOGIN*")),
        ('city:"New "*"k"', Like(FIELDS["city"], ("New ", "k"))),
        ("action:(A OR B, C)", Or(tuple(match("action", each) for each in "ABC"))),
        ("action:( A )", match("action", "A")),
        ('action:("A, B")', match("action", "A, B")),
        ("action:A,B", match("action", "A,B")),
        ("ip:10.1.2.3", network("10.1.2.3")),
        ("ip:10.1.2.3/8", network("10.0.0.0/8")),
        ("ip:2001:db8::/32", network("2001:db8::/32")),
        ("ip:::1", network("::1")),
        ("ip:::ffff:10.0.0.0/104", network("10.0.0.0/8")),
        ("ip:*", Exists(FIELDS["ip_address"])),
        ('ip:""', Not(Exists(FIELDS["ip_address"]))),
        ("local_hour:22", Compare(FIELDS["local_hour"], Operator.EQUAL, 22)),
        ("local_hour:>=22", Compare(FIELDS["local_hour"], Operator.AT_LEAST, 22)),
        ("node:<-1", Compare(FIELDS["node"], Operator.LESS, -1)),
    ],
)
def test_fields(text: str, expected: Filter) -> None:
    assert parse_query(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("details.count:5", DetailsMatch(("count",), 5)),
        ("details.count:5.0", DetailsMatch(("count",), 5.0)),
        ("details.count:-1e3", DetailsMatch(("count",), -1000.0)),
        ('details.count:"5"', DetailsMatch(("count",), "5")),
        ("details.zip:01234", DetailsMatch(("zip",), "01234")),
        ("details.phone:+49", DetailsMatch(("phone",), "+49")),
        ("details.ok:true", DetailsMatch(("ok",), True)),
        ("details.ok:null", DetailsMatch(("ok",), None)),
        ('details.ok:"null"', DetailsMatch(("ok",), "null")),
        ("details.ok:True", DetailsMatch(("ok",), "True")),
        ("details.a.b.0:x", DetailsMatch(("a", "b", "0"), "x")),
        ('details."a.b".c:x', DetailsMatch(("a.b", "c"), "x")),
        (r'details."say \"x\"":1', DetailsMatch(('say "x"',), 1)),
        ('details."":1', DetailsMatch(("",), 1)),
        ("details.reason:*", DetailsExists(("reason",))),
        ("details.reason:No*", DetailsLike(("reason",), ("No", ""))),
        ("details.count:>5", DetailsCompare(("count",), Operator.MORE, 5)),
        ("details.count:<=-0.5", DetailsCompare(("count",), Operator.AT_MOST, -0.5)),
        ('details.count:">5"', DetailsMatch(("count",), ">5")),
        (
            "details.c:(1, >9)",
            Or((DetailsMatch(("c",), 1), DetailsCompare(("c",), Operator.MORE, 9))),
        ),
    ],
)
def test_details(text: str, expected: Filter) -> None:
    found = parse_query(text)
    assert found == expected
    # 5, 5.0 and True are equal to Python, but not the same value to ask for.
    assert repr(found) == repr(expected)


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ('action:DELETE "open', "INVALID_QUERY", 14),
        ("(a OR b", "INVALID_QUERY", 7),
        ("a)", "INVALID_QUERY", 1),
        ("()", "INVALID_QUERY", 1),
        ("a OR", "INVALID_QUERY", 4),
        ("OR a", "INVALID_QUERY", 0),
        ("a AND AND b", "INVALID_QUERY", 6),
        ("a NOT", "INVALID_QUERY", 5),
        ("a - b", "INVALID_QUERY", 3),
        ("action:", "INVALID_QUERY", 7),
        ("action: DELETE", "INVALID_QUERY", 7),
        ("action:(A B)", "INVALID_QUERY", 10),
        ("action:(A", "INVALID_QUERY", 9),
        ("action:()", "INVALID_QUERY", 8),
        ('ab"c"', "INVALID_QUERY", 2),
        ('"a"b', "INVALID_QUERY", 3),
        ("f(x)", "INVALID_QUERY", 1),
        ('x details."a":', "INVALID_QUERY", 14),
        ("details..a:1", "INVALID_QUERY", 0),
        ('details."a"', "INVALID_QUERY", 0),
        ("a \ud800", "INVALID_QUERY", 2),
        ("a acton:DELETE", "UNKNOWN_FIELD", 2),
        ("http://example.org", "UNKNOWN_FIELD", 0),
        ("details:x", "UNKNOWN_FIELD", 0),
        ("organization:other", "UNKNOWN_FIELD", 0),
        ("a ip:10.0.0.0/33", "INVALID_VALUE", 5),
        ("ip:10.0.*", "INVALID_VALUE", 3),
        ("ip:fe80::1%eth0", "INVALID_VALUE", 3),
        ("local_hour:ten", "INVALID_VALUE", 11),
        ("local_hour:1.5", "INVALID_VALUE", 11),
        ("local_hour:9223372036854775808", "INVALID_VALUE", 11),
        ("action:>5", "INVALID_VALUE", 7),
        ("details.count:>", "INVALID_VALUE", 14),
        ("details.count:>x", "INVALID_VALUE", 14),
        ("details.count:>1*", "INVALID_VALUE", 14),
        ("details.count:1e400", "INVALID_VALUE", 14),
        ("details.count:>" + "9" * 400, "INVALID_VALUE", 14),
        ("fire*fox", "INVALID_VALUE", 0),
        ('""', "INVALID_VALUE", 0),
        ("a" * (MAX_QUERY_LENGTH + 1), "QUERY_TOO_COMPLEX", MAX_QUERY_LENGTH),
        ("(" * 2000 + "a" + ")" * 2000, "QUERY_TOO_COMPLEX", MAX_DEPTH),
        ("-" * 3000 + "a", "QUERY_TOO_COMPLEX", MAX_DEPTH),
        ("a " * (MAX_TERMS + 1), "QUERY_TOO_COMPLEX", 2 * MAX_TERMS),
        ("details.0.0.0.0.0:1", "QUERY_TOO_COMPLEX", 0),
        ("details" + ".a" * 33 + ":1", "QUERY_TOO_COMPLEX", 0),
    ],
)
def test_faults_have_a_code_and_a_place(text: str, code: str, position: int) -> None:
    with pytest.raises(BadRequest) as caught:
        parse_query(text)
    assert (caught.value.code, caught.value.position) == (code, position)
    assert caught.value.field == "q"
    if code == "INVALID_QUERY":
        assert caught.value.expected


def test_an_unknown_field_is_answered_with_the_near_one() -> None:
    with pytest.raises(BadRequest) as caught:
        parse_query("acton:DELETE")
    assert caught.value.hint is not None
    assert "'action'" in caught.value.hint


def test_the_bounds_themselves_are_within() -> None:
    assert parse_query("a " * MAX_TERMS) == And((A,) * MAX_TERMS)
    nested = "(" * (MAX_DEPTH - 1) + "a" + ")" * (MAX_DEPTH - 1)
    assert parse_query(nested) == A
    assert parse_query("a" * MAX_QUERY_LENGTH) == FreeText("a" * MAX_QUERY_LENGTH)


_FRAGMENTS = ('"', "(", ")", "-", " ", "*", ":", ",", "\\", "AND ", "OR ", "NOT ", "action:", ">")


@given(st.lists(st.sampled_from((*_FRAGMENTS, "details.", "ip:", *TEXTS)), max_size=12))
def test_any_text_is_understood_or_refused_with_a_place(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        parse_query(text)
    except BadRequest as fault:
        assert fault.position is not None
        assert 0 <= fault.position <= len(text)
