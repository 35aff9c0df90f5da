"""How many guesses are looked at: so many a second, whoever sends them and from wherever.

A password check costs some 20 ms and 19 MiB of memory traffic, and writes to the metadata
store. Without a bound, guesses from ever new addresses would take a third of the rate from
ingest; what is over the bound is refused before it costs anything. One a second is 3,600
people an hour on browsers that are new to the service, after twenty at once; browsers that
somebody signed in from before have a bound of their own, so that an attack keeps nobody out
for whom the service is known.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from trailkeeper.errors import Unavailable

PER_SECOND: Final = 1.0
BURST: Final = 20.0
RETRY_SECONDS: Final = 2


@dataclass(slots=True)
class Bucket:
    """`per_second` in the long run, `burst` at once."""

    per_second: float
    burst: float
    monotonic: Callable[[], float]
    tokens: float = field(init=False)
    filled_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = self.burst
        self.filled_at = self.monotonic()

    def has_one(self) -> bool:
        now = self.monotonic()
        self.tokens = min(self.burst, self.tokens + (now - self.filled_at) * self.per_second)
        self.filled_at = now
        return self.tokens >= 1

    def take(self) -> bool:
        is_there = self.has_one()
        if is_there:
            self.tokens -= 1
        return is_there


class Gate:
    """Two bounds: for known devices, and for everybody else."""

    def __init__(
        self,
        per_second: float = PER_SECOND,
        burst: float = BURST,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._known = Bucket(per_second, burst, monotonic)
        self._others = Bucket(per_second, burst, monotonic)

    def admit(self, *, is_known: bool) -> None:
        """Raises Unavailable(SIGN_IN_BUSY) beyond the bound."""
        bucket = self._known if is_known else self._others
        if not bucket.take():
            raise busy()

    @property
    def is_open(self) -> bool:
        """Whether somebody on an unknown device would be let in now."""
        return self._others.has_one()


def busy() -> Unavailable:
    return Unavailable(
        "SIGN_IN_BUSY",
        "Too many sign-ins at once.",
        hint="Try again in a moment.",
        retry_after_seconds=RETRY_SECONDS,
    )
