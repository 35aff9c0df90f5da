"""The nouns: a rule, what it looks for, how often and over which time it must be seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, NewType, TypeAlias

from trailkeeper.detect.condition import Condition, Subject
from trailkeeper.detect.faults import Place

RuleId = NewType("RuleId", str)
RuleVersion = NewType("RuleVersion", str)

MAX_TIMESPAN: Final = timedelta(days=90)
DEFAULT_WINDOW: Final = timedelta(hours=1)
DEFAULT_GROUP: Final = "user"
MAX_PARTS: Final = 32


class Level(StrEnum):
    INFORMATIONAL = "informational"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class RuleStatus(StrEnum):
    """How far its author trusts it."""

    STABLE = "stable"
    TEST = "test"
    EXPERIMENTAL = "experimental"
    DEPRECATED = "deprecated"
    UNSUPPORTED = "unsupported"


class Kind(StrEnum):
    """What is counted or looked for within the time span."""

    EVENT_COUNT = "event_count"
    VALUE_COUNT = "value_count"
    TEMPORAL = "temporal"
    TEMPORAL_ORDERED = "temporal_ordered"
    VALUE_SUM = "value_sum"
    VALUE_AVG = "value_avg"
    VALUE_PERCENTILE = "value_percentile"
    VALUE_MEDIAN = "value_median"


NUMERIC_KINDS: Final = frozenset(
    {Kind.VALUE_SUM, Kind.VALUE_AVG, Kind.VALUE_PERCENTILE, Kind.VALUE_MEDIAN}
)
VALUE_KINDS: Final = NUMERIC_KINDS | {Kind.VALUE_COUNT}


class Comparison(StrEnum):
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    EQ = "eq"
    NEQ = "neq"


@dataclass(frozen=True, slots=True)
class NamedField:
    """A field by the name that the rule gives it; of several subjects the first present counts."""

    name: str
    subjects: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Events of one kind that a rule watches, and the fields that group them."""

    name: str
    condition: Condition
    group_by: tuple[NamedField, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """The part of this place (0-based) was seen: a leaf of an expression."""

    part: int


@dataclass(frozen=True, slots=True)
class Both:
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Neither:
    part: Expression


Expression: TypeAlias = Seen | Both | Either | Neither
"""Which parts must be seen together: the extended condition of `temporal`."""


@dataclass(frozen=True, slots=True)
class Correlation:
    """When events together are worth a detection, where each alone is not."""

    kind: Kind
    parts: tuple[Part, ...]
    comparison: Comparison = Comparison.GTE
    threshold: int | float = 1
    value: tuple[NamedField, ...] = ()
    percentile: int | None = None
    expression: Expression | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `condition` is None where a correlation looks at other rules' events.

    `version` is a hash of all that the rule says, that of the rules it refers to included.
    `is_raised` is false for a rule that only serves others. What one that `is_daily` finds is
    told once a day, together.
    """

    id: RuleId
    title: str
    name: str | None
    description: str
    level: Level
    status: RuleStatus
    tags: tuple[str, ...]
    version: RuleVersion
    false_positives: tuple[str, ...]
    fields: tuple[str, ...]
    references: tuple[str, ...]
    condition: Condition | None
    correlation: Correlation | None
    group_by: tuple[NamedField, ...]
    timespan: timedelta
    suppression: timedelta
    is_daily: bool
    is_raised: bool
    place: Place

    @property
    def watched(self) -> Correlation:
        """What is watched: of a rule without a correlation, that its condition is met at all."""
        if self.correlation is not None:
            return self.correlation
        if self.condition is None:
            raise ValueError(f"{self.id} has neither a condition nor a correlation")
        return Correlation(
            Kind.EVENT_COUNT, (Part(self.title, self.condition, self.group_by),), threshold=1
        )

    @property
    def needs_group(self) -> bool:
        """Whether events that lack a field of the group are left out: a count of what nobody
        and nothing did says nothing, but one event by itself does."""
        return self.correlation is not None
