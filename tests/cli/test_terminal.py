"""What reaches a terminal: harmless text, stable colours, readable documents."""

from __future__ import annotations

from unicodedata import bidirectional, category

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color

from trailkeeper.cli.documents import print_document, shown
from trailkeeper.cli.events import colour_of
from trailkeeper.cli.terminal import plain, print_table

REORDERING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_plain_text_is_one_line_that_moves_nothing(text: str) -> None:
    kept = plain(text)
    assert not {category(character) for character in kept} & {"Cc", "Zl", "Zp"}
    assert not {bidirectional(character) for character in kept} & REORDERING
    assert len(kept.splitlines()) <= 1


@given(st.text("abcÄ😀 日本'\"<[]>/", max_size=40))
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


def test_a_table_off_a_terminal_keeps_its_cells_whole(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_table(("a", "b"), [("x" * 300, "[bold]y\tz")])
    assert capsys.readouterr().out == f"a\tb\n{'x' * 300}\t[bold]y\\tz\n"


@given(st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ_", min_size=1))
def test_each_action_has_a_colour_that_exists(action: str) -> None:
    colour = colour_of(action)
    assert colour == colour_of(action)
    assert Color.parse(colour.removeprefix("bold "))


def test_related_actions_share_a_colour() -> None:
    assert colour_of("DELETE_ALL") == colour_of("DELETE") == "red"
    assert colour_of("LOGIN_FAILED") != colour_of("LOGIN")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        ([], "-"),
        ({}, "-"),
        (True, "yes"),
        (1234567, "1,234,567"),
        (1.5, "1.5"),
        (["a", "b"], "a, b"),
        ({"a": 1}, '{"a":1}'),
        ("x\x1b", "x\\x1b"),
    ],
)
def test_values_as_people_read_them(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_document_is_names_and_values_then_tables(capsys: pytest.CaptureFixture[str]) -> None:
    document = {"a": {"b": 1}, "runs": [{"id": 1, "x": None}, {"id": 2}], "none": []}
    print_document(document, as_json=False)
    assert capsys.readouterr().out == "a.b: 1\nnone: -\n\nruns:\nid\tx\n1\t-\n2\t-\n"
    print_document(document, as_json=True)
    assert capsys.readouterr().out == (
        '{"a":{"b":1},"runs":[{"id":1,"x":null},{"id":2}],"none":[]}\n'
    )
