"""The events that both sides load, made once, and the landmarks that questions ask about."""

from __future__ import annotations

import random
from collections import Counter, deque
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from bench.generator import MARKER
from trailkeeper.demo import scaled

T = TypeVar("T")

SEED: Final = 20261124
CHUNK_EVENTS: Final = 5000
SURELY_MADE: Final = 0.9
SAMPLES: Final = 64
NEEDLES: Final = 40
EVENTS_PER_NEEDLE: Final = 5
MAX_EXPORT_EVENTS: Final = 1_000_000
BATCH_EVENTS: Final = 500
BATCH_BODIES: Final = 16
SINGLE_BODIES: Final = 256
INGEST_PEOPLE: Final = 500
INGEST_STORY_EVENTS: Final = 50_000


class Dataset(msgspec.Struct, kw_only=True, frozen=True):
    """What lies in `folder`: chunks of NDJSON, and samples of what is in them.

    `requested` events were asked for, `events` were made: the demo's story is about as long
    as it is asked to be. `first` is the hour of the first event, `after` an instant that lies
    after the last. `export_from` is the hour from which on there are `export_events` events.
    """

    folder: str
    requested: int
    events: int
    first: str
    after: str
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
        if found.requested != events:
            raise SystemExit(f"{folder} holds other events: say --events {found.requested}")
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
    places = rng.sample(range(int(events * SURELY_MADE)), NEEDLES * EVENTS_PER_NEEDLE)
    planted = dict(zip(places, needles * EVENTS_PER_NEEDLE, strict=True))
    samples: list[dict[str, object]] = []
    hours: Counter[str] = Counter()
    now = datetime.now(UTC)
    made = json_bytes = 0
    source = iter(scaled(now, SEED, people_for(events), events))
    while chunk := list(islice(source, CHUNK_EVENTS)):
        lines = []
        for number, event in enumerate(chunk, made):
            if number in planted:
                note = f"asked by {planted[number]}"
                event["details"] = {**_object(event["details"]), "note": note}
            if number % max(1, events // (SAMPLES * 8)) == 0 and event.get("user_id"):
                samples.append(event)
            hours[str(event["timestamp"])[:13]] += 1
            lines.append(msgspec.json.encode(event))
        body = b"\n".join(lines) + b"\n"
        json_bytes += len(body)
        (folder / f"{made // CHUNK_EVENTS:05d}.ndjson").write_bytes(body)
        made += len(chunk)
    export_from, export_events = _export_window(hours, min(MAX_EXPORT_EVENTS, made // 2))
    return Dataset(
        folder=str(folder),
        requested=events,
        events=made,
        after=now.isoformat().replace("+00:00", "Z"),
        first=f"{min(hours)}:00:00Z",
        users=_some(rng, [str(sample["user_id"]) for sample in samples]),
        resources=_some(
            rng,
            [
                (str(sample["resource_type"]), str(sample["resource_id"]))
                for sample in samples
                if sample.get("resource_id") and sample["resource_type"] != "USER"
            ],
        ),
        needles=needles,
        fragments=_some(rng, [str(sample["id"])[-12:] for sample in samples]),
        export_from=export_from,
        export_events=export_events,
        json_bytes=json_bytes,
    )


def _object(details: object) -> dict[str, object]:
    return details if isinstance(details, dict) else {}


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


def ingest_events(count: int) -> list[dict[str, object]]:
    """Events of this moment whose ids hold the generator's marker: new each time they are sent."""
    now = datetime.now(UTC)
    stamp = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    # Another story than the dataset's in each run, so that the rest of each id is new too.
    seed = now.microsecond
    recent = deque(scaled(now, seed, INGEST_PEOPLE, INGEST_STORY_EVENTS), maxlen=count)
    return [_for_ingest(event, stamp) for event in recent]


def _for_ingest(event: dict[str, object], stamp: str) -> dict[str, object]:
    """The event now, by nobody whom the dataset knows: programs have the same ids in any story."""
    changed = {"id": MARKER.decode() + str(event["id"])[len(MARKER) :], "timestamp": stamp}
    if "user_id" in event:
        changed["user_id"] = f"{event['user_id']}-ingest"
    return {**event, **changed}
