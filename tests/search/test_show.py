"""A filter, written as a query, is read as the same filter."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.search.samples import filters
from trailkeeper.search.ast import (
    And,
    DetailsMatch,
    Everything,
    Filter,
    FreeText,
    Not,
    Or,
    all_of,
    any_of,
)
from trailkeeper.search.parse import parse_query
from trailkeeper.search.show import to_query


def flattened(node: Filter) -> Filter:
    """The filter as the parser would put it: nested lists of one kind in one."""
    match node:
        case And(parts):
            return all_of(map(flattened, parts))
        case Or(parts):
            return any_of(map(flattened, parts))
        case Not(part):
            return Not(flattened(part))
        case _:
            return node


@settings(max_examples=400, deadline=None)
@given(filters)
def test_a_filter_survives_being_written(node: Filter) -> None:
    expected = flattened(node)
    found = parse_query(to_query(expected))
    assert found == expected
    assert repr(found) == repr(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "action:DELETE -status:FAILED user:alice@acme.io",
        "action:(CREATE OR DELETE)",
        "user:(alice* OR bob) OR status:FAILED",
        "user:(alice OR bob)",
        'resource:"prod api" ip_address:10.0.0.0/8',
        'details.reason:"No longer needed" "free text"',
        'details.count:5 details.count:"5" details.count:>=2.5',
        'details."a.b".c.0:true',
        "-(action:LOGIN_FAILED OR user:*)",
        "local_hour:(<6 OR >=22)",
        "-user:*",
    ],
)
def test_a_plain_query_is_written_as_people_would(text: str) -> None:
    assert to_query(parse_query(text)) == text


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (FreeText("AND"), '"AND"'),
        (FreeText("-a"), '"-a"'),
        (FreeText("a:b"), '"a:b"'),
        (FreeText('say "hi" \\'), r'"say \"hi\" \\"'),
        (DetailsMatch(("a",), "null"), 'details.a:"null"'),
        (DetailsMatch(("a",), "1e999"), 'details.a:"1e999"'),
        (Not(Everything()), "-*"),
    ],
)
def test_what_could_be_mistaken_is_quoted(node: Filter, expected: str) -> None:
    assert to_query(node) == expected
    assert parse_query(expected) == node
