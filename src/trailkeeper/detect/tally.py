"""What is in a window: added and removed event by event, compared with what the rule asks.

All of it is exact and without an order: sums are of fractions, not of floats, so that the same
events give the same answer however they came.
"""

from __future__ import annotations

import operator
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from math import ceil
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from trailkeeper.detect.rule import (
    Both,
    Comparison,
    Correlation,
    Either,
    Expression,
    Kind,
    Neither,
    Seen,
)

Exact: TypeAlias = int | Fraction


class Item(NamedTuple):
    """A matching event: when (microseconds), which, its value, and the parts it is of (bits)."""

    at: int
    id: str
    value: Any
    parts: int


class Tally(Protocol):
    def add(self, item: Item) -> None: ...
    def remove(self, item: Item) -> None: ...
    def measure(self) -> Exact | None: ...


COMPARE: Final[dict[Comparison, Callable[[Any, Any], bool]]] = {
    Comparison.LT: operator.lt,
    Comparison.LTE: operator.le,
    Comparison.GT: operator.gt,
    Comparison.GTE: operator.ge,
    Comparison.EQ: operator.eq,
    Comparison.NEQ: operator.ne,
}


class EventTally:
    """How many events."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0

    def add(self, item: Item) -> None:
        self.count += 1

    def remove(self, item: Item) -> None:
        self.count -= 1

    def measure(self) -> Exact | None:
        return self.count


class ValueTally:
    """How many different values."""

    __slots__ = ("values",)

    def __init__(self) -> None:
        self.values: Counter[Any] = Counter()

    def add(self, item: Item) -> None:
        self.values[item.value] += 1

    def remove(self, item: Item) -> None:
        self.values[item.value] -= 1
        if not self.values[item.value]:
            del self.values[item.value]

    def measure(self) -> Exact | None:
        return len(self.values)


class SumTally:
    """The sum of the values, or their average."""

    __slots__ = ("count", "is_average", "sum")

    def __init__(self, *, is_average: bool) -> None:
        self.sum: Exact = 0
        self.count = 0
        self.is_average = is_average

    def add(self, item: Item) -> None:
        self.sum += item.value
        self.count += 1

    def remove(self, item: Item) -> None:
        self.sum -= item.value
        self.count -= 1

    def measure(self) -> Exact | None:
        if not self.count:
            return None
        return Fraction(self.sum) / self.count if self.is_average else self.sum


class RankTally:
    """A percentile of the values by nearest rank; without one their median, the mean of the
    two middle ones where there are two."""

    __slots__ = ("percentile", "values")

    def __init__(self, percentile: int | None) -> None:
        self.values: list[Exact] = []
        self.percentile = percentile

    def add(self, item: Item) -> None:
        insort(self.values, item.value)

    def remove(self, item: Item) -> None:
        del self.values[bisect_left(self.values, item.value)]

    def measure(self) -> Exact | None:
        count = len(self.values)
        if not count:
            return None
        if self.percentile is not None:
            rank = max(1, ceil(Fraction(self.percentile * count, 100)))
            return self.values[rank - 1]
        return Fraction(self.values[(count - 1) // 2] + self.values[count // 2]) / 2


class PartsTally:
    """How many of the parts were seen."""

    __slots__ = ("seen",)

    def __init__(self, count: int) -> None:
        self.seen = [0] * count

    def add(self, item: Item) -> None:
        for part in _bits(item.parts):
            self.seen[part] += 1

    def remove(self, item: Item) -> None:
        for part in _bits(item.parts):
            self.seen[part] -= 1

    def measure(self) -> Exact | None:
        return sum(map(bool, self.seen))


class OrderTally:
    """How many of the parts were seen in their order, each no earlier than the one before."""

    __slots__ = ("times",)

    def __init__(self, count: int) -> None:
        self.times: list[list[int]] = [[] for _ in range(count)]

    def add(self, item: Item) -> None:
        for part in _bits(item.parts):
            insort(self.times[part], item.at)

    def remove(self, item: Item) -> None:
        for part in _bits(item.parts):
            del self.times[part][bisect_left(self.times[part], item.at)]

    def measure(self) -> Exact | None:
        after = -(2**63)
        for place, times in enumerate(self.times):
            found = bisect_left(times, after)
            if found == len(times):
                return place
            after = times[found]
        return len(self.times)


def _bits(parts: int) -> list[int]:
    return [place for place in range(parts.bit_length()) if parts >> place & 1]


def tally_of(watched: Correlation) -> Callable[[], Tally]:
    """What makes an empty tally for what is watched."""
    count = len(watched.parts)
    match watched.kind:
        case Kind.EVENT_COUNT:
            return EventTally
        case Kind.VALUE_COUNT:
            return ValueTally
        case Kind.VALUE_SUM | Kind.VALUE_AVG:
            return lambda: SumTally(is_average=watched.kind is Kind.VALUE_AVG)
        case Kind.VALUE_PERCENTILE:
            return lambda: RankTally(watched.percentile)
        case Kind.VALUE_MEDIAN:
            return lambda: RankTally(None)
        case Kind.TEMPORAL:
            return lambda: PartsTally(count)
        case Kind.TEMPORAL_ORDERED:
            return lambda: OrderTally(count)


def holds_of(watched: Correlation) -> Callable[[Tally, Exact], bool]:
    """Whether a tally, and what it measures, are what the rule asks for."""
    expression = watched.expression
    if expression is not None and watched.kind is Kind.TEMPORAL:
        return lambda tally, _: isinstance(tally, PartsTally) and _is_true(expression, tally.seen)
    compare = COMPARE[watched.comparison]
    threshold: Exact = (
        Fraction(watched.threshold) if isinstance(watched.threshold, float) else watched.threshold
    )
    return lambda _, measured: compare(measured, threshold)


def is_monotone(watched: Correlation) -> bool:
    """Whether what holds still holds when more events are known of the same moment."""
    if watched.expression is not None:
        return not _has_absence(watched.expression)
    is_count = watched.kind in (
        Kind.EVENT_COUNT,
        Kind.VALUE_COUNT,
        Kind.TEMPORAL,
        Kind.TEMPORAL_ORDERED,
    )
    return is_count and watched.comparison in (Comparison.GT, Comparison.GTE)


def _is_true(expression: Expression, seen: list[int]) -> bool:
    match expression:
        case Seen(part):
            return seen[part] > 0
        case Both(parts):
            return all(_is_true(each, seen) for each in parts)
        case Either(parts):
            return any(_is_true(each, seen) for each in parts)
        case Neither(part):
            return not _is_true(part, seen)


def _has_absence(expression: Expression) -> bool:
    match expression:
        case Seen():
            return False
        case Both(parts) | Either(parts):
            return any(map(_has_absence, parts))
        case Neither():
            return True
