"""What the bench asks of a side: Trailkeeper, or the peer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import msgspec

from bench.dataset import Dataset
from bench.timing import Timing

PAGE_EVENTS = 1000
LATEST = 50

Answer = Callable[[bytes], Any]
"""From a body to what JSON can hold, the same for both sides when they agree."""


@dataclass(frozen=True, slots=True)
class Question:
    """The same question with varied values. `answer` reads a body into something comparable.

    `rest` asks it of events that are not the dataset's: a server's own doings, or an earlier
    run's ingest. It is asked once, and its answer taken from the others before they are compared.
    """

    paths: list[str]
    answer: Answer
    rest: str


@dataclass(frozen=True, slots=True)
class Posting:
    """How a side takes events; `accepted` is in every answer that took them all."""

    path: str
    content_type: str
    accepted: str


@dataclass(frozen=True, slots=True)
class Size:
    """Bytes on disk of one part of a store."""

    what: str
    size_bytes: int


class Side(Protocol):
    """One of the two systems, with its own store under the work folder.

    `notes` are sentences for the reader of the results.
    """

    name: str
    port: int
    headers: dict[str, str]
    notes: list[str]
    single: Posting
    batch: Posting

    def start(self) -> float:
        """Returns the seconds from exec to ready."""

    def stop(self) -> None: ...

    def is_running(self) -> bool: ...

    def load(self, dataset: Dataset) -> float:
        """Loads all events, lets the store settle, and returns the seconds."""

    def roots(self) -> list[int]:
        """The processes that serve; the first is the HTTP server."""

    def batch_body(self, events: list[dict[str, object]]) -> bytes: ...

    def insights(self, dataset: Dataset) -> dict[str, Question]:
        """`counts` by action, `hourly` histogram, `distinct` users over everything; each also
        as `…_from`: from uneven minutes on, which no whole-hour roll-up answers alone.
        """

    def count(self) -> int:
        """Stored events, as the store itself counts them."""

    def sizes(self) -> list[Size]:
        """Bytes on disk, part by part. May stop the side."""

    def engine_timings(self, dataset: Dataset, names: set[str]) -> dict[str, Timing]:
        """The same questions without HTTP, where that can be told. May stop the side."""


def uneven_starts(dataset: Dataset) -> list[str]:
    """Ten instants in the first hours of the data, none on a full hour."""
    day, hour = dataset.first[:11], int(dataset.first[11:13])
    return [f"{day}{min(hour + n // 4, 23):02d}:{7 + 5 * n:02d}:13Z" for n in range(10)]


def to_ids(body: bytes) -> list[str]:
    return [item["id"] for item in msgspec.json.decode(body)["items"]]


def listing(**filters: str | int) -> str:
    return f"/audit-logs/?{urlencode(filters)}"


def find_questions(dataset: Dataset) -> dict[str, Question]:
    """Those that both sides answer at the same paths."""
    rest = listing(start_date=dataset.after, limit=PAGE_EVENTS)
    return {
        "latest": Question([listing(limit=LATEST)], to_ids, rest),
        "latest_user": Question(
            [f"/users/{quote(user)}/activity?limit={LATEST}" for user in dataset.users],
            to_ids,
            rest,
        ),
        "latest_resource": Question(
            [
                listing(resource_type=kind, resource_id=resource, limit=LATEST)
                for kind, resource in dataset.resources
            ],
            to_ids,
            rest,
        ),
        "text": Question([listing(q=word, limit=LATEST) for word in dataset.needles], to_ids, rest),
        "fragment": Question(
            [listing(q=part, limit=LATEST) for part in dataset.fragments], to_ids, rest
        ),
    }
