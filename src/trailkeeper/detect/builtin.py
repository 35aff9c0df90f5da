"""The rules that come with Trailkeeper: YAML files in `rules/`, read like any other."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from trailkeeper.detect.parse import RuleFile, load_rules
from trailkeeper.detect.rule import Rule

_FOLDER: Final = files("trailkeeper.detect") / "rules"


def builtin_files() -> list[RuleFile]:
    """The files as shipped, by name."""
    return _files_in(_FOLDER)


def builtin_history_files() -> list[RuleFile]:
    """The files of those that compare with history (`history_plan`)."""
    return _files_in(_FOLDER / "history")


def builtin_rules() -> tuple[Rule, ...]:
    """The built-in rules that both evaluators know."""
    return load_rules(builtin_files())


def _files_in(folder: Traversable) -> list[RuleFile]:
    found = [each for each in folder.iterdir() if each.name.endswith(".yml")]
    return [
        RuleFile(each.name, each.read_text(encoding="utf-8"))
        for each in sorted(found, key=lambda each: each.name)
    ]
