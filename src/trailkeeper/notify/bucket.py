"""A channel's rate: a bucket of tokens, one for each call, full at rest. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

BURST_SECONDS: Final = 20.0
"""A full bucket is what the rate allows in so long, at least two."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """`tokens` were left `at` a moment."""

    per_minute: int
    tokens: float
    at: datetime

    @property
    def capacity(self) -> float:
        return max(2.0, self.per_minute * BURST_SECONDS / 60)

    def refilled(self, now: datetime) -> Bucket:
        """As it is at `now`; a clock that was set back adds nothing."""
        passed = max((now - self.at).total_seconds(), 0.0)
        tokens = min(self.tokens + passed * self.per_minute / 60, self.capacity)
        return Bucket(self.per_minute, tokens, now)

    @property
    def is_empty(self) -> bool:
        return self.tokens < 1

    @property
    def is_last(self) -> bool:
        """One more call, then the next has to wait."""
        return 1 <= self.tokens < 2

    def taken(self) -> Bucket:
        return Bucket(self.per_minute, self.tokens - 1, self.at)

    @property
    def next_at(self) -> datetime:
        """When there is a token again."""
        missing = max(1 - self.tokens, 0.0)
        return self.at + timedelta(seconds=missing * 60 / self.per_minute)
