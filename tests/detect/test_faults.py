"""Every fault is told, with its file, line and column, and hides no other."""

from __future__ import annotations

import pytest

from trailkeeper.detect.faults import Fault, FaultCode, InvalidRules
from trailkeeper.detect.parse import RuleFile, load_rule_text, load_rules, read_rules

HEAD = "title: T\ndetection:\n  s:\n"
CORRELATION = """\
title: B
name: b
detection:
  s:
    action: LOGIN
  condition: s
---
title: C
correlation:
"""


def faults(text: str) -> list[tuple[str, int, int]]:
    found = read_rules([RuleFile("f.yml", text)])
    assert all(fault.place.file == "f.yml" for fault in found.faults)
    return [(fault.code, fault.place.line, fault.place.column) for fault in found.faults]


def in_selection(*lines: str, condition: str = "s") -> str:
    return HEAD + "".join(f"    {line}\n" for line in lines) + f"  condition: {condition}\n"


def in_correlation(*lines: str) -> str:
    return CORRELATION + "".join(f"  {line}\n" for line in lines)


COUNT = ("type: event_count", "rules: b", "timespan: 5m", "condition: {gte: 3}")


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("actoin: LOGIN", "RULE_UNKNOWN_FIELD", 5),
        ("EventID: 4625", "RULE_UNKNOWN_FIELD", 5),
        ("details.: x", "RULE_UNKNOWN_FIELD", 5),
        ("details.0.1.2.3: x", "RULE_UNKNOWN_FIELD", 5),
        ("action|contians: x", "RULE_UNKNOWN_MODIFIER", 12),
        ("user_agent|contains|windash: x", "RULE_UNSUPPORTED_MODIFIER", 25),
        ("user_agent|base64: x", "RULE_UNSUPPORTED_MODIFIER", 16),
        ("user_agent|base64offset|contains: x", "RULE_UNSUPPORTED_MODIFIER", 16),
        ("user_agent|wide: x", "RULE_UNSUPPORTED_MODIFIER", 16),
        ("user_id|expand: '%x%'", "RULE_UNSUPPORTED_MODIFIER", 13),
        ("local_hour|hour: 3", "RULE_UNSUPPORTED_MODIFIER", 16),
        ("action|re|contains: x", "RULE_BAD_MODIFIER", 12),
        ("action|contains|re: x", "RULE_BAD_MODIFIER", 12),
        ("action|i: x", "RULE_BAD_MODIFIER", 12),
        ("action|exists|all: [true]", None, 0),
        ("action|exists|contains: true", "RULE_BAD_MODIFIER", 12),
        ("action|all|all: [a]", "RULE_BAD_MODIFIER", 12),
        ("user_id|fieldref|cased: user_email", "RULE_BAD_MODIFIER", 13),
        ("user_id|fieldref: nobody", "RULE_UNKNOWN_FIELD", 23),
        ("user_id|fieldref: details.x", "RULE_BAD_VALUE", 23),
        ("user_id|fieldref: ip_address", "RULE_BAD_VALUE", 23),
        ("action|exists: maybe", "RULE_BAD_VALUE", 20),
        ("local_hour|gt: late", "RULE_BAD_VALUE", 20),
        ("local_hour: late", "RULE_BAD_VALUE", 17),
        ("local_hour: 1.5", "RULE_BAD_VALUE", 17),
        ("local_hour|re: '1'", "RULE_BAD_MODIFIER", 20),
        ("local_hour|exists: true", "RULE_BAD_VALUE", 24),
        ("action|gt: 5", "RULE_BAD_MODIFIER", 16),
        ("country: NO", "RULE_BAD_VALUE", 14),
        ("user_id: 007", "RULE_BAD_VALUE", 14),
        ("user_id: 1.50", "RULE_BAD_VALUE", 14),
        ("ip_address: nowhere", "RULE_BAD_VALUE", 17),
        ("ip_address|cidr: 10.0.0.0/99", "RULE_BAD_VALUE", 22),
        ("user_id|cidr: 10.0.0.0/8", "RULE_BAD_MODIFIER", 19),
        ("action: []", "RULE_BAD_VALUE", 13),
        ("action: [a, [b]]", "RULE_BAD_VALUE", 17),
        ("action: {a: b}", "RULE_BAD_VALUE", 13),
        ("user_agent|re: '(a'", "RULE_UNSAFE_REGEX", 20),
        ("user_agent|re: '(?=a)b'", "RULE_UNSAFE_REGEX", 20),
        (r"user_agent|re: '(a)\1'", "RULE_UNSAFE_REGEX", 20),
        ("user_agent|re: '(((a{99}){99}){99}){99}'", "RULE_UNSAFE_REGEX", 20),
        ("'|re': x", "RULE_BAD_MODIFIER", 5),
        ("'|all': ['a*b']", "RULE_BAD_VALUE", 14),
    ],
)
def test_a_wrong_line(line: str, code: str | None, column: int) -> None:
    expected = [] if code is None else [(code, 4, column)]
    assert faults(in_selection(line)) == expected


@pytest.mark.parametrize(
    ("condition", "code", "column"),
    [
        ("(s", "RULE_BAD_CONDITION", 16),
        ("s and", "RULE_BAD_CONDITION", 19),
        ("s or t", "RULE_UNKNOWN_SELECTION", 19),
        ("1 of t*", "RULE_BAD_CONDITION", 14),
        ("'s and u'", "RULE_UNKNOWN_SELECTION", 21),
        ("s | count() > 5", "RULE_BAD_CONDITION", 14),
        ("7", "RULE_BAD_CONDITION", 14),
        ("[]", "RULE_BAD_CONDITION", 3),
        ("'" + "(" * 40 + "s" + ")" * 40 + "'", "RULE_BAD_CONDITION", 14),
        ("'" + "not " * 200 + "s'", "RULE_BAD_CONDITION", 14),
    ],
)
def test_a_wrong_condition(condition: str, code: str, column: int) -> None:
    found = faults(in_selection("action: a", condition=condition))
    assert [each[:2] for each in found] == [(code, 5)]
    assert found[0][2] == column


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("type: event_sum", *COUNT[1:]), ("RULE_UNSUPPORTED_TYPE", 10, 9)),
        ((*COUNT[:2], "timespan: soon", COUNT[3]), ("RULE_BAD_TIMESPAN", 12, 13)),
        ((*COUNT[:2], "timespan: 0m", COUNT[3]), ("RULE_BAD_TIMESPAN", 12, 13)),
        ((*COUNT[:2], "timespan: 9y", COUNT[3]), ("RULE_BAD_TIMESPAN", 12, 13)),
        ((*COUNT[:1], "rules: c", *COUNT[2:]), ("RULE_UNKNOWN_RULE", 11, 10)),
        ((*COUNT[:1], *COUNT[2:]), ("RULE_MISSING", 9, 1)),
        (COUNT[:3], ("RULE_MISSING", 9, 1)),
        ((*COUNT[:3], "condition: {more: 3}"), ("RULE_BAD_CONDITION", 13, 14)),
        ((*COUNT[:3], "condition: {gte: many}"), ("RULE_BAD_CONDITION", 13, 14)),
        ((*COUNT[:3], "condition: {gte: [1]}"), ("RULE_BAD_CONDITION", 13, 14)),
        ((*COUNT[:3], "condition: b and b"), ("RULE_BAD_CONDITION", 13, 14)),
        ((*COUNT[:3], "condition: {gte: 3, field: user_id}"), ("RULE_BAD_CONDITION", 13, 14)),
        ((*COUNT, "group-by: nobody"), ("RULE_UNKNOWN_FIELD", 14, 13)),
        ((*COUNT, "groupby: user_id"), ("RULE_UNKNOWN_KEY", 14, 3)),
        ((*COUNT, "generate: perhaps"), ("RULE_BAD_VALUE", 14, 13)),
        (("type: value_count", *COUNT[1:]), ("RULE_BAD_CONDITION", 13, 14)),
        (
            ("type: value_sum", *COUNT[1:3], "condition: {gt: 1, field: user_id}"),
            ("RULE_BAD_CONDITION", 13, 14),
        ),
        (
            ("type: value_percentile", *COUNT[1:3], "condition: {gt: 1, field: details.n}"),
            ("RULE_BAD_CONDITION", 13, 14),
        ),
        (
            ("type: temporal_ordered", *COUNT[1:3], "condition: b or b"),
            ("RULE_BAD_CONDITION", 13, 14),
        ),
        (
            ("type: temporal", *COUNT[1:3], "condition: b and c"),
            ("RULE_UNKNOWN_RULE", 13, 14),
        ),
    ],
)
def test_a_wrong_correlation(lines: tuple[str, ...], expected: tuple[str, int, int]) -> None:
    assert faults(in_correlation(*lines)) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("detection:\n  s: {action: a}\n  condition: s\n", ("RULE_MISSING", 1, 1)),
        ("title: T\n", ("RULE_MISSING", 1, 1)),
        ("title: T\ndetection:\n  s: {action: a}\n", ("RULE_MISSING", 2, 1)),
        ("title: T\ndetection:\n  condition: s\n", None),
        ("title: [T]\ndetection:\n  s: {action: a}\n  condition: s\n", None),
        ("- a\n", ("RULE_BAD_VALUE", 1, 1)),
        ("title: T\naction: global\n", None),
        (in_selection("action: a") + "level: loud\n", ("RULE_BAD_VALUE", 6, 8)),
        (in_selection("action: a") + "status: new\n", ("RULE_BAD_VALUE", 6, 9)),
        (in_selection("action: a") + "id: 5-6\n", ("RULE_BAD_VALUE", 6, 5)),
        (in_selection("action: a") + "tags: [{a: b}]\n", ("RULE_BAD_VALUE", 6, 8)),
        (in_selection("action: a") + "trailkeeper: {window: x}\n", ("RULE_BAD_TIMESPAN", 6, 23)),
        (in_selection("action: a") + "trailkeeper: {windows: 1m}\n", ("RULE_UNKNOWN_KEY", 6, 15)),
        (
            "title: T\ndetection:\n  s: {}\n  condition: s\n",
            ("RULE_BAD_VALUE", 3, 6),
        ),
        (
            "title: T\ndetection:\n  s: {action: a}\n  timeframe: 5m\n  condition: s\n",
            ("RULE_UNSUPPORTED", 4, 3),
        ),
    ],
)
def test_a_wrong_document(text: str, expected: tuple[str, int, int] | None) -> None:
    found = faults(text)
    assert found
    if expected is not None:
        assert found == [expected]


def test_all_faults_of_all_files_are_told_at_once() -> None:
    first = in_selection("actoin: x", "user_agent|re: '('", "country: NO", condition="s and t")
    second = in_correlation(*COUNT[:2], "timespan: soon", COUNT[3], "x: 1")
    with pytest.raises(InvalidRules) as raised:
        load_rules([RuleFile("a.yml", first), RuleFile("b.yml", second)])
    told = [(fault.place.file, fault.place.line, fault.code) for fault in raised.value.faults]
    assert told == [
        ("a.yml", 4, FaultCode.UNKNOWN_FIELD),
        ("a.yml", 5, FaultCode.UNSAFE_REGEX),
        ("a.yml", 6, FaultCode.BAD_VALUE),
        ("a.yml", 7, FaultCode.UNKNOWN_SELECTION),
        ("b.yml", 12, FaultCode.BAD_TIMESPAN),
        ("b.yml", 14, FaultCode.UNKNOWN_KEY),
    ]
    assert raised.value.code == "INVALID_RULES"
    assert "a.yml:4:5: RULE_UNKNOWN_FIELD" in raised.value.detail


def test_a_faulty_rule_does_not_hide_the_others() -> None:
    good = "title: Good\ndetection:\n  s: {action: a}\n  condition: s\n"
    found = read_rules([RuleFile("f.yml", good + "---\n" + in_selection("nothing: x"))])
    assert [rule.title for rule in found.rules] == ["Good"]
    assert len(found.faults) == 1


def test_a_correlation_of_a_faulty_rule_is_no_further_fault() -> None:
    text = in_correlation(*COUNT).replace("action: LOGIN", "nothing: x")
    assert faults(text) == [("RULE_UNKNOWN_FIELD", 5, 5)]
    assert not read_rules([RuleFile("f.yml", text)]).rules


def test_rules_of_one_name_and_correlations_of_correlations() -> None:
    twice = "title: A\nname: b\ndetection:\n  s: {action: a}\n  condition: s\n---\n"
    found = faults(twice + in_correlation(*COUNT))
    assert found[0][0] == "RULE_DUPLICATE"
    nested = in_correlation(*COUNT).replace("title: C", "title: C\nname: c")
    nested += "---\ntitle: D\ncorrelation:\n  type: event_count\n  rules: c\n"
    nested += "  timespan: 5m\n  condition: {gte: 2}\n"
    assert [each[0] for each in faults(nested)] == ["RULE_NESTED_CORRELATION"]


def test_faults_have_hints() -> None:
    with pytest.raises(InvalidRules) as raised:
        load_rule_text(in_selection("user_nam: x"))
    fault: Fault = raised.value.faults[0]
    assert fault.hint is not None
    assert "Did you mean" in fault.hint
