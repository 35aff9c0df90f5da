"""Every example in docs/search.md is run, on the real engine and in memory."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.search.conftest import Log
from trailkeeper.errors import BadRequest
from trailkeeper.event import StoredEvent
from trailkeeper.search.ast import Everything
from trailkeeper.search.evaluate import compile_filter
from trailkeeper.search.fields import NAMES, PARAMETERS
from trailkeeper.search.params import parse_parameters
from trailkeeper.search.parse import parse_query
from trailkeeper.search.show import to_query

PAGE = (Path(__file__).parents[2] / "docs" / "search.md").read_text()
BLOCKS = re.findall(r"```query\n(.*?)```", PAGE, re.DOTALL)
EXAMPLES = [line for block in BLOCKS for line in block.splitlines()]

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ALICE = StoredEvent(
    organization="acme",
    timestamp=NOON,
    received_at=NOON,
    id="e-1",
    action="DELETE",
    resource_type="ENDPOINT",
    resource_id="ep-9",
    resource_name="prod api",
    user_id="u-17",
    user_email="Alice@Acme.io",
    ip_address="::ffff:10.1.2.3",
    user_agent="Mozilla/5.0 Firefox/140.0",
    source="UI",
    country="DE",
    local_hour=23,
    local_weekday=6,
)

FOUND: dict[str, dict[str, Any]] = {
    "action:DELETE -status:FAILED user:alice@acme.io": {},
    'resource:"prod api" ip:10.0.0.0/8': {},
    'details.reason:"No longer needed" "free text"': {
        "details": {"reason": "No longer needed", "note": "some Free Text"}
    },
    "(action:LOGIN_FAILED OR action:LOGIN) -user:*": {
        "action": "LOGIN",
        "user_id": "",
        "user_email": "",
    },
    "user:(alice@acme.io, bob@acme.io) NOT (source:API OR source:SDK)": {},
    r'"AND" "C:\temp" "say \"hi\""': {"details": {"x": ['C:\\temp and say "hi"']}},
    "user_agent:firefox country:de": {},
    "ip:203.0.113.7 OR ip:2001:db8::/32": {"ip_address": "2001:db8::5"},
    "local_hour:>=22 OR local_hour:<6": {},
    "local_weekday:(6 OR 7)": {},
    "action:LOGIN* user:*@acme.io": {"action": "LOGIN_FAILED"},
    'resource_name:"My "*project': {"resource_name": "My AI Project"},
    "on_behalf_of:*": {"on_behalf_of": "u-1"},
    'user:""': {"user_id": "", "user_email": ""},
    "details.old_value.role:admin": {"details": {"old_value": {"role": "admin"}}},
    'details."a.b".c:x': {"details": {"a.b": {"c": "x"}}},
    "details.changed_fields.0:role": {"details": {"changed_fields": ["role"]}},
    "details.count:5": {"details": {"count": 5.0}},
    'details.count:"5"': {"details": {"count": "5"}},
    "details.count:>5": {"details": {"count": 5.5}},
    "details.changed_fields:role": {"details": {"changed_fields": ["name", "role"]}},
    "details.reason:*": {"details": {"reason": None}},
    "details.reason:No*": {"details": {"reason": "No longer needed"}},
    "details.approved:true details.comment:null": {"details": {"approved": True, "comment": None}},
    '"No longer needed"': {"details": {"why": {"text": "no LONGER needed."}}},
    "longer": {"resource_name": "prolonger"},
    '"-5" "note: urgent"': {"details": {"x": -5, "y": "Note: urgent"}},
}
"""Each example, and how an event must differ from ALICE to be found by it."""


def event(changes: dict[str, Any]) -> StoredEvent:
    details = msgspec.json.encode(changes.get("details", {})).decode()
    return msgspec.structs.replace(ALICE, **{**changes, "details": details})


def test_the_page_and_this_test_have_the_same_examples() -> None:
    assert list(FOUND) == EXAMPLES


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_finds_what_the_page_says(log: Log, text: str) -> None:
    node = parse_query(text)
    matches = compile_filter(node)
    assert matches(event(FOUND[text]))
    other = msgspec.structs.replace(
        ALICE,
        action="X",
        user_id="",
        user_email="nobody",
        ip_address="::",
        user_agent="",
        resource_name="",
        local_hour=9,
        local_weekday=1,
        details='{"longest":"note -6","No longer needed":"a5"}',
    )
    assert not matches(other)
    assert log.selected(node) == log.evaluated(node)


@pytest.mark.parametrize("text", re.findall(r"^\| `(.+?)` \|", PAGE, re.MULTILINE)[:9])
def test_what_the_first_table_says_to_write_can_be_read(text: str) -> None:
    for each in re.split("`, `", text):
        try:
            assert to_query(parse_query(each)) or parse_query(each) == Everything()
        except BadRequest as fault:
            pytest.fail(f"{each}: {fault}")


@pytest.mark.parametrize(("stored", "found"), [(5, 0), (5.0, 0), ("5", 1), (True, 2), ("true", 3)])
def test_the_table_of_types(stored: object, found: int) -> None:
    row = event({"details": {"x": stored}})
    asked = [f"details.x:{value}" for value in ("5", '"5"', "true", '"true"')]
    matching = [compile_filter(parse_query(each))(row) for each in asked]
    assert matching == [place == found for place in range(4)]


def test_the_page_names_every_field_and_parameter() -> None:
    names = set(re.findall(r"`([a-z_]+)`", PAGE))
    assert set(NAMES) | PARAMETERS <= names


def test_the_two_urls_ask_the_same() -> None:
    urls = re.findall(r"GET /audit-logs/\?(.+)", PAGE)
    asked = [
        parse_parameters([(name, value) for name, _, value in pairs])
        for pairs in ([pair.partition("=") for pair in url.split("&")] for url in urls)
    ]
    assert len(asked) == 2
    assert asked[0] == asked[1]
