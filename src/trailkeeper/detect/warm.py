"""After a start: what the evaluator would hold, had it never stopped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from trailkeeper.detect.condition_sql import rule_condition
from trailkeeper.detect.detection import EPOCH
from trailkeeper.detect.evaluate import DEFAULT_LATENESS, LiveEvaluator, warm_up_from
from trailkeeper.detect.processed import Places, has_seen_any, seen_condition
from trailkeeper.detect.rule import Rule
from trailkeeper.event import StoredEvent
from trailkeeper.principal import Tenant
from trailkeeper.search.question import ALL_COLUMNS
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement, engine_time

PAGE_EVENTS: Final = 20_000


class _Newest(msgspec.Struct, frozen=True, array_like=True):
    at: datetime


async def warm_evaluator(
    engine: EventsEngine, tenant: Tenant, rules: Sequence[Rule], places: Places
) -> LiveEvaluator:
    """An evaluator that has seen the organization's events up to a follower's places.

    What it finds on the way was told when they were new, and is not told again.
    Raises Unavailable.
    """
    evaluator = LiveEvaluator(rules)
    if not has_seen_any(places):
        return evaluator
    newest = await _newest(engine, tenant, places)
    raised = [rule for rule in rules if rule.is_raised]
    if newest > EPOCH and raised:
        start = warm_up_from(raised, newest, DEFAULT_LATENESS)
        after: StoredEvent | None = None
        while True:
            statement = _page_statement(tenant, raised, places, start, after)
            page = await engine.rows(statement, StoredEvent)
            evaluator.feed(page)
            if len(page) < PAGE_EVENTS:
                break
            after = page[-1]
    evaluator.watermark = max(evaluator.watermark, newest)
    return evaluator


async def _newest(engine: EventsEngine, tenant: Tenant, places: Places) -> datetime:
    """The evaluator's watermark: see `LiveEvaluator.feed`."""
    binder = Binder()
    rows = await engine.rows(
        Statement(
            "SELECT max(least(timestamp, received_at)) FROM events"
            f" WHERE {tenant.sql()} AND {seen_condition(places, binder)}",
            {**binder.parameters, **tenant.parameters()},
        ),
        _Newest,
    )
    return rows[0].at if rows else EPOCH


def _page_statement(
    tenant: Tenant,
    rules: Sequence[Rule],
    places: Places,
    start: datetime,
    after: StoredEvent | None,
) -> Statement:
    binder = Binder()
    any_condition = " OR ".join(
        f"({rule_condition(part.condition, binder)})"
        for rule in rules
        for part in rule.watched.parts
    )
    moment = start if after is None else after.timestamp
    from_sql = binder.bind(engine_time(moment), "DateTime64(6, 'UTC')")
    after_condition = "1"
    if after is not None:
        after_condition = f"(timestamp, id) > ({from_sql}, {binder.bind(after.id, 'String')})"
    limit_sql = binder.bind(PAGE_EVENTS, "UInt64")
    matching_condition = f"({any_condition})"
    return Statement(
        f"SELECT {ALL_COLUMNS} FROM events WHERE {tenant.sql()} AND timestamp >= {from_sql}"
        f" AND {after_condition} AND {seen_condition(places, binder)} AND {matching_condition}"
        f" ORDER BY timestamp, id LIMIT {limit_sql}",
        {**binder.parameters, **tenant.parameters()},
    )
