"""What several tests of the bench are given."""

from __future__ import annotations

from bench.dataset import Dataset
from bench.generator import Load


def load(events: int, seconds: float = 1.0) -> Load:
    return Load(
        requests=1,
        events=events,
        refused=0,
        first_refusal="",
        seconds=seconds,
        p50=0.1,
        p99=0.1,
        cpu_seconds=0.1,
    )


def dataset() -> Dataset:
    """Of nothing, but with people and resources."""
    return Dataset(
        folder="",
        requested=10,
        events=10,
        first="2026-01-01T00:00:00Z",
        after="2026-04-01T12:34:56Z",
        users=["user 1", "user-2"],
        resources=[("PROJECT", "p1"), ("MODEL", "m1")],
        needles=[],
        fragments=[],
        export_from="2026-03-01T00:00:00Z",
        export_events=1,
        json_bytes=100,
    )
