"""docs/cli.md says what the command line can do: each command, each option, each code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from trailkeeper.cli.application import app
from trailkeeper.cli.exits import ExitCode
from trailkeeper.principal import Permission

DOCS = Path(__file__).parents[2] / "docs" / "cli.md"
HEADING = re.compile(r"^#{2,3} (.+)$", re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")


def commands(command: Any, path: str) -> Iterator[tuple[str, set[str]]]:
    """Each command's full name, and its option names."""
    inner = getattr(command, "commands", None)
    if inner:
        for name, each in inner.items():
            yield from commands(each, f"{path} {name}")
        return
    yield path, {name for parameter in command.params for name in parameter.opts if name[0] == "-"}


def sections() -> dict[str, str]:
    """The text under each heading of docs/cli.md."""
    parts = HEADING.split(DOCS.read_text())
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def named(text: str) -> set[str]:
    return set(OPTION.findall(text))


ALL = dict(commands(get_command(app), "trailkeeper"))
CONNECTION = ALL["trailkeeper retention status"] - {"--json"}
SEARCHES = [ALL[f"trailkeeper {name}"] for name in ("search", "tail", "export")]
FILTERS = set.intersection(*SEARCHES) - CONNECTION
SHARED = {"--help", "-h"} | CONNECTION | FILTERS


@pytest.mark.parametrize("command", ALL)
def test_each_command_and_option_has_its_place(command: str) -> None:
    section = sections()[command]
    assert ALL[command] - SHARED <= named(section)
    takes_filters = ALL[command] >= FILTERS
    assert takes_filters == ("[filters](#filters)" in section)


def test_no_command_or_option_is_told_that_does_not_exist() -> None:
    text = sections()
    told = {heading for heading in text if heading.startswith("trailkeeper ")}
    assert told == set(ALL)
    for command, options in ALL.items():
        assert named(text[command]) <= options | SHARED | {"--data"}, command


def test_shared_and_general_options_have_their_place() -> None:
    text = sections()
    assert named(text["Server and key"]) == CONNECTION
    assert named(text["Filters"]) >= FILTERS
    general = {name for each in get_command(app).params for name in each.opts}
    assert named(text["General options"]) == general | {"--help", "-h"}


def test_each_exit_code_and_permission_is_told() -> None:
    text = sections()
    assert re.findall(r"^\| (\d+) \|", text["Exit codes"], re.MULTILINE) == [
        str(int(code)) for code in ExitCode
    ]
    assert set(re.findall(r"`(\w+:\w+)`", text["trailkeeper key create"])) == set(Permission)
