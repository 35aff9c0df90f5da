"""Which events a follower has seen: those of each node up to its place."""

from __future__ import annotations

from collections.abc import Mapping

from trailkeeper.event import NodeId, NodeSeq
from trailkeeper.search.sql import Binder

Places = Mapping[NodeId, NodeSeq]


def seen_condition(places: Places, binder: Binder) -> str:
    """True of events at or before their node's place."""
    nodes_sql = binder.bind(list(places), "Array(UInt64)")
    places_sql = binder.bind(list(places.values()), "Array(UInt64)")
    return f"node_seq <= transform(toUInt64(node), {nodes_sql}, {places_sql}, toUInt64(0))"


def has_seen_any(places: Places) -> bool:
    return any(places.values())
