"""`python -m bench.watch`: what the rules cost, and how soon people are told.

    live evaluation     30 rules, 4 of them correlations, on one core, beside no rule at all
    groups              the memory of one correlation with a million active groups
    ingest              the full rate, all built-in rules on and off, turn by turn; the lag
    telling             from an event's commit to the call of the webhook that tells of it

The rules' own room is in `watch_offline`; a whole server is in `watch_served`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench.report import mark
from bench.watch_offline import measure_evaluation, measure_groups
from bench.watch_served import measure_ingest, measure_telling

EVENTS = 200_000
GROUPS = 1_000_000
SECONDS = 10.0
ROUNDS = 3
TOLD = 200

MUST_EVALUATE = 50_000
MAY_COST = 0.20
TELL_SECONDS = 1.0


def main() -> int:
    """Returns 1 when something that must be reached was not."""
    parser = argparse.ArgumentParser(prog="python -m bench.watch", description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS, help="for live evaluation")
    parser.add_argument("--groups", type=int, default=GROUPS)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of ingest, each turn")
    arguments = parser.parse_args()
    rows: list[tuple[str, str, str]] = []

    evaluated = measure_evaluation(arguments.events)
    rows.append(
        (
            f"live evaluation, {evaluated.rules} rules, {evaluated.correlations} correlations",
            f"{evaluated.per_second:,.0f} events/s; without a rule {evaluated.bare:,.0f}",
            mark(evaluated.per_second >= MUST_EVALUATE, f"≥ {MUST_EVALUATE:,}"),
        )
    )
    grown = measure_groups(arguments.groups)
    rows.append(
        (
            f"{arguments.groups:,} active groups of one correlation",
            f"{grown.bytes / 1e6:,.0f} MB, {grown.kept:,} kept",
            "bounded; printed",
        )
    )
    with tempfile.TemporaryDirectory(prefix="watch-", dir="/var/tmp") as folder:
        watched = measure_ingest(Path(folder) / "ingest", arguments.seconds, ROUNDS)
        rows += [
            (
                "durable ingest with all built-in rules on",
                f"{watched.on:,.0f} /s of {watched.off:,.0f} /s without: costs {watched.cost:.0%};"
                f" lag p99 {watched.lag_p99:,.0f} events",
                mark(watched.cost <= MAY_COST, f"≤ {MAY_COST:.0%}"),
            ),
            (
                "the same at half the rate",
                f"answered p50 {watched.half_on * 1000:.1f} ms, without rules"
                f" {watched.half_off * 1000:.1f} ms; lag p99 {watched.half_lag_p99:,.0f} events",
                "nothing measurable",
            ),
        ]
        told = measure_telling(Path(folder) / "telling", TOLD)
        rows.append(
            (
                f"commit to delivery handed to the channel, {told.count} alerts",
                f"p50 {told.p50 * 1000:,.0f} ms, p99 {told.p99 * 1000:,.0f} ms",
                mark(told.p99 <= TELL_SECONDS, f"p99 ≤ {TELL_SECONDS:.0f} s"),
            )
        )
    width = max(len(row[0]) for row in rows)
    for what, measured, wanted in rows:
        print(f"{what:<{width}}  {measured}  ({wanted})")
    return 1 if any("NO" in wanted for _, _, wanted in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
