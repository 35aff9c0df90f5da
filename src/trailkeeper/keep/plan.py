"""What a retention run would remove: week by week, counted before anything is touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec

from trailkeeper.event import OrganizationId
from trailkeeper.keep.policy import Policy
from trailkeeper.store.engine import EventsEngine, Statement, engine_time

WEEK: Final = timedelta(days=7)
SETTLING: Final = timedelta(hours=1)
"""A week is dropped whole only this long after its end: no insert into it is still under way."""

_PARTITIONS: Final = """
SELECT toDate(partition) AS week, sum(rows) FROM system.parts
WHERE database = currentDatabase() AND table = 'events' AND active GROUP BY week ORDER BY week
"""


class _Partition(msgspec.Struct, frozen=True, array_like=True):
    week: date
    rows: int


class _Expired(msgspec.Struct, frozen=True, array_like=True):
    week: date
    action: str
    events: int


@dataclass
class WeekPlan:
    """One week's expired events, by organization and action."""

    week: date
    total: int
    expired: dict[OrganizationId, dict[str, int]] = field(default_factory=dict)

    def is_whole(self, now: datetime) -> bool:
        """Whether all that the week holds has expired, so that it can be dropped at once."""
        expired = sum(sum(actions.values()) for actions in self.expired.values())
        ended = datetime.combine(self.week, datetime.min.time(), tzinfo=now.tzinfo) + WEEK
        return expired == self.total and now >= ended + SETTLING


async def make_plan(
    engine: EventsEngine, policies: Sequence[Policy], now: datetime
) -> list[WeekPlan]:
    """The weeks in which anything has expired, oldest first."""
    partitions = await engine.rows(Statement(_PARTITIONS), _Partition)
    weeks = {partition.week: WeekPlan(partition.week, partition.rows) for partition in partitions}
    for policy in policies:
        for row in await engine.rows(_expired_statement(policy, now), _Expired):
            # A commit may have opened a week since the partitions were listed; it is too new.
            if row.week in weeks:
                actions = weeks[row.week].expired.setdefault(policy.tenant.organization, {})
                actions[row.action] = row.events
    return [plan for plan in weeks.values() if plan.expired]


def _expired_statement(policy: Policy, now: datetime) -> Statement:
    parameters: dict[str, Any] = {"upto": engine_time(policy.shortest_cutoff(now))}
    expired_condition = policy.expired_condition(now, parameters)
    return Statement(
        "SELECT toMonday(received_at) AS week, action, count() FROM events"
        f" WHERE {policy.tenant.sql()} AND received_at < {{upto:DateTime64(6, 'UTC')}}"
        f" AND {expired_condition}"
        " GROUP BY week, action ORDER BY week, action",
        parameters,
    )


def removed_by(plans: Sequence[WeekPlan], organization: OrganizationId) -> dict[str, int]:
    """An organization's share of a plan, by action."""
    removed: dict[str, int] = {}
    for plan in plans:
        for action, events in plan.expired.get(organization, {}).items():
            removed[action] = removed.get(action, 0) + events
    return removed
