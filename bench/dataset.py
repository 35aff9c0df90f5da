"""The events that both sides load, made once, and the landmarks that questions ask about."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from bench.generator import MARKER
from bench.standin import scaled

T = TypeVar("T")

SEED: Final = 20261124
CHUNK_EVENTS: Final = 5000
SAMPLES: Final = 64
NEEDLES: Final = 40
EVENTS_PER_NEEDLE: Final = 5
MAX_EXPORT_EVENTS: Final = 1_000_000
BATCH_EVENTS: Final = 500
BATCH_BODIES: Final = 16
SINGLE_BODIES: Final = 256


class Dataset(msgspec.Struct, kw_only=True, frozen=True):
    """What lies in `folder`: chunks of NDJSON, and samples of what is in them.

    `export_from` is the hour from which on there are `export_events` events.
    """

    folder: str
    events: int
    first: str
    users: list[str]
    resources: list[tuple[str, str]]
    needles: list[str]
    fragments: list[str]
    export_from: str
    export_events: int
    json_bytes: int

    @property
    def chunks(self) -> list[Path]:
        return sorted(Path(self.folder).glob("*.ndjson"))


def prepare(folder: Path, events: int) -> Dataset:
    """Makes the events, or finds them made."""
    manifest = folder / "manifest.json"
    if manifest.exists():
        found = msgspec.json.decode(manifest.read_bytes(), type=Dataset)
        if found.events != events:
            raise SystemExit(f"{folder} holds {found.events} events: say --events {found.events}")
        return msgspec.structs.replace(found, folder=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    made = _write(folder, events)
    manifest.write_bytes(msgspec.json.encode(made))
    return made


def people_for(events: int) -> int:
    """About 28 events per person and day: the size of an organization that makes so many."""
    return max(60, events // 2500)


def _write(folder: Path, events: int) -> Dataset:
    rng = random.Random(SEED)
    needles = _needles(rng)
    planted = dict(
        zip(
            rng.sample(range(events), NEEDLES * EVENTS_PER_NEEDLE),
            needles * EVENTS_PER_NEEDLE,
            strict=True,
        )
    )
    samples: list[dict[str, Any]] = []
    hours: Counter[str] = Counter()
    json_bytes = 0
    source = enumerate(_identified(datetime.now(UTC), SEED, events))
    for chunk in range(-(-events // CHUNK_EVENTS)):
        lines = []
        for number, event in islice(source, CHUNK_EVENTS):
            if number in planted:
                event["details"] = {**event["details"], "note": f"asked by {planted[number]}"}
            if number % max(1, events // (SAMPLES * 8)) == 0 and event.get("user_id"):
                samples.append(event)
            hours[event["timestamp"][:13]] += 1
            lines.append(msgspec.json.encode(event))
        body = b"\n".join(lines) + b"\n"
        json_bytes += len(body)
        (folder / f"{chunk:05d}.ndjson").write_bytes(body)
    export_from, export_events = _export_window(hours, min(MAX_EXPORT_EVENTS, events // 2))
    return Dataset(
        folder=str(folder),
        events=events,
        first=f"{min(hours)}:00:00Z",
        users=_some(rng, [sample["user_id"] for sample in samples]),
        resources=_some(
            rng,
            [
                (sample["resource_type"], sample["resource_id"])
                for sample in samples
                if sample.get("resource_id") and sample["resource_type"] != "USER"
            ],
        ),
        needles=needles,
        fragments=_some(rng, [sample["id"][-12:] for sample in samples]),
        export_from=export_from,
        export_events=export_events,
        json_bytes=json_bytes,
    )


def _identified(now: datetime, seed: int, events: int) -> Iterator[dict[str, Any]]:
    """The demo's events, each with a UUIDv7 of its own time, so that both sides store the same."""
    rng = random.Random(seed)
    for event in scaled(now, seed, people_for(events), events):
        at = datetime.fromisoformat(event["timestamp"])
        event["id"] = _uuid7(f"{int(at.timestamp() * 1000):012x}", rng)
        yield event


def _uuid7(prefix: str, rng: random.Random) -> str:
    tail = f"{rng.getrandbits(74):019x}"
    prefix = prefix if "-" in prefix else f"{prefix[:8]}-{prefix[8:]}"
    return f"{prefix}-7{tail[:3]}-{8 + int(tail[3], 16) % 4:x}{tail[4:7]}-{tail[7:]}"


def _needles(rng: random.Random) -> list[str]:
    """Words that a person could say, and that are nowhere else."""
    syllables = [c + v + d for c in "bdfgklmprtvz" for v in "aeiou" for d in "lmnrsx"]
    words: dict[str, None] = {}
    while len(words) < NEEDLES:
        words["".join(rng.choices(syllables, k=4))] = None
    return list(words)


def _some(rng: random.Random, found: list[T]) -> list[T]:
    """Up to SAMPLES different ones."""
    different = list(dict.fromkeys(found))
    rng.shuffle(different)
    return different[:SAMPLES]


def _export_window(hours: Counter[str], wanted: int) -> tuple[str, int]:
    events = 0
    start = max(hours)
    for hour in sorted(hours, reverse=True):
        if events >= wanted:
            break
        start = hour
        events += hours[hour]
    return f"{start}:00:00Z", events


def ingest_events(count: int) -> list[dict[str, Any]]:
    """Events of this moment whose ids hold the generator's marker: new each time they are sent."""
    rng = random.Random()
    now = datetime.now(UTC)
    stamp = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return [
        {**event, "id": _uuid7(MARKER.decode(), rng), "timestamp": stamp}
        for event in scaled(now, SEED + 1, people_for(5_000_000), count)
    ]
