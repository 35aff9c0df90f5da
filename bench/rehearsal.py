"""How long a count rule takes over the loaded events: `POST /rules/rehearse` until it is done.

One rule is the one that people write first; the other finds a large part of all events, and
groups them by person.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import httpx2
import msgspec

from bench.outcome import Outcome
from bench.side import Side
from bench.timing import percentile

DAYS: Final = 100
"""The events are of the 90 days before they were made, which may be days ago."""
RUNS: Final = 3
MAY_TAKE_SECONDS: Final = 10.0
POLL_SECONDS: Final = 0.05
LIMIT_SECONDS: Final = 600.0
SENTENCES: Final = {
    "LOGIN_FAILED by ip_address more than 5 in 10 minutes": MAY_TAKE_SECONDS,
    "VIEW by user_id more than 100 in 1 hour": None,
}
"""The rules, and the seconds that each may take; None is only printed."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """Seconds of each run. `matched` and `detections` are what the rule found."""

    sentence: str
    seconds: list[float]
    matched: int
    detections: int
    may_take: float | None = None


def measure(side: Side, stored: int) -> Iterator[Outcome]:
    """Of a side that is loaded with `stored` events. Raises RuntimeError where a run fails."""
    with httpx2.Client(
        base_url=f"http://127.0.0.1:{side.port}", headers=side.headers, timeout=60
    ) as client:
        for sentence, may_take in SENTENCES.items():
            runs = [_rehearse(client, sentence) for _ in range(RUNS)]
            result = runs[-1][1]
            rehearsed = Rehearsed(
                sentence,
                [seconds for seconds, _ in runs],
                result["events"],
                result["detections"],
                may_take,
            )
            yield outcome(rehearsed, stored)


def outcome(rehearsed: Rehearsed, stored: int) -> Outcome:
    median, worst = percentile(rehearsed.seconds, 50), max(rehearsed.seconds)
    may_take = rehearsed.may_take
    return Outcome(
        f"rehearsal over {stored:,} events: {rehearsed.sentence}",
        f"{median:.1f} s (longest of {len(rehearsed.seconds)}: {worst:.1f} s);"
        f" {rehearsed.matched:,} events read, {rehearsed.detections:,} detections",
        "printed" if may_take is None else f"each ≤ {may_take:.0f} s",
        None if may_take is None else worst <= may_take,
    )


def _rehearse(client: httpx2.Client, sentence: str) -> tuple[float, dict[str, Any]]:
    """Seconds from the question to the result, and the result."""
    began = time.monotonic()
    view = _answered(client.post("/rules/rehearse", json={"sentence": sentence, "days": DAYS}))
    while view["state"] != "done":
        if view["state"] == "failed" or time.monotonic() > began + LIMIT_SECONDS:
            raise RuntimeError(f"the rehearsal of {sentence} is {view['state']}: {view['error']}")
        time.sleep(POLL_SECONDS)
        view = _answered(client.get(f"/rules/rehearsals/{view['id']}"))
    return time.monotonic() - began, view["result"]


def _answered(answer: httpx2.Response) -> dict[str, Any]:
    if not answer.is_success:
        raise RuntimeError(f"{answer.request.url}: {answer.status_code} {answer.text[:500]}")
    view: dict[str, Any] = msgspec.json.decode(answer.content)
    return view
