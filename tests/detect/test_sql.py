"""The sweep: bound values, one organization, slices of time, and many events."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from tests.detect.conftest import ACME, History
from tests.detect.rules import DAY, a_rule, at, count_rule
from trailkeeper.detect import sql
from trailkeeper.detect.faults import InvalidRules
from trailkeeper.detect.rule import Rule
from trailkeeper.detect.sql import page_statement, rehearse, slice_starts, sweep
from trailkeeper.event import OrganizationId
from trailkeeper.principal import system_tenant

EVIL = (
    "' OR 1=1 --",
    "'; DROP TABLE events; --",
    "{tenant:String}",
    "%(x)s",
    "\\",
    "\\'",
    '"',
    "`",
    "a\nb",
    "*/ OR 1 /*",
)


@pytest.mark.parametrize("evil", EVIL)
def test_values_are_bound(history: History, evil: str) -> None:
    history.put([at(0, id="other", user_id="v"), at(1, id="it", user_id=evil)])
    quoted = "'" + evil.replace("\\", "\\\\").replace("*", "\\*").replace("'", "''") + "'"
    if "\n" in evil:
        quoted = '"a\\nb"'
    rule = a_rule(f"user_id: {quoted}")
    statement = page_statement(ACME, rule, DAY, DAY + timedelta(days=1))
    assert evil.lower() in statement.parameters.values()
    harmless = page_statement(ACME, a_rule("user_id: x"), DAY, DAY + timedelta(days=1))
    assert statement.sql == harmless.sql
    (one,) = history.swept(rule)
    assert one.evidence == ("it",)


@pytest.mark.parametrize("evil", EVIL)
def test_names_of_fields_are_known_or_bound(history: History, evil: str) -> None:
    with pytest.raises(InvalidRules):
        a_rule(f"{_as_key('x' + evil)}: 1")
    escaped = evil.replace("\\", "\\\\").replace('"', '\\"')
    named = _as_key(f'details."{escaped}"')
    history.put([at(0, id="other"), at(1, id="it", details={evil: "x"})])
    rule = a_rule(f"{named}: x", trailkeeper=f"{{group-by: [{named}]}}")
    statement = page_statement(ACME, rule, DAY, DAY + timedelta(days=1))
    assert statement.sql == page_statement(ACME, _harmless(), DAY, DAY + timedelta(days=1)).sql
    (one,) = history.swept(rule)
    assert (one.evidence, one.group) == (("it",), ("x",))


def _harmless() -> Rule:
    return a_rule("details.key: x", trailkeeper="{group-by: [details.key]}")


def _as_key(name: str) -> str:
    """The name as a key of YAML in double quotes."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def test_it_sees_one_organization(history: History) -> None:
    history.put([at(0), at(1), at(2, organization="other"), at(3, organization="other")])
    rule = count_rule("gte: 2")
    other = system_tenant(OrganizationId("other"))
    end = DAY + timedelta(days=1)
    (ours,) = history.swept(rule)
    (theirs,) = history.runner.run(rehearse(history.engine, other, rule, DAY, end))
    assert (ours.count, theirs.count) == (2, 2)
    assert not set(ours.evidence) & set(theirs.evidence)
    nobody = system_tenant(OrganizationId("' OR 1 --"))
    assert history.runner.run(rehearse(history.engine, nobody, rule, DAY, end)) == []


def test_slices_follow_each_other_and_tell_how_far_they_are(history: History) -> None:
    events = [at(day * 1440 + minute) for day in range(5) for minute in (0, 1, 2)]
    history.put(events)
    rule = count_rule("gte: 3")
    told: list[tuple[int, int]] = []
    start, end = DAY + timedelta(hours=1), DAY + timedelta(days=4, hours=1)
    found = history.runner.run(
        rehearse(history.engine, ACME, rule, start, end, lambda *each: told.append(each))
    )
    assert told == [(each, 5) for each in range(1, 6)]
    assert [each.opened_at.day for each in found] == [5, 6, 7, 8]

    async def slices() -> list[sql.Slice]:
        return [each async for each in sweep(history.engine, ACME, rule, start, end)]

    swept = history.runner.run(slices())
    assert [each.start for each in swept] == [DAY + timedelta(days=day) for day in range(5)]
    assert all(each.end == each.start + timedelta(days=1) for each in swept)
    assert [len(each.detections) for each in swept] == [1] * 5


def test_slices_of_long_spans_are_as_long() -> None:
    starts = slice_starts(count_rule(span="7d"), DAY, DAY + timedelta(days=15))
    assert {after - before for before, after in itertools.pairwise(starts)} == {timedelta(days=7)}
    assert starts[0] <= DAY


def test_pages_join(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    events = [at(each // 4, id=f"{each % 7}-{each}", user_id=f"u{each % 3}") for each in range(80)]
    history.put(events)
    rules = [
        count_rule("gte: 1"),
        count_rule("gte: 4"),
        count_rule("lt: 3"),
        a_rule("action: LOGIN"),
    ]
    whole = [history.swept(rule) for rule in rules]
    assert all(whole)
    for size in (1, 3, 10):
        monkeypatch.setattr(sql, "PAGE_EVENTS", size)
        assert [history.swept(rule) for rule in rules] == whole


def test_only_groups_with_enough_events_are_read(history: History) -> None:
    quiet = [at(each * 11, user_id=f"q{each % 10}") for each in range(100)]
    history.put([*quiet, *(at(each, user_id="busy") for each in range(5))])
    rule = count_rule("gte: 5")

    async def read() -> int:
        end = DAY + timedelta(days=1)
        return sum([each.events async for each in sweep(history.engine, ACME, rule, DAY, end)])

    assert history.runner.run(read()) == 5
    assert [each.group for each in history.swept(rule)] == [("busy",)]
