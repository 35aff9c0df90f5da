"""How long events are kept: the organization's default, and its exceptions.

Age counts from receipt, not from the event's own time, so that imported history is not
purged on arrival. Of several rules the most specific wins: action and resource type
together, then action, then resource type, then the default.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from trailkeeper.access.organizations import Organization
from trailkeeper.principal import Tenant, system_tenant
from trailkeeper.store.engine import engine_time


@dataclass(frozen=True)
class Rule:
    """Another retention for an action, a resource type, or both together."""

    days: int
    action: str | None
    resource_type: str | None

    @property
    def specificity(self) -> int:
        return 2 * (self.action is not None) + (self.resource_type is not None)


@dataclass(frozen=True)
class Policy:
    """One organization's retention; `rules` are sorted, the most specific first."""

    tenant: Tenant
    days: int
    rules: tuple[Rule, ...]

    @classmethod
    def of(cls, organization: Organization) -> Policy:
        rules = [
            Rule(rule.days, rule.action, rule.resource_type)
            for rule in organization.retention_rules
        ]
        return cls(
            system_tenant(organization.id),
            organization.retention_days,
            tuple(sorted(rules, key=lambda rule: -rule.specificity)),
        )

    def shortest_cutoff(self, now: datetime) -> datetime:
        """Nothing received after this has expired under any rule."""
        return now - timedelta(days=min([self.days, *(rule.days for rule in self.rules)]))

    def expired_condition(self, now: datetime, parameters: dict[str, Any]) -> str:
        """The condition for expired rows among this organization's; fills `parameters`."""
        parameters.update(self.tenant.parameters())
        branches_sql: list[str] = []
        for index, rule in enumerate(self.rules):
            branches_sql.append(_applies(rule, index, parameters))
            branches_sql.append(_cutoff(rule.days, now, parameters))
        default_sql = _cutoff(self.days, now, parameters)
        if not branches_sql:
            return f"received_at < {default_sql}"
        return f"received_at < multiIf({', '.join(branches_sql)}, {default_sql})"

    def days_for(self, action: str, resource_type: str) -> int:
        """How long an event of this kind is kept."""
        return _first_match(self.rules, action, resource_type) or self.days


def _first_match(rules: Sequence[Rule], action: str, resource_type: str) -> int | None:
    for rule in rules:
        if rule.action in (None, action) and rule.resource_type in (None, resource_type):
            return rule.days
    return None


def _applies(rule: Rule, index: int, parameters: dict[str, Any]) -> str:
    conditions = []
    if rule.action is not None:
        parameters[f"action_{index}"] = rule.action
        conditions.append(f"action = {{action_{index}:String}}")
    if rule.resource_type is not None:
        parameters[f"resource_type_{index}"] = rule.resource_type
        conditions.append(f"resource_type = {{resource_type_{index}:String}}")
    return " AND ".join(conditions) or "1"


def _cutoff(days: int, now: datetime, parameters: dict[str, Any]) -> str:
    parameters[f"cutoff_{days}"] = engine_time(now - timedelta(days=days))
    return f"{{cutoff_{days}:DateTime64(6, 'UTC')}}"
