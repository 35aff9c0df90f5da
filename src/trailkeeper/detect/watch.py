"""One organization's watch: its rules, their evaluator, the histories of its people."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from trailkeeper.detect.detection import EPOCH
from trailkeeper.detect.evaluate import DEFAULT_LATENESS, LiveEvaluator
from trailkeeper.detect.found import Found, merged, to_found
from trailkeeper.detect.processed import Places
from trailkeeper.detect.profile_failures import load_failures
from trailkeeper.detect.profile_load import load_exports, load_people
from trailkeeper.detect.profile_looks import Surroundings
from trailkeeper.detect.profile_watch import HistoryWatch
from trailkeeper.detect.rule import RuleId
from trailkeeper.detect.suppress import Evidence, Suppression, covering, may_cover
from trailkeeper.detect.warm import warm_evaluator
from trailkeeper.detect.watched import WatchedRule
from trailkeeper.event import StoredEvent
from trailkeeper.principal import Tenant
from trailkeeper.search.sql import Binder
from trailkeeper.store.engine import EventsEngine, Statement

CHUNK_EVENTS: Final = 1000
"""Events between two breaths of the process: capture and requests share its one thread."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What a batch of events led to. `late_days` have events that came too late to be seen."""

    tenant: Tenant
    found: list[Found]
    late_days: set[datetime] = field(default_factory=set)


@dataclass
class OrganizationWatch:
    """Knows everything up to the places it was built or last fed at."""

    tenant: Tenant
    revision: int
    read_at: datetime
    rules: dict[RuleId, WatchedRule]
    suppressions: Sequence[Suppression]
    evaluator: LiveEvaluator
    history: HistoryWatch

    async def feed(
        self, engine: EventsEngine, events: Sequence[StoredEvent], places: Places
    ) -> Watched:
        """Takes in what was committed after `places`. Raises Unavailable."""
        if not self.history.is_idle:
            unknown = self.history.unknown(events)
            self.history.learn(await load_people(engine, self.tenant, unknown, places))
        found: list[Found] = []
        late: set[datetime] = set()
        for start in range(0, len(events), CHUNK_EVENTS):
            chunk = events[start : start + CHUNK_EVENTS]
            late |= self._late_days(chunk)
            for change in self.evaluator.feed(chunk):
                found.append(to_found(self.rules[change.detection.rule_id], change))
            if not self.history.is_idle:
                found += self.history.feed(chunk)
            await asyncio.sleep(0)
        self.history.forget_most_silent()
        joined = merged(found)
        return Watched(self.tenant, await self._expected(engine, joined), late)

    def _late_days(self, events: Sequence[StoredEvent]) -> set[datetime]:
        settled = self.evaluator.watermark
        if settled == EPOCH:
            return set()
        settled -= DEFAULT_LATENESS
        return {_day_of(event.timestamp) for event in events if event.timestamp < settled}

    async def _expected(self, engine: EventsEngine, found: list[Found]) -> list[Found]:
        return [await expected(engine, self.tenant, self.suppressions, each) for each in found]


async def build_watch(
    engine: EventsEngine,
    tenant: Tenant,
    rules: Sequence[WatchedRule],
    suppressions: Sequence[Suppression],
    around: Surroundings,
    places: Places,
    *,
    revision: int,
    now: datetime,
) -> OrganizationWatch:
    """A watch as of a follower's places. Raises Unavailable."""
    counting = [each.rule for each in rules if each.history is None]
    history = HistoryWatch(rules, around)
    if history.needs_exports:
        around.exports = await load_exports(engine, tenant, places)
    if history.needs_failures:
        around.failures = await load_failures(engine, tenant, places)
    return OrganizationWatch(
        tenant=tenant,
        revision=revision,
        read_at=now,
        rules={each.rule.id: each for each in rules},
        suppressions=suppressions,
        evaluator=await warm_evaluator(engine, tenant, counting, places),
        history=history,
    )


async def expected(
    engine: EventsEngine, tenant: Tenant, suppressions: Sequence[Suppression], found: Found
) -> Found:
    """The same, told of the expectation that covers it. Raises Unavailable."""
    candidates = [] if found.is_withdrawn else may_cover(suppressions, found)
    if not candidates:
        return found
    evidence = await _evidence(engine, tenant, found)
    covered_by = covering(candidates, found, evidence)
    return found.expected(covered_by) if covered_by is not None else found


async def _evidence(engine: EventsEngine, tenant: Tenant, found: Found) -> list[Evidence]:
    binder = Binder()
    ids_sql = binder.bind(list(found.evidence), "Array(String)")
    from_sql = binder.bind(found.first_at.timestamp() - 1, "Float64")
    to_sql = binder.bind(found.last_at.timestamp() + 1, "Float64")
    return await engine.rows(
        Statement(
            "SELECT id, user_id, user_email, ip_address, resource_id FROM events"
            f" WHERE {tenant.sql()} AND timestamp >= toDateTime64({from_sql}, 6, 'UTC')"
            f" AND timestamp <= toDateTime64({to_sql}, 6, 'UTC') AND id IN {ids_sql}",
            {**binder.parameters, **tenant.parameters()},
        ),
        Evidence,
    )


def _day_of(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
