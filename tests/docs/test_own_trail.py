"""The table of recorded events in docs/own-trail.md is what the code records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.docs.trail_calls import Recorded, collect
from trailkeeper.capture.profile import OWN_REDACTOR

PAGE: Final = Path(__file__).parents[2] / "docs" / "own-trail.md"
WORD: Final = re.compile(r"`([A-Z_]+)`")
KEY: Final = re.compile(r"`([a-z][a-z0-9_]*)`")
ROW: Final = re.compile(r"^\| (`[A-Z].*?) \| (`[A-Z].*?) \| .*? \|(.*)\|$", re.MULTILINE)


def rows() -> Iterator[tuple[set[str], set[str], set[str]]]:
    """Actions, resource types and detail keys of each row of the table."""
    for actions, types, details in ROW.findall(PAGE.read_text()):
        yield set(WORD.findall(actions)), set(WORD.findall(types)), set(KEY.findall(details))


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    return collect()


def test_the_table_names_every_action_and_none_more(recorded: Recorded) -> None:
    told = {action for actions, _, _ in rows() for action in actions}
    assert recorded.words.keys() - told == set(), recorded.words
    assert told - recorded.words.keys() == set()


def test_the_table_names_every_resource_type_and_none_more(recorded: Recorded) -> None:
    told = {kind for _, types, _ in rows() for kind in types}
    found = {*recorded.resource_types, "AUDIT_LOG"}
    assert found - told == set(), recorded.resource_types
    assert told - found == set()


def test_each_pair_of_action_and_resource_type_is_a_row(recorded: Recorded) -> None:
    told = {(a, kind) for actions, types, _ in rows() for a in actions for kind in types}
    assert len(recorded.pairs) > 15
    assert recorded.pairs - told == set()


def test_each_detail_is_in_the_table(recorded: Recorded) -> None:
    told = {key for _, _, keys in rows() for key in keys}
    missing = {key: where for key, where in recorded.details.items() if key not in told}
    assert len(recorded.details) > 20
    assert missing == {}


def test_no_detail_is_named_so_that_redaction_would_remove_it() -> None:
    """What the table names is shown as it is, whatever text it holds."""
    for _, _, keys in rows():
        details = dict.fromkeys(keys, "text")
        assert OWN_REDACTOR.redact(details)[1] == []
