"""Many events, cut into requests that the server takes, as gzipped NDJSON."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from trailkeeper.client.identifiers import new_event_id
from trailkeeper.event import MAX_BATCH_BYTES, MAX_BATCH_EVENTS, NewEvent

DEFAULT_BATCH_EVENTS: Final = 1000
# A quarter of the server's limit: a lost answer then costs little to send again.
TARGET_BATCH_BYTES: Final = MAX_BATCH_BYTES // 4
# Log lines compress about as well at level 1 as at 9, in a quarter of the time.
GZIP_LEVEL: Final = 1

_encoder = msgspec.json.Encoder()

EventLike = Mapping[str, Any] | NewEvent


class Batch(NamedTuple):
    """One request's worth: `first` is the index of its first event in the whole input."""

    first: int
    events: int
    ndjson: bytes

    def compressed(self) -> bytes:
        return gzip.compress(self.ndjson, GZIP_LEVEL, mtime=0)


def with_id(event: EventLike) -> dict[str, Any]:
    """The event as a dict with an id: the sender's own, or a new UUIDv7."""
    fields = msgspec.structs.asdict(event) if isinstance(event, NewEvent) else dict(event)
    if not fields.get("id"):
        fields["id"] = new_event_id()
    return fields


def to_batches(events: Iterable[EventLike], batch_events: int) -> Iterator[Batch]:
    """Batches of at most `batch_events` (1 to 10,000) and about 8 MiB, in order, lazily.

    Raises TypeError for a value that has no JSON form.
    """
    if not 1 <= batch_events <= MAX_BATCH_EVENTS:
        raise ValueError(f"batch_events must be 1 to {MAX_BATCH_EVENTS}, not {batch_events}")
    first, lines, size = 0, list[bytes](), 0
    for event in events:
        line = _encoder.encode(with_id(event))
        if lines and (len(lines) == batch_events or size + len(line) > TARGET_BATCH_BYTES):
            yield Batch(first, len(lines), b"\n".join(lines))
            first, lines, size = first + len(lines), [], 0
        lines.append(line)
        size += len(line) + 1
    if lines:
        yield Batch(first, len(lines), b"\n".join(lines))
