"""What each modifier and type of value selects: by example, live and in the engine."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from tests.detect.conftest import ACME
from tests.detect.rules import a_rule, at
from tests.engine import insert, recreate_events
from trailkeeper.detect.condition_sql import rule_condition
from trailkeeper.detect.keys import Details
from trailkeeper.detect.match import compile_condition, given_action
from trailkeeper.event import StoredEvent
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement

EVENTS: dict[str, dict[str, Any]] = {
    "plain": {"action": "LOGIN"},
    "alice": {
        "action": "DELETE_MODEL",
        "user_id": "u-17",
        "user_email": "Alice@Acme.io",
        "on_behalf_of": "U-17",
        "user_agent": "Mozilla/5.0 curl\n/8.1",
        "ip_address": "::ffff:10.1.2.3",
        "country": "NO",
        "city": "Ærø",
        "local_hour": 23,
        "details": {"n": 5, "why": "No Longer", "tags": ["Red", "blue"], "ok": True, "x": None},
    },
    "bob": {
        "action": "UPDATE",
        "status": "FAILED",
        "user_id": "bob*",
        "user_email": "b?b@acme.io",
        "resource_name": "50% \\ off",
        "on_behalf_of": "alice",
        "ip_address": "2001:db8::1",
        "local_hour": 3,
        "details": {"n": "5", "why": 'say "hi"', "tags": [], "ok": "true", "a.b": {"c": "Deep"}},
    },
}


class Row(tuple[str]):
    """An id."""


@pytest.fixture(scope="module")
def engine(session_engine: EventsEngine) -> Iterator[tuple[EventsEngine, asyncio.Runner]]:
    with asyncio.Runner() as runner:
        runner.run(recreate_events(session_engine))
        runner.run(insert(session_engine, events()))
        yield session_engine, runner


def events() -> list[StoredEvent]:
    given = {"user_id": "", "details": {}}
    return [at(0, id=name, **{**given, **changes}) for name, changes in EVENTS.items()]


SELECTED = [
    ("action: login", "plain"),
    ("action: [login, UPDATE]", "plain bob"),
    ("action|cased: login", ""),
    ("action|cased: LOGIN", "plain"),
    ("action|contains: ete_", "alice"),
    ("action|startswith: de", "alice"),
    ("action|startswith|cased: de", ""),
    ("action|endswith: model", "alice"),
    ("action: '*_MODEL'", "alice"),
    ("action: 'D*_M?DEL'", "alice"),
    ("action: 'D*M*L'", "alice"),
    ("action|contains|all: [del, mod]", "alice"),
    ("action|contains|all: [del, xyz]", ""),
    ("action|neq: LOGIN", "alice bob"),
    ("action|contains|neq: [LOG, UPD]", "alice"),
    ("eventName: UPDATE", "bob"),
    ("user_id: U-17", "alice"),
    ("user_id|cased: U-17", ""),
    ("user_id: 'bob\\*'", "bob"),
    ("user_id: 'bo*'", "bob"),
    ("user_email: 'b\\?b@acme.io'", "bob"),
    ("user_email: '?????@acme.io'", "alice"),
    ("user: alice@acme.io", "alice"),
    ("user|contains|all: ['17', acme]", "alice"),
    ("user: null", "plain"),
    ("user: ''", "plain"),
    ("user_id: ''", "plain"),
    ("user_id|exists: true", "alice bob"),
    ("user_id|exists: false", "plain"),
    ("user_id: '*'", "alice bob"),
    ("user|neq: null", "alice bob"),
    ("resource_name: '50% \\\\ off'", "bob"),
    ("resource_name|contains: '%'", "bob"),
    ("city: ÆRØ", "alice"),
    ("city|cased: ÆRØ", ""),
    ("city: '?r?'", "alice"),
    ("country: 'no'", "alice"),
    ("user_agent|re: '^mozilla'", ""),
    ("user_agent|re|i: '^mozilla'", "alice"),
    ("user_agent|re: 'curl./8'", ""),
    ("user_agent|re|s: 'curl./8'", "alice"),
    ("user_agent|re: '^/8'", ""),
    ("user_agent|re|m: '^/8'", "alice"),
    ("user_agent|re: 'curl$'", ""),
    ("user_agent|contains: CURL", "alice"),
    ("user_agent: curl", ""),
    ("ip_address: 10.1.2.3", "alice"),
    ("ip_address: 10.0.0.0/8", "alice"),
    ("ip_address|cidr: 2001:db8::/32", "bob"),
    ("ip_address|startswith: '10.1.'", "alice"),
    ("ip_address|re: '^2001:'", "bob"),
    ("src_ip|exists: false", "plain"),
    ("local_hour: 23", "alice"),
    ("local_hour: '23'", "alice"),
    ("local_hour|gte: 3", "alice bob"),
    ("local_hour|gt: 3", "alice"),
    ("local_hour|lt: 3", "plain"),
    ("local_hour|lte: 3", "plain bob"),
    ("user_id|fieldref: on_behalf_of", "alice"),
    ("on_behalf_of|fieldref|startswith: user_id", "alice"),
    ("details.n: 5", "alice"),
    ("details.n: '5'", "bob"),
    ("details.n|gt: 4.5", "alice"),
    ("details.ok: true", "alice"),
    ("details.ok: 'TRUE'", "bob"),
    ("details.x: null", "plain alice bob"),
    ("details.ok: null", "plain"),
    ("details.x|exists: true", "alice"),
    ("details.why: no longer", "alice"),
    ("details.why|cased: no longer", ""),
    ("details.why|contains: '\"HI\"'", "bob"),
    ("details.why: 'No?Long*'", "alice"),
    ("details.why|re|i: 'long(er)?$'", "alice"),
    ("details.tags: red", "alice"),
    ("details.tags.1: blue", "alice"),
    ("details.tags|all: [red, BLUE]", "alice"),
    ('details."a.b".c: deep', "bob"),
    ("'|all': [acme, deep]", "bob"),
    ("- no longer\n- zebra", "alice"),
    ("10.1.2", "alice"),
    ("- action: LOGIN\n- status: FAILED\n  local_hour: 3", "plain bob"),
]


@pytest.mark.parametrize(("detection", "expected"), SELECTED)
def test_it_selects(
    engine: tuple[EventsEngine, asyncio.Runner], detection: str, expected: str
) -> None:
    condition = a_rule(detection).condition
    assert condition is not None
    matches = compile_condition(condition, Details())
    assert [event.id for event in events() if matches(event)] == expected.split()
    assert _selected(engine, condition) == expected.split()
    for event in events():
        left = given_action(condition, event.action)
        assert (left is not None and compile_condition(left, Details())(event)) is matches(event)


def _selected(engine: tuple[EventsEngine, asyncio.Runner], condition: Any) -> list[str]:
    store, runner = engine
    binder = Binder()
    binder.parameters.update(ACME.parameters())
    matching_condition = rule_condition(condition, binder)
    statement = Statement(
        f"SELECT id FROM events WHERE {ACME.sql()} AND ({matching_condition})", binder.parameters
    )
    found = runner.run(store.raw(statement, "TSVRaw")).decode().split()
    return [name for name in EVENTS if name in found]
