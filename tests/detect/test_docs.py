"""docs/rules.md: its rules are loaded and find what it says, its tables are complete."""

from __future__ import annotations

import re

import pytest

from tests.detect.rules import at
from tests.docs.pages import Block, code_words, read_page, table_rows
from trailkeeper.detect.evaluate import LiveEvaluator
from trailkeeper.detect.faults import FaultCode
from trailkeeper.detect.form import from_sentence, from_yaml, to_yaml
from trailkeeper.detect.lint import WarningCode, lint
from trailkeeper.detect.names import PUBLIC_NAMES
from trailkeeper.detect.parse import load_rule_text
from trailkeeper.detect.rule import Kind
from trailkeeper.detect.selection import KNOWN_MODIFIERS, REFUSED_MODIFIERS
from trailkeeper.event import StoredEvent

PAGE = read_page("docs/rules.md")
TEXT = PAGE.path.read_text()
RULES = [block for block in PAGE.blocks if block.language == "yaml"]
SENTENCES = [
    line
    for block in PAGE.blocks
    if block.language == "sentence"
    for line in block.text.splitlines()
]


def minutely(count: int, **changes: object) -> list[StoredEvent]:
    return [at(place, **changes) for place in range(count)]


SCRIPT = {
    "action": "BULK_DELETE",
    "user_agent": "Python-Requests/2.1",
    "local_hour": 23,
    "ip_address": "::ffff:203.0.113.7",
    "details": {"count": 101},
}

FOUND: dict[str, list[StoredEvent]] = {
    "Two-factor authentication removed": [at(0, action="TWO_FACTOR_REMOVED")],
    "A key or a secret was mentioned": [
        at(0, action="UPLOAD_FILE", resource_type="MODEL", details={"note": "My API key"})
    ],
    "A script deletes at night": [at(0, **SCRIPT)],
    "Many failed logins from one address": minutely(
        6, action="LOGIN_FAILED", ip_address="::ffff:10.0.0.1"
    ),
    "Login right after a failure": [
        at(0, action="LOGIN_FAILED", user_email="a@b"),
        at(4, user_email="a@b"),
    ],
    "Much was exported by one person": [
        at(0, action="EXPORT", details={"rows": 60_000}),
        at(60, action="EXPORT", details={"rows": 60_000}),
    ],
}
"""Each rule of the page, and the fewest events that it finds."""


def title_of(block: Block) -> str:
    return load_rule_text(block.text)[-1].title


def test_the_page_and_this_test_have_the_same_rules() -> None:
    assert [title_of(block) for block in RULES] == list(FOUND)


@pytest.mark.parametrize("block", RULES, ids=title_of)
def test_a_rule_finds_what_it_says_and_no_less(block: Block) -> None:
    rules = load_rule_text(block.text)
    assert lint(rules) == ()
    events = FOUND[rules[-1].title]
    (change,) = LiveEvaluator(rules).feed(events)
    assert change.detection.rule_id == rules[-1].id
    for place in range(len(events)):
        assert LiveEvaluator(rules).feed([*events[:place], *events[place + 1 :]]) == []
    assert LiveEvaluator(rules).feed(minutely(20, action="OTHER", local_hour=12)) == []


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_is_a_form(sentence: str) -> None:
    form = from_sentence(sentence)
    assert from_yaml(to_yaml(form)) == form
    assert lint(load_rule_text(to_yaml(form))) == () or not form.group_by


def test_the_tables_are_complete() -> None:
    codes = {word for row in table_rows(TEXT) for word in code_words(row[0])}
    assert codes >= set(FaultCode) | set(WarningCode) | set(Kind)
    assert {code for code in codes if code.startswith("RULE_")} == set(FaultCode) | set(WarningCode)
    names = {
        name: code_words(row[0])[0]
        for row in table_rows(PAGE.section("Fields"))
        for name in code_words(row[1])
    }
    assert names == PUBLIC_NAMES


def test_the_modifiers_are_named() -> None:
    section = PAGE.section("Modifiers")
    named = {word for row in table_rows(section) for cell in row for word in code_words(cell)}
    assert named >= KNOWN_MODIFIERS
    refused = section[section.index("Not supported") :]
    assert set(re.findall(r"`(\w+)`", refused)) == set(REFUSED_MODIFIERS)
