"""Redaction on made-up details: nothing secret stays, nothing else changes."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from trailkeeper.capture.redact import MARK, Redactor

HEX = "0123456789abcdef"
SECRET_KEYS = ["password", "clientSecret", "Authorization", "api_key", "refresh_token", "Cookie"]
PLAIN_KEYS = ["name", "note", "old", "new", "count", "region", "changed_fields"]

plain_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="_-. "))
plain = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | plain_text
)
hidden = st.text(HEX, min_size=20, max_size=40)
credential = st.one_of(
    hidden.map(lambda text: f"Bearer {text}"),
    hidden.map(lambda text: f"tk_{text[:16]}_{text}"),
    hidden.map(lambda text: f"eyJ{text}.eyJ{text}.{text}"),
    hidden.map(lambda text: f"-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----"),
    hidden.map(lambda text: f"sk_live_{text}"),
    hidden.map(lambda text: f"ghp_{text * 2}"),
)
redactor = Redactor()


def trees(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(PLAIN_KEYS), inner, max_size=4)
        ),
        max_leaves=12,
    )


def objects(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(PLAIN_KEYS), trees(leaves), max_size=5)


def places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where an object holds objects, itself included."""
    if isinstance(value, dict):
        yield at
        for key, inner in value.items():
            yield from places(inner, (*at, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from places(inner, (*at, index))


@st.composite
def with_secrets(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any], int]:
    """Details with secrets in them, the same as they should be afterwards, and how many."""
    clean: dict[str, Any] = draw(objects(plain))
    dirty = copy.deepcopy(clean)
    secrets = draw(st.lists(st.tuples(st.integers(0), st.booleans(), hidden), min_size=1))
    wanted = 0
    for number, (chosen, is_by_key, text) in enumerate(secrets):
        candidates = list(places(dirty))
        place = candidates[chosen % len(candidates)]
        key = f"{draw(st.sampled_from(SECRET_KEYS))}" if is_by_key else f"field{number}"
        owner_dirty, owner_clean = at(dirty, place), at(clean, place)
        if key in owner_dirty:
            continue
        owner_dirty[key] = text if is_by_key else draw(credential)
        owner_clean[key] = MARK
        wanted += 1
    return dirty, clean, wanted


def at(value: Any, place: tuple[str | int, ...]) -> Any:
    for step in place:
        value = value[step]
    return value


@given(with_secrets())
def test_each_secret_is_replaced_by_the_mark_and_all_else_stays(
    example: tuple[dict[str, Any], dict[str, Any], int],
) -> None:
    dirty, clean, secrets = example

    text, removed = redactor.redact(dirty)

    assert msgspec.json.decode(text) == clean
    assert len(removed) == len(set(removed)) == secrets
    for path in removed:
        steps = path.removeprefix("details.").split(".")
        owner: Any = msgspec.json.decode(text)
        for step in steps:
            owner = owner[int(step)] if isinstance(owner, list) else owner[step]
        assert owner == MARK


@given(objects(plain | credential | credential.map(lambda text: f"see {text}, then {text}")))
def test_redacting_twice_is_redacting_once(details: dict[str, Any]) -> None:
    once, removed = redactor.redact(details)
    twice, again = redactor.redact(msgspec.json.decode(once))

    assert (twice, again) == (once, [])
    assert bool(removed) == (once != msgspec.json.encode(details).decode())


@given(objects(plain | credential))
def test_what_was_sent_is_not_changed_in_place(details: dict[str, Any]) -> None:
    before = copy.deepcopy(details)

    redactor.redact(details)

    assert details == before


@given(objects(plain))
def test_details_without_secrets_are_stored_as_they_came(details: dict[str, Any]) -> None:
    assert redactor.redact(details) == (msgspec.json.encode(details).decode(), [])
