"""Of guesses, so many a second are looked at; known devices have a bound of their own."""

from __future__ import annotations

import pytest

from trailkeeper.access.signin.gate import Gate
from trailkeeper.errors import Unavailable


class Clock:
    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def admitted(gate: Gate, tries: int, *, is_known: bool) -> int:
    count = 0
    for _ in range(tries):
        try:
            gate.admit(is_known=is_known)
        except Unavailable as error:
            assert (error.code, error.retry_after_seconds) == ("SIGN_IN_BUSY", 2)
        else:
            count += 1
    return count


def test_a_burst_and_then_so_many_a_second() -> None:
    clock = Clock()
    gate = Gate(per_second=8, burst=40, monotonic=clock)

    assert admitted(gate, 100, is_known=False) == 40
    clock.seconds += 2
    assert admitted(gate, 100, is_known=False) == 16
    clock.seconds += 3600
    assert admitted(gate, 100, is_known=False) == 40, "rest is not saved up beyond the burst"


@pytest.mark.parametrize("attacked", [True, False])
def test_one_bound_does_not_use_up_the_other(attacked: bool) -> None:
    gate = Gate(monotonic=Clock())

    admitted(gate, 1000, is_known=attacked)

    assert admitted(gate, 5, is_known=not attacked) == 5
