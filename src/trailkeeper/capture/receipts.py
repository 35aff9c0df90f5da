"""What the store knows of committed events: their receipts, and how far a node came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
import numpy as np

from trailkeeper.capture.known import RETENTION, KnownIds
from trailkeeper.event import NodeId, NodeSeq
from trailkeeper.store.engine import EventsEngine, Statement, engine_time
from trailkeeper.store.schema import id_hash


class Receipt(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Proof that an event is durable: when it was received and its place in the node's stream."""

    organization: str
    id: str
    received_at: datetime
    node: NodeId
    node_seq: NodeSeq


MAX_LOOKUP_BYTES: Final = 64 * 1024
"""A server refuses parameters above 128 KiB (`http_max_field_value_size`)."""

_LOOKUP: Final = """
SELECT organization, id, min(received_at), argMin(node, received_at), argMin(node_seq, received_at)
FROM events
WHERE (id_hash_high, id_hash_low) IN {hashes:Array(Tuple(UInt16, UInt8))}
  AND id IN {ids:Array(String)} AND organization IN {organizations:Array(String)}
  AND received_at >= {since:DateTime64(6, 'UTC')}
GROUP BY organization, id
"""  # tenant-scope: one commit holds events of several organizations; each is looked up as itself

_IDENTITIES: Final = """
SELECT xxh3(concat(organization, '\\0', id)) FROM events
WHERE received_at >= {start:DateTime64(6, 'UTC')} AND received_at < {end:DateTime64(6, 'UTC')}
"""  # tenant-scope: fills the duplicate check of all organizations at start

_HEAD: Final = """
SELECT max(node_seq), count() FROM events WHERE node = {node:UInt32} AND node_seq > {after:UInt64}
"""  # tenant-scope: a node's stream holds every organization's events


class Head(msgspec.Struct, frozen=True, array_like=True):
    """The last committed place of a node after some place, and how many follow that place."""

    node_seq: NodeSeq
    count: int


async def find_receipts(
    engine: EventsEngine, identities: Iterable[tuple[str, str]], now: datetime
) -> dict[tuple[str, str], Receipt]:
    """The first receipts of those (organization, id) that were committed lately."""
    pairs = set(identities)
    receipts: dict[tuple[str, str], Receipt] = {}
    for part in _parts(sorted(pairs)):
        statement = Statement(
            _LOOKUP,
            {
                "hashes": sorted({id_hash(event_id) for _, event_id in part}),
                "ids": sorted({event_id for _, event_id in part}),
                "organizations": sorted({organization for organization, _ in part}),
                "since": engine_time(now - RETENTION),
            },
        )
        for receipt in await engine.rows(statement, Receipt):
            receipts[receipt.organization, receipt.id] = receipt
    return {pair: receipts[pair] for pair in pairs & receipts.keys()}


def _parts(pairs: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    part: list[tuple[str, str]] = []
    size = 0
    for organization, event_id in pairs:
        pair_bytes = len(organization) + len(event_id.encode()) + len("'',") * 2
        if part and size + pair_bytes > MAX_LOOKUP_BYTES:
            yield part
            part, size = [], 0
        part.append((organization, event_id))
        size += pair_bytes
    if part:
        yield part


async def read_known_ids(engine: EventsEngine, now: datetime) -> KnownIds:
    """Fills the duplicate check from the store, a day at a time."""
    known = KnownIds()
    today = now.astimezone(UTC).date()
    for age in range(RETENTION.days, -1, -1):
        day = today - timedelta(days=age)
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        packed = await engine.raw(
            Statement(
                _IDENTITIES,
                {"start": engine_time(start), "end": engine_time(start + timedelta(days=1))},
            ),
            "RowBinary",
        )
        known.add(day, np.frombuffer(packed, dtype="<u8").astype(np.uint64))
    return known


async def read_head(engine: EventsEngine, node: NodeId, after: NodeSeq) -> Head:
    """How far a node's committed stream reaches beyond `after`."""
    heads = await engine.rows(Statement(_HEAD, {"node": node, "after": after}), Head)
    return heads[0]
