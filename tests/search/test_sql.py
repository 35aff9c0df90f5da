"""SQL is made of our own words and placeholders alone, whatever is asked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings

from tests.search.conftest import Log
from tests.search.samples import filters
from trailkeeper.search.ast import And, DetailsExists, DetailsMatch, Filter, FreeText, Match, Not
from trailkeeper.search.fields import FIELDS, SEARCHED_COLUMNS
from trailkeeper.search.parse import parse_query
from trailkeeper.search.sql import Binder, condition, index_covers
from trailkeeper.search.text import indexed_part
from trailkeeper.store.schema import TEXT_EXPRESSION

PLACEHOLDER = re.compile(r"\{(p[0-9]+):([A-Za-z0-9]+)\}")

ATTACKS = (
    "' OR 1=1 --",
    "\\' OR 1=1 --",
    "'); DROP TABLE events; --",
    "{p0:String}",
    "{tenant:String}",
    "}",
    "\\",
    "%s %(a)s",
    "x') OR organization != '",
)


def skeleton(node: Filter) -> str:
    """The condition with its placeholders blanked."""
    binder = Binder()
    text = condition(node, binder)
    used = {name for name, _ in PLACEHOLDER.findall(text)}
    assert used == set(binder.parameters)
    return PLACEHOLDER.sub("?", text)


@settings(max_examples=200, deadline=None)
@given(filters)
def test_nothing_but_our_own_words_stands_in_the_text(node: Filter) -> None:
    text = skeleton(node).replace("\N{GREEK SMALL LETTER SIGMA}", "")
    text = text.replace("\N{GREEK SMALL LETTER FINAL SIGMA}", "")
    words = set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", re.sub(r"'[^']*'", "''", text)))
    functions = {
        *("AND", "OR", "NOT", "LIKE", "if", "multiIf", "coalesce", "v", "details"),
        *("arrayExists", "match", "position", "positionCaseInsensitive"),
        *("startsWith", "substring", "lower", "lowerUTF8", "replaceAll", "toString", "toIPv6"),
        *("toInt64OrNull", "toUInt64OrNull", "JSONType", "JSONHas", "JSONExtractRaw"),
        *("JSONExtractArrayRaw", "JSONExtractString", "JSONExtractFloat"),
        "concatWithSeparator",
        *("id_hash_high", "id_hash_low", "xxh3", "bitShiftRight", "toUInt8", "toUInt16"),
    }
    assert words <= functions | set(FIELDS)
    assert set(re.findall(r"'[^']*'", text)) <= {
        *("'::'", "'::ffff:'", "'.'", "''", "'Array'", "'\"'", "'^-?[0-9]'"),
        "'\\n'",
    }


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_value_or_path_does_not_change_the_text(attack: str) -> None:
    for harmless, hostile in (
        (Match(FIELDS["user_id"], "abcd"), Match(FIELDS["user_id"], attack)),
        (DetailsMatch(("a", "b"), "abc"), DetailsMatch((attack, attack), attack[:3])),
        (DetailsExists(("a",)), DetailsExists((attack,))),
    ):
        # What the index is asked depends on the value's length, and on nothing else of it.
        assert (
            skeleton(harmless).split(" AND lower(")[0] == skeleton(hostile).split(" AND lower(")[0]
        )


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_engine_takes_an_attack_for_what_it_is(log: Log, attack: str) -> None:
    for node in (
        Match(FIELDS["user_id"], attack),
        FreeText(attack),
        DetailsExists((attack,)),
        Not(DetailsMatch((attack, "0", attack), attack)),
    ):
        assert log.selected(node) == log.evaluated(node)


def test_costly_conditions_come_last() -> None:
    node = parse_query("zebrafish details.a:1 action:DELETE")
    assert isinstance(node, And)
    text = skeleton(node)
    assert text.index("action =") < text.index("JSONType") < text.index("match(details")


def test_the_text_index_is_asked_only_if_it_covers_all_that_free_text_looks_into() -> None:
    everything = ", ".join((*SEARCHED_COLUMNS, "toString(ip_address)", "details"))
    assert index_covers(everything)
    assert not index_covers(everything.replace("user_agent", ""))
    assert index_covers(TEXT_EXPRESSION)
    assert f"{TEXT_EXPRESSION} LIKE" in skeleton(FreeText("zebrafish"))
    assert f"{TEXT_EXPRESSION} LIKE" not in skeleton(FreeText("zeb"))


@pytest.mark.parametrize(
    ("needle", "expected"),
    [
        ("zebrafish", "zebrafish"),
        ("abc", None),
        ('abc"defgh"ij', "defgh"),
        ("line\nfeedback", "feedback"),
        ("kind of blue", "kind of blue"),
        # Beside other letters, k and i may be what a Kelvin sign or a dotted capital I became.
        ("kindé of blue", " of blue"),
        ("日本語テキスト", "日本語テキスト"),
        ("äöüß", None),
    ],
)
def test_what_the_index_is_asked_for(needle: str, expected: str | None) -> None:
    assert indexed_part(needle) == expected


def test_the_engine_leaves_out_what_the_index_rules_out(log: Log) -> None:
    assert log.granules_read(FreeText("zebrafish crossing")) < log.granules_read(FreeText("abc"))
