"""Which event ids were committed in the last days: the memory behind `duplicate`.

A set of 64-bit hashes (XXH3, which the engine computes too, so that it can be filled from
the store at start): 8 bytes per event of the last RETENTION days, kept as a few sorted
arrays of doubling size. A miss is certain: the event is new. A hit is confirmed in the
store, which also holds the first receipt.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import numpy as np
import xxhash
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

RETENTION: Final = timedelta(days=8)
"""One day more than the seven that are promised: days are dropped whole."""


def identity(organization: str, event_id: str) -> int:
    """The hash of an event's identity: XXH3-64 of `organization`, NUL, `id`."""
    return xxhash.xxh3_64_intdigest(f"{organization}\0{event_id}".encode())


class SortedRuns:
    """A growing set of hashes: sorted runs, merged when a newer one reaches their size."""

    def __init__(self) -> None:
        self._runs: list[Hashes] = []

    def __len__(self) -> int:
        return sum(len(run) for run in self._runs)

    def add(self, hashes: Hashes) -> None:
        if not len(hashes):
            return
        run = np.sort(hashes)
        while self._runs and len(self._runs[-1]) <= 2 * len(run):
            run = np.sort(np.concatenate((self._runs.pop(), run)))
        self._runs.append(run)

    def contains(self, hashes: Hashes) -> NDArray[np.bool_]:
        found = np.zeros(len(hashes), dtype=np.bool_)
        for run in self._runs:
            places = np.searchsorted(run, hashes)
            places[places == len(run)] = 0
            found |= run[places] == hashes
        return found


class KnownIds:
    """Identities committed since `today - RETENTION`, by day of receipt."""

    def __init__(self) -> None:
        self._days: dict[date, SortedRuns] = {}

    def __len__(self) -> int:
        return sum(len(runs) for runs in self._days.values())

    def add(self, day: date, hashes: Hashes) -> None:
        """Remembers what was committed on `day`, and forgets days that are past keeping."""
        if day not in self._days:
            for old in [known for known in self._days if known < day - RETENTION]:
                del self._days[old]
            self._days[day] = SortedRuns()
        self._days[day].add(hashes)

    def maybe_known(self, hashes: Sequence[int]) -> list[bool]:
        """For each hash: False if certainly new, True if the store has to be asked."""
        wanted = np.array(hashes, dtype=np.uint64)
        found = np.zeros(len(wanted), dtype=np.bool_)
        for runs in self._days.values():
            found |= runs.contains(wanted)
        return [bool(each) for each in found]
