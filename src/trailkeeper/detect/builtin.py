"""The rules that come with Trailkeeper: YAML files in `rules/`, read like any other."""

from __future__ import annotations

from importlib.resources import files

from trailkeeper.detect.parse import RuleFile, load_rules
from trailkeeper.detect.rule import Rule


def builtin_files() -> list[RuleFile]:
    """The files as shipped, by name."""
    folder = files("trailkeeper.detect") / "rules"
    found = [each for each in folder.iterdir() if each.name.endswith(".yml")]
    return [
        RuleFile(each.name, each.read_text(encoding="utf-8"))
        for each in sorted(found, key=lambda each: each.name)
    ]


def builtin_rules() -> tuple[Rule, ...]:
    """The built-in rules."""
    return load_rules(builtin_files())
