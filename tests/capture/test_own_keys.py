from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trailkeeper.capture.own_keys import TEXT_FIELDS, may_hold_key, take_out_keys
from trailkeeper.capture.parse import parse_event
from trailkeeper.capture.rejection import Reason, Rejected
from trailkeeper.event import MAX_DETAILS_DEPTH, NewEvent

SECRET = "0123456789abcdef" * 4
KEY = f"tk_0123456789abcdef_{SECRET}"
OTHER = f"tk_{'f' * 16}_{'e' * 64}"


def event(**fields: Any) -> NewEvent:
    return NewEvent(action="LOGIN", resource_type="USER", **fields)


def taken(new: NewEvent) -> list[tuple[str, str]]:
    return [(each.path, each.token) for each in take_out_keys(new)]


@pytest.mark.parametrize("name", TEXT_FIELDS)
def test_keys_are_taken_out_of_every_text(name: str) -> None:
    new = event(**{name: f"curl -H x:{KEY} end"})

    assert taken(new) == [(name, KEY)]
    assert getattr(new, name) == "curl -H x:[REDACTED] end"


@pytest.mark.parametrize(
    ("details", "clean", "found"),
    [
        ({"a": KEY}, {"a": "[REDACTED]"}, [("details.a", KEY)]),
        ({"a": f"Bearer {KEY}"}, {"a": "Bearer [REDACTED]"}, [("details.a", KEY)]),
        ({"a": f"x{KEY}y"}, {"a": "x[REDACTED]y"}, [("details.a", KEY)]),
        ({"a": f"_{KEY}"}, {"a": "_[REDACTED]"}, [("details.a", KEY)]),
        (
            {"a": f"{KEY},{OTHER}"},
            {"a": "[REDACTED],[REDACTED]"},
            [("details.a", KEY), ("details.a", OTHER)],
        ),
        (
            {"a": [{"b": 1}, {"b": [KEY]}]},
            {"a": [{"b": 1}, {"b": ["[REDACTED]"]}]},
            [("details.a.1.b.0", KEY)],
        ),
        (
            {KEY: 1, OTHER: OTHER},
            {
                "tk_0123456789abcdef_[REDACTED]": 1,
                "tk_ffffffffffffffff_[REDACTED]": "[REDACTED]",
            },
            [
                ("details.tk_0123456789abcdef_[REDACTED]", KEY),
                ("details.tk_ffffffffffffffff_[REDACTED]", OTHER),
                ("details.tk_ffffffffffffffff_[REDACTED]", OTHER),
            ],
        ),
        ({"a": KEY[:-1], "tk_": "tk_x_y", "n": 1}, {"a": KEY[:-1], "tk_": "tk_x_y", "n": 1}, []),
    ],
)
def test_keys_are_taken_out_of_details_wherever_they_stand(
    details: dict[str, Any], clean: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    new = event(details=details)
    assert taken(new) == found
    assert new.details == clean


def test_a_key_cannot_be_an_events_id() -> None:
    with pytest.raises(Rejected) as raised:
        take_out_keys(event(id=f"event-{KEY}"))
    assert (raised.value.rejection.code, raised.value.rejection.field) == (Reason.INVALID_ID, "id")
    assert SECRET not in raised.value.rejection.reason


def test_what_is_nested_too_deeply_is_left_to_the_next_step() -> None:
    details: dict[str, Any] = {"leaf": 1}
    for _ in range(MAX_DETAILS_DEPTH * 20):
        details = {"in": details}
    new = event(details=details, user_agent=KEY)
    assert taken(new) == [("user_agent", KEY)]


def test_a_suspect_does_not_show_its_secret() -> None:
    [suspect] = take_out_keys(event(user_agent=KEY))
    assert SECRET not in repr(suspect)


places = st.sampled_from([*TEXT_FIELDS, "details"])
surroundings = st.text(max_size=20)


@given(places, surroundings, surroundings, st.sets(st.integers(0, len(KEY) - 1)))
def test_no_way_to_write_it_hides_a_key(
    place: str, before: str, after: str, escaped: set[int]
) -> None:
    """JSON may write any character as an escape; what is stored is the character."""
    written = "".join(
        f"\\u{ord(letter):04x}" if index in escaped else letter for index, letter in enumerate(KEY)
    )
    around = [msgspec.json.encode(text).decode()[1:-1] for text in (before, after)]
    text = f'"{around[0]}{written}{around[1]}"'
    value = f'{{"a": {text}}}' if place == "details" else text
    raw = f'{{"action": "LOGIN", "resource_type": "USER", "{place}": {value}}}'.encode()

    assert may_hold_key(raw)
    new = parse_event(raw)
    found = take_out_keys(new)
    assert [each.token for each in found] == [KEY]
    assert SECRET not in msgspec.json.encode(new).decode()


@pytest.mark.parametrize(
    "raw", [b"{}", b'{"a": "Z\\u00fcrich, task_1"}', b'{"a": "\\u00e9\\u00df"}']
)
def test_other_events_are_not_looked_at_further(raw: bytes) -> None:
    assert not may_hold_key(raw)
