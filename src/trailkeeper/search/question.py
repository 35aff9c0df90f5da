"""A question put to the log: whose, which events, over what time. Shared by every read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from trailkeeper.event import EVENT_COLUMNS, MAX_FUTURE
from trailkeeper.principal import Tenant
from trailkeeper.search.ast import Filter, Match, conjuncts
from trailkeeper.search.params import TimeRange
from trailkeeper.search.sql import Binder, condition
from trailkeeper.store.engine import engine_time

ALL_COLUMNS: Final = ", ".join(EVENT_COLUMNS)


@dataclass(frozen=True)
class Question:
    """Which events: of one organization, matching a filter, within a range of time."""

    tenant: Tenant
    filter: Filter
    range: TimeRange

    def condition(self, binder: Binder) -> str:
        """Range and filter. The tenant's own condition stands in each statement, for all to see."""
        binder.parameters.update(self.tenant.parameters())
        clauses = [*self.range_conditions(binder), condition(self.filter, binder)]
        return " AND ".join(f"({each_condition})" for each_condition in clauses)

    def range_conditions(self, binder: Binder) -> list[str]:
        clauses = []
        if self.range.start is not None:
            start = bind_time(binder, self.range.start)
            received = bind_time(binder, self.range.start - MAX_FUTURE)
            clauses.append(f"timestamp >= {start} AND received_at >= {received}")
        if self.range.end is not None:
            clauses.append(f"timestamp < {bind_time(binder, self.range.end)}")
        return clauses

    def narrowed(self, start: datetime | None, end: datetime | None) -> Question:
        """The same question within the part of its range that lies in `[start, end)`."""
        starts = [each for each in (self.range.start, start) if each is not None]
        ends = [each for each in (self.range.end, end) if each is not None]
        return Question(
            self.tenant,
            self.filter,
            TimeRange(max(starts, default=None), min(ends, default=None)),
        )

    def has_own_order(self) -> bool:
        """Whether one user or one resource is asked for, which the table keeps an order of."""
        named = {part.field.column for part in conjuncts(self.filter) if isinstance(part, Match)}
        return "user_id" in named or {"resource_type", "resource_id"} <= named


def bind_time(binder: Binder, moment: datetime) -> str:
    return binder.bind(engine_time(moment), "DateTime64(6, 'UTC')")
