"""When to try again: back-off with jitter, and `Retry-After` where the server gave it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

RETRIED_STATUS: Final = frozenset({429, 502, 503, 504, 507})


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How patient a client is. All durations in seconds."""

    retries: int = 5
    first_pause: float = 0.2
    longest_pause: float = 5.0
    longest_retry_after: float = 60.0
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random

    def pause_before(self, retry: int, retry_after: float | None) -> float | None:
        """Seconds to wait before retry number `retry` (from 1), or None: give up.

        The server's `Retry-After` is a lower bound; one beyond our patience means giving up
        at once, for an earlier try would only add to its load.
        """
        if retry > self.retries:
            return None
        if retry_after is not None and retry_after > self.longest_retry_after:
            return None
        ceiling = min(self.longest_pause, self.first_pause * 2.0 ** (retry - 1))
        backoff = ceiling * (0.5 + self.jitter() / 2)
        return max(backoff, retry_after or 0.0)


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds from `now`, from a `Retry-After` header (RFC 9110 §10.2.3), or None if unusable."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
