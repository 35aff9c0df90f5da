"""The page about built-in rules tells of each, as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trailkeeper.detect.history_plan import PLANS, HistoryKind
from trailkeeper.detect.watched import WatchedRule, built_in_watched

PAGE = Path(__file__).parents[3] / "docs" / "built-in-rules.md"
RULES = sorted(built_in_watched().values(), key=lambda each: each.rule.title)


def sections() -> dict[str, str]:
    parts = re.split(r"^### (.+)$", PAGE.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_rule_has_a_section_and_no_other_thing_has() -> None:
    assert set(sections()) == {each.rule.title for each in RULES}
    words = {13: "Thirteen", 14: "Fourteen", 15: "Fifteen", 16: "Sixteen"}
    assert f"{words[len(RULES)]} rules are on" in PAGE.read_text()


@pytest.mark.parametrize("watched", RULES, ids=lambda each: str(each.rule.title))
def test_each_section_tells_severity_meaning_false_alarms_and_what_to_do(
    watched: WatchedRule,
) -> None:
    text = sections()[watched.rule.title]
    assert text.strip().startswith(f"{watched.rule.level.capitalize()}.")
    for part in ("Means:", "False alarms:", "Do:"):
        assert part in text
    assert watched.is_enabled


@pytest.mark.parametrize("kind", HistoryKind)
def test_each_kind_of_history_is_told_with_its_settings(kind: HistoryKind) -> None:
    text = next(text for text in sections().values() if f"`kind: {kind}`" in text)
    for name in PLANS[kind].__struct_fields__:
        assert f"`{name}`" in text
