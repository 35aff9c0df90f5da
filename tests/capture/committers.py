"""Committers over the real engine, and a lease whose holder does as it is told."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from tests.engine import Clock
from trailkeeper.capture.commit import Committer
from trailkeeper.capture.known import KnownIds
from trailkeeper.capture.receipts import read_known_ids
from trailkeeper.event import NodeId, NodeSeq
from trailkeeper.store.engine import EventsEngine, Statement

NODES = itertools.count(1)


@dataclass
class HeldLease:
    """A lease that stays valid until told otherwise."""

    node: NodeId = field(default_factory=lambda: NodeId(next(NODES)))
    valid: bool = True

    def is_valid(self, needed: timedelta) -> bool:
        return self.valid


class Place(msgspec.Struct, array_like=True, frozen=True):
    node_seq: int
    id: str
    received_at: datetime


def new_committer(
    engine: EventsEngine, clock: Clock, lease: HeldLease | None = None, **options: Any
) -> Committer:
    """A committer of a node of its own that knows of no event."""
    return Committer(
        engine,
        lease or HeldLease(),
        options.pop("known", None) or KnownIds(),
        **{
            "clock": clock,
            "queue_events": 1_000_000,
            "is_exclusive": True,
            "on_commit": lambda node, node_seq, received_at: None,
            **options,
        },
    )


async def restarted(engine: EventsEngine, clock: Clock, **options: Any) -> Committer:
    """A committer as a process has it that has just started on this store."""
    return new_committer(engine, clock, known=await read_known_ids(engine, clock()), **options)


async def stream(engine: EventsEngine, node: NodeId) -> list[Place]:
    """What the store holds of a node, in order of its places."""
    statement = Statement(
        "SELECT node_seq, id, received_at FROM events WHERE node = {node:UInt32}"
        " ORDER BY node_seq, id",
        {"node": node},
    )
    return await engine.rows(statement, Place)


def assert_no_holes(places: list[Place], committed_seq: NodeSeq) -> None:
    """The stream is 1, 2, 3, …, and received in that order."""
    assert [place.node_seq for place in places] == list(range(1, committed_seq + 1))
    received = [place.received_at for place in places]
    assert received == sorted(received)
