"""`python -m bench --only watch`: what the rules cost, and how soon people are told.

    live evaluation     30 rules, 4 of them correlations, on one core, beside no rule at all
    groups              the memory of one correlation with a million active groups
    ingest              the full rate and half of it, all built-in rules on and off by turns
    live feed           from an event's commit to a hundred clients
    telling             from an event's commit to the call of the webhook that tells of it

The evaluator alone is in `watch_offline`; a whole server is in `watch_served` and `live`. What
needs the loaded store, `rehearsal`, is measured there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

from bench.live import Followed, measure_live
from bench.outcome import Outcome
from bench.watch_offline import Evaluated, Grown, measure_evaluation, measure_groups
from bench.watch_served import Told, Watched, measure_ingest, measure_telling

TITLE = "Watch: rules, telling, live"
EVENTS = 200_000
GROUPS = 1_000_000
SECONDS = 10.0
LIVE_SECONDS = 20.0
TOLD = 200
MIN_TOLD = 20

MUST_EVALUATE = 50_000
MAY_COST = 0.20
MAY_COST_AT_HALF = 0.01
"""What two runs of the same kind differ by anyway."""
TELL_SECONDS = 1.0
LIVE_LIMIT_SECONDS = 0.25

Say = Callable[[str], None]
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Watch:
    """What was measured of the rules, of telling and of the live feed."""

    evaluated: Evaluated
    grown: Grown
    unbounded: Grown
    watched: Watched
    followed: Followed
    told: Told


def measure(folder: Path, pace: float, say: Say) -> Watch:
    """`pace` scales how much is sent and fed, and for how long."""
    say("watch: the evaluator alone")
    evaluated = _apart(measure_evaluation, int(EVENTS * pace))
    say("watch: active groups")
    groups = int(GROUPS * pace)
    grown = _apart(measure_groups, groups)
    unbounded = _apart(measure_groups, groups, groups)
    say("watch: ingest with rules and without")
    watched = measure_ingest(folder / "ingest", SECONDS * pace)
    say("watch: the live feed")
    followed = measure_live(folder / "live", LIVE_SECONDS * pace)
    say("watch: telling")
    told = measure_telling(folder / "telling", max(MIN_TOLD, int(TOLD * pace)))
    return Watch(evaluated, grown, unbounded, watched, followed, told)


def outcomes(watch: Watch) -> Iterator[Outcome]:
    yield from _evaluation(watch.evaluated)
    yield from _ingest(watch.watched)
    yield from _live(watch.followed)
    yield from _telling(watch.told)
    yield from _groups(watch.grown, watch.unbounded)


def _apart(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """In a process of its own: its memory is not ours, and is given back."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        return apart.submit(function, *args, **kwargs).result()


def _evaluation(evaluated: Evaluated) -> Iterator[Outcome]:
    yield Outcome(
        f"live evaluation, {evaluated.rules} rules ({evaluated.correlations} correlations),"
        " one core",
        f"{evaluated.per_second:,.0f} events/s; without a rule {evaluated.bare:,.0f}",
        f"≥ {MUST_EVALUATE:,} events/s",
        evaluated.per_second >= MUST_EVALUATE,
    )


def _ingest(watched: Watched) -> Iterator[Outcome]:
    full, half = watched.full, watched.half
    yield Outcome(
        "cost of all built-in rules on ingest at its full rate",
        f"{full.cost:.1%}: {full.on:,.0f} /s of {full.off:,.0f} /s without"
        f" ({_turns(full.on_turns)} of {_turns(full.off_turns)})",
        f"≤ {MAY_COST:.0%}",
        full.cost <= MAY_COST,
    )
    yield Outcome(
        "the same at half the rate",
        f"{half.cost:.1%}: {half.on:,.0f} /s of {half.off:,.0f} /s without",
        f"nothing measurable (≤ {MAY_COST_AT_HALF:.0%})",
        half.cost <= MAY_COST_AT_HALF,
    )
    yield Outcome(
        "a batch of 500 at half the rate, with the rules and without",
        f"p50 {_milliseconds(watched.half_p50_on)} and {_milliseconds(watched.half_p50_off)},"
        f" p99 {_milliseconds(watched.half_p99_on)} and {_milliseconds(watched.half_p99_off)}",
    )
    yield Outcome(
        "lag of detection at the full rate, at half of it",
        f"p99 {watched.full_lag_p99:,.0f} events, {watched.half_lag_p99:,.0f} events",
    )


def _live(followed: Followed) -> Iterator[Outcome]:
    yield Outcome(
        f"commit to SSE client, {followed.rate:,} events/s, {followed.clients} clients",
        f"p50 {_milliseconds(followed.p50)}, p99 {_milliseconds(followed.p99)} of"
        f" {followed.events:,} events; {followed.short} clients had fewer",
        f"p99 ≤ {LIVE_LIMIT_SECONDS * 1000:.0f} ms, each client every event",
        followed.p99 <= LIVE_LIMIT_SECONDS and not followed.short,
    )
    yield Outcome(
        "request to SSE client, the same",
        f"p50 {_milliseconds(followed.request_p50)}, p99 {_milliseconds(followed.request_p99)}",
    )


def _telling(told: Told) -> Iterator[Outcome]:
    yield Outcome(
        f"commit to delivery handed to the channel, {told.count} alerts",
        f"p50 {_milliseconds(told.p50)}, p99 {_milliseconds(told.p99)}",
        f"p99 ≤ {TELL_SECONDS:.0f} s",
        told.p99 <= TELL_SECONDS,
    )


def _groups(grown: Grown, unbounded: Grown) -> Iterator[Outcome]:
    yield Outcome(
        f"memory of one correlation, {grown.groups:,} groups active",
        f"{grown.size_bytes / 1e6:,.0f} MB, {grown.kept:,} kept",
        f"bounded (≤ {grown.limit:,} kept); printed",
        grown.kept <= grown.limit,
    )
    yield Outcome(
        "the same, were there no bound",
        f"{unbounded.size_bytes / 1e6:,.0f} MB, {unbounded.kept:,} kept",
    )


def _turns(rates: list[float]) -> str:
    return ", ".join(f"{rate:,.0f}" for rate in rates)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms"
