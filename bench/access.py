"""`python -m bench --only access`: what the door costs.

Key check and session check per request, beside the same route without them; and ingest while
the sign-in is attacked, which must keep 90 % of its rate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.access_attack import (
    ATTEMPTS_PER_SECOND,
    Attacked,
    events_per_second,
    measure_attack,
)
from bench.access_checks import Check, measure_checks
from bench.generator import Load
from bench.outcome import Table

ROUNDS = 40
ATTACK_SECONDS = 15.0
MUST_KEEP = 0.9
CHECK_HEAD = ("a request with", "p50", "p95", "added (p50)")
ATTACK_HEAD = ("under attack", "measured", "must reach")

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Access:
    """What was measured of the door."""

    checks: list[Check]
    attacked: Attacked

    @property
    def is_reached(self) -> bool:
        return self.attacked.kept >= MUST_KEEP


def measure(folder: Path, pace: float, say: Say) -> Access:
    """`pace` scales how long it takes."""
    say("access: key and session checks")
    checks = measure_checks(folder / "access-checks", max(2, int(ROUNDS * pace)))
    say("access: ingest under attack")
    attacked_folder = folder / "access-attack"
    attacked_folder.mkdir(parents=True, exist_ok=True)
    return Access(checks, measure_attack(attacked_folder, ATTACK_SECONDS * pace))


def tables(access: Access) -> list[Table]:
    return [
        Table("What a check adds to a request", list(CHECK_HEAD), check_rows(access)),
        Table(
            "The sign-in under attack", list(ATTACK_HEAD), attack_rows(access), access.is_reached
        ),
    ]


def check_rows(access: Access) -> list[list[str]]:
    return [
        [
            each.what,
            _microseconds(each.p50),
            _microseconds(each.p95),
            _microseconds(each.added) if each.added else "",
        ]
        for each in access.checks
    ]


def attack_rows(access: Access) -> list[list[str]]:
    attacked = access.attacked
    siege = attacked.siege
    kept = f"{attacked.kept:.0%} of its rate"
    return [
        [
            "durable ingest, 8 connections x batches of 500",
            f"{events_per_second(attacked.attack):,.0f} /s of"
            f" {events_per_second(attacked.peace):,.0f} /s: {kept}"
            f" ({_turns(attacked.attack)} of {_turns(attacked.peace)})",
            f"≥ {MUST_KEEP:.0%} ({'yes' if access.is_reached else 'NO'})",
        ],
        [
            f"guesses at {ATTEMPTS_PER_SECOND}/s from ever new addresses",
            f"{siege.judged_per_second:.1f} /s looked at; answers {_counted(siege.attempts)}",
            "printed",
        ],
        [
            "the owner's own sign-in, once a second",
            f"p50 {siege.sign_in_p50 * 1000:,.0f} ms; answers {_counted(siege.sign_ins)}",
            "printed",
        ],
    ]


def _turns(loads: list[Load]) -> str:
    return ", ".join(f"{each.events_per_second:,.0f}" for each in loads)


def _counted(answers: dict[int, int]) -> str:
    return ", ".join(f"{count} x {status}" for status, count in sorted(answers.items()))


def _microseconds(seconds: float) -> str:
    return f"{seconds * 1e6:,.0f} µs"
