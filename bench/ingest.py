"""Durable ingest over HTTP: how many events per second are committed, and are they there?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bench.dataset import BATCH_BODIES, BATCH_EVENTS, SINGLE_BODIES, ingest_events
from bench.generator import Job, Load
from bench.processes import cpu_seconds
from bench.side import Side

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Shape:
    """One way to send: `connections` at a time, `events` in a request, for `seconds`."""

    connections: int
    events: int
    bodies: int
    seconds: float


BATCHES = Shape(connections=8, events=BATCH_EVENTS, bodies=BATCH_BODIES, seconds=20)
SINGLES = Shape(connections=64, events=1, bodies=SINGLE_BODIES, seconds=15)


def generate(job: Job) -> Load:
    """Runs the generator. Raises CalledProcessError when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.generator"],
        input=msgspec.json.encode(job),
        stdout=subprocess.PIPE,
        cwd=ROOT,
        check=True,
    )
    return msgspec.json.decode(done.stdout, type=Load)


def measure(side: Side, shape: Shape, folder: Path, pace: float) -> Load:
    """Raises RuntimeError when a request was refused or an accepted event is not there."""
    posting = side.single if shape.events == 1 else side.batch
    bodies = _write_bodies(side, shape, folder)
    before = side.count()
    cpu_before = cpu_seconds(side.roots())
    load = generate(
        Job(
            port=side.port,
            path=posting.path,
            headers={**side.headers, "Content-Type": posting.content_type},
            bodies=[str(path) for path in bodies],
            events_per_body=shape.events,
            connections=shape.connections,
            seconds=shape.seconds * pace,
            expected=posting.accepted,
        )
    )
    if load.refused:
        raise RuntimeError(f"{side.name} refused {load.refused}: {load.first_refusal}")
    server_cpu_seconds = cpu_seconds(side.roots()) - cpu_before
    stored = side.count() - before
    if stored != load.events:
        raise RuntimeError(f"{side.name} accepted {load.events} events and stored {stored}")
    return msgspec.structs.replace(load, server_cpu_seconds=server_cpu_seconds)


def _write_bodies(side: Side, shape: Shape, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    events = ingest_events(shape.events * shape.bodies)
    paths = []
    for number in range(shape.bodies):
        some = events[number * shape.events : (number + 1) * shape.events]
        path = folder / f"{side.name}-{shape.events}-{number:04d}"
        path.write_bytes(_body(side, posting_events=some))
        paths.append(path)
    return paths


def _body(side: Side, posting_events: Sequence[dict[str, object]]) -> bytes:
    if len(posting_events) == 1:
        return msgspec.json.encode(posting_events[0])
    return side.batch_body(list(posting_events))
