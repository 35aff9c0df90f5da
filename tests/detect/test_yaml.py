"""Hostile YAML is refused before it is built, and told where it stands."""

from __future__ import annotations

import time

import pytest

from trailkeeper.detect.document import MAX_FILE_BYTES
from trailkeeper.detect.parse import RuleFile, read_rules

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(12)
)


def codes(text: str | bytes) -> list[tuple[str, int, int]]:
    found = read_rules([RuleFile("f.yml", text)])
    assert not found.rules
    return [(fault.code, fault.place.line, fault.place.column) for fault in found.faults]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BOMB, ("RULE_YAML_ALIAS", 2, 8)),
        ("a: &a [*a]\n", ("RULE_YAML_ALIAS", 1, 8)),
        ("title: !!python/object/apply:os.system ['true']\n", ("RULE_YAML_TAG", 1, 8)),
        ("!!python/name:os.system x\n", ("RULE_YAML_TAG", 1, 1)),
        ("title: !!binary aGk=\n", ("RULE_YAML_TAG", 1, 8)),
        ("title: " + "[" * 30 + "]" * 30 + "\n", ("RULE_YAML_DEPTH", 1, 23)),
        ("title: " + "{a: " * 50_000 + "\n", ("RULE_YAML_DEPTH", 1, 68)),
        ("title: 'T\n", ("RULE_YAML_SYNTAX", 2, 1)),
        ("title: T\n\tx: y\n", ("RULE_YAML_SYNTAX", 2, 1)),
        ("title: \x01\n", ("RULE_YAML_SYNTAX", 1, 1)),
        (b"title: \xff\xfe\n", ("RULE_YAML_SYNTAX", 1, 1)),
        ("x" * (MAX_FILE_BYTES + 1), ("RULE_TOO_LARGE", 1, 1)),
        ("? [a]\n: b\n", ("RULE_YAML_KEY", 1, 3)),
        ("1: b\n", ("RULE_YAML_KEY", 1, 1)),
        ("<<: {a: b}\n", ("RULE_YAML_KEY", 1, 1)),
        ("---\n" * 3 + "a\n", ("RULE_BAD_VALUE", 4, 1)),
    ],
)
def test_it_is_refused(text: str | bytes, expected: tuple[str, int, int]) -> None:
    started = time.process_time()
    assert codes(text) == [expected]
    assert time.process_time() - started < 2


def test_a_key_given_twice_is_told() -> None:
    text = "title: T\ntitle: U\ndetection:\n  s: {action: a}\n  condition: s\n"
    assert ("RULE_YAML_KEY", 2, 1) in [
        (fault.code, fault.place.line, fault.place.column)
        for fault in read_rules([RuleFile("f.yml", text)]).faults
    ]


def test_too_many_documents_and_values() -> None:
    assert codes("---\na: b\n" * 600) == [("RULE_TOO_LARGE", 1001, 1)]
    many = ", ".join(f"v{place}" for place in range(600))
    text = f"title: T\ndetection:\n  s:\n    user_id: [{many}]\n  condition: s\n"
    assert [code for code, _, _ in codes(text)] == ["RULE_TOO_LARGE"]
    long = f"title: T\ndetection:\n  s:\n    user_id: {'v' * 2000}\n  condition: s\n"
    assert codes(long) == [("RULE_TOO_LARGE", 4, 14)]


def test_a_bomb_in_the_regular_expression_is_linear() -> None:
    text = "title: T\ndetection:\n  s:\n    user_agent|re: '(a+)+$'\n  condition: s\n"
    assert read_rules([RuleFile("f.yml", text)]).rules
